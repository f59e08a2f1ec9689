import type { Ctx } from "@stepwire/core";
import * as z from "zod";

import { issueTypeItem, issueTypesOf } from "./create-metadata.ts";
import { projectKey } from "./ids.ts";
import { shared } from "./shared.ts";
import { siteOf, type JiraConfig } from "./site.ts";

const about = {
  summary: "Lists the issue types of a project",
  effect: "read",
  idempotency: "natural",
  output: z.object({ issueTypes: z.array(issueTypeItem).describe("The issue types, as Jira gives them") }),
} as const;

async function run(ctx: Ctx<JiraConfig>, input: { projectKey?: string | undefined }) {
  const project = input.projectKey ?? siteOf(ctx.config).projectKey ?? "";
  return { issueTypes: await issueTypesOf(ctx, project) };
}

export const getIssueTypes = {
  jira: shared({
    ...about,
    input: z.strictObject({
      projectKey: projectKey.optional().describe("The project's key; the connector's unless given"),
    }),
    run,
  }),
  cloud: shared({ ...about, input: z.strictObject({ projectKey }), run }),
};

import type { Ctx } from "@stepwire/core";
import * as z from "zod";

import { fieldItem, fieldsOf } from "./create-metadata.ts";
import { issueTypeId, projectKey } from "./ids.ts";
import { shared } from "./shared.ts";
import { siteOf, type JiraConfig } from "./site.ts";

const about = {
  summary: "Lists the fields that an issue of a type takes when it is created",
  effect: "read",
  idempotency: "natural",
  output: z.object({ fields: z.array(fieldItem).describe("The fields, as Jira gives them") }),
} as const;

async function run(ctx: Ctx<JiraConfig>, input: { projectKey?: string | undefined; issueTypeId: string }) {
  const project = input.projectKey ?? siteOf(ctx.config).projectKey ?? "";
  return { fields: await fieldsOf(ctx, project, input.issueTypeId) };
}

export const getCreateMetadata = {
  jira: shared({
    ...about,
    input: z.strictObject({
      projectKey: projectKey.optional().describe("The project's key; the connector's unless given"),
      issueTypeId,
    }),
    run,
  }),
  cloud: shared({ ...about, input: z.strictObject({ projectKey, issueTypeId }), run }),
};

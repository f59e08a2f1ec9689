import type { Ctx } from "@stepwire/core";
import * as z from "zod";

import { issueId } from "./ids.ts";
import { shared } from "./shared.ts";
import { apiPath, siteOf, type JiraConfig } from "./site.ts";
import { accountId, toAccount, userName } from "./user.ts";

const about = {
  summary: "Assigns an issue to somebody, to the project's default or to nobody",
  effect: "write",
  // The same assignee once more changes nothing.
  idempotency: "natural",
  output: z.object({ issueId: z.string().describe("The issue as it was named") }),
} as const;

const account = accountId.nullable().describe(`${accountId.description}, null is nobody`);
const inputOfJira = z.strictObject({
  issueId,
  accountId: account.optional(),
  name: userName.nullable().optional().describe(`${userName.description}, null is nobody`),
});

async function run(ctx: Ctx<JiraConfig>, { issueId: id, ...given }: z.output<typeof inputOfJira>) {
  const site = siteOf(ctx.config);
  await ctx.request({
    method: "PUT",
    path: apiPath(site, "issue", id, "assignee"),
    json: toAccount(site, given),
  });
  return { issueId: id };
}

export const assignIssue = {
  jira: shared({ ...about, input: inputOfJira, run }),
  cloud: shared({ ...about, input: z.strictObject({ issueId, accountId: account }), run }),
};

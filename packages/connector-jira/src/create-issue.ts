import * as z from "zod";

import { jiraV2 } from "./connection.ts";

/** What Jira answers to a create; the rest of its answer is not needed. */
const created = z.object({ id: z.string(), key: z.string() });

export const createIssue = jiraV2.action({
  summary: "Creates an issue",
  effect: "write",
  idempotency: "none",
  input: z.strictObject({
    projectKey: z.string().min(1).max(255).optional().describe("The project's key; the connector's unless given"),
    issueType: z.string().min(1).max(255).describe("The issue type's name, such as Task, or its id"),
    summary: z.string().min(1).max(4096).describe("The title; line breaks become commas, since Jira takes none"),
    description: z.string().max(32_767).optional().describe("The text of the issue, in Jira's wiki markup"),
  }),
  output: z.object({
    id: z.string(),
    key: z.string().describe("Such as ENG-42"),
    title: z.string().describe("The key again, as Kibana's result has it"),
    url: z.string().describe("Where people see the issue"),
  }),
  async run(ctx, input) {
    const response = await ctx.request({
      method: "POST",
      path: "/rest/api/2/issue",
      json: {
        fields: {
          project: { key: input.projectKey ?? ctx.config.projectKey },
          issuetype: /^\d+$/.test(input.issueType) ? { id: input.issueType } : { name: input.issueType },
          summary: oneLine(input.summary),
          ...(input.description === undefined ? {} : { description: input.description }),
        },
      },
      expect: created,
    });
    const { id, key } = response.data;
    return { id, key, title: key, url: `${ctx.config.apiUrl.replace(/\/$/, "")}/browse/${encodeURIComponent(key)}` };
  },
});

/** Jira refuses a summary with line breaks; Kibana joins its lines in the same way. */
function oneLine(text: string): string {
  return text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join(", ");
}

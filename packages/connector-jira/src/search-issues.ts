import * as z from "zod";

import { foundIssue, searchIssues } from "./search.ts";
import { shared } from "./shared.ts";

export const searchIssuesWithJql = shared({
  summary: "Finds issues by a query in JQL",
  effect: "read",
  idempotency: "natural",
  input: z.strictObject({
    jql: z.string().min(1).max(6000).describe('The query, such as project = ENG AND status = "In Progress"'),
    maxResults: z
      .int()
      .min(1)
      .max(1000)
      .default(50)
      .describe("How many issues at most; pages are followed up to there"),
    nextPageToken: z.string().min(1).max(4096).optional().describe("Goes on where an earlier search ended"),
  }),
  output: z.object({
    issues: z.array(foundIssue).describe("The issues with their navigable fields"),
    nextPageToken: z.string().optional().describe("For a search that goes on from here; none at the end"),
    isLast: z.boolean().describe("Whether these are the last ones"),
  }),
  async run(ctx, { jql, maxResults, nextPageToken: token }) {
    const found = await searchIssues(ctx, { jql, fields: "*navigable", limit: maxResults, nextPageToken: token });
    const { items: issues, nextPageToken } = found;
    return { issues, ...(nextPageToken === undefined ? {} : { nextPageToken }), isLast: nextPageToken === undefined };
  },
});

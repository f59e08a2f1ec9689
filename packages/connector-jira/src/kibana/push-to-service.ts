import * as z from "zod";

import { shared } from "../shared.ts";
import { comment, incident } from "./incident.ts";
import { push } from "./push.ts";

export const pushToService = shared({
  summary: "Creates or updates an issue and adds its comments",
  effect: "write",
  idempotency: "none",
  input: z.strictObject({
    incident: incident.describe("The issue's fields"),
    comments: z.array(comment).max(1000).nullish().describe("Comments for the issue, in order"),
  }),
  output: z.object({
    id: z.string().describe("Jira's own id, all digits"),
    title: z.string().describe("The issue's key, such as ENG-42"),
    url: z.string().describe("Where people see the issue"),
    pushedDate: z.string().describe("When Jira created or updated it, ISO 8601"),
    comments: z
      .array(
        z.object({
          commentId: z.string().describe("As it was given"),
          pushedDate: z.string().describe("When Jira made it, ISO 8601"),
        }),
      )
      .optional()
      .describe("The comments that were sent"),
  }),
  async run(ctx, input) {
    const comments = (input.comments ?? []).map((entry, index) => ({
      comment: entry.comment,
      commentId: entry.commentId ?? String(index + 1),
    }));
    return push(ctx, input.incident, comments);
  },
});

import * as z from "zod";

import { sendComment } from "./case-api.ts";
import { casesWebhook } from "./connection.ts";
import { externalId } from "./incident.ts";

export const addComment = casesWebhook.action({
  summary: "Adds a comment to a case",
  effect: "write",
  idempotency: "none",
  input: z.strictObject({
    externalId: externalId.describe("The case's id in the other system"),
    comment: z.string().min(1).max(100_000).describe("The text of the comment"),
    commentId: z.string().max(1000).default("1").describe("Given back with the outcome"),
  }),
  output: z.object({ commentId: z.string(), pushedDate: z.string().describe("When it was pushed, ISO 8601") }),
  async run(ctx, input) {
    await sendComment(ctx, input.externalId, input.comment, "comment");
    return { commentId: input.commentId, pushedDate: new Date().toISOString() };
  },
});

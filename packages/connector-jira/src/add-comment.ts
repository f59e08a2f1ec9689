import * as z from "zod";

import { commentText, sendComment } from "./comments.ts";
import { issueId } from "./ids.ts";
import { richText } from "./rich-text.ts";
import { shared } from "./shared.ts";

export const addComment = shared({
  summary: "Adds a comment to an issue",
  effect: "write",
  idempotency: "none",
  input: z.strictObject({
    issueId,
    body: richText(commentText).describe("A text, at most 32767 characters; with version 3 a document, too"),
  }),
  output: z.object({
    id: z.string().describe("The comment's id"),
    created: z.string().optional().describe("When Jira made it, as Jira writes it: 2021-01-17T12:34:00.000+0000"),
  }),
  run: async (ctx, input) => sendComment(ctx, input.issueId, { body: input.body, parameter: "body" }),
});

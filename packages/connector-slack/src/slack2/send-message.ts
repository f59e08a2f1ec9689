import * as z from "zod";

import { blocks, conversation, messageText, timestamp } from "../fields.ts";
import { messageBody, NOTHING_TO_SAY, saysSomething } from "../message.ts";
import { send } from "../web-api/call.ts";
import { posted } from "../web-api/posted.ts";
import { slack2Connection } from "./connection.ts";

export const sendMessage = slack2Connection.action({
  summary: "Sends a message to a conversation",
  effect: "write",
  idempotency: "none",
  input: z
    .strictObject({
      channel: conversation.describe("The conversation's id, such as C024BE91L, or a channel's name with #"),
      text: messageText
        .optional()
        .describe("The text, in Slack's mrkdwn; with blocks, what notifications say. One of text and blocks is needed"),
      blocks: blocks.optional().describe("Block Kit blocks, shown in place of the text"),
      threadTs: timestamp.optional().describe("The message to reply to"),
      unfurlLinks: z.boolean().optional().describe("Whether Slack shows what linked pages hold"),
      unfurlMedia: z.boolean().optional().describe("Whether Slack shows linked images and videos"),
    })
    .refine(saysSomething, { error: `${NOTHING_TO_SAY}; give text or blocks` }),
  output: posted,
  async run(ctx, { channel, text, blocks: given, threadTs, unfurlLinks, unfurlMedia }) {
    const names = { thread_ts: threadTs, unfurl_links: unfurlLinks, unfurl_media: unfurlMedia };
    return send(ctx, "chat.postMessage", { channel, ...messageBody({ text, blocks: given, ...names }) }, posted);
  },
});

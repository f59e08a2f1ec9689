import * as z from "zod";

import { attachments, blocks, messageText, timestamp } from "../fields.ts";
import { messageBody, NOTHING_TO_SAY, saysSomething } from "../message.ts";
import { send } from "../web-api/call.ts";
import { posted } from "../web-api/posted.ts";
import { CHANNEL, channelOf } from "./channel.ts";
import { slackApiConnection } from "./connection.ts";

export const postMessage = slackApiConnection.action({
  summary: "Sends a message to a channel",
  effect: "write",
  idempotency: "none",
  input: z
    .strictObject({
      ...CHANNEL,
      text: messageText
        .optional()
        .describe(
          "The text, in Slack's mrkdwn; with blocks, what notifications say. One of text, blocks and attachments is needed",
        ),
      blocks: blocks.optional().describe("Block Kit blocks, shown in place of the text"),
      attachments: attachments.optional().describe("Attachments, shown below the text"),
      thread_ts: timestamp.optional().describe("The message to reply to"),
      unfurl_links: z.boolean().optional().describe("Whether Slack shows what linked pages hold"),
      unfurl_media: z.boolean().optional().describe("Whether Slack shows linked images and videos"),
    })
    .refine(saysSomething, { error: `${NOTHING_TO_SAY}; give text, blocks or attachments` }),
  output: posted,
  async run(ctx, { channelNames, channelIds, channels, ...message }) {
    const channel = channelOf({ channelNames, channelIds, channels }, ctx.config);
    return send(ctx, "chat.postMessage", { channel, ...messageBody(message) }, posted);
  },
});

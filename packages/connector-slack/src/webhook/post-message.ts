import * as z from "zod";

import { attachments, blocks, messageText, timestamp } from "../fields.ts";
import { messageBody, NOTHING_TO_SAY, saysSomething } from "../message.ts";
import { incomingWebhook } from "./connection.ts";

const OLD_WEBHOOKS = "Webhooks of the old kind (custom integrations) obey it; those of apps have their own";

export const postMessage = incomingWebhook.action({
  summary: "Sends a message through the incoming webhook",
  effect: "write",
  idempotency: "none",
  input: z
    .strictObject({
      message: messageText
        .optional()
        .describe(
          "The text, in Slack's mrkdwn; with blocks, what notifications say. One of message, blocks and attachments is needed",
        ),
      blocks: blocks.optional().describe("Block Kit blocks, shown in place of the text"),
      attachments: attachments.optional().describe("Attachments, shown below the text"),
      thread_ts: timestamp.optional().describe("The message to reply to"),
      unfurl_links: z.boolean().optional().describe("Whether Slack shows what linked pages hold"),
      unfurl_media: z.boolean().optional().describe("Whether Slack shows linked images and videos"),
      username: z.string().min(1).max(80).optional().describe(`The sender's name. ${OLD_WEBHOOKS}`),
      icon_emoji: z
        .string()
        .min(1)
        .max(100)
        .optional()
        .describe(`The sender's picture, such as :fire:. ${OLD_WEBHOOKS}`),
      icon_url: z
        .url({ protocol: /^https?$/, error: "is not an http or https URL" })
        .max(2048)
        .optional()
        .describe(`The sender's picture. ${OLD_WEBHOOKS}`),
      channel: z
        .never(
          "a webhook of an app posts to its own channel, whatever is asked for; take channel out, or use slack_api",
        )
        .optional()
        .describe("Refused: a webhook of an app posts to its own channel, so the message would land elsewhere"),
    })
    .refine(({ message, ...rest }) => saysSomething({ text: message, ...rest }), {
      error: `${NOTHING_TO_SAY}; give message, blocks or attachments`,
    }),
  output: z.object({ text: z.string().describe("Slack's answer: ok") }),
  async run(ctx, { message, ...rest }) {
    const body = messageBody({ text: message, ...rest });
    const response = await ctx.request({ method: "POST", json: body, accept: "text" });
    return { text: String(response.data).trim() };
  },
});

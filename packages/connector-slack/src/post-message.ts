import * as z from "zod";

import { incomingWebhook } from "./connection.ts";

/** Slack cuts longer texts off, so that the end of a message would be lost in silence. */
const MAX_MESSAGE = 40_000;

export const postMessage = incomingWebhook.action({
  summary: "Sends a message through the incoming webhook",
  effect: "write",
  idempotency: "none",
  input: z.strictObject({
    message: z.string().min(1).max(MAX_MESSAGE).describe("The text of the message, in Slack's mrkdwn"),
  }),
  output: z.object({ text: z.string().describe("Slack's answer: ok") }),
  async run(ctx, input) {
    const response = await ctx.request({ method: "POST", json: { text: input.message }, accept: "text" });
    return { text: String(response.data).trim() };
  },
});

import * as z from "zod";

import { messageBody } from "../message.ts";
import { send } from "../web-api/call.ts";
import { posted } from "../web-api/posted.ts";
import { readBlockkit } from "./blockkit.ts";
import { CHANNEL, channelOf } from "./channel.ts";
import { slackApiConnection } from "./connection.ts";

/** Fifty blocks of three thousand characters, and what JSON puts around them. */
const MAX_JSON = 200_000;

export const postBlockkit = slackApiConnection.action({
  summary: "Sends a message of Block Kit blocks, written as JSON, to a channel",
  effect: "write",
  idempotency: "none",
  input: z.strictObject({
    ...CHANNEL,
    text: z
      .string()
      .min(1)
      .max(MAX_JSON)
      .describe(
        "A JSON object with blocks, as Block Kit Builder shows it; text in it is what notifications say, else the blocks' own texts",
      ),
  }),
  output: posted,
  async run(ctx, { text, ...named }) {
    const channel = channelOf(named, ctx.config);
    return send(ctx, "chat.postMessage", { channel, ...messageBody(readBlockkit(text)) }, posted);
  },
});

import * as z from "zod";

import { answerWith } from "./call.ts";

/** The answer of `chat.postMessage`. */
export const posted = answerWith({
  channel: z
    .string()
    .nullish()
    .catch(undefined)
    .describe("The id of the channel the message went to, such as C024BE91L"),
  ts: z
    .string()
    .nullish()
    .catch(undefined)
    .describe("The message's timestamp, which names it in its channel: reply to it with thread_ts"),
  message: z.looseObject({}).nullish().catch(undefined).describe("The message as Slack stored it"),
});

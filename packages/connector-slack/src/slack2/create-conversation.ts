import * as z from "zod";

import { answerWith, send } from "../web-api/call.ts";
import { record } from "../web-api/records.ts";
import { slack2Connection } from "./connection.ts";

const created = answerWith({
  channel: record.nullish().describe("The new channel: id, name, is_private and whatever else Slack says"),
});

export const createConversation = slack2Connection.action({
  summary: "Makes a public or private channel",
  effect: "write",
  idempotency: "none",
  input: z.strictObject({
    name: z
      .string()
      .min(1)
      .max(80)
      .regex(/^[\p{Ll}\p{Lo}\p{Lm}\p{M}\p{N}_-]+$/u, "has lower-case letters, digits, - and _ only, and no #")
      .describe("The channel's name: lower-case letters, digits, hyphens and underscores, at most 80"),
    isPrivate: z.boolean().default(false).describe("Whether only invited people see it"),
  }),
  output: created,
  run: async (ctx, { name, isPrivate }) => send(ctx, "conversations.create", { name, is_private: isPrivate }, created),
});

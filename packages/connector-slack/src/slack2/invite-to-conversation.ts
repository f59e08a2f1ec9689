import * as z from "zod";

import { conversation } from "../fields.ts";
import { answerWith, send } from "../web-api/call.ts";
import { record } from "../web-api/records.ts";
import { slack2Connection } from "./connection.ts";

const USERS = /^\s*[A-Z0-9]+(?:\s*,\s*[A-Z0-9]+)*\s*$/;

const invited = answerWith({
  channel: record.nullish().describe("The channel, as Slack describes it now"),
});

export const inviteToConversation = slack2Connection.action({
  summary: "Invites users to a channel",
  effect: "write",
  // A second invitation is refused: the users are in the channel already.
  idempotency: "none",
  input: z.strictObject({
    channel: conversation.describe("The channel's id, such as C024BE91L; the token's own user must be in it"),
    users: z
      .string()
      .min(1)
      .max(20_000)
      .regex(USERS, "names users by their ids, separated by commas, such as U01PWE77HD2,U02ABC1234")
      .describe("The users' ids, separated by commas, such as U01PWE77HD2,U02ABC1234"),
  }),
  output: invited,
  run: async (ctx, { channel, users }) =>
    send(ctx, "conversations.invite", { channel, users: users.replaceAll(/\s/g, "") }, invited),
});

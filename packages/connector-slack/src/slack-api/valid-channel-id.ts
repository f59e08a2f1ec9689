import * as z from "zod";

import { conversation } from "../fields.ts";
import { answerWith, read } from "../web-api/call.ts";
import { record } from "../web-api/records.ts";
import { slackApiConnection } from "./connection.ts";

const found = answerWith({
  channel: record.describe("The channel: id, name, is_private, is_archived and whatever else Slack says"),
});

export const validChannelId = slackApiConnection.action({
  summary: "Reads a channel by its id, which fails where there is none",
  effect: "read",
  idempotency: "natural",
  input: z.strictObject({
    channelId: conversation.describe("The channel's id, such as C024BE91L; allowedChannels does not matter here"),
  }),
  output: found,
  run: async (ctx, { channelId }) => read(ctx, "conversations.info", { channel: channelId }, found),
});

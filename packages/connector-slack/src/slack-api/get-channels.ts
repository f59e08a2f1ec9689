import * as z from "zod";

import { answerWith } from "../web-api/call.ts";
import { record } from "../web-api/records.ts";
import { wholeList } from "../web-api/whole-list.ts";
import { slackApiConnection } from "./connection.ts";

const TYPES = /^(?:public_channel|private_channel|mpim|im)(?:,(?:public_channel|private_channel|mpim|im)){0,3}$/;

const page = answerWith({ channels: z.array(record) });

export const getChannels = slackApiConnection.action({
  summary: "Lists the channels that the token can see, all of them",
  effect: "read",
  idempotency: "natural",
  input: z.strictObject({
    types: z
      .string()
      .max(50)
      .regex(TYPES, "names public_channel, private_channel, mpim and im, separated by commas")
      .default("public_channel")
      .describe("Kinds of conversations, separated by commas: public_channel, private_channel, mpim, im"),
    exclude_archived: z.boolean().default(false).describe("Whether archived channels are left out"),
    limit: z.number().int().min(1).max(1000).default(200).describe("Channels per page; every page is read, at most 50"),
  }),
  output: answerWith({
    channels: z.array(record).describe("The channels: id, name, is_private, is_archived and whatever else Slack says"),
  }),
  async run(ctx, given) {
    const list = { expect: page, itemsOf: ({ channels }: z.output<typeof page>) => channels };
    const { items, metadata } = await wholeList(ctx, "conversations.list", given, list);
    return { ok: true as const, channels: items, ...metadata };
  },
});

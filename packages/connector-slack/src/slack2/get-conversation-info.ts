import * as z from "zod";

import { conversation } from "../fields.ts";
import { answerWith, METADATA, metadataOf, read } from "../web-api/call.ts";
import { record } from "../web-api/records.ts";
import { slack2Connection } from "./connection.ts";
import { raw } from "./fields.ts";

const found = answerWith({ channel: record });

export const getConversationInfo = slack2Connection.action({
  summary: "Reads what Slack knows about a conversation",
  effect: "read",
  idempotency: "natural",
  input: z.strictObject({
    channel: conversation.describe("The conversation's id, such as C024BE91L"),
    includeNumMembers: z.boolean().optional().describe("Whether the number of members comes along"),
    includeLocale: z.boolean().optional().describe("Whether the language of the conversation comes along"),
    raw,
  }),
  output: z.looseObject({
    id: z.string().nullish().catch(undefined).describe("The conversation's id"),
    name: z.string().nullish().catch(undefined).describe("Its name; direct messages have none"),
    is_private: z.boolean().nullish().catch(undefined).describe("Whether only invited people see it"),
    is_archived: z.boolean().nullish().catch(undefined).describe("Whether it is archived"),
    is_member: z.boolean().nullish().catch(undefined).describe("Whether the token's own user is in it"),
    num_members: z.number().nullish().catch(undefined).describe("How many people are in it, with includeNumMembers"),
    ...METADATA,
  }),
  async run(ctx, { channel, includeNumMembers: include_num_members, includeLocale: include_locale, raw: isRaw }) {
    const info = await read(ctx, "conversations.info", { channel, include_num_members, include_locale }, found);
    return isRaw === true ? info : { ...info.channel, ...metadataOf(info) };
  },
});

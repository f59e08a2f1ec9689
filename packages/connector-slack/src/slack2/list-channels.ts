import * as z from "zod";

import { answerWith, read } from "../web-api/call.ts";
import { pick, record } from "../web-api/records.ts";
import { slack2Connection } from "./connection.ts";
import { excludeArchived, page, PAGE_OUTPUT, pageOutput, raw, types, typesArgument } from "./fields.ts";

const METHOD = "conversations.list";
const CHANNEL = ["id", "name", "is_private", "is_archived", "is_member"];
const found = answerWith({ channels: z.array(record) });

export const listChannels = slack2Connection.action({
  summary: "Lists the conversations that the token can see, page by page",
  effect: "read",
  idempotency: "natural",
  input: z.strictObject({
    types,
    excludeArchived,
    cursor: page,
    limit: z.number().int().min(1).max(1000).default(1000).describe("Most conversations in an answer"),
    raw,
  }),
  output: answerWith({
    source: z.string().optional().describe("The method that was called"),
    channels: z.array(record).describe("The conversations: id, name, is_private, is_archived, is_member"),
    ...PAGE_OUTPUT,
  }),
  async run(ctx, { types: kinds, excludeArchived: exclude_archived, cursor, limit, raw: isRaw }) {
    const given = { types: typesArgument(kinds), exclude_archived, limit, cursor };
    const list = await read(ctx, METHOD, given, found);
    if (isRaw === true) return list;
    const channels = list.channels.map((channel) => pick(channel, CHANNEL));
    return { ok: true as const, source: METHOD, channels, ...pageOutput(list) };
  },
});

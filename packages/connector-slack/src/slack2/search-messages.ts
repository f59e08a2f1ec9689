import * as z from "zod";

import { answerWith, send } from "../web-api/call.ts";
import { pick, record } from "../web-api/records.ts";
import { slack2Connection } from "./connection.ts";
import { page, PAGE_OUTPUT, pageOutput, raw } from "./fields.ts";

/** One word of a search: with a blank in it, it would be two. */
const word = z.string().min(1).max(255).regex(/^\S+$/, "is one word, without blanks").optional();

const found = answerWith({ results: z.looseObject({ messages: z.array(record).nullish() }).nullish() });

export const searchMessages = slack2Connection.action({
  summary: "Searches messages; needs a user's token, since Slack searches with a bot's only in answer to an event",
  effect: "read",
  idempotency: "natural",
  input: z.strictObject({
    query: z.string().min(1).max(1000).describe("What to look for, in Slack's search language"),
    inChannel: word.describe("Only in this channel: its name, with or without #"),
    fromUser: word.describe("Only from this user: an id, such as U012ABCDEF, or a user name"),
    after: word.describe("Only after this day, such as 2026-02-10"),
    before: word.describe("Only before this day, such as 2026-02-10"),
    sort: z.enum(["score", "timestamp"]).optional().describe("By how well they fit, or by time"),
    sortDir: z.enum(["asc", "desc"]).optional().describe("Upwards or downwards"),
    count: z.number().int().min(1).max(20).default(20).describe("Most messages in an answer"),
    cursor: page,
    includeContextMessages: z.boolean().default(true).describe("Whether the messages around a match come along"),
    includeBots: z.boolean().default(false).describe("Whether messages of bots are found"),
    includeMessageBlocks: z.boolean().default(true).describe("Whether the blocks of a match come along"),
    raw,
  }),
  output: answerWith({
    query: z.string().optional().describe("The search as Slack got it"),
    total: z.number().optional().describe("How many messages are in this answer"),
    matches: z
      .array(record)
      .optional()
      .describe(
        "The messages: ts, team, text, permalink, channel {id, name}, sender {userId, username}, blocks, context_messages",
      ),
    ...PAGE_OUTPUT,
  }),
  async run(ctx, { raw: isRaw, ...given }) {
    const query = queryOf(given);
    const body = {
      query,
      channel_types: ["public_channel", "private_channel", "mpim", "im"],
      content_types: ["messages"],
      include_context_messages: given.includeContextMessages,
      include_bots: given.includeBots,
      include_message_blocks: given.includeMessageBlocks,
      limit: given.count,
      sort: given.sort,
      sort_dir: given.sortDir,
      cursor: given.cursor,
    };
    const list = await send(ctx, "assistant.search.context", body, found);
    if (isRaw === true) return list;
    const matches = (list.results?.messages ?? []).map(matchOf);
    return { ok: true as const, query, total: matches.length, matches, ...pageOutput(list) };
  },
});

/** Each of the four narrows the search by a word of Slack's search language. */
function queryOf(given: Partial<Record<"query" | "inChannel" | "fromUser" | "after" | "before", string | undefined>>) {
  const { query, inChannel, fromUser, after, before } = given;
  const user = fromUser !== undefined && /^[UW][A-Z0-9]{6,}$/.test(fromUser) ? `<@${fromUser}>` : fromUser;
  const words = { in: inChannel?.replace(/^#/, ""), from: user, after, before };
  const narrowing = Object.entries(words).flatMap(([name, value]) => (value === undefined ? [] : [`${name}:${value}`]));
  return [query, ...narrowing].join(" ");
}

function matchOf(message: Record<string, unknown>) {
  const { message_ts, team_id, content, permalink, channel_id, channel_name, author_user_id, author_name } = message;
  return {
    ts: message_ts,
    team: team_id,
    text: content,
    permalink,
    channel: { id: channel_id, name: channel_name },
    sender: { userId: author_user_id, username: author_name },
    ...pick(message, ["blocks", "context_messages"]),
  };
}

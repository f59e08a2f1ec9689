import * as z from "zod";

import { conversation } from "../fields.ts";
import { answerWith, read } from "../web-api/call.ts";
import { pick, record } from "../web-api/records.ts";
import { slack2Connection } from "./connection.ts";
import { page, PAGE_OUTPUT, pageOutput, raw, time } from "./fields.ts";

const found = answerWith({ messages: z.array(record) });

export const getConversationHistory = slack2Connection.action({
  summary: "Reads the messages of a conversation, newest first, page by page; replies in threads are not among them",
  effect: "read",
  idempotency: "natural",
  input: z.strictObject({
    channel: conversation.describe("The conversation's id, such as C024BE91L"),
    oldest: time.describe('Only later messages than this timestamp, such as "1405894322.002768"'),
    latest: time.describe("Only earlier messages than this timestamp"),
    inclusive: z.boolean().optional().describe("Whether messages of exactly these timestamps are among them"),
    limit: z.number().int().min(1).max(1000).default(100).describe("Most messages in an answer"),
    cursor: page,
    raw,
  }),
  output: answerWith({
    channel: z.string().optional().describe("The conversation's id"),
    messages: z
      .array(record)
      .describe("The messages: ts, user, text, thread_ts, reply_count, blocks, attachments, files and the like"),
    ...PAGE_OUTPUT,
  }),
  async run(ctx, { raw: isRaw, ...given }) {
    const list = await read(ctx, "conversations.history", given, found);
    if (isRaw === true) return list;
    return { ok: true as const, channel: given.channel, messages: list.messages.map(messageOf), ...pageOutput(list) };
  },
});

const MESSAGE = ["ts", "type", "subtype", "user", "bot_id", "username", "text", "thread_ts", "reply_count", "blocks"];
const ATTACHMENT = ["fallback", "text", "title", "pretext"];
const FILE = ["id", "name", "mimetype", "url_private", "permalink"];

/** What is read of a message. Bots often say all in attachments, whose first one then speaks for the message. */
function messageOf(message: Record<string, unknown>) {
  const attachments = records(message["attachments"]);
  const files = records(message["files"]);
  const [first = {}] = attachments;
  const spoken = message["text"] || ATTACHMENT.map((key) => first[key]).find((text) => Boolean(text));
  return {
    ...pick(message, MESSAGE),
    ...(spoken === undefined ? {} : { text: spoken }),
    ...(attachments.length === 0 ? {} : { attachments: attachments.map((attachment) => pick(attachment, ATTACHMENT)) }),
    ...(files.length === 0 ? {} : { files: files.map((file) => pick(file, FILE)) }),
  };
}

function records(list: unknown): Record<string, unknown>[] {
  if (!Array.isArray(list)) return [];
  return list.filter((item): item is Record<string, unknown> => typeof item === "object" && item !== null);
}

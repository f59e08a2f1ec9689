/** What holds for every action of all three types, with one row for each. */
import { runOnce, startLoopback, type Outcome, type Reply } from "@stepwire/testkit";
import { describe, expect, it, onTestFinished } from "vitest";

import { slack, slack2, slackApi } from "../src/index.ts";
import { API, recorded } from "./recorded.ts";
import { playAt, TOKEN } from "./support.ts";

interface Row {
  action: string;
  /** Of the Web API. */
  method?: string;
  input: Record<string, unknown>;
  /** A recorded answer, and a part of what comes of it; a webhook says ok. */
  answer?: string;
  output: Record<string, unknown>;
  /** Inputs that are refused before anything is sent, and what the message names. */
  refused: [input: Record<string, unknown>, named: string][];
}

const LONG = "x".repeat(40_001);
const tooMany = (count: number) => Array.from({ length: count }, () => ({ type: "divider" }));
const WIDE = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`key_${index}`, 1]));

const SLACK: Row[] = [
  {
    action: "postMessage",
    input: { message: "hi" },
    output: { text: "ok" },
    refused: [
      [{}, "message, blocks or attachments"],
      [{ message: LONG }, "40000"],
      [{ message: "hi", blocks: [] }, "blocks"],
      [{ blocks: tooMany(51) }, "50"],
      [{ attachments: Array.from({ length: 101 }, () => ({})) }, "100"],
      [{ blocks: [{ type: "section", ...WIDE }] }, "blocks[0]: has more than 50 fields"],
      [{ attachments: [WIDE] }, "attachments[0]: has more than 50 fields"],
      [{ message: "hi", channel: "#general" }, "posts to its own channel"],
      [{ message: "hi", icon_url: "javascript:alert(1)" }, "icon_url"],
      [{ message: "hi", text: "hi" }, "text"],
    ],
  },
];

const SLACK_API: Row[] = [
  {
    action: "postMessage",
    method: "chat.postMessage",
    input: { channelIds: ["C024BE91L"], text: "hi" },
    answer: "chat.postMessage",
    output: { ok: true, ts: "1795732838.000001", message: { user: "U75A57B5A5" } },
    refused: [
      [{ channelIds: ["C1"] }, "text, blocks or attachments"],
      [{ text: "hi" }, "channelIds"],
      [{ channelIds: ["C1"], text: LONG }, "40000"],
      [{ channelIds: ["C1", "C2"], text: "hi" }, "channelIds"],
      [{ channelIds: ["C1"], blocks: tooMany(51) }, "50"],
      [{ channelIds: ["C1"], attachments: Array.from({ length: 101 }, () => ({})) }, "100"],
      [{ channelIds: ["C1"], text: "hi", thread_ts: "yesterday" }, "thread_ts"],
      [{ channelNames: ["general"], text: "hi" }, "starts with #"],
      [{ channelIds: ["#general"], text: "hi" }, "channelNames"],
      [{ channelIds: ["C1"], text: "hi", as_user: true }, "as_user"],
    ],
  },
  {
    action: "postBlockkit",
    method: "chat.postMessage",
    input: { channelIds: ["C024BE91L"], text: '{"blocks":[{"type":"divider"}]}' },
    answer: "chat.postMessage",
    output: { ok: true, channel: "CAFD3BBB44" },
    refused: [
      [{ channelIds: ["C1"] }, "text is missing"],
      [{ channelIds: ["C1"], text: "" }, "text"],
      [{ channelIds: ["C1"], text: "x".repeat(200_001) }, "200000"],
      [{ channelIds: ["C1"], text: '{"blocks":[{"type":"divider"}]}', blocks: [] }, "blocks"],
    ],
  },
  {
    action: "validChannelId",
    method: "conversations.info",
    input: { channelId: "C000000001" },
    answer: "conversations.info",
    output: { ok: true, channel: { id: "C000000001", name: "general" } },
    refused: [
      [{}, "channelId is missing"],
      [{ channelId: "" }, "channelId"],
      [{ channelId: "C".repeat(256) }, "channelId"],
      [{ channelId: "C1\n" }, "channelId"],
      [{ channelId: "C1", channel: "C1" }, "channel"],
    ],
  },
  {
    action: "getChannels",
    method: "conversations.list",
    input: { limit: 2 },
    answer: "conversations.list.page2",
    output: { ok: true, response_metadata: { next_cursor: "" } },
    refused: [
      [{ limit: 1001 }, "limit"],
      [{ types: "public" }, "public_channel"],
      [{ cursor: "x" }, "cursor"],
    ],
  },
  {
    action: "getUsers",
    method: "users.list",
    input: {},
    answer: "users.list.page2",
    output: { ok: true, response_metadata: { next_cursor: "" } },
    refused: [
      [{ limit: 0 }, "limit"],
      [{ deleted: true }, "deleted"],
    ],
  },
];

const SLACK2: Row[] = [
  {
    action: "sendMessage",
    method: "chat.postMessage",
    input: { channel: "C024BE91L", text: "hi" },
    answer: "chat.postMessage",
    output: { ok: true, channel: "CAFD3BBB44", ts: "1795732838.000001" },
    refused: [
      [{ text: "hi" }, "channel is missing"],
      [{ channel: "C1" }, "text or blocks"],
      [{ channel: "C1", text: LONG }, "40000"],
      [{ channel: "two words", text: "hi" }, "channel"],
      [{ channel: "C1", text: "hi", thread_ts: "1.000001" }, "threadTs"],
      [{ channel: "C1", blocks: tooMany(51) }, "50"],
    ],
  },
  {
    action: "createConversation",
    method: "conversations.create",
    input: { name: "incident-42" },
    answer: "conversations.create",
    output: { ok: true, channel: { name: "incident-42", is_private: true } },
    refused: [
      [{}, "name is missing"],
      [{ name: "x".repeat(81) }, "80"],
      [{ name: "#incident" }, "no #"],
      [{ name: "Incident" }, "lower-case"],
      [{ name: "x", is_private: true }, "isPrivate"],
    ],
  },
  {
    action: "inviteToConversation",
    method: "conversations.invite",
    input: { channel: "C024BE91L", users: "U625F76900" },
    answer: "conversations.invite",
    output: { ok: true, channel: { name: "incident-42", num_members: 2 } },
    refused: [
      [{ channel: "C1" }, "users is missing"],
      [{ users: "U1" }, "channel is missing"],
      [{ channel: "C1", users: "U1;U2" }, "separated by commas"],
      [{ channel: "C1", users: "U1,".repeat(7000) }, "20000"],
      [{ channel: "C1", users: "U1", force: true }, "force"],
    ],
  },
  {
    action: "listChannels",
    method: "conversations.list",
    input: {},
    answer: "conversations.list.page1",
    output: { ok: true, source: "conversations.list", hasMore: true, nextCursor: "CAFD3BBB44" },
    refused: [
      [{ limit: 1001 }, "limit"],
      [{ types: ["channel"] }, "types"],
      [{ cursor: "x".repeat(1025) }, "cursor"],
      [{ exclude_archived: true }, "excludeArchived"],
    ],
  },
  {
    action: "resolveChannelId",
    method: "conversations.list",
    input: { name: "#general" },
    answer: "conversations.list.page1",
    output: { ok: true, found: true, id: "C000000001", name: "general", pagesFetched: 1 },
    refused: [
      [{}, "name is missing"],
      [{ name: "#" }, "names no channel"],
      [{ name: "x".repeat(256) }, "name"],
      [{ name: "x", maxPages: 101 }, "maxPages"],
      [{ name: "x", match: "regex" }, "match"],
      [{ name: "x", channel: "x" }, "channel"],
    ],
  },
  {
    action: "searchMessages",
    method: "assistant.search.context",
    input: { query: "revamp" },
    answer: "assistant.search.context",
    output: { ok: true, query: "revamp", total: 1, response_metadata: { next_cursor: "Q1VSUkVOVF9QQUdFOjI=" } },
    refused: [
      [{}, "query is missing"],
      [{ query: "x".repeat(1001) }, "1000"],
      [{ query: "x", count: 21 }, "20"],
      [{ query: "x", inChannel: "general from:me" }, "inChannel"],
      [{ query: "x", page: 2 }, "page"],
    ],
  },
  {
    action: "getConversationHistory",
    method: "conversations.history",
    input: { channel: "CAFD3BBB44" },
    answer: "conversations.history",
    output: { ok: true, channel: "CAFD3BBB44", hasMore: false },
    refused: [
      [{}, "channel is missing"],
      [{ channel: "C1", limit: 1001 }, "limit"],
      [{ channel: "C1", oldest: 1405894322.002768 }, "quotes"],
      [{ channel: "C1", include_all_metadata: true }, "include_all_metadata"],
    ],
  },
  {
    action: "getConversationInfo",
    method: "conversations.info",
    input: { channel: "C000000001" },
    answer: "conversations.info",
    output: { id: "C000000001", name: "general", is_private: false },
    refused: [
      [{}, "channel is missing"],
      [{ channel: "C".repeat(256) }, "channel"],
      [{ channel: "C1", include_locale: true }, "includeLocale"],
    ],
  },
  {
    action: "getUserByEmail",
    method: "users.lookupByEmail",
    input: { email: "reviewer@example.com" },
    answer: "users.lookupByEmail",
    output: { id: "U625F76900", name: "reviewer", profile: { email: "reviewer@example.com" } },
    refused: [
      [{}, "email is missing"],
      [{ email: "reviewer" }, "no email address"],
      [{ email: `${"x".repeat(320)}@example.com` }, "email"],
      [{ email: "a@example.com", user: "U1" }, "user"],
    ],
  },
  {
    action: "listUsers",
    method: "users.list",
    input: {},
    answer: "users.list.page1",
    output: { ok: true, hasMore: true, nextCursor: "U625F76900" },
    refused: [
      [{ limit: 1001 }, "limit"],
      [{ include_locale: true }, "includeLocale"],
    ],
  },
  {
    action: "whoAmI",
    method: "auth.test",
    input: {},
    answer: "auth.test",
    output: { ok: true, team: "Example", user: "developer", user_id: "U75A57B5A5" },
    refused: [
      [{ raw: "perhaps" }, "raw"],
      [{ token: "xoxb-other" }, "token"],
    ],
  },
];

/** As Slack's page on rate limits shows it, and, for webhooks, as its clients meet it. */
const SLOW_DOWN = { status: 429, headers: { "Retry-After": "30" } };
const HOOK = "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX";

/** How the two kinds of connections are spoken to, and how they say no. */
const WEBHOOK = {
  secrets: { webhookUrl: HOOK },
  url: () => HOOK,
  header: undefined,
  no: { status: 404, text: "no_service" },
  error: {
    status: 404,
    message: "[404] Not Found: no_service. The webhook is gone or switched off. Make a new one and update webhookUrl.",
    details: { slackError: "no_service" },
  },
  slowDown: [{ ...SLOW_DOWN, json: { retry_after: 30, ok: false, error: "rate_limited" } }, SLOW_DOWN],
};
const WEB_API = {
  secrets: { token: TOKEN },
  url: ({ method }: Row) => `${API}/${method}`,
  header: `Bearer ${TOKEN}`,
  no: recorded("chat.postMessage.missing_scope"),
  error: {
    status: 200,
    message:
      "[200] OK: missing_scope. The token lacks a scope. Add it to the app, install the app again, and take the new" +
      " token. Needed: chat:write. The token has: channels:read.",
    details: { slackError: "missing_scope", needed: "chat:write", provided: "channels:read" },
  },
  slowDown: [
    { ...SLOW_DOWN, json: { ok: false, error: "ratelimited" } },
    SLOW_DOWN,
    { ...SLOW_DOWN, status: 200, json: { ok: false, error: "ratelimited" } },
    { ...SLOW_DOWN, status: 200, json: { ok: false, error: "rate_limited" } },
  ],
};

const TYPES = [
  { type: slack, rows: SLACK, vendor: WEBHOOK },
  { type: slackApi, rows: SLACK_API, vendor: WEB_API },
  { type: slack2, rows: SLACK2, vendor: WEB_API },
];
const CASES = TYPES.flatMap(({ type, rows, vendor }) =>
  rows.map((row) => ({ name: `${type.id}.${row.action}`, type, row, vendor })),
);
type Case = (typeof CASES)[number];

const WRITES = new Set(["postMessage", "postBlockkit", "sendMessage", "createConversation", "inviteToConversation"]);

const run = async ({ type, row, vendor }: Case, more: { timeout?: string; network?: object; input?: unknown } = {}) =>
  runOnce<never, never, boolean, never>(type as never, {
    secrets: vendor.secrets as never,
    action: row.action,
    input: row.input,
    ...more,
  });
const yes = ({ answer }: Row): Reply => (answer === undefined ? { text: "ok" } : recorded(answer));

it("has a row for every action", () => {
  for (const { type, rows } of TYPES) expect(rows.map(({ action }) => action)).toEqual(Object.keys(type.actions));
});

describe.each(CASES)("every-action: $name", (one) => {
  const { row, vendor } = one;
  const url = vendor.url(row);

  it("is sent with the credentials, and gives what Slack answered", async () => {
    const { calls } = playAt(url, yes(row));
    expect(await run(one)).toMatchObject({ output: row.output });
    expect(calls).toHaveLength(1);
    expect(calls[0]?.headers["authorization"]).toBe(vendor.header);
  });

  it("fails with Slack's own code and what it means", async () => {
    playAt(url, vendor.no);
    const { error } = await run(one);
    expect(error).toMatchObject({ code: "http-status", type: "ConnectorExecutionError", retryable: false });
    expect(error).toMatchObject(vendor.error);
  });

  it.each(vendor.slowDown)("is told to slow down by %j", async (reply) => {
    const { calls } = playAt(url, reply);
    // A step without the time to wait for it is told at once.
    const { error } = await run(one, { timeout: "5s" });
    expect(error).toMatchObject({ code: "rate-limited", retryable: true, retryAfterMs: 30_000 });
    expect(calls).toHaveLength(1);
  });

  it("goes on by itself after a short pause", async () => {
    const reply = vendor.slowDown.at(-1);
    const { calls } = playAt(url, { ...reply, headers: { "Retry-After": "0" } }, yes(row));
    expect(await run(one)).toMatchObject({ output: row.output });
    expect(calls).toHaveLength(2);
  });

  it("is repeated after an answer that leaves its fate open only where it reads", async () => {
    const { calls } = playAt(url, { status: 500, json: { ok: false, error: "internal_error" } }, yes(row));
    const outcome = await run(one);
    const writes = WRITES.has(row.action);
    expect(calls).toHaveLength(writes ? 1 : 2);
    expect(outcome).toMatchObject(writes ? { error: { status: 500, retryable: true } } : { output: row.output });
  });

  it("ends when Slack never answers", async () => {
    const server = await startLoopback(() => undefined);
    onTestFinished(() => server.close());
    const network = { baseUrl: `${server.url}/api/`, responseTimeout: "100ms" };
    const { error } = await run(one, { network, timeout: "400ms" });
    expect(error).toMatchObject({ code: "timeout", retryable: true });
  });

  it.each(row.refused)("refuses %j before anything is sent", async (input, named) => {
    const { calls } = playAt(url, yes(row));
    const { error }: Outcome = await run(one, { input });
    expect(error).toMatchObject({ code: "params-invalid", message: expect.stringContaining(named) });
    expect(calls).toEqual([]);
  });
});

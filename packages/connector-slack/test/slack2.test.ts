import { describe, expect, it } from "vitest";

import { slack2 } from "../src/index.ts";
import { fixture, recorded } from "./recorded.ts";
import { formOf, play, run2 } from "./support.ts";

describe("sendMessage", () => {
  it("sends what it is given under Slack's names, and gives Slack's whole answer", async () => {
    const vendor = play("chat.postMessage", recorded("chat.postMessage"));
    const input = {
      channel: "C024BE91L",
      text: "hi <@U1>",
      blocks: [{ type: "divider" }],
      threadTs: "1405894322.002768",
      unfurlLinks: true,
      unfurlMedia: false,
    };
    expect(await run2("sendMessage", input)).toEqual({ output: fixture("chat.postMessage") });
    expect(vendor.calls[0]?.body).toEqual({
      channel: "C024BE91L",
      text: "hi <@U1>",
      blocks: [{ type: "divider" }],
      thread_ts: "1405894322.002768",
      unfurl_links: true,
      unfurl_media: false,
    });
  });

  it("takes blocks alone, with their texts for notifications", async () => {
    const vendor = play("chat.postMessage", recorded("chat.postMessage"));
    const blocks = [{ type: "header", text: { type: "plain_text", text: "Down" } }];
    await run2("sendMessage", { channel: "C1", blocks });
    expect(vendor.calls[0]?.body).toEqual({ channel: "C1", blocks, text: "Down" });
  });

  it("takes true and false as the texts that templates make of them", async () => {
    const vendor = play("chat.postMessage", recorded("chat.postMessage"));
    await run2("sendMessage", { channel: "C1", text: "hi", unfurlLinks: "false" });
    expect(vendor.calls[0]?.body).toMatchObject({ unfurl_links: false });
  });
});

describe("createConversation", () => {
  it.each([
    [{ name: "incident-42" }, { name: "incident-42", is_private: false }],
    [
      { name: "störung_7", isPrivate: "true" },
      { name: "störung_7", is_private: true },
    ],
  ])("makes a channel of %j", async (input, body) => {
    const vendor = play("conversations.create", recorded("conversations.create"));
    expect(await run2("createConversation", input)).toEqual({ output: fixture("conversations.create") });
    expect(vendor.calls[0]?.body).toEqual(body);
  });

  it("says that a name is taken", async () => {
    play("conversations.create", recorded("conversations.create.name_taken"));
    const { error } = await run2("createConversation", { name: "incident-42" });
    expect(error?.message).toBe(
      "[200] OK: name_taken. A channel of this name exists already. Choose another name, or use that one.",
    );
  });
});

it("inviteToConversation sends the users' ids without the blanks between them", async () => {
  const vendor = play("conversations.invite", recorded("conversations.invite"));
  const outcome = await run2("inviteToConversation", { channel: "C1", users: " U01PWE77HD2, W02ABC1234 " });
  expect(outcome).toEqual({ output: fixture("conversations.invite") });
  expect(vendor.calls[0]?.body).toEqual({ channel: "C1", users: "U01PWE77HD2,W02ABC1234" });
});

describe("searchMessages", () => {
  it("narrows the search with words of Slack's search language, and asks for no more than is wanted", async () => {
    const vendor = play("assistant.search.context", recorded("assistant.search.context"));
    const input = {
      query: "disk full",
      inChannel: "#alerts",
      fromUser: "U012ABCDEF",
      after: "2026-02-10",
      before: "2026-03-01",
      sort: "timestamp",
      sortDir: "asc",
      count: 5,
      cursor: "abc",
    };
    await run2("searchMessages", input);
    expect(vendor.calls[0]?.body).toEqual({
      query: "disk full in:alerts from:<@U012ABCDEF> after:2026-02-10 before:2026-03-01",
      channel_types: ["public_channel", "private_channel", "mpim", "im"],
      content_types: ["messages"],
      include_context_messages: true,
      include_bots: false,
      include_message_blocks: true,
      limit: 5,
      sort: "timestamp",
      sort_dir: "asc",
      cursor: "abc",
    });
  });

  it("gives what is read of a message, under the names that Kibana gives it", async () => {
    play("assistant.search.context", recorded("assistant.search.context"));
    expect(await run2("searchMessages", { query: "revamp", fromUser: "roach" })).toEqual({
      output: {
        ok: true,
        query: "revamp from:roach",
        total: 1,
        matches: [
          {
            ts: "123456.7890",
            team: "T0123456",
            text: "Hey team, we'll be kicking off our mobile UX revamp for the Gizmo App...",
            permalink: "https://mycompany.slack.com/archives/C012345ABC/p123456789",
            channel: { id: "C0123456" },
            sender: { userId: "U0123456" },
          },
        ],
        nextCursor: "Q1VSUkVOVF9QQUdFOjI=",
        hasMore: true,
        response_metadata: { next_cursor: "Q1VSUkVOVF9QQUdFOjI=" },
      },
    });
  });

  it("keeps the blocks of a message and the messages around it", async () => {
    const around = { blocks: [{ type: "divider" }], context_messages: { before: [], after: [{ text: "next" }] } };
    play("assistant.search.context", { json: { ok: true, results: { messages: [{ content: "x", ...around }] } } });
    expect(await run2("searchMessages", { query: "x" })).toMatchObject({
      output: { matches: [{ text: "x", ...around }] },
    });
  });

  it("finds nothing in an answer without messages", async () => {
    for (const results of [{ messages: [] }, {}, null]) {
      play("assistant.search.context", { json: { ok: true, results } });
      expect(await run2("searchMessages", { query: "x" })).toEqual({
        output: { ok: true, query: "x", total: 0, matches: [], hasMore: false },
      });
    }
  });
});

describe("getConversationHistory", () => {
  it("asks for a page of messages", async () => {
    const vendor = play("conversations.history", recorded("conversations.history"));
    await run2("getConversationHistory", {
      channel: "CAFD3BBB44",
      oldest: "1405894322.002768",
      latest: "1405894399.000000",
      inclusive: true,
      limit: 10,
      cursor: "dXNlcjpVMDYx=",
    });
    expect(formOf(vendor.calls[0]?.body)).toEqual({
      channel: "CAFD3BBB44",
      oldest: "1405894322.002768",
      latest: "1405894399.000000",
      inclusive: "true",
      limit: "10",
      cursor: "dXNlcjpVMDYx=",
    });
  });

  it("gives what is read of a message, and what its attachments say where it has no text", async () => {
    const attachments = [{ fallback: "CPU high", text: "95 %", color: "#d00", mrkdwn_in: [] }, { text: "more" }];
    const files = [{ id: "F1", name: "log.txt", mimetype: "text/plain", thumb_64: "https://example.com/64.png" }, null];
    const message = { type: "message", bot_id: "B1", text: "", ts: "3.000003", attachments, files, team: "T1" };
    play("conversations.history", { json: { ok: true, messages: [message], response_metadata: { next_cursor: "n" } } });
    expect(await run2("getConversationHistory", { channel: "C1" })).toEqual({
      output: {
        ok: true,
        channel: "C1",
        messages: [
          {
            type: "message",
            bot_id: "B1",
            text: "CPU high",
            ts: "3.000003",
            attachments: [{ fallback: "CPU high", text: "95 %" }, { text: "more" }],
            files: [{ id: "F1", name: "log.txt", mimetype: "text/plain" }],
          },
        ],
        nextCursor: "n",
        hasMore: true,
        response_metadata: { next_cursor: "n" },
      },
    });
  });
});

it("getConversationInfo gives the channel itself, and asks for what is wanted besides", async () => {
  const vendor = play("conversations.info", recorded("conversations.info"));
  const channel = fixture("conversations.info")["channel"];
  expect(await run2("getConversationInfo", { channel: "C1", includeNumMembers: true, includeLocale: true })).toEqual({
    output: channel,
  });
  expect(formOf(vendor.calls[0]?.body)).toEqual({ channel: "C1", include_num_members: "true", include_locale: "true" });
});

describe("getUserByEmail", () => {
  it("gives the user", async () => {
    const vendor = play("users.lookupByEmail", recorded("users.lookupByEmail"));
    const user = fixture("users.lookupByEmail")["user"];
    expect(await run2("getUserByEmail", { email: "a+b&c@example.com" })).toEqual({ output: user });
    expect(formOf(vendor.calls[0]?.body)).toEqual({ email: "a+b&c@example.com" });
  });

  it("answers to Kibana's name", async () => {
    play("users.lookupByEmail", recorded("users.lookupByEmail"));
    expect(await run2("lookupUserByEmail", { email: "a@example.com" })).toHaveProperty("output.id", "U625F76900");
  });

  it("fails where nobody has the address", async () => {
    play("users.lookupByEmail", recorded("users.lookupByEmail.users_not_found"));
    const { error } = await run2("getUserByEmail", { email: "nobody@example.com" });
    expect(error?.message).toContain("users_not_found. Nobody in the workspace has this email address.");
  });
});

it("whoAmI gives the identity and no more", async () => {
  play("auth.test", { json: { ...fixture("auth.test"), bot_id: "B1", app_name: "x", expires_in: 5 } });
  expect(await run2("whoAmI", {})).toEqual({ output: { ...fixture("auth.test"), bot_id: "B1" } });
});

it.each([
  ["listChannels", "conversations.list", {}, "conversations.list.page1"],
  ["searchMessages", "assistant.search.context", { query: "x" }, "assistant.search.context"],
  ["getConversationHistory", "conversations.history", { channel: "C1" }, "conversations.history"],
  ["getConversationInfo", "conversations.info", { channel: "C1" }, "conversations.info"],
  ["getUserByEmail", "users.lookupByEmail", { email: "a@example.com" }, "users.lookupByEmail"],
  ["listUsers", "users.list", {}, "users.list.page1"],
  ["whoAmI", "auth.test", {}, "auth.test"],
])("%s gives Slack's whole answer with raw", async (action, method, input, answer) => {
  const whole = { ...fixture(answer), warning: "missing_charset", more: [1] };
  const vendor = play(method, { json: whole });
  expect(await run2(action, { ...input, raw: true })).toEqual({ output: whole });
  expect(JSON.stringify(vendor.calls[0]?.body ?? "")).not.toContain("raw");
});

it.each([
  ["listChannels", "conversations.list", {}],
  ["getConversationHistory", "conversations.history", { channel: "C1" }],
  ["getConversationInfo", "conversations.info", { channel: "C1" }],
  ["getUserByEmail", "users.lookupByEmail", { email: "a@example.com" }],
  ["listUsers", "users.list", {}],
])("%s fails where the answer lacks what was asked for", async (action, method, input) => {
  play(method, { json: { ok: true } });
  const { error } = await run2(action, input);
  expect(error).toMatchObject({ code: "response-missing-field", retryable: false });
});

it.each([
  ["listChannels", "conversations.list", {}, "conversations.list.page1"],
  ["getConversationInfo", "conversations.info", { channel: "C1" }, "conversations.info"],
  ["whoAmI", "auth.test", {}, "auth.test"],
])("%s keeps Slack's warnings beside what it reads", async (action, method, input, answer) => {
  play(method, { json: { ...fixture(answer), warning: "missing_charset" } });
  expect(await run2(action, input)).toHaveProperty("output.warning", "missing_charset");
});

it("answers to its alias and to its default action", () => {
  expect(slack2).toMatchObject({ id: "slack2", aliases: [".slack2"], defaultAction: "sendMessage" });
});

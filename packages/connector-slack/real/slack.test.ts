/** Every action that the stateful Slack knows, and what it then says has happened. */
import { orSkip, slackTarget } from "@stepwire/test-rig";
import { runOnce, testOnce } from "@stepwire/testkit";
import { afterAll, describe, expect, it } from "vitest";

import { slack, slack2, slackApi } from "../src/index.ts";

const target = await orSkip("messages and channels in a Slack that keeps them", slackTarget());
afterAll(() => target?.close());
const { api = "", webhookUrl = "", token = "", readonlyToken = "" } = target ?? {};
const network = { baseUrl: api };

/** The Slack may have been left running by somebody else, with the channels of an earlier run. */
const NAME = `t-${Date.now()}`;
const TEXT = `${NAME}: <https://example.com/?a=1&amp;b=2|a page>, 5 &lt; 6 & "quotes" 😀\nsecond line`;
const BLOCKS = [{ type: "section", text: { type: "mrkdwn", text: "*bold* &amp; plain" } }];
const GENERAL = "C000000001";

interface Message {
  ts: string;
  [key: string]: unknown;
}

/** What an action gives; fails with its error. */
async function outputOf<T>(outcome: ReturnType<typeof runOnce>): Promise<T> {
  const { output, error } = await outcome;
  expect(error).toBeUndefined();
  return output as T;
}
const run2 = async <T>(action: string, input: unknown) =>
  outputOf<T>(runOnce(slack2, { secrets: { token }, network, action, input }));
const runApi = async <T>(action: string, input: unknown) =>
  outputOf<T>(runOnce(slackApi, { secrets: { token }, network, action, input }));

/** The newest message of a channel, as Slack has it. */
async function newest(channel: string): Promise<Message | undefined> {
  const history = await run2<{ messages: Message[] }>("getConversationHistory", { channel, limit: 1, raw: true });
  return history.messages[0];
}

describe.skipIf(target === undefined)("a message", () => {
  it("arrives through a webhook as it was written", async () => {
    const input = { message: TEXT, blocks: BLOCKS, attachments: [{ text: "more" }], username: "ops" };
    const webhook = { secrets: { webhookUrl }, input };
    expect(await runOnce(slack, webhook)).toEqual({ output: { text: "ok" } });
    const { message: text, ...rest } = input;
    expect(await newest(GENERAL)).toMatchObject({ text, ...rest });
  });

  it.each([{ channelIds: [GENERAL] }, { channels: [GENERAL] }, { channels: ["general"] }])(
    "arrives from postMessage in %j as it was written",
    async (channel) => {
      const message = { text: TEXT, attachments: [{ text: "more" }], unfurl_links: false, unfurl_media: true };
      const { ts } = await runApi<Message>("postMessage", { ...channel, ...message });
      expect(await newest(GENERAL)).toMatchObject({ ts, ...message });
    },
  );

  it("arrives from postBlockkit with its blocks and their text", async () => {
    const { ts } = await runApi<Message>("postBlockkit", {
      channelIds: [GENERAL],
      text: JSON.stringify({ blocks: BLOCKS }),
    });
    expect(await newest(GENERAL)).toMatchObject({ ts, text: "*bold* &amp; plain", blocks: BLOCKS });
  });

  it("arrives from sendMessage, and a reply counts for it", async () => {
    const { ts } = await run2<Message>("sendMessage", { channel: "random", text: TEXT });
    const { channel } = await run2<Message>("sendMessage", { channel: "random", text: "reply", threadTs: ts });
    expect(await newest(String(channel))).toMatchObject({ ts, text: TEXT, reply_count: 1 });
  });

  it.each([
    ["to no channel there is", { channel: "nowhere", text: "hi" }, token, "channel_not_found"],
    ["with a token that may not", { channel: GENERAL, text: "hi" }, readonlyToken, "missing_scope. "],
    ["with blocks that are none", { channel: GENERAL, blocks: [{ type: "" }] }, token, "blocks"],
  ])("does not arrive %s", async (_, input, given, named) => {
    const { error } = await runOnce(slack2, { secrets: { token: given }, network, action: "sendMessage", input });
    expect(error?.message).toContain(named);
  });
});

describe.skipIf(target === undefined)("a channel", () => {
  it("is made, found, joined by others, and made once", async () => {
    const { channel } = await run2<{ channel: { id: string } }>("createConversation", { name: NAME });
    const { id } = channel;
    expect(await run2("resolveChannelId", { name: `#${NAME.toUpperCase()}`, limit: 2, maxPages: 100 })).toMatchObject({
      found: true,
      id,
      name: NAME,
    });
    const user = await run2<{ id: string }>("getUserByEmail", { email: "reviewer@example.com" });
    await run2("inviteToConversation", { channel: id, users: user.id });
    expect(await run2("getConversationInfo", { channel: id })).toMatchObject({ name: NAME, num_members: 2 });

    const again = { secrets: { token }, network, action: "createConversation", input: { name: NAME } };
    expect((await runOnce(slack2, again)).error?.details).toMatchObject({ slackError: "name_taken" });
    const users = `${user.id},U0NOBODY`;
    const twice = { ...again, action: "inviteToConversation", input: { channel: id, users } };
    expect((await runOnce(slack2, twice)).error?.details).toMatchObject({
      slackError: "already_in_channel",
      errors: [
        { user: user.id, error: "already_in_channel" },
        { user: "U0NOBODY", error: "user_not_found" },
      ],
    });
  });

  it("is valid by its id, and only by it", async () => {
    expect(await runApi("validChannelId", { channelId: GENERAL })).toMatchObject({ channel: { name: "general" } });
    const wrong = { secrets: { token }, network, action: "validChannelId", input: { channelId: "C0NOWHERE" } };
    expect((await runOnce(slackApi, wrong)).error?.details).toMatchObject({ slackError: "channel_not_found" });
  });
});

describe.skipIf(target === undefined)("lists", () => {
  interface Lists {
    channels: { id: string; name: string }[];
    members: { name: string }[];
  }

  it("are whole, however small their pages are", async () => {
    const types = "public_channel,private_channel";
    const { channels } = await runApi<Lists>("getChannels", { types, limit: 2 });
    const names = channels.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["general", "random", "security-alerts", "secret-room"]));
    expect(new Set(names).size).toBe(names.length);
    const { members } = await runApi<Lists>("getUsers", { limit: 1 });
    expect(members.map(({ name }) => name)).toEqual(["admin", "developer", "reviewer"]);
  });

  it("go on from page to page", async () => {
    const first = await run2<Lists & { nextCursor: string }>("listChannels", { limit: 1 });
    const second = await run2<Lists>("listChannels", { limit: 1, cursor: first.nextCursor });
    expect([first, second].map(({ channels }) => channels.map(({ name }) => name))).toEqual([["general"], ["random"]]);
    expect(await run2("listUsers", { limit: 1 })).toMatchObject({ hasMore: true, members: [{ name: "admin" }] });
  });
});

describe.skipIf(target === undefined)("the token", () => {
  it("is tested, and says whose it is", async () => {
    expect(await testOnce(slackApi, { secrets: { token }, network })).toEqual({});
    expect(await testOnce(slack2, { secrets: { token }, network })).toEqual({});
    expect(await run2("whoAmI", {})).toMatchObject({ ok: true, team: "Example", user: "developer" });
  });
});

import { runOnce, testOnce } from "@stepwire/testkit";
import { describe, expect, it } from "vitest";

import { slackApi } from "../src/index.ts";
import { API, fixture, recorded } from "./recorded.ts";
import { formOf, play, runApi, secrets, TOKEN } from "./support.ts";

const sent = (channel: object, message: object) => ({ ...channel, ...message });

describe("postMessage", () => {
  it("sends channel and text as JSON with its charset, and gives Slack's whole answer", async () => {
    const vendor = play("chat.postMessage", recorded("chat.postMessage"));
    const outcome = await runApi("postMessage", { channelNames: ["#general"], text: "hi" });
    expect(outcome).toEqual({ output: fixture("chat.postMessage") });
    expect(vendor.calls).toMatchObject([
      { method: "POST", url: `${API}/chat.postMessage`, body: { channel: "#general", text: "hi" } },
    ]);
    expect(vendor.calls[0]?.headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(vendor.calls[0]?.headers["authorization"]).toBe(`Bearer ${TOKEN}`);
  });

  it("sends blocks, attachments, thread and unfurling under Slack's names", async () => {
    const vendor = play("chat.postMessage", recorded("chat.postMessage"));
    const message = {
      text: "Disk is full",
      blocks: [{ type: "divider" }],
      attachments: [{ text: "more" }],
      thread_ts: "1405894322.002768",
      unfurl_links: false,
      unfurl_media: true,
    };
    await runApi("postMessage", { channels: ["C024BE91L"], ...message });
    expect(vendor.calls[0]?.body).toEqual({ channel: "C024BE91L", ...message });
  });

  it.each([
    ["a mention and a link", "<@U012AB3CD>: <https://example.com/?a=1&amp;b=2|the page> &lt;ok&gt;"],
    ["quotes, lines and templates", 'say "hi"\n{{x}} 😀'],
  ])("sends %s as it is", async (_, text) => {
    const vendor = play("chat.postMessage", recorded("chat.postMessage"));
    await runApi("postMessage", { channelIds: ["C1"], text });
    expect(vendor.calls[0]?.body).toEqual({ channel: "C1", text });
  });

  it("keeps Slack's warnings about a message that was sent", async () => {
    play("chat.postMessage", recorded("chat.postMessage.message_truncated"));
    expect(await runApi("postMessage", { channelIds: ["C1"], text: "hi" })).toMatchObject({
      output: {
        ok: true,
        warning: "message_truncated",
        response_metadata: {
          warnings: ["message_truncated"],
          messages: ["[WARN] Your message was truncated but still posted"],
        },
      },
    });
  });

  it("does not fail over what else the answer to a sent message holds", async () => {
    const odd = { ok: true, channel: null, message: null, response_metadata: { warnings: null, next_cursor: null } };
    play("chat.postMessage", { json: odd });
    expect(await runApi("postMessage", { channelIds: ["C1"], text: "hi" })).toEqual({ output: odd });
  });

  it("is not repeated where it may have been done", async () => {
    const vendor = play("chat.postMessage", { json: { ok: false, error: "internal_error" } });
    const { error } = await runApi("postMessage", { channelIds: ["C1"], text: "hi" });
    expect(error).toMatchObject({ code: "http-status", retryable: true, details: { slackError: "internal_error" } });
    expect(vendor.calls).toHaveLength(1);
  });
});

describe("the channel", () => {
  const all = { channelNames: ["#by-name"], channelIds: ["C0BYID000"], channels: ["old-way"] };
  it.each([
    ["names before ids and channels", all, "#by-name"],
    ["ids before channels", { ...all, channelNames: [] }, "C0BYID000"],
    ["channels at last", { channelNames: [], channelIds: [], channels: ["old-way"] }, "old-way"],
  ])("is taken from %s", async (_, given, channel) => {
    const vendor = play("chat.postMessage", recorded("chat.postMessage"));
    await runApi("postMessage", sent(given, { text: "hi" }));
    await runApi("postBlockkit", sent(given, { text: '{"blocks":[{"type":"divider"}]}' }));
    expect(vendor.calls.map(({ body }) => (body as { channel: string }).channel)).toEqual([channel, channel]);
  });

  it.each([{}, { channels: [] }, { channelIds: [], channelNames: [] }])(
    "is asked for where it is %j",
    async (given) => {
      const vendor = play("chat.postMessage", recorded("chat.postMessage"));
      const { error } = await runApi("postMessage", sent(given, { text: "hi" }));
      expect(error).toMatchObject({ code: "params-invalid", details: { reason: "no-channel" } });
      expect(vendor.calls).toEqual([]);
    },
  );
});

describe("validChannelId", () => {
  it("reads the channel by its id, which cannot add anything to the call", async () => {
    const vendor = play("conversations.info", recorded("conversations.info"));
    const channelId = "C1&include_locale=true";
    expect(await runApi("validChannelId", { channelId })).toEqual({ output: fixture("conversations.info") });
    expect(formOf(vendor.calls[0]?.body)).toEqual({ channel: channelId });
    expect(vendor.calls[0]?.url).toBe(`${API}/conversations.info`);
  });

  it("fails where there is no such channel", async () => {
    play("conversations.info", recorded("chat.postMessage.channel_not_found"));
    const { error } = await runApi("validChannelId", { channelId: "C0NOWHERE" });
    expect(error).toMatchObject({ code: "http-status", details: { slackError: "channel_not_found" } });
  });
});

describe("the token", () => {
  it("stays out of outputs and errors, whatever Slack repeats", async () => {
    play("chat.postMessage", { json: { ok: true, echo: `Bearer ${TOKEN}` } });
    const good = await runApi("postMessage", { channelIds: ["C1"], text: "hi" });
    play("chat.postMessage", { json: { ok: false, error: "invalid_auth", needed: TOKEN } });
    const bad = await runApi("postMessage", { channelIds: ["C1"], text: "hi" });
    expect(bad.error?.message).toContain("invalid_auth. Slack does not know the token");
    expect(JSON.stringify([good, bad])).not.toContain("secretpart");
  });

  it.each([["xoxb-1 2"], ["xoxb-1\n"], [""]])("is refused when it is %j", async (token) => {
    const { error } = await runOnce(slackApi, { secrets: { token }, input: { channelIds: ["C1"], text: "hi" } });
    expect(error).toMatchObject({ code: "secrets-invalid", message: expect.stringContaining("secrets.token") });
  });

  it("is tested by reading alone", async () => {
    const vendor = play("auth.test", recorded("auth.test"));
    expect(await testOnce(slackApi, { secrets })).toEqual({});
    expect(vendor.calls).toHaveLength(1);
    play("auth.test", { json: { ok: false, error: "invalid_auth" } });
    expect((await testOnce(slackApi, { secrets })).error?.message).toContain("invalid_auth");
  });
});

it("answers to its alias and to its default action", () => {
  expect(slackApi).toMatchObject({ id: "slack_api", aliases: [".slack_api"], defaultAction: "postMessage" });
});

import { mockVendor, runOnce, startLoopback, type MockVendor, type Reply } from "@stepwire/testkit";
import { describe, expect, it, onTestFinished } from "vitest";

import { slack } from "../src/index.ts";

const PATH = "/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX";
const WEBHOOK = `https://hooks.slack.com${PATH}`;
const secrets = { webhookUrl: WEBHOOK };

let playing: MockVendor | undefined;

/** A later call in a test takes the place of an earlier one. */
function play(reply: Reply): MockVendor {
  playing?.close();
  const vendor = mockVendor({ [`POST ${WEBHOOK}`]: () => reply });
  playing = vendor;
  onTestFinished(() => vendor.close());
  return vendor;
}
const send = async (message: string, timeout?: string) =>
  runOnce(slack, { secrets, input: { message }, ...(timeout === undefined ? {} : { timeout }) });

/** No piece of the webhook's path may get out, however it is spelt. */
function expectNoSecret(outcome: unknown) {
  const text = JSON.stringify(outcome);
  for (const form of [PATH, "XXXXXXXX", encodeURIComponent(PATH), Buffer.from(WEBHOOK).toString("base64")]) {
    expect(text).not.toContain(form);
  }
}

describe("a message", () => {
  it("goes to the webhook as JSON, and the answer comes back as Kibana gives it", async () => {
    const vendor = play({ text: "ok" });
    expect(await send("success")).toEqual({ output: { text: "ok" } });
    expect(vendor.calls).toMatchObject([
      { method: "POST", url: WEBHOOK, headers: { "content-type": "application/json" }, body: { text: "success" } },
    ]);
    expect(vendor.calls[0]?.headers).not.toHaveProperty("authorization");
  });

  it("is sent as exactly the bytes that Slack's simulator in Kibana expects", async () => {
    const server = await startLoopback(() => ({ text: "ok" }));
    onTestFinished(() => server.close());
    await runOnce(slack, { secrets: { webhookUrl: `${server.url}${PATH}` }, input: { message: "success" } });
    expect(server.requests[0]?.body).toBe('{"text":"success"}');
    expect(server.requests[0]?.headers["content-length"]).toBe("18");
  });

  it.each(['say "hi" <@U1> & <https://a.example|link>', "two\nlines\ttab", "emoji 😀 and {{x}}", "\u2028"])(
    "carries %j as it is",
    async (message) => {
      const vendor = play({ text: "ok" });
      await send(message);
      expect(vendor.calls[0]?.body).toEqual({ text: message });
    },
  );

  it("may have 40,000 characters and not one more, since Slack would cut it off", async () => {
    const vendor = play({ text: "ok" });
    expect(await send("x".repeat(40_000))).toEqual({ output: { text: "ok" } });
    const { error } = await send("x".repeat(40_001));
    expect(error).toMatchObject({ code: "params-invalid", message: expect.stringContaining("40000") });
    expect(vendor.calls).toHaveLength(1);
  });

  it.each([
    [{ message: "" }, "message"],
    [{}, "message"],
    [{ text: "hi" }, "text"],
    [{ message: "hi", channel: "#general" }, "channel"],
  ])("is refused before anything is sent: %j", async (input, named) => {
    const vendor = play({ text: "ok" });
    const { error } = await runOnce(slack, { secrets, input });
    expect(error).toMatchObject({ code: "params-invalid", message: expect.stringContaining(named) });
    expect(vendor.calls).toEqual([]);
  });
});

describe("blocks and the rest of a message", () => {
  const section = { type: "section", text: { type: "mrkdwn", text: "*Disk* is full &amp; red" } };

  it("go to the webhook under Slack's names, with the message for notifications", async () => {
    const vendor = play({ text: "ok" });
    const more = {
      blocks: [section],
      attachments: [{ color: "#d00", text: "more" }],
      thread_ts: "1405894322.002768",
      unfurl_links: false,
      unfurl_media: true,
      username: "ops",
      icon_emoji: ":fire:",
      icon_url: "https://example.com/fire.png",
    };
    expect(await runOnce(slack, { secrets, input: { message: "Disk is full", ...more } })).toEqual({
      output: { text: "ok" },
    });
    expect(vendor.calls[0]?.body).toEqual({ text: "Disk is full", ...more });
  });

  it("may stand without a message: notifications then say what the blocks say", async () => {
    const vendor = play({ text: "ok" });
    await runOnce(slack, { secrets, input: { blocks: [section, { type: "divider" }] } });
    expect(vendor.calls[0]?.body).toEqual({ text: "*Disk* is full &amp; red", blocks: [section, { type: "divider" }] });
    await runOnce(slack, { secrets, input: { attachments: [{ text: "more" }] } });
    expect(vendor.calls[1]?.body).toEqual({ attachments: [{ text: "more" }] });
  });

  it("refuses a channel, since the webhook's own would get the message", async () => {
    const vendor = play({ text: "ok" });
    const { error } = await runOnce(slack, { secrets, input: { message: "hi", channel: "#ops" as never } });
    expect(error).toMatchObject({ code: "params-invalid" });
    expect(error?.message).toContain("channel: a webhook of an app posts to its own channel");
    expect(error?.message).toContain("slack_api");
    expect(vendor.calls).toEqual([]);
  });
});

describe("Slack's refusals", () => {
  // Statuses and words as Slack documents them for incoming webhooks.
  it.each([
    [400, "invalid_payload"],
    [400, "no_text"],
    [400, "user_not_found"],
    [403, "action_prohibited"],
    [403, "invalid_token"],
    [403, "posting_to_general_channel_denied"],
    [404, "channel_not_found"],
    [404, "no_service"],
    [404, "no_team"],
    [410, "channel_is_archived"],
  ])("%i %s is explained and not repeated", async (status, word) => {
    play({ status, text: word });
    const outcome = await send("hi");
    expect(outcome.error).toMatchObject({
      code: "http-status",
      type: "ConnectorExecutionError",
      status,
      retryable: false,
      details: { status, slackError: word, data: word },
    });
    expect(outcome.error?.message).toMatch(new RegExp(`^\\[${status}\\] .+: ${word}\\. [A-Z].+\\.$`));
    expectNoSecret(outcome);
  });

  it("500 rollup_error may be tried again later", async () => {
    play({ status: 500, text: "rollup_error" });
    expect((await send("hi")).error).toMatchObject({ code: "http-status", status: 500, retryable: true });
  });

  it("an unknown word of an error is passed on", async () => {
    play({ status: 400, text: "some_new_word" });
    const { error } = await send("hi");
    expect(error).toMatchObject({ status: 400, retryable: false, message: "[400] Bad Request: some_new_word" });
  });

  it.each([
    ["seconds", () => "30", 30_000, 30_000],
    ["a date", () => new Date(Date.now() + 90_000).toUTCString(), 80_000, 91_000],
    ["a date in the past", () => "Wed, 21 Oct 2015 07:28:00 GMT", 0, 0],
    ["more than anybody waits", () => "999999", 3_600_000, 3_600_000],
  ])("429 with Retry-After as %s says how long to wait", async (_, value, least, most) => {
    play({
      status: 429,
      headers: { "Retry-After": value() },
      json: { retry_after: 1, ok: false, error: "rate_limited" },
    });
    // A step without the time to wait for it is told at once.
    const { error } = await send("hi", "5s");
    expect(error).toMatchObject({ code: "rate-limited", status: 429, retryable: true });
    expect(error?.message).toContain("rate_limited");
    expect(error?.retryAfterMs).toBeGreaterThanOrEqual(least);
    expect(error?.retryAfterMs).toBeLessThanOrEqual(most);
  });

  it.each([undefined, "soon", ""])("429 with Retry-After %j says nothing about how long", async (value) => {
    play({ status: 429, ...(value === undefined ? {} : { headers: { "Retry-After": value } }), text: "rate_limited" });
    const { error } = await send("hi");
    expect(error?.code).toBe("rate-limited");
    expect(error).not.toHaveProperty("retryAfterMs");
  });

  it("a web page under 200 is no success", async () => {
    const page = "<!DOCTYPE html><html><head><title>Slack</title></head><body><h1>Sign in</h1></body></html>";
    play({ text: page, headers: { "content-type": "text/html" } });
    const outcome = await send("hi");
    expect(outcome.error).toMatchObject({ code: "http-status", status: 200, retryable: false });
    expect(outcome.error?.message).toContain("Is webhookUrl an incoming webhook?");
    expect(JSON.stringify(outcome)).not.toMatch(/<html|<h1|<!DOCTYPE/);
    expectNoSecret(outcome);
  });

  it.each(["no_service", "", '{"ok":true}', "OK"])("%j under 200 is no success", async (text) => {
    play({ text });
    expect((await send("hi")).error).toMatchObject({ code: "http-status", status: 200, retryable: false });
  });

  it("takes ok with the line end of a gateway for ok", async () => {
    play({ text: "ok\n" });
    expect(await send("hi")).toEqual({ output: { text: "ok" } });
  });
});

describe("the webhook's URL", () => {
  it("stays out of what a vendor or a gateway echoes", async () => {
    for (const status of [200, 403, 500]) {
      play({ status, text: `cannot deliver to ${WEBHOOK} (${PATH})`, headers: { "x-path": PATH } });
      const outcome = await send("hi");
      expect(outcome.error?.status).toBe(status);
      expectNoSecret(outcome);
    }
  });

  it("stays out of connection errors", async () => {
    const server = await startLoopback((_request, response) => void response.socket?.resetAndDestroy());
    onTestFinished(() => server.close());
    const outcome = await runOnce(slack, { secrets: { webhookUrl: `${server.url}${PATH}` }, input: { message: "hi" } });
    expect(outcome.error).toMatchObject({ code: "connection", details: { reason: "ECONNRESET" } });
    expectNoSecret(outcome);
  });

  it("stays out of the message when its host is not allowed or its redirect is refused", async () => {
    const vendor = play({ status: 302, headers: { location: WEBHOOK } });
    const redirected = await send("hi");
    expect(redirected.error).toMatchObject({ code: "redirect", status: 302, retryable: false });
    expectNoSecret(redirected);
    const refused = await runOnce(slack, {
      secrets,
      input: { message: "hi" },
      network: { allowedHosts: ["*.slack.com.example"] },
    });
    expect(refused.error).toMatchObject({ code: "host-not-allowed", details: { host: "hooks.slack.com" } });
    expectNoSecret(refused);
    expect(vendor.calls).toHaveLength(1);
  });

  it.each(["hooks.slack.com/services/x", "ftp://hooks.slack.com/x", "", 5])(
    "is refused when it is %j",
    async (webhookUrl) => {
      // Files hold what TypeScript would refuse.
      const { error } = await runOnce(slack, {
        secrets: { webhookUrl: webhookUrl as string },
        input: { message: "hi" },
      });
      expect(error).toMatchObject({ code: "secrets-invalid", message: expect.stringContaining("secrets.webhookUrl") });
    },
  );

  it("is asked for, and nothing else is taken in its place", async () => {
    const missing = await runOnce(slack, { input: { message: "hi" } });
    expect(missing.error).toMatchObject({
      code: "secrets-invalid",
      message: expect.stringContaining("secrets.webhookUrl"),
    });
    const misspelt = await runOnce(slack, { secrets: { webHookUrl: WEBHOOK } as never, input: { message: "hi" } });
    expect(misspelt.error?.message).toContain("Did you mean webhookUrl?");
    expectNoSecret(misspelt);
    const misplaced = await runOnce(slack, { config: secrets as never, secrets, input: { message: "hi" } });
    expect(misplaced.error).toMatchObject({
      code: "config-invalid",
      message: expect.stringContaining("config.webhookUrl"),
    });
    expectNoSecret(misplaced);
  });
});

describe("network.baseUrl", () => {
  it("moves requests to a gateway, with the webhook's path below the gateway's", async () => {
    const server = await startLoopback(() => ({ text: "ok" }));
    onTestFinished(() => server.close());
    for (const base of [server.url, `${server.url}/gateway/`]) {
      const network = { baseUrl: base };
      expect(await runOnce(slack, { secrets, network, input: { message: "hi" } })).toEqual({ output: { text: "ok" } });
    }
    expect(server.requests.map(({ path }) => path)).toEqual([PATH, `/gateway${PATH}`]);
  });
});

it("answers to its alias and to its default action", () => {
  expect(slack).toMatchObject({ id: "slack", aliases: [".slack"], defaultAction: "postMessage" });
});

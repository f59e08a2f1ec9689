import { startLoopback, type Reply } from "@stepwire/testkit";
import { describe, expect, it, onTestFinished } from "vitest";
import { runOnce } from "@stepwire/testkit";

import { slack2 } from "../src/index.ts";
import { REFUSALS, WEBHOOK_REFUSALS } from "../src/refusals.ts";
import { check } from "../src/web-api/check.ts";
import { recorded } from "./recorded.ts";
import { play, run2, secrets } from "./support.ts";

const send = async () => run2("sendMessage", { channel: "C1", text: "hi" });
async function errorOf(reply: Reply) {
  play("chat.postMessage", reply);
  return (await send()).error;
}

describe("Slack's no", () => {
  it.each(Object.entries(REFUSALS).filter(([code]) => !code.includes("limited")))(
    "%s is explained",
    async (code, meaning) => {
      const error = await errorOf({ json: { ok: false, error: code } });
      expect(error).toMatchObject({ code: "http-status", status: 200, details: { slackError: code } });
      expect(error?.message).toBe(`[200] OK: ${code}. ${meaning}`);
    },
  );

  it("with a code that nobody knows is passed on", async () => {
    const error = await errorOf({ json: { ok: false, error: "new_code" } });
    expect(error).toMatchObject({ code: "http-status", retryable: false, message: "[200] OK: new_code." });
    expect((await errorOf({ json: { ok: false, error: "constructor" } }))?.message).toBe("[200] OK: constructor.");
  });

  it.each(["ratelimited", "rate_limited"])("%s under 200 is a rate limit", (code) => {
    const refusal = check({ status: 200, statusText: "OK", headers: {}, data: { ok: false, error: code } });
    expect(refusal).toMatchObject({ code: "rate-limited", details: { slackError: code } });
  });

  it("names the scope that is needed and those that are there", async () => {
    const error = await errorOf(recorded("chat.postMessage.missing_scope"));
    expect(error?.message).toContain("Needed: chat:write. The token has: channels:read.");
    expect(error?.details).toMatchObject({ needed: "chat:write", provided: "channels:read" });
  });

  it("keeps Slack's own words and warnings", async () => {
    // As Slack's page on Block Kit's errors shows them.
    const messages = ["[ERROR] must provide a string [json-pointer:/blocks/0/text]"];
    const error = await errorOf({
      json: {
        ok: false,
        error: "invalid_blocks",
        warning: "missing_charset",
        response_metadata: { messages, warnings: ["missing_charset"] },
      },
    });
    expect(error?.details).toMatchObject({ messages, warnings: ["missing_charset"] });
    expect(error?.message).toContain(`Slack says: ${messages[0]}.`);
    expect(error?.message).toContain("Warnings: missing_charset.");
  });

  it("names each user who could not be invited", async () => {
    play("conversations.invite", recorded("conversations.invite.already_in_channel"));
    const { error } = await run2("inviteToConversation", { channel: "C1", users: "U625F76900, U0NOBODY" });
    expect(error?.details).toMatchObject({
      slackError: "already_in_channel",
      errors: [
        { user: "U625F76900", error: "already_in_channel" },
        { user: "U0NOBODY", error: "user_not_found" },
      ],
    });
    expect(error?.message).toContain("One by one: U625F76900: already_in_channel, U0NOBODY: user_not_found.");
  });

  it.each([
    ["a code in place of a list", { errors: "x", response_metadata: "x", warning: 5, needed: ["a"] }],
    ["lists of other things", { errors: [null, "x", { user: 5 }], response_metadata: { messages: [1, null] } }],
  ])("does not fall over %s", async (_, more) => {
    const error = await errorOf({ json: { ok: false, error: "name_taken", ...more } });
    expect(error).toMatchObject({ code: "http-status", message: `[200] OK: name_taken. ${REFUSALS["name_taken"]}` });
  });

  it("is read under an error's status, too", async () => {
    const error = await errorOf({ status: 503, json: { ok: false, error: "service_unavailable" } });
    expect(error).toMatchObject({ code: "http-status", status: 503, retryable: true });
    expect(error?.message).toContain(`service_unavailable. ${REFUSALS["service_unavailable"]}`);
  });
});

describe("answers that are not Slack's", () => {
  it.each([
    { json: {} },
    { json: [] },
    { json: { ok: "true" } },
    { json: { ok: false } },
    { json: { ok: false, error: "" } },
  ])("%j under 200 is no success", async (reply) => {
    const error = await errorOf(reply);
    expect(error).toMatchObject({ code: "http-status", status: 200, retryable: false });
    expect(error?.message).toContain("network.baseUrl");
  });

  it("a web page under 200 is no success", async () => {
    const error = await errorOf({ text: "<!DOCTYPE html><h1>Sign in</h1>", headers: { "content-type": "text/html" } });
    expect(error).toMatchObject({ retryable: false });
    expect(error?.message).not.toContain("<h1");
  });

  // As emulators answer who calls too often.
  it("an error without a code keeps its own words", async () => {
    const error = await errorOf({ status: 403, json: { message: "API rate limit exceeded" } });
    expect(error).toMatchObject({ code: "http-status", status: 403, retryable: false });
    expect(error?.message).toContain("API rate limit exceeded");
  });
});

it("repeats what may be done twice after an error that may pass", async () => {
  const vendor = play("auth.test", { json: { ok: false, error: "internal_error" } }, recorded("auth.test"));
  expect(await run2("whoAmI", {})).toMatchObject({ output: { ok: true } });
  expect(vendor.calls).toHaveLength(2);
});

it("does not repeat a message whose connection broke after it was sent", async () => {
  const server = await startLoopback((_request, response) => void response.socket?.resetAndDestroy());
  onTestFinished(() => server.close());
  const network = { baseUrl: `${server.url}/api` };
  const { error } = await runOnce(slack2, { secrets, network, input: { channel: "C1", text: "hi" } });
  expect(error).toMatchObject({ code: "connection" });
  expect(server.requests).toHaveLength(1);
});

it("says in every sentence of its tables what is meant, and ends it", () => {
  for (const table of [REFUSALS, WEBHOOK_REFUSALS])
    for (const [code, text] of Object.entries(table)) expect(text, code).toMatch(/^[A-Z].*\.$/);
});

describe("an answer that is longer or odder than it should be", () => {
  it("is cut in an error", async () => {
    const messages = Array.from({ length: 1000 }, () => "m".repeat(1000));
    const error = await errorOf({ json: { ok: false, error: "e".repeat(100_000), response_metadata: { messages } } });
    expect(error?.message.length).toBeLessThan(2200);
    expect(JSON.stringify(error).length).toBeLessThan(20_000);
  });

  it.each([
    { warning: ["a"] },
    { response_metadata: "none" },
    { response_metadata: { warnings: "a", messages: [1], next_cursor: 5 } },
    { channel: { id: "C1" }, ts: 1.2, message: [] },
  ])("does not make a failure of a message that was sent: %j", async (odd) => {
    play("chat.postMessage", { json: { ok: true, channel: "C1", ts: "1.2", ...odd } });
    expect((await send()).error).toBeUndefined();
  });
});

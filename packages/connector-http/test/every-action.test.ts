import { runOnce } from "@stepwire/testkit";
import { expect, it } from "vitest";

import { http } from "../src/index.ts";
import { call, start } from "./support.ts";

const long = (length: number) => "x".repeat(length);
const entries = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`x${index}`, "1"]));

it("has one action", () => {
  expect(Object.keys(http.actions)).toEqual(["request"]);
});

it("does what it says", async () => {
  const server = await start(() => ({ status: 201, json: { id: 1 } }));
  expect((await call(server.url, { method: "POST", body: {} })).output).toMatchObject({ status: 201, data: { id: 1 } });
});

it("keeps what the other system says against it, with status, headers and body", async () => {
  const answer = {
    status: 409,
    headers: { "X-Request-Id": "r-1", "Set-Cookie": "session=secret-1" },
    json: { detail: "held" },
  };
  const server = await start(() => answer);
  const { error } = await call(server.url, { method: "POST", body: {} });
  expect(error).toMatchObject({
    code: "http-status",
    message: "[409] Conflict: held",
    details: { status: 409, headers: { "x-request-id": "r-1" }, data: { detail: "held" } },
  });
  expect(JSON.stringify(error)).not.toContain("session=");
});

it("says how long to wait where the other system asks for it", async () => {
  const server = await start(() => ({ status: 429, headers: { "Retry-After": "30" } }));
  // The step has not the time to wait for it.
  const { error } = await runOnce(http, { input: { url: server.url, method: "POST" }, timeout: "5s" });
  expect(error).toMatchObject({ code: "rate-limited", status: 429, retryable: true, retryAfterMs: 30_000 });
});

it("gives up on a system that is silent", async () => {
  const server = await start(() => undefined);
  const network = { responseTimeout: "100ms" };
  const { error } = await runOnce(http, { input: { url: server.url, method: "POST" }, network });
  expect(error).toMatchObject({ code: "timeout", retryable: true, details: { sent: true } });
  expect(server.requests).toHaveLength(1);
});

it.each([
  [{ url: `http://127.0.0.1/${long(8192)}` }, "url"],
  [{ path: `/${long(8192)}` }, "path"],
  [{ query: { [long(257)]: "1" } }, "query"],
  [{ query: { a: long(16_385) } }, "query"],
  [{ headers: { "X-A": long(16_385) } }, "headers"],
  [{ headers: entries(201) }, "more than 200 entries"],
  [{ query: entries(1001) }, "more than 1000 entries"],
  [{ body: long(50_000_001) }, "body"],
  [{ method: "POST", body: Array.from({ length: 1_000_001 }, () => 0) }, "body"],
  [{ form_data: { a: { content: "1", filename: long(1025) } } }, "form_data.a.filename"],
  [{ verb: "GET" }, "verb"],
])("refuses what does not fit before anything is sent (%#)", async (input, named) => {
  const server = await start();
  const { error } = await call(server.url, input);
  expect(error).toMatchObject({ code: "params-invalid", message: expect.stringContaining(named) });
  expect(server.requests).toEqual([]);
});

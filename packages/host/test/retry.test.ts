import type { Idempotency } from "@stepwire/core";
import { describe, expect, it } from "vitest";

import { withDeadline, type Attempt } from "../src/index.ts";
import { idempotencyKey } from "../src/http/call.ts";
import { pauseBefore } from "../src/http/retry.ts";
import { failure, open, refusingUrl, serve, type Setup, type Work } from "./http-support.ts";

const NEVER = new AbortController().signal;
const FAST = { minDelay: "1ms", maxDelay: "2ms" };
const post: Work = async (ctx) => ctx.request({ method: "POST", path: "/", json: {} });
const get: Work = async (ctx) => ctx.request({ method: "GET", path: "/" });

/** Answers with each of these in turn, then with the last again: a status, or what is done to the connection. */
async function serveInTurn(...answers: (number | [number, Record<string, string>] | "reset")[]) {
  const keys: (string | undefined)[] = [];
  let count = 0;
  const server = await serve((request, response) => {
    const answer = answers[Math.min(count, answers.length - 1)] ?? 200;
    count += 1;
    keys.push(request.headers["idempotency-key"] as string | undefined);
    request.resume();
    if (answer === "reset") return void request.socket.resetAndDestroy();
    const [status, headers] = typeof answer === "number" ? [answer, {}] : answer;
    response.writeHead(status, { "content-type": "application/json", ...headers }).end("{}");
  });
  return { server, keys };
}

async function run(work: Work, setup: Setup) {
  const seen: Attempt[] = [];
  const connector = open(work, { retry: FAST, ...setup });
  const outcome = await connector.run("run", {}, { onAttempt: (attempt) => seen.push(attempt) }).then(
    () => undefined,
    (error: unknown) => failure(Promise.reject(error as Error)),
  );
  return { error: outcome, seen };
}

describe("what is sent again", () => {
  const HEADER = { header: "Idempotency-Key" };
  it.each<[string, Work, Idempotency, Parameters<typeof serveInTurn>, number]>([
    ["GET after 500", get, "none", [500, 200], 2],
    ["GET after a reset", get, "none", ["reset", 200], 2],
    ["POST of a natural action after 500", post, "natural", [500, 200], 2],
    ["POST of a natural action after a reset", post, "natural", ["reset", 200], 2],
    ["POST with a key after 502", post, HEADER, [502, 502, 200], 3],
    ["POST with a key after a reset", post, HEADER, ["reset", 200], 2],
    ["POST that must not be repeated after 429", post, "none", [429, 200], 2],
    [
      "POST that must not be repeated after 503 with Retry-After",
      post,
      "none",
      [[503, { "retry-after": "0" }], 200],
      2,
    ],
    ["POST that must not be repeated after 503 without it", post, "none", [503, 200], 1],
    ["POST that must not be repeated after 500", post, "none", [500, 200], 1],
    ["POST that must not be repeated after a reset", post, "none", ["reset", 200], 1],
    ["POST with a key after 400", post, HEADER, [400, 200], 1],
    ["GET after 404", get, "none", [404, 200], 1],
    ["GET after 408", get, "none", [408, 200], 2],
    ["GET after 425", get, "none", [425, 200], 2],
    ["POST that must not be repeated after 503 with nonsense", post, "none", [[503, { "retry-after": "-5" }], 200], 1],
  ])("%s: %#", async (_, work, idempotency, answers, times) => {
    const { server } = await serveInTurn(...answers);
    const { seen } = await run(work, { url: server.url, idempotency });
    expect(server.requests).toHaveLength(times);
    expect(seen).toHaveLength(times);
  });

  it("a POST that must not be repeated, when the host refuses the connection", async () => {
    const { error, seen } = await run(post, { url: await refusingUrl(), idempotency: "none" });
    expect(seen.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(error).toMatchObject({ code: "connection", details: { reason: "ECONNREFUSED", sent: false } });
  });

  it("a GET, but not a POST, after a whole answer did not come in time", async () => {
    const server = await serve(() => undefined);
    const network = { responseTimeout: "40ms" };
    const written = await run(post, { url: server.url, idempotency: "none", network });
    expect(written.error).toMatchObject({ code: "timeout", retryable: true, details: { sent: true, limitMs: 40 } });
    expect(server.requests).toEqual(["POST /"]);
    expect((await run(get, { url: server.url, network })).seen).toHaveLength(3);
  });

  it("what the vendor itself calls a rate limit under 200", async () => {
    const { server } = await serveInTurn(200);
    let asked = 0;
    const check = () => {
      asked += 1;
      return asked === 1 ? { code: "rate-limited" as const, message: "slow down", retryAfterMs: 5 } : undefined;
    };
    const { error, seen } = await run(post, { url: server.url, idempotency: "none", check });
    expect(error).toBeUndefined();
    expect(seen).toMatchObject([{ code: "rate-limited", status: 200 }, { status: 200 }]);
  });
});

describe("attempts", () => {
  it("are told one by one, and listed in the error after more than one", async () => {
    const { server } = await serveInTurn(503);
    const { error, seen } = await run(get, { url: server.url });
    expect(seen).toMatchObject([
      { request: 1, attempt: 1, method: "GET", host: server.host, status: 503, code: "http-status" },
      { request: 1, attempt: 2 },
      { request: 1, attempt: 3 },
    ]);
    expect(seen.map(({ retryInMs }) => retryInMs === undefined)).toEqual([false, false, true]);
    expect(error?.message).toMatch(/\(after 3 attempts\)$/);
    expect(error?.details?.["attempts"]).toMatchObject([{ attempt: 1, status: 503 }, { attempt: 2 }, { attempt: 3 }]);
  });

  it("are as many as the action's policy says", async () => {
    const { server } = await serveInTurn(500);
    expect((await run(get, { url: server.url, retry: { ...FAST, maxAttempts: 5 } })).seen).toHaveLength(5);
    expect((await run(get, { url: server.url, retry: { maxAttempts: 1 } })).seen).toHaveLength(1);
  });

  it("are not begun that would come after the step's time", async () => {
    const { server } = await serveInTurn([429, { "retry-after": "3" }]);
    const connector = open(get, { url: server.url });
    const error = await failure(withDeadline(NEVER, 2500, "late", (signal) => connector.run("run", {}, { signal })));
    expect(error).toMatchObject({ code: "rate-limited", retryAfterMs: 3000 });
    expect(server.requests).toHaveLength(1);
  });

  it("do not wait longer than a minute, whatever the server asks for", async () => {
    const { server } = await serveInTurn([429, { "retry-after": "61" }]);
    const { error } = await run(get, { url: server.url });
    expect(error).toMatchObject({ code: "rate-limited", retryAfterMs: 61_000 });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ["in seconds", () => "1", 1000],
    // A date has whole seconds: what is asked for may be up to one shorter.
    ["as a date", () => new Date(Date.now() + 2200).toUTCString(), 1100],
  ])("wait as long as the server asks %s", async (_, value, least) => {
    const { server } = await serveInTurn([429, { "retry-after": value() }], 200);
    const { seen, error } = await run(get, { url: server.url });
    expect(error).toBeUndefined();
    expect(seen[0]?.retryInMs).toBeGreaterThanOrEqual(least);
    expect(seen[0]?.retryInMs).toBeLessThan(2300);
  });

  it("end when the caller gives up while one waits", async () => {
    const { server } = await serveInTurn([429, { "retry-after": "30" }]);
    const controller = new AbortController();
    const connector = open(get, { url: server.url });
    const call = failure(
      connector.run("run", {}, { signal: controller.signal, onAttempt: () => setImmediate(() => controller.abort()) }),
    );
    expect(await call).toMatchObject({ code: "cancelled" });
    expect(server.requests).toHaveLength(1);
  });
});

describe("the pause", () => {
  const rules = { maxAttempts: 9, minDelayMs: 100, maxDelayMs: 1000 };
  it.each([
    [1, 0, 0, 50],
    [1, 0, 1, 100],
    [2, 0, 0, 100],
    [2, 0, 1, 200],
    [9, 0, 1, 1000],
    [1, 700, 0, 700],
    [1, 5000, 1, 5000],
  ])("after attempt %i with Retry-After %i and chance %i is %i ms", (attempt, retryAfter, random, expected) => {
    expect(pauseBefore(attempt, rules, retryAfter, random)).toBe(expected);
  });
});

describe("an idempotency key", () => {
  const idempotency = { header: "Idempotency-Key" };
  const identity = { runId: "run-1", path: "each[3].notify" };

  it("is SHA-256 of run, path and ordinal", () => {
    // printf 'run-1/each[3].notify/1' | sha256sum
    expect(idempotencyKey(identity, 1)).toBe("be3d3be5921148763b8f595be936e3f375ae9b7c7d055216c9d4b336205cd687");
  });

  it("is the same in every attempt and in every run of the step, and another for each request", async () => {
    const { server, keys } = await serveInTurn(500, 200);
    const work: Work = async (ctx) => {
      await ctx.request({ method: "POST", path: "/", json: {} });
      await ctx.request({ method: "GET", path: "/" });
      await ctx.request({ method: "POST", path: "/", json: {} });
      await ctx.request({ method: "POST", path: "/", json: {}, key: "third" });
    };
    const connector = open(work, { url: server.url, idempotency, retry: FAST });
    await connector.run("run", {}, { identity });
    const key = (name: string | number) => idempotencyKey(identity, name);
    expect(keys).toEqual([key(1), key(1), undefined, key(3), key("third")]);
    await connector.run("run", {}, { identity });
    expect(keys.slice(5)).toEqual([key(1), undefined, key(3), key("third")]);
  });

  it("stays the same when parts run side by side, and behind a part that is not done again", async () => {
    const { server, keys } = await serveInTurn(200);
    const kept = new Map<string, unknown>();
    let failing = true;
    const once = async <T>(name: string, part: () => Promise<T>): Promise<T> => {
      if (!kept.has(name)) kept.set(name, await part());
      return kept.get(name) as T;
    };
    const send = (ctx: Parameters<Work>[0]) => ctx.request({ method: "POST", path: "/", json: {} });
    const work: Work = async (ctx) => {
      await Promise.all([
        ctx.once("create", async () => send(ctx)),
        ctx.once("comment", async () => {
          await send(ctx);
          if (failing) throw new Error("The part is not done.");
        }),
      ]);
      await send(ctx);
    };
    const connector = open(work, { url: server.url, idempotency });
    await failure(connector.run("run", {}, { identity, once }));
    failing = false;
    await connector.run("run", {}, { identity, once });
    const key = (name: string | number) => idempotencyKey(identity, name);
    expect(new Set(keys.slice(0, 2))).toEqual(new Set([key("create/1"), key("comment/1")]));
    expect(keys.slice(2)).toEqual([key("comment/1"), key(1)]);
  });

  it("gives way to one that the action sets itself", async () => {
    const { server, keys } = await serveInTurn(200);
    const work: Work = async (ctx) =>
      ctx.request({ method: "POST", path: "/", json: {}, headers: { "idempotency-key": "own" } });
    await open(work, { url: server.url, idempotency }).run("run", {}, { identity });
    expect(keys).toEqual(["own"]);
  });

  it("differs between calls that belong to no run", async () => {
    const { server, keys } = await serveInTurn(200);
    const connector = open(post, { url: server.url, idempotency });
    await connector.run("run", {});
    await connector.run("run", {});
    expect(new Set(keys).size).toBe(2);
    expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
  });
});

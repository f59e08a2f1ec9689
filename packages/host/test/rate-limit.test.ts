import { describe, expect, it, vi } from "vitest";

import { RateLimiter } from "../src/http/rate-limit.ts";
import { withDeadline } from "../src/index.ts";
import { failure, open, serve, type Work } from "./http-support.ts";

const NEVER = new AbortController().signal;
const url = new URL("https://api.example.com/x");
const get: Work = async (ctx) => ctx.request({ method: "GET", path: "/" });
const post: Work = async (ctx) => ctx.request({ method: "POST", path: "/", json: {} });

describe("a declared rate limit", () => {
  it("holds across all calls of one connector, in their order", async () => {
    const times: number[] = [];
    const server = await serve((request, response) => {
      times.push(performance.now());
      request.resume();
      response.end();
    });
    // The first request of a process loads the HTTP client, which would hold up the first of the five alone.
    await open(post, { url: server.url }).run("run", {});
    times.length = 0;
    const connector = open(post, { url: server.url, rateLimit: { requests: 2, per: "300ms" } });
    await Promise.all(Array.from({ length: 5 }, () => connector.run("run", {})));
    expect(times).toHaveLength(5);
    // Two at once, two after 300 ms, one after 600; timers are exact to a few milliseconds at best.
    expect((times[2] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(280);
    expect((times[4] ?? 0) - (times[2] ?? 0)).toBeGreaterThan(280);
  });

  it("does not hold across connectors", async () => {
    const server = await serve((_request, response) => void response.end());
    const setup = { url: server.url, rateLimit: { requests: 1, per: "1h" } };
    await open(post, setup).run("run", {});
    await open(post, setup).run("run", {});
    expect(server.requests).toHaveLength(2);
  });

  it("tells at once whoever would come too late, without sending", async () => {
    const server = await serve((_request, response) => void response.end());
    const connector = open(post, { url: server.url, rateLimit: { requests: 1, per: "1h" } });
    await connector.run("run", {});
    const error = await failure(withDeadline(NEVER, 5000, "late", (signal) => connector.run("run", {}, { signal })));
    expect(error).toMatchObject({
      code: "rate-limited",
      retryable: true,
      details: { reason: "limit-of-policy", sent: false },
    });
    expect(error.retryAfterMs).toBeGreaterThan(3_500_000);
    expect(server.requests).toHaveLength(1);
  });

  it("gives the place of a call that was given up to the next", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    try {
      const limiter = new RateLimiter();
      const rateLimit = { key: "x", requests: 1, perMs: 1000 };
      await limiter.turn(url, { rateLimit, signal: NEVER });
      const controller = new AbortController();
      const given = limiter.turn(url, { rateLimit, signal: controller.signal });
      controller.abort();
      await expect(given).rejects.toMatchObject({ code: "cancelled" });
      let done = false;
      const next = limiter.turn(url, { rateLimit, signal: NEVER }).then(() => (done = true));
      await vi.advanceTimersByTimeAsync(999);
      expect(done).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      await next;
    } finally {
      vi.useRealTimers();
    }
  });
});

it("holds a declared limit when calls that waited were given up", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  try {
    const limiter = new RateLimiter();
    const rateLimit = { key: "x", requests: 1, perMs: 1000 };
    await limiter.turn(url, { rateLimit, signal: NEVER });
    const controller = new AbortController();
    const given = [0, 1].map(() => limiter.turn(url, { rateLimit, signal: controller.signal }));
    controller.abort();
    await Promise.allSettled(given);
    let done = false;
    const next = limiter.turn(url, { rateLimit, signal: NEVER }).then(() => (done = true));
    await vi.advanceTimersByTimeAsync(900);
    expect(done).toBe(false);
    await vi.advanceTimersByTimeAsync(101);
    await next;
  } finally {
    vi.useRealTimers();
  }
});

it("does not hide what became of the first attempt behind a limit for the second", async () => {
  const server = await serve((_request, response) => void response.writeHead(500).end());
  const connector = open(get, { url: server.url, rateLimit: { requests: 1, per: "1m" } });
  const error = await failure(withDeadline(NEVER, 3000, "late", (signal) => connector.run("run", {}, { signal })));
  expect(error).toMatchObject({ code: "http-status", status: 500 });
});

describe("a server's own limit", () => {
  it("makes every other call of the connector to it wait as well", async () => {
    let first = true;
    const times: number[] = [];
    const server = await serve((request, response) => {
      times.push(performance.now());
      request.resume();
      if (first) response.writeHead(429, { "retry-after": "1" });
      first = false;
      response.end();
    });
    const connector = open(post, { url: server.url });
    const limited = new Promise<void>((resolve) => {
      void connector.run("run", {}, { onAttempt: () => resolve() });
    });
    await limited;
    await connector.run("run", {});
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(950);
  });

  it("is not set by who a request was redirected to", async () => {
    const stranger = await serve((_request, response) => void response.writeHead(429, { "retry-after": "3600" }).end());
    const own = await serve((request, response) =>
      request.url === "/away"
        ? void response.writeHead(302, { location: stranger.url }).end()
        : void response.end("{}"),
    );
    const work: Work = async (ctx) => {
      await ctx.request({ method: "GET", path: "/away" }).catch(() => undefined);
      return ctx.request({ method: "GET", path: "/" });
    };
    expect(await open(work, { url: own.url }).run("run", {})).toMatchObject({ status: 200 });
  });

  it("is at most an hour, whatever a connector reads out of an answer", async () => {
    const server = await serve((_request, response) => void response.end("{}"));
    const check = () => ({ code: "rate-limited" as const, message: "slow", retryAfterMs: 1e12 });
    expect((await failure(open(get, { url: server.url, check }).run("run", {}))).retryAfterMs).toBe(3_600_000);
  });

  it("tells at once whoever cannot wait", async () => {
    const limiter = new RateLimiter();
    limiter.slowDown(url.origin, 120_000);
    await expect(limiter.turn(url, { signal: NEVER })).rejects.toMatchObject({
      code: "rate-limited",
      details: { reason: "limit-of-server", sent: false },
    });
    await limiter.turn(new URL("https://other.example.com/"), { signal: NEVER });
  });
});

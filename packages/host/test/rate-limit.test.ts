import { describe, expect, it, vi } from "vitest";

import { RateLimiter } from "../src/http/rate-limit.ts";
import { withDeadline } from "../src/index.ts";
import { failure, open, serve, type Work } from "./http-support.ts";

const NEVER = new AbortController().signal;
const url = new URL("https://api.example.com/x");
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

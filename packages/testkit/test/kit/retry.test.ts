import { StepwireError, type Ctx, type RequestOptions } from "@stepwire/core";
import { describe, expect, it } from "vitest";

import { judged, read, send } from "./network-support.ts";

const KEYED = { header: "Idempotency-Key" };
const LEAVE = /Leave the header Idempotency-Key to the host/;

describe("a write that must not be done twice", () => {
  it("is sent once", async () => {
    expect(await judged("retry", { run: send })).toMatchObject({ status: "passed", checked: 6 });
  });

  it("is not repeated by its action", async () => {
    const run = async (ctx: Ctx) => send(ctx).catch(() => send(ctx));
    const { problems } = await judged("retry", { run });
    expect(problems.map(({ where }) => where)).toEqual(["reset", "500", "503"].map((name) => `acme/thing.act ${name}`));
    expect(problems[0]).toEqual({
      where: "acme/thing.act reset",
      message:
        "Its POST /items was sent 2 times, though it has idempotency none, and the connection was cut after the request was received: it may be done twice.",
      fix:
        "Send it once with ctx.request and let the error through: the host repeats what may be repeated. " +
        'If the vendor does not mind, say so with idempotency: "natural", or name the header of its keys: { header }.',
    });
  });

  const part = (number: number) => ({ method: "POST", path: "/items", json: { part: number } }) as const;

  it("is not repeated with another body either", async () => {
    const run = async (ctx: Ctx) => {
      await ctx.request(part(1)).catch(() => ctx.request(part(2)));
      return {};
    };
    expect((await judged("retry", { run })).problems).toHaveLength(3);
  });

  it.each<[string, RequestOptions]>([
    ["JSON", part(1)],
    ["multipart", { method: "POST", path: "/items", multipart: [{ name: "part", content: "1" }] }],
  ])("is not repeated in place of another one to the same place: %s", async (_, first) => {
    const run = async (ctx: Ctx) => {
      await ctx.request(first).catch(() => ctx.request(first));
      await ctx.request(part(2));
      return {};
    };
    expect((await judged("retry", { run })).problems).toHaveLength(3);
  });

  it("is looked for behind what is read first", async () => {
    const run = async (ctx: Ctx) => {
      await read(ctx);
      return send(ctx).catch(() => send(ctx));
    };
    expect((await judged("retry", { run })).problems).toHaveLength(3);
  });

  it("may be one of several to the same place", async () => {
    const run = async (ctx: Ctx) => {
      const outcomes = await Promise.allSettled([ctx.request(part(1)), ctx.request(part(2))]);
      for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason as Error;
      return {};
    };
    expect((await judged("retry", { run })).problems).toEqual([]);
  });

  it("is not waited for by its action", async () => {
    const run = async (ctx: Ctx) => {
      try {
        return await send(ctx);
      } catch (error) {
        if (StepwireError.is(error) && error.code === "connection") return new Promise(() => undefined);
        throw error;
      }
    };
    const { problems } = await judged("retry", { run });
    expect(problems).toEqual([
      {
        where: "acme/thing.act reset",
        message:
          "It did not end within 5000 ms when the connection was cut after the request was received at POST /items.",
        fix: "Let the error of ctx.request through at once. To wait and to try again is for the host and the workflow.",
      },
    ]);
  });

  it("is none where the scenarios call it a query", async () => {
    const { problems, notRun } = await judged("retry", {
      run: async (ctx: Ctx) => send(ctx).catch(() => send(ctx)),
      more: { queries: ["POST /items"] },
    });
    expect(problems).toEqual([]);
    expect(notRun).toEqual(["acme/thing.act: it has idempotency none, but its example writes nothing"]);
  });
});

describe("what passes", () => {
  it("is waited out", async () => {
    expect(await judged("retry", { run: read, idempotency: "natural" })).toMatchObject({
      status: "passed",
      checked: 4,
    });
  });

  it("is not called final by check", async () => {
    const check = ({ status }: { status: number }) =>
      status === 503 || status === 429
        ? ({ code: "http-status", message: "no", retryable: false } as const)
        : undefined;
    const { problems } = await judged("retry", { run: read, idempotency: "natural", check });
    expect(problems.map(({ where }) => where)).toEqual(
      ["503", "429", "429 with a date", "Retry-After"].map((name) => `acme/thing.act ${name}`),
    );
    expect(problems[0]).toEqual({
      where: "acme/thing.act 503",
      message: expect.stringMatching(
        /^Its first request was answered with 503 once, and it failed with http-status: \[503\]/,
      ),
      fix: expect.stringMatching(
        /do not let check say retryable: false .*statuses: \{ "503": \{ outcome, reason \} \}\.$/,
      ),
    });
    expect(problems.at(-1)).toMatchObject({
      message: expect.stringMatching(
        /^The vendor asked to wait for 60 s in a step of 5000 ms, and it failed with .*retryAfterMs 60000/,
      ),
    });
  });

  it("is not passed over", async () => {
    const run = async (ctx: Ctx) => {
      // Text, so that the host sees no error of its own that it could repeat.
      const url = "/items/1";
      return ctx
        .request({ method: "GET", path: url })
        .then(({ data }) => data)
        .catch(() => ({}));
    };
    const policies = { retry: { maxAttempts: 2 } };
    expect((await judged("retry", { run, idempotency: "natural", policies })).problems).toMatchObject([
      { where: "acme/thing.act Retry-After", message: expect.stringContaining("and it succeeded") },
    ]);
  });

  it.each([10_000, 120_000])("is not given another time by check: %i ms", async (retryAfterMs) => {
    const check = ({ status }: { status: number }) =>
      status === 429 ? ({ code: "rate-limited", message: "later", retryAfterMs } as const) : undefined;
    const { problems } = await judged("retry", { run: read, idempotency: "natural", check });
    expect(problems.at(-1)).toMatchObject({
      where: "acme/thing.act Retry-After",
      message: expect.stringContaining(`and it failed with rate-limited, retryAfterMs ${retryAfterMs}: `),
    });
  });

  it("is not held up by a rate limit of the action's own", async () => {
    const policies = { rateLimit: { requests: 1, per: "1m" } };
    expect((await judged("retry", { run: read, idempotency: "natural", policies })).problems).toEqual([]);
  });

  it("may be final where the scenarios say so, or the policies", async () => {
    const check = ({ status }: { status: number }) =>
      status === 503 ? ({ code: "http-status", message: "closed for good", retryable: false } as const) : undefined;
    const statuses = { 503: { outcome: "http-status", reason: "this vendor is closed then" } } as const;
    const said = await judged("retry", { run: read, idempotency: "natural", check, statuses });
    expect(said).toMatchObject({
      status: "passed",
      notRun: ["acme/thing.act: the scenarios say what it makes of 503"],
    });
    const once = await judged("retry", { run: read, idempotency: "natural", policies: { retry: { maxAttempts: 1 } } });
    expect(once.problems).toEqual([]);
    expect(once.notRun).toEqual(["acme/thing.act: its policies let the host try once, so that nothing is repeated"]);
  });
});

describe("the key of a write", () => {
  const post = (headers: Record<string, string>) => async (ctx: Ctx) =>
    (await ctx.request({ method: "POST", path: "/items", json: {}, headers })).data;

  it("is the host's", async () => {
    expect(await judged("retry", { run: send, idempotency: KEYED })).toMatchObject({ status: "passed", checked: 5 });
  });

  it.each([
    ["the same in every run", post({ "idempotency-key": "item" }), /^Its Idempotency-Key is the same in two runs/],
    ["empty", post({ "Idempotency-Key": "" }), /^Its POST \/items bears no Idempotency-Key\.$/],
    [
      "another when it is sent again",
      async (ctx: Ctx) => {
        const attempt = async () => ctx.request({ method: "POST", path: "/items", key: String(Math.random()) });
        return (await attempt().catch(attempt)).data;
      },
      /^Its POST \/items was sent again with another Idempotency-Key\.$/,
    ],
  ])("is not %s", async (_, run, message) => {
    const policies = { retry: { maxAttempts: 1 } };
    const { problems } = await judged("retry", { run, idempotency: KEYED, policies });
    expect(problems).toEqual([
      { where: "acme/thing.act", message: expect.stringMatching(message), fix: expect.stringMatching(LEAVE) },
    ]);
  });

  it("is on none that only reads", async () => {
    const { notRun } = await judged("retry", { run: read, idempotency: KEYED });
    expect(notRun).toEqual(["acme/thing.act: no request of its example bears the key Idempotency-Key"]);
  });
});

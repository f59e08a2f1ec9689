import { partialSuccess, StepwireError, type Ctx } from "@stepwire/core";
import { describe, expect, it } from "vitest";

import { Item, judged, read, send } from "./network-support.ts";

const NAMES = [
  "400",
  "401",
  "403",
  "404",
  "409",
  "422",
  "429",
  "500",
  "503",
  "html",
  "truncated",
  "empty",
  "oversize",
  "slow",
];
const at = (...names: string[]) => names.map((name) => `acme/thing.act ${name}`);
const caught = (make: (error: StepwireError) => unknown) => async (ctx: Ctx) => {
  try {
    return await send(ctx);
  } catch (error) {
    return make(StepwireError.from(error));
  }
};

describe("what a vendor answers", () => {
  it("is tried in every way, once for each action", async () => {
    expect(await judged("answers", { run: send })).toMatchObject({ status: "passed", checked: NAMES.length });
  });

  it("is not to be turned into a success", async () => {
    const { problems } = await judged("answers", { run: caught(() => ({ id: "none" })) });
    expect(problems.map(({ where }) => where)).toEqual(at(...NAMES));
    expect(problems[0]).toEqual({
      where: "acme/thing.act 400",
      message:
        'It succeeded when the vendor answered its first request with 400 and "refused-by-the-vendor-400"; its output is {"id":"none"}.',
      fix: 'Let the error of ctx.request through instead of catching it. Where it is a success for good reason, say so in the scenarios: statuses: { "400": { outcome: "ok", reason } }.',
    });
  });

  it("is not to be forgotten", async () => {
    const run = caught(({ code, status }) => {
      throw new StepwireError(code, "It did not work.", status === undefined ? {} : { status });
    });
    const { problems } = await judged("answers", { run });
    expect(problems.map(({ where }) => where)).toEqual(at(...NAMES.slice(0, 9)));
    expect(problems[3]).toMatchObject({
      message:
        'The vendor\'s own words are lost when the vendor answered its first request with 404 and "refused-by-the-vendor-404": It did not work.',
      fix: expect.stringMatching(/^Keep the message of the error that ctx\.request throws\./),
    });
  });

  it("is not to lose its status", async () => {
    const run = caught(({ code, message }) => {
      throw new StepwireError(code, message);
    });
    const { problems } = await judged("answers", { run });
    expect(problems.map(({ where }) => where)).toEqual(at(...NAMES.slice(0, 10)));
    expect(problems.at(-1)).toEqual({
      where: "acme/thing.act html",
      message:
        "Its error has no status when the vendor answered its first request with 502 and the HTML page of a gateway.",
      fix: "Let the error of ctx.request through, or give its status to the error that is made of it.",
    });
  });

  it("is not to become a fault of the connector", async () => {
    const run = async (ctx: Ctx) => {
      const { data } = await ctx.request({ method: "POST", path: "/items" });
      return { id: (data as { id: string }).id };
    };
    const { problems } = await judged("answers", { run });
    expect(problems).toEqual([
      {
        where: "acme/thing.act empty",
        message: expect.stringMatching(
          /^It failed with internal when the vendor answered its first request with 200 and an empty body: Cannot read/,
        ),
        fix: "Say with expect of ctx.request what the answer has to hold, and throw nothing but what ctx.request throws, or a StepwireError.",
      },
    ]);
  });

  it("is not to come out as an output that the connector does not know", async () => {
    const run = async (ctx: Ctx) => {
      const { data } = await ctx.request({ method: "POST", path: "/items" });
      return { id: (data as { id: string } | null)?.id ?? 0 };
    };
    expect((await judged("answers", { run })).problems).toMatchObject([
      { where: "acme/thing.act empty", message: expect.stringMatching(/^It failed with output-invalid when/) },
    ]);
  });

  it("is not to become another kind of error", async () => {
    const check = ({ status }: { status: number }) =>
      status === 429
        ? ({ code: "http-status", message: "refused-by-the-vendor-429", retryable: false } as const)
        : undefined;
    const { problems } = await judged("answers", { run: send, check });
    expect(problems).toEqual([
      {
        where: "acme/thing.act 429",
        message: expect.stringMatching(/^It failed with http-status, not with rate-limited, when the vendor answered/),
        fix: expect.stringContaining('statuses: { "429": { outcome: "http-status", reason } }'),
      },
    ]);
  });

  it("may be retried where it says so", async () => {
    const check = ({ status }: { status: number }) =>
      status === 429
        ? ({ code: "rate-limited", message: "refused-by-the-vendor-429", retryable: false } as const)
        : undefined;
    const { problems } = await judged("answers", { run: send, check });
    expect(problems).toMatchObject([
      { where: "acme/thing.act 429", message: expect.stringMatching(/^Its error says that it cannot be retried when/) },
    ]);
  });

  it("is read in the vendor's own way", async () => {
    const check = ({ status, data }: { status: number; data: unknown }) =>
      status < 400
        ? undefined
        : ({
            code: status === 429 ? "rate-limited" : "http-status",
            message: String((data as { no?: string }).no),
          } as const);
    const own = await judged("answers", {
      run: send,
      check,
      more: { refusal: (no) => ({ json: { no } }) },
    });
    expect(own.problems).toEqual([]);
  });
});

describe("what the scenarios say under statuses", () => {
  const missing = async (ctx: Ctx) => {
    try {
      return await read(ctx);
    } catch (error) {
      if (StepwireError.is(error) && error.status === 404) return {};
      throw error;
    }
  };

  it("counts, in both directions", async () => {
    const statuses = { 404: { outcome: "ok", reason: "nothing there is an answer too" } } as const;
    expect((await judged("answers", { run: missing, statuses })).problems).toEqual([]);
    expect((await judged("answers", { run: missing })).problems).toMatchObject([{ where: "acme/thing.act 404" }]);
    expect((await judged("answers", { run: read, statuses })).problems).toEqual([
      {
        where: "acme/thing.act 404",
        message: expect.stringMatching(/^The scenarios say that 404 is ok, but when .* it was http-status: \[404\]/),
        fix: "Correct the action, or what the scenarios say under statuses.",
      },
    ]);
  });

  it("may be about further statuses, and about bodies", async () => {
    const run = async (ctx: Ctx) => {
      const { data } = await ctx.request({ method: "POST", path: "/items", accept: "text" });
      return { id: String(data) };
    };
    const reason = "texts are handed on";
    const statuses = { 410: { outcome: "http-status", reason }, empty: { outcome: "ok", reason } } as const;
    const { problems, checked } = await judged("answers", { run, statuses });
    expect(checked).toBe(NAMES.length + 1);
    expect(problems).toMatchObject([
      {
        where: "acme/thing.act truncated",
        message: expect.stringMatching(/^It succeeded when .* JSON that is cut off; its output is/),
        fix: expect.stringMatching(
          /^Say with expect of ctx\.request what the answer has to hold\. Where it is a success/,
        ),
      },
    ]);
  });

  it("has to be about something that is tried", async () => {
    const statuses = { emtpy: { outcome: "ok", reason: "a slip" } } as const;
    const { problems } = await judged("answers", { run: send, statuses });
    expect(problems).toEqual([
      {
        where: "acme/thing.act emtpy",
        message:
          'The scenarios say under statuses what it makes of "emtpy", which is none of the answers that are tried.',
        fix: "Name a status, or one of html, truncated, empty, oversize, slow.",
      },
    ]);
  });
});

describe("nobody is accused", () => {
  it("of reading text where text comes", async () => {
    const run = async (ctx: Ctx) => ({
      id: String((await ctx.request({ method: "POST", path: "/hook", accept: "text" })).data),
    });
    const result = await judged("answers", { run, answers: { "POST /hook": { text: "ok" } } });
    expect(result).toMatchObject({ status: "passed", checked: NAMES.length - 2 });
  });

  it("of not reading an answer that it does not need", async () => {
    const run = async (ctx: Ctx) => {
      await ctx.request({ method: "POST", path: "/items" });
      return { id: "done" };
    };
    expect((await judged("answers", { run })).problems).toEqual([]);
  });

  it("of a large answer that is its output, which has another limit", async () => {
    const run = async (ctx: Ctx) =>
      (await ctx.request({ method: "POST", path: "/items", limit: "step-output", expect: Item })).data;
    expect((await judged("answers", { run })).problems).toEqual([]);
  });

  it("of words that the answer to HEAD cannot hold", async () => {
    const run = async (ctx: Ctx) => {
      await ctx.request({ method: "HEAD", path: "/items/1" });
      return {};
    };
    const result = await judged("answers", { run, effect: "read", answers: { "HEAD /items/1": {} } });
    expect(result).toMatchObject({ status: "passed", checked: 10 });
  });

  it("of telling what was done besides", async () => {
    const run = async (ctx: Ctx) => {
      const [first, second] = await Promise.allSettled([send(ctx), read(ctx)]);
      if (second.status === "rejected") throw second.reason;
      if (first.status === "fulfilled") return first.value;
      throw partialSuccess(
        "Item 1",
        { externalId: "1", done: ["read"], notDone: ["write"] },
        first.reason as StepwireError,
      );
    };
    expect((await judged("answers", { run })).problems).toEqual([]);
  });

  it("whose example does not come out, or sends nothing", async () => {
    const broken = await judged("answers", { run: send, answers: {} });
    expect(broken).toMatchObject({
      status: "not-run",
      notRun: ["acme/thing.act: its first example does not come out as it says"],
    });
    const idle = await judged("answers", { run: async () => ({}) });
    expect(idle).toMatchObject({ status: "not-run", notRun: ["acme/thing.act: its first example sends nothing"] });
  });
});

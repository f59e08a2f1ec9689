import { partialSuccess, StepwireError, type Ctx } from "@stepwire/core";
import { describe, expect, it } from "vitest";

import { findingsOf } from "../../src/kit/problem.ts";
import { openKit } from "../../src/kit/kit.ts";
import { abort } from "../../src/kit/groups/abort.ts";
import { judged, read, send } from "./network-support.ts";
import plugin from "./sample/index.js";
import scenarios from "./sample/scenarios.js";

const sleep = (milliseconds: number, signal?: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });
const STOP = "Stop when ctx.signal aborts: give it to whatever waits, and do not wait for what does not heed it.";
const THROUGH =
  "Let the error of ctx.request through when ctx.signal.aborted; where some errors are caught, throw that one on.";

describe("a call that is aborted", () => {
  it("ends at once", async () => {
    expect(await judged("abort", { run: send })).toMatchObject({ status: "passed", checked: 2 });
  });

  it("may wait, if it heeds the signal", async () => {
    const run = async (ctx: Ctx) => {
      await send(ctx);
      await sleep(300, ctx.signal);
      return read(ctx);
    };
    expect((await judged("abort", { run })).problems).toEqual([]);
  });

  it("does not go on waiting", async () => {
    const run = async (ctx: Ctx) => {
      await send(ctx);
      await sleep(300);
      return read(ctx);
    };
    expect((await judged("abort", { run })).problems).toEqual([
      {
        where: "acme/thing.act",
        message: expect.stringMatching(
          /^Its call was aborted while it waited between its requests, and it ended \d+ ms later; 100 ms are allowed\.$/,
        ),
        fix: STOP,
      },
    ]);
  });

  it("does not keep the kit waiting", async () => {
    const run = async (ctx: Ctx) => {
      await send(ctx);
      return new Promise(() => undefined);
    };
    // Its example would never come out either: here it ends for as long as nobody holds its request.
    const hanging = async (ctx: Ctx) =>
      ctx.signal.aborted ? run(ctx) : send(ctx).catch(() => new Promise(() => undefined));
    expect((await judged("abort", { run: hanging })).problems).toEqual([
      {
        where: "acme/thing.act",
        message:
          "Its call was aborted while a request of it was not answered, and it went on for more than 2000 ms; 100 ms are allowed.",
        fix: STOP,
      },
    ]);
  });

  it("is not called a success", async () => {
    const { problems } = await judged("abort", { run: async (ctx) => send(ctx).catch(() => ({})) });
    expect(problems).toEqual([
      {
        where: "acme/thing.act",
        message: "Its call was aborted while a request of it was not answered, and it succeeded.",
        fix: THROUGH,
      },
    ]);
  });

  it("is not called a fault", async () => {
    const run = async (ctx: Ctx) => {
      const item = await read(ctx);
      await send(ctx).catch(() => {
        throw new Error("could not send");
      });
      return item;
    };
    expect((await judged("abort", { run })).problems).toEqual([
      {
        where: "acme/thing.act",
        message:
          "Its call was aborted while a request of it was not answered, and it failed with internal: could not send.",
        fix: THROUGH,
      },
    ]);
  });

  it("does not say that something was done where nothing was", async () => {
    const run = async (ctx: Ctx) =>
      send(ctx).catch((error: unknown) => {
        const progress = { externalId: "1", done: ["write"], notDone: ["read"] };
        throw partialSuccess("Item 1", progress, StepwireError.from(error));
      });
    expect((await judged("abort", { run })).problems).toMatchObject([
      { message: expect.stringContaining("and it failed with partial-success: "), fix: THROUGH },
    ]);
  });

  it("may say what was done before", async () => {
    const run = async (ctx: Ctx) => {
      await send(ctx);
      return read(ctx).catch((error: unknown) => {
        const progress = { externalId: "1", done: ["write"], notDone: ["read"] };
        throw partialSuccess("Item 1", progress, StepwireError.from(error));
      });
    };
    expect((await judged("abort", { run })).problems).toEqual([]);
  });
});

it("tells of a request that stays open", async () => {
  const kit = openKit(plugin, scenarios, undefined);
  const stage = await kit.stage();
  const leaking = { ...kit, stage: async () => ({ ...stage, pending: () => 1 }) };
  const { problems } = await findingsOf((report) => abort(leaking, report));
  await kit.close();
  expect(problems[0]).toEqual({
    where: "acme/pager.page",
    message: "A request of it was still open 2000 ms after its call was aborted.",
    fix: "Send with ctx.request alone: the host closes what is aborted.",
  });
}, 20_000);

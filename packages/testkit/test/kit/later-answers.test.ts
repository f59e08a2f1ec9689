/** A refusal that does not come first is the one that actions swallow. */
import { partialSuccess, StepwireError, type Ctx } from "@stepwire/core";
import { expect, it } from "vitest";

import { ITEM, judged, send } from "./network-support.ts";

const answers = { "GET /items/1": { json: ITEM }, "POST /items": { status: 201, json: ITEM } };
const look = (ctx: Ctx) => ctx.request({ method: "GET", path: "/items/1" });
const problemsOf = async (run: (ctx: Ctx) => Promise<unknown>, more: object = {}) =>
  (await judged("answers", { run, answers, ...more })).problems;

it("lets through what is let through", async () => {
  const result = await judged("answers", {
    answers,
    run: async (ctx) => {
      await look(ctx);
      return send(ctx);
    },
  });
  expect(result).toMatchObject({ problems: [], checked: 15 });
});

it("is not to be swallowed", async () => {
  const run = async (ctx: Ctx) => {
    await look(ctx);
    return send(ctx).catch(() => ITEM);
  };
  expect(await problemsOf(run)).toEqual([
    {
      where: "acme/thing.act later",
      message: expect.stringMatching(
        /^It succeeded when the vendor answered POST \/items, which is not its first request, with 422 .*; its output is {"id":"1"}\.$/,
      ) as string,
      fix: expect.stringContaining("partialSuccess()") as string,
    },
  ]);
  const statuses = { later: { outcome: "ok", reason: "The item is made by a trigger, too" } } as const;
  expect(await problemsOf(run, { statuses })).toEqual([]);
});

it("may come out as a partial success, and not as a fault of the connector", async () => {
  const failing = (make: (error: StepwireError) => Error) => async (ctx: Ctx) => {
    await look(ctx);
    return send(ctx).catch((error: unknown) => {
      throw make(StepwireError.from(error));
    });
  };
  const progress = { externalId: "1", done: ["look"], notDone: ["send"] };
  expect(await problemsOf(failing((error) => partialSuccess("Item 1", progress, error)))).toEqual([]);
  const broken = await problemsOf(failing(() => new TypeError("x is undefined")));
  expect(broken.at(-1)).toMatchObject({
    where: "acme/thing.act later",
    message: expect.stringMatching(/^It failed with internal/) as string,
  });
});

it("may be spoken of only where there is one", async () => {
  const statuses = { later: { outcome: "ok", reason: "why not" } } as const;
  expect(await problemsOf(send, { statuses })).toMatchObject([
    { where: "acme/thing.act later", message: expect.stringContaining("none of the answers that are tried") as string },
  ]);
});

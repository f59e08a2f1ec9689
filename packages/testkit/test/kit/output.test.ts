import type { Ctx } from "@stepwire/core";
import { describe, expect, it } from "vitest";
import { z } from "zod";

import { pathsIn, replaced, shown } from "../../src/kit/json-paths.ts";
import { judged as judgedSample } from "./faulty.ts";
import { ITEM, judgedThing, send } from "./thing-support.ts";

const FIX =
  "Say with expect of ctx.request what has to be there, so that the error names it; what may be missing is .nullish() in expect and optional in output.";
const answers = { "POST /items": { status: 201, json: { id: "1", owner: { name: "bob" } } } };
const post = async (ctx: Ctx, expected: z.ZodType = z.unknown()) =>
  (await ctx.request({ method: "POST", path: "/items", expect: expected })).data as {
    id: string;
    owner: { name: string };
  };

describe("an answer", () => {
  it("may hold more, and less", async () => {
    expect(await judgedThing("output", { run: send })).toMatchObject({ status: "passed", problems: [], checked: 6 });
    expect(await judgedSample("output", [])).toMatchObject({ status: "passed", problems: [], notRun: [] });
  });

  it("is not refused for a field that nobody knew", async () => {
    const expected = z.object({ id: z.string(), owner: z.strictObject({ name: z.string() }) });
    const run = async (ctx: Ctx) => ({ id: (await post(ctx, expected)).id });
    expect((await judgedThing("output", { run, answers })).problems).toEqual([
      {
        where: "acme/thing.act answer.owner",
        message: expect.stringMatching(
          /^It failed with response-missing-field when the answer to POST \/items had an unknown field there: The answer of/,
        ),
        fix: "Vendors add fields at any time: describe answers with z.object(), not with z.strictObject().",
      },
    ]);
  });

  it("may be a map, whose fields all look alike", async () => {
    const expected = z.record(z.string(), z.object({ name: z.string() }));
    const run = async (ctx: Ctx) => {
      await post(ctx, expected);
      return ITEM;
    };
    const map = { "POST /items": { json: { a: { name: "bob" }, b: { name: "eve" } } } };
    expect((await judgedThing("output", { run, answers: map })).problems).toEqual([]);
  });

  it("that lacks something is no fault of the connector's", async () => {
    const run = async (ctx: Ctx) => ({ id: "1", title: (await post(ctx)).owner.name.toUpperCase() });
    const { problems } = await judgedThing("output", { run, answers });
    expect(problems).toEqual([
      {
        where: "acme/thing.act answer.owner",
        message: expect.stringMatching(
          /^It failed with internal when it was missing in the answer to POST \/items: Cannot read properties/,
        ),
        fix: FIX,
      },
      { where: "acme/thing.act answer.owner.name", message: expect.stringMatching(/when it was missing/), fix: FIX },
    ]);
  });

  it("that lacks something does not show in the output", async () => {
    const run = async (ctx: Ctx) => ({ id: (await post(ctx)).id ?? null });
    expect((await judgedThing("output", { run, answers })).problems).toEqual([
      {
        where: "acme/thing.act answer.id",
        message: expect.stringMatching(/^It failed with output-invalid when/),
        fix: FIX,
      },
    ]);
  });

  it("without JSON has no fields", async () => {
    const run = async (ctx: Ctx) => {
      await ctx.request({ method: "POST", path: "/items" });
      return ITEM;
    };
    expect(await judgedThing("output", { run, answers: { "POST /items": { text: "ok" } } })).toMatchObject({
      problems: [],
      notRun: ["acme/thing.act: its first example is answered without a JSON object"],
    });
  });
});

describe("output", () => {
  it("is plain JSON", async () => {
    const run = async (ctx: Ctx) => {
      await send(ctx);
      return { at: new Date(), list: [Number.NaN], left: undefined, more: { big: 1n, map: new Map() } };
    };
    const { problems } = await judgedThing("output", { run, output: z.unknown() });
    expect(problems.map(({ where, message }) => `${where}: ${message}`)).toEqual([
      "acme/thing.act output.at: It is a Date, which is no JSON.",
      "acme/thing.act output.list[0]: It is NaN, which is no JSON.",
      "acme/thing.act output.more.big: It is a bigint, which is no JSON.",
      "acme/thing.act output.more.map: It is a Map, which is no JSON.",
    ]);
  });
});

describe("paths", () => {
  const data = { a: [{ b: 1 }, { b: 2 }], c: "x" };

  it("lead to what is wanted, outer ones first", () => {
    expect(pathsIn(data, () => true).map(shown)).toEqual(["", ".a", ".c", ".a[0]", ".a[0].b"]);
  });

  it("lead to where something else is put", () => {
    expect(replaced(data, ["a", 0, "b"], () => null)).toEqual({ a: [{ b: null }, { b: 2 }], c: "x" });
    expect(replaced(data, ["a"], () => undefined)).toEqual({ c: "x" });
    expect(replaced(data, [], () => 7)).toBe(7);
  });
});

import { StepwireError, type Ctx, type RequestOptions } from "@stepwire/core";
import { describe, expect, it } from "vitest";
import { z } from "zod";

import { withPrototypeKeys } from "../../src/kit/nasty.ts";
import { maxLengthAt } from "../../src/kit/schema-lengths.ts";
import { judged as judgedSample } from "./faulty.ts";
import { ITEM, judgedThing, type Thing } from "./thing-support.ts";

const ESCAPE =
  "Put values into paths with encodeURIComponent(), and give the rest to ctx.request as query, headers, json or form.";
const REFUSE =
  "Refuse what cannot be sent in the input's schema, or throw a StepwireError with the code params-invalid.";
const input = z.strictObject({ text: z.string().max(200) });

/** Sends what is made of the text. */
const sending = (options: (text: string) => Partial<RequestOptions>): Thing => ({
  input,
  example: { input: { text: "disk" } },
  answers: { "POST /items": { json: ITEM }, "POST /items/*": { json: ITEM } },
  run: async (ctx: Ctx, { text }) => {
    await ctx.request({ method: "POST", path: "/items", ...options(text as string) });
    return ITEM;
  },
});
const messages = async (thing: Thing) => {
  const { problems } = await judgedThing("templates", thing);
  expect(problems.every(({ where }) => where === "acme/thing.act input.text")).toBe(true);
  return problems.map(({ message }) => message);
};

describe("a text", () => {
  it.each<[string, (text: string) => Partial<RequestOptions>]>([
    ["JSON", (text) => ({ json: { text } })],
    ["a path", (text) => ({ path: `/items/${encodeURIComponent(text)}` })],
    ["a query", (text) => ({ query: { text } })],
    ["a form", (text) => ({ form: { text } })],
    ["a header", (text) => ({ headers: { "X-Text": text } })],
    ["text", (text) => ({ text })],
  ])("stays in its place: %s", async (_, options) => {
    expect(await judgedThing("templates", sending(options))).toMatchObject({
      status: "passed",
      problems: [],
      checked: 19,
    });
  });

  it("of the sample's does, too", async () => {
    expect(await judgedSample("templates", [])).toMatchObject({ status: "passed", problems: [], notRun: [] });
  });

  it("does not get out of its piece of a path", async () => {
    const { problems } = await judgedThing(
      "templates",
      sending((text) => ({ path: `/items/${text}` })),
    );
    const elsewhere = (name: string, piece: string) => ({
      where: "acme/thing.act input.text",
      message: `With ${name} in it, it sent POST https://api.acme.example/items/${piece}, which leads elsewhere than other texts do.`,
      fix: ESCAPE,
    });
    expect(problems).toEqual([
      elsewhere("quotes and backslashes", "a%22b'c/d/n"),
      elsewhere("slashes", "a/b"),
      {
        ...elsewhere("", ""),
        message:
          "With escapes in it, it sent POST /items/a%2e%2e%2fb with its escapes as they are, which servers undo.",
      },
      {
        ...elsewhere("", ""),
        message: "With a query in it, it sent POST /items/a with a query parameter Stepwire-Kit of the text's own.",
      },
    ]);
  });

  it("does not get out of a query", async () => {
    const seen = await messages(sending((text) => ({ path: `/items?text=${text.replaceAll("#", "")}` })));
    expect(seen).toEqual([
      "With escapes in it, it sent POST /items with its escapes as they are, which servers undo.",
      "With a query in it, it sent POST /items with a query parameter Stepwire-Kit of the text's own.",
    ]);
  });

  it("does not break JSON, and adds nothing to it", async () => {
    const seen = await messages(sending((text) => ({ text: `{"text":"${text}"}`, contentType: "application/json" })));
    expect(seen).toEqual([
      "With quotes and backslashes in it, it sent POST /items with a body that is no JSON, though its content type says so.",
      "With JSON in it, it sent POST /items with a field Stepwire-Kit of the text's own.",
      "With line breaks in it, it sent POST /items with a body that is no JSON, though its content type says so.",
    ]);
  });

  it("does not add to a form", async () => {
    const contentType = "application/x-www-form-urlencoded";
    const seen = await messages(sending((text) => ({ text: `text=${text}`, contentType })));
    expect(seen).toEqual(["With a query in it, it sent POST /items with a field Stepwire-Kit of the text's own."]);
  });

  it("is not lost", async () => {
    const { problems } = await judgedThing(
      "templates",
      sending((text) => ({ json: { text: text.replace(/[^\w-]/g, "?") } })),
    );
    expect(problems).toEqual([
      {
        where: "acme/thing.act input.text",
        message: "With emoji in it, it sent it otherwise, or not at all.",
        fix: "Send texts as they are, in UTF-8.",
      },
    ]);
  });

  it("makes no fault", async () => {
    const thing = sending((text) => ({ json: { text: JSON.parse(text.includes("\\") ? text : "1") } }));
    expect((await judgedThing("templates", thing)).problems).toEqual([
      {
        where: "acme/thing.act input.text",
        message: expect.stringMatching(/^With quotes and backslashes in it, it failed with internal: /),
        fix: REFUSE,
      },
    ]);
  });

  it("may be refused before anything is sent", async () => {
    const thing = sending((text) => {
      if (/\W/.test(text)) throw new StepwireError("params-invalid", "Write words.");
      return { path: `/items/${text}` };
    });
    expect((await judgedThing("templates", thing)).problems).toEqual([]);
  });

  it("may lead to other requests by what it says", async () => {
    const thing = sending((text) => ({ path: text === "disk" ? "/items" : `/items/${encodeURIComponent(text)}` }));
    expect((await judgedThing("templates", thing)).problems).toEqual([]);
  });

  it("may be left out, which may change what is asked", async () => {
    const { run, ...thing } = sending((text) => ({
      path: text === "" ? "/items" : `/items/${encodeURIComponent(text)}`,
    }));
    const nullable = z.strictObject({ text: z.string().max(200).nullable() });
    const without: Thing["run"] = async (ctx, { text }) => run(ctx, { text: text ?? "" });
    expect((await judgedThing("templates", { ...thing, input: nullable, run: without })).problems).toEqual([]);
  });

  it("may be a path", async () => {
    const thing = sending((text) => ({ path: text }));
    const example = { input: { text: "/items" } };
    expect((await judgedThing("templates", { ...thing, example })).problems).toEqual([]);
  });
});

describe("keys of an object", () => {
  const map = z.record(z.string(), z.unknown());

  it("do no harm", async () => {
    const run: Thing["run"] = async (ctx, given) => {
      await ctx.request({ method: "POST", path: "/items", json: given });
      return ITEM;
    };
    const result = await judgedThing("templates", { run, input: map, example: { input: { a: { b: 1 } } } });
    expect(result).toMatchObject({
      problems: [],
      checked: 2,
      notRun: ["acme/thing.act: its first example has no text in it"],
    });
  });

  it("do not reach the prototype of all objects", async () => {
    const merge = (target: Record<string, unknown>, from: Record<string, unknown>): void => {
      for (const key of Object.keys(from)) {
        const value = from[key];
        if (typeof value === "object")
          merge((target[key] ??= {}) as Record<string, unknown>, value as Record<string, unknown>);
        else target[key] = value;
      }
    };
    const run: Thing["run"] = async (ctx, given) => {
      merge({}, given);
      await ctx.request({ method: "POST", path: "/items" });
      return ITEM;
    };
    const result = await judgedThing("templates", { run, input: z.unknown(), example: { input: {} } });
    expect(result.problems).toEqual([
      {
        where: "acme/thing.act input",
        message: "With the key __proto__ in it, it changed the prototype of all objects.",
        fix: "Copy keys with Object.fromEntries() or into a Map, never one by one into an object.",
      },
    ]);
    expect("Stepwire-Kit" in {}).toBe(false);
  });

  it("are own keys", () => {
    expect(Object.keys(withPrototypeKeys({ a: 1 }) as object)).toEqual(["__proto__", "constructor", "a"]);
  });
});

it("lengths are found below lists, maps and choices", () => {
  const schema = z.strictObject({
    list: z.array(z.union([z.number(), z.strictObject({ name: z.string().max(9) }).nullable()]).nullable()),
    map: z.record(z.string(), z.string().max(7)),
    text: z.string(),
  });
  const json = schema["~standard"].jsonSchema.input({ target: "draft-2020-12" });
  expect(maxLengthAt(json, ["list", 0, "name"])).toBe(9);
  expect(maxLengthAt(json, ["map", "x"])).toBe(7);
  expect(maxLengthAt(json, ["text"])).toBeUndefined();
  expect(maxLengthAt(json, ["other"])).toBeUndefined();
});

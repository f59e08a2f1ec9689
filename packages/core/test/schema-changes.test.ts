import { describe, expect, it } from "vitest";
import { z } from "zod";

import { schemaChanges } from "../src/compare/schema-changes.ts";
import type { JsonSchema } from "../src/index.ts";

type Kinds = string[];

const json = (schema: z.ZodType, side: "input" | "output"): JsonSchema => {
  const { $schema: _, ...rest } = schema["~standard"].jsonSchema[side]({ target: "draft-2020-12" });
  // What a manifest holds came out of a file.
  return JSON.parse(JSON.stringify(rest)) as JsonSchema;
};
/** Both sides of a change as `kind place`. */
function compared(before: z.ZodType, after: z.ZodType): { input: Kinds; output: Kinds } {
  const kinds = (side: "input" | "output") =>
    schemaChanges(json(before, side), json(after, side), side).map(({ kind, at }) => `${kind} ${at}`.trim());
  return { input: kinds("input"), output: kinds("output") };
}
const field = (schema: z.ZodType) => z.strictObject({ a: schema });
const onBoth = (...kinds: Kinds) => ({ input: kinds, output: kinds });
const takesLess = { input: ["less a"], output: ["more a"] };
const takesMore = { input: ["more a"], output: ["less a"] };

describe("values", () => {
  it.each<[string, z.ZodType, z.ZodType, { input: Kinds; output: Kinds }]>([
    ["another type", z.string(), z.number(), onBoth("both a")],
    [
      "a whole number becomes any",
      z.int(),
      z.number(),
      { input: ["more a", "more a", "more a"], output: ["less a", "less a", "less a"] },
    ],
    ["null too", z.string(), z.string().nullable(), takesMore],
    ["null no longer", z.string().nullable(), z.string(), takesLess],
    ["a text or a number", z.string().max(5), z.union([z.string().max(5), z.number()]), takesMore],
    ["anything", z.string(), z.unknown(), takesMore],
    ["no longer anything", z.unknown(), z.string(), takesLess],
    ["a shorter text", z.string().max(10), z.string().max(5), takesLess],
    ["a longer text", z.string().max(5), z.string().max(10), takesMore],
    ["a bound at last", z.string(), z.string().max(5), takesLess],
    ["no bound", z.string().max(5), z.string(), takesMore],
    ["a longer minimum", z.string().min(1), z.string().min(2), takesLess],
    ["fewer items", z.array(z.string()).max(3), z.array(z.string()).max(2), takesLess],
    ["a lower maximum", z.number().max(3), z.number().max(2), takesLess],
    ["a lower minimum", z.number().min(3), z.number().min(2), takesMore],
    ["a value fewer", z.enum(["x", "y"]), z.enum(["x"]), takesLess],
    ["a value more", z.enum(["x"]), z.enum(["x", "y"]), takesMore],
    ["values where there was a text", z.string(), z.enum(["x"]), takesLess],
    ["a constant in place of values", z.enum(["x", "y"]), z.literal("x"), takesLess],
    ["a pattern", z.string(), z.string().regex(/^a/), takesLess],
    [
      "a second pattern",
      z.string().regex(/^a/),
      z.string().regex(/^a/).regex(/b$/),
      { input: ["less a", "less a", "more a"], output: ["more a", "more a", "less a"] },
    ],
    ["a pattern fewer", z.string().regex(/^a/).regex(/b$/).regex(/c/), z.string().regex(/^a/).regex(/c/), takesMore],
    ["another pattern", z.string().regex(/^a/), z.string().regex(/^b/), onBoth("both a")],
    [
      "another format",
      z.string().meta({ format: "uri" }),
      z.string().meta({ format: "uri-reference" }),
      onBoth("both a"),
    ],
    ["another step", z.number().multipleOf(2), z.number().multipleOf(3), onBoth("both a")],
    ["other words", z.string().describe("x"), z.string().describe("y"), onBoth("words a")],
    ["a note of the contract's", z.string().meta({ "x-step": 1 }), z.string().meta({ "x-step": 2 }), onBoth("words a")],
    ["nothing", z.string().max(5).describe("x"), z.string().describe("x").max(5), onBoth()],
  ])("%s", (_, before, after, expected) => {
    expect(compared(field(before), field(after))).toEqual(expected);
  });

  it("takes a keyword that nobody knows for a condition", () => {
    expect(schemaChanges({ type: "string" }, { type: "string", contentEncoding: "base64" }, "input")).toMatchObject([
      { kind: "less" },
    ]);
    expect(schemaChanges({ not: { const: 1 } }, { not: { const: 2 } }, "input")).toMatchObject([{ kind: "both" }]);
    expect(schemaChanges({ items: 5 }, { items: 6 }, "input")).toMatchObject([{ kind: "both" }]);
    expect(schemaChanges({ maxLength: 5 }, { maxLength: "6" }, "input")).toMatchObject([{ kind: "both" }]);
  });
});

describe("fields", () => {
  const a = z.string();
  it.each<[string, z.ZodType, z.ZodType, { input: Kinds; output: Kinds }]>([
    ["one is gone", z.strictObject({ a, b: a }), z.strictObject({ a }), onBoth("less b")],
    ["one is gone from an open map", z.looseObject({ a, b: a }), z.looseObject({ a }), onBoth("less b")],
    [
      "one is renamed",
      z.strictObject({ a: a.optional() }),
      z.strictObject({ b: a.optional() }),
      onBoth("less a", "more b"),
    ],
    ["one more", z.strictObject({ a }), z.strictObject({ a, b: a.optional() }), onBoth("more b")],
    [
      "one more that must be there",
      z.strictObject({ a }),
      z.strictObject({ a, b: a }),
      { input: ["less b"], output: ["more b"] },
    ],
    ["must be there", z.strictObject({ a: a.optional() }), z.strictObject({ a }), takesLess],
    ["need not be there", z.strictObject({ a }), z.strictObject({ a: a.optional() }), takesMore],
    ["closed", z.looseObject({ a }), z.strictObject({ a }), onBoth("less")],
    ["opened", z.strictObject({ a }), z.looseObject({ a }), onBoth("more")],
    [
      "values of a map",
      z.record(z.string(), z.string()),
      z.record(z.string(), z.string().max(3)),
      { input: ["less *"], output: ["more *"] },
    ],
    [
      "names of a map",
      z.record(z.string(), a),
      z.record(z.string().max(3), a),
      { input: ["less (names)"], output: ["more (names)"] },
    ],
    [
      "a named one in a map",
      z.record(z.string(), z.string()),
      z.object({ a: z.number() }).catchall(z.string()),
      { input: expect.arrayContaining(["both a"]) as Kinds, output: expect.arrayContaining(["both a"]) as Kinds },
    ],
    [
      "deeper",
      field(z.array(z.strictObject({ c: z.number().max(2) }))),
      field(z.array(z.strictObject({ c: z.number().max(1) }))),
      { input: ["less a[].c"], output: ["more a[].c"] },
    ],
    ["in a list of fixed places", field(z.tuple([a, a])), field(z.tuple([a, z.number()])), onBoth("both a[1]")],
    [
      "both of two",
      z.intersection(z.object({ a }), z.object({ b: a })),
      z.intersection(z.object({ a }), z.object({})),
      onBoth("less b"),
    ],
  ])("%s", (_, before, after, expected) => {
    expect(compared(before, after)).toEqual(expected);
  });

  it.each<[string, z.ZodType, z.ZodType, Kinds]>([
    ["another", z.number().default(1), z.number().default(2), ["less a"]],
    ["one at last", z.number().optional(), z.number().default(2), ["less a"]],
    ["none any more", z.number().default(1), z.number().optional(), ["less a"]],
    ["one where it had to be given", z.number(), z.number().default(2), ["more a"]],
  ])("a default: %s", (_, before, after, expected) => {
    expect(compared(field(before), field(after)).input).toEqual(expected);
  });
});

describe("choices", () => {
  const x = z.strictObject({ kind: z.literal("x"), size: z.number().max(5) });
  const y = z.strictObject({ kind: z.literal("y") });
  const smaller = z.strictObject({ kind: z.literal("x"), size: z.number().max(3) });

  it.each<[string, z.ZodType, z.ZodType, { input: Kinds; output: Kinds }]>([
    ["a form more", z.union([x]), z.union([x, y]), { input: ["more"], output: ["less"] }],
    ["a form fewer", z.union([x, y]), z.union([x]), { input: ["less"], output: ["more"] }],
    ["the same in another order", z.union([x, y]), z.union([y, x]), onBoth()],
    ["one of them narrower", z.union([x, y]), z.union([y, smaller]), { input: ["less size"], output: ["more size"] }],
    [
      "by their discriminator",
      z.discriminatedUnion("kind", [x]),
      z.discriminatedUnion("kind", [x, y]),
      { input: ["more"], output: ["less"] },
    ],
    [
      "constants become values",
      z.union([z.literal("a"), z.literal("b")]),
      z.enum(["a", "b"]),
      { input: ["more"], output: ["less"] },
    ],
    ["null written in another way", z.union([z.string().max(3), z.null()]), z.string().max(3).nullable(), onBoth()],
  ])("%s", (_, before, after, expected) => {
    expect(compared(before, after)).toEqual(expected);
  });

  it("cannot judge a choice of which exactly one must fit, where more than one could", () => {
    const before = { oneOf: [{ type: "string" }, { type: "number" }] };
    const after = { oneOf: [{ type: "string" }, { type: "number" }, { maxLength: 5 }] };
    for (const side of ["input", "output"] as const)
      expect(schemaChanges(before, after, side)).toMatchObject([{ kind: "both" }]);
    expect(schemaChanges(before, structuredClone(before), "input")).toEqual([]);
  });
});

describe("references", () => {
  it("follows them, once around a circle", () => {
    const self = (maxLength: number) => ({
      type: "object",
      properties: {
        name: { type: "string", maxLength },
        child: { $ref: "#" },
        others: { type: "array", items: { $ref: "#" } },
      },
    });
    expect(schemaChanges(self(5), self(3), "input")).toEqual([
      { kind: "less", at: "name", message: "maxLength 5 is now 3" },
    ]);
    const tree = (most: number) => {
      const node = z.strictObject({
        name: z.string().max(most),
        get children() {
          return z.array(node).optional();
        },
      });
      return z.strictObject({ root: node });
    };
    expect(compared(tree(5), tree(3)).input).toEqual(["less root.name"]);
  });

  it("sees what changed behind a reference whose own text did not", () => {
    const behind = (place: (ref: object) => JsonSchema, maxLength: number): JsonSchema => ({
      ...place({ $ref: "#/$defs/text" }),
      $defs: { text: { type: "string", maxLength } },
    });
    for (const place of [
      (ref: object) => ({ properties: { a: ref } }),
      (ref: object) => ({ properties: { a: { ...ref, description: "words" } } }),
      (ref: object) => ({ properties: { a: { ...ref, minLength: 1 } } }),
      (ref: object) => ({ anyOf: [ref, { type: "number" }] }),
      (ref: object) => ({ allOf: [ref] }),
      (ref: object) => ({ type: "object", anyOf: [{ properties: { a: ref } }] }),
      (ref: object) => ({ not: ref }),
    ]) {
      const kinds = schemaChanges(behind(place, 5), behind(place, 3), "input").map(({ kind }) => kind);
      expect(
        kinds.filter((kind) => kind === "less" || kind === "both"),
        JSON.stringify(place({})),
      ).toHaveLength(1);
      expect(schemaChanges(behind(place, 5), behind(place, 5), "input")).toEqual([]);
    }
  });

  it("does not fall for references that lead nowhere or to themselves", () => {
    const away = (name: string) => ({
      properties: { a: { $ref: `#/$defs/${name}` } },
      $defs: { loop: { $ref: "#/$defs/loop" } },
    });
    expect(schemaChanges(away("gone"), away("missing"), "input")).toMatchObject([{ kind: "both", at: "a" }]);
    expect(schemaChanges(away("loop"), away("gone"), "input")).toMatchObject([{ kind: "both", at: "a" }]);
    expect(schemaChanges({ anyOf: [{ $ref: "#" }] }, { anyOf: [{ $ref: "#" }], title: "x" }, "input")).toMatchObject([
      { kind: "words" },
    ]);
  });

  it("says so where a schema is too large or too deep to be compared", () => {
    const wide = (leaf: string) => {
      const $defs: JsonSchema = { d30: { type: leaf } };
      for (let level = 0; level < 30; level += 1) {
        const $ref = `#/$defs/d${level + 1}`;
        $defs[`d${level}`] = { type: "object", properties: { a: { $ref }, b: { $ref } } };
      }
      return { $ref: "#/$defs/d0", $defs };
    };
    expect(schemaChanges(wide("string"), wide("number"), "input").at(-1)).toMatchObject({ kind: "both", at: "" });
    const deep = (leaf: JsonSchema) => {
      let schema = leaf;
      for (let level = 0; level < 200; level += 1) schema = { type: "array", items: schema };
      return schema;
    };
    expect(schemaChanges(deep({ type: "string" }), deep({ type: "number" }), "input")).toMatchObject([
      { kind: "both" },
    ]);
  });
});

/**
 * Against random schemas: where nothing breaks, a new input takes every value that the old one took, and a new output
 * gives none that the old one did not announce, but for further fields.
 */
it.each(["input", "output"] as const)("calls nothing harmless that breaks: %s", (side) => {
  let seed = 7;
  const pick = (count: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * count);
  };
  const make = (depth: number): z.ZodType => {
    const kinds: (() => z.ZodType)[] = [
      () => z.string().max(pick(4)),
      () => z.string().min(pick(3)),
      () => z.number().max(pick(3)),
      () => z.int().min(pick(3)),
      () => z.literal(["a", "b", 1, null].slice(pick(3))),
      () => z.boolean(),
      () => z.null(),
      () => z.unknown(),
      () => make(depth - 1).nullable(),
      () => z.array(make(depth - 1)).max(pick(3)),
      () =>
        (side === "input" ? z.strictObject : z.looseObject)({
          a: make(depth - 1),
          ...(pick(2) === 0 ? {} : { b: make(depth - 1).optional() }),
        }),
      () => z.object({ a: make(depth - 1).optional() }).catchall(make(depth - 1)),
      () => z.union([make(depth - 1), make(depth - 1)]),
      () => z.record(z.string().max(pick(3)), make(depth - 1)),
      () => z.tuple([make(depth - 1)], make(depth - 1)),
    ];
    return (kinds[pick(depth <= 0 ? 8 : kinds.length)] ?? z.unknown)();
  };
  const leaves: unknown[] = ["", "a", "b", "abc", 0, 1, 2.5, true, null];
  const pool: unknown[] = [
    ...leaves,
    [],
    {},
    ...leaves.flatMap((a) => [[a], [a, "a"], { a }, { b: a }, { a, b: 1 }, { a: [a] }, [[a]]]),
  ];
  let harmless = 0;
  for (let round = 0; round < 5_000; round += 1) {
    const [before, after] = [make(2), make(2)];
    const changes = schemaChanges(json(before, "input"), json(after, "input"), side);
    if (changes.some(({ kind }) => kind === "less" || kind === "both")) continue;
    harmless += 1;
    const [first, second] = side === "input" ? [before, after] : [after, before];
    const lost = pool.find((value) => first.safeParse(value).success && !second.safeParse(value).success);
    expect(lost, JSON.stringify([json(before, "input"), json(after, "input")])).toBeUndefined();
  }
  expect(harmless).toBeGreaterThan(500);
});

import { describe, expect, it } from "vitest";
import { z } from "zod";
import { coerce } from "../src/coerce.ts";

const object = (properties: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  type: "object",
  properties,
  ...more,
});

describe("coerce", () => {
  it.each<[unknown, Record<string, unknown>, unknown]>([
    ["true", { type: "boolean" }, true],
    ["false", { type: "boolean" }, false],
    ["True", { type: "boolean" }, "True"],
    ["1", { type: "boolean" }, "1"],
    ["12", { type: "number" }, 12],
    ["-1.5e2", { type: "number" }, -150],
    ["12", { type: "integer" }, 12],
    ["12.5", { type: "integer" }, "12.5"],
    ["1e400", { type: "number" }, "1e400"],
    ["12345678901234567890", { type: "integer" }, "12345678901234567890"],
    ["", { type: "number" }, ""],
    [" 1", { type: "number" }, " 1"],
    ["0x10", { type: "number" }, "0x10"],
    ["Infinity", { type: "number" }, "Infinity"],
    ["007", { type: "number" }, "007"],
    ["12", { type: "string" }, "12"],
    ["12", {}, "12"],
    ["12", { type: ["string", "number"] }, "12"],
    ["12", { type: ["number", "null"] }, 12],
    ["true", { anyOf: [{ type: "boolean" }, { type: "null" }] }, true],
    ["true", { anyOf: [{ type: "boolean" }, { type: "string" }] }, "true"],
    ["true", { oneOf: [{ type: "boolean" }, {}] }, "true"],
    ["2", { enum: [1, 2] }, 2],
    ["2", { enum: [1, "2"] }, "2"],
    ["true", { const: true }, true],
    ["3", { allOf: [{ type: "number" }, { minimum: 1 }] }, 3],
    ["3", { anyOf: [{ allOf: [{ type: "string" }, { minLength: 1 }] }, { type: "number" }] }, "3"],
    ["3", { $ref: "#/$defs/n", $defs: { n: { type: "integer" } } }, 3],
    ["3", { $ref: "#/$defs/a~1b", $defs: { "a/b": { type: "integer" } } }, 3],
    ["3", { $ref: "#/$defs/loop", $defs: { loop: { $ref: "#/$defs/loop" } } }, "3"],
    ["3", { $ref: "#" }, "3"],
    ["3", { $ref: "https://elsewhere/schema" }, "3"],
    [12, { type: "boolean" }, 12],
    [null, { type: "number" }, null],
    [["1", "x"], { type: "array", items: { type: "number" } }, [1, "x"]],
    [["1", "true"], { prefixItems: [{ type: "string" }, { type: "boolean" }] }, ["1", true]],
    [{ a: "1", b: "1" }, object({ a: { type: "number" } }), { a: 1, b: "1" }],
    [{ a: "1" }, { additionalProperties: { type: "number" } }, { a: 1 }],
    [{ a: { b: ["true"] } }, object({ a: object({ b: { items: { type: "boolean" } } }) }), { a: { b: [true] } }],
    [{ a: "1" }, { anyOf: [object({ a: { type: "number" } }), object({ a: { type: "string" } })] }, { a: "1" }],
    [
      { k: "n", a: "1" },
      {
        anyOf: [
          object({ k: { const: "n" }, a: { type: "number" } }),
          object({ k: { const: "s" }, a: { type: "string" } }),
        ],
      },
      { k: "n", a: 1 },
    ],
    [
      { a: "1", b: "2" },
      object({ a: { type: "number" } }, { anyOf: [object({ b: { type: "number" } }), { required: ["c"] }] }),
      { a: 1, b: 2 },
    ],
    [{ a: "1" }, { allOf: [object({ a: { type: "number" } }), object({ b: {} })] }, { a: 1 }],
  ])("%j with %j is %j", (value, schema, expected) => {
    expect(coerce(value, schema)).toEqual(expected);
  });

  it("gives the same value back when nothing changes, and a copy otherwise", () => {
    const schema = object({ a: { type: "number" }, l: { items: { type: "number" } } });
    const same = { a: 1, l: [1, "x"] };
    expect(coerce(same, schema)).toBe(same);
    const changed = { a: "1", l: [1] };
    const result = coerce(changed, schema) as typeof changed;
    expect(result).toEqual({ a: 1, l: [1] });
    expect(result.l).toBe(changed.l);
    expect(changed.a).toBe("1");
  });

  it("keeps prototype keys what they are: data", () => {
    const value = JSON.parse('{"__proto__": {"n": "1"}, "constructor": "2", "n": "3"}') as object;
    const schema = JSON.parse(
      '{"properties": {"__proto__": {"properties": {"n": {"type": "number"}}}, "n": {"type": "number"}}}',
    ) as Record<string, unknown>;
    const result = coerce(value, schema) as Record<string, unknown>;
    expect(JSON.stringify(result)).toBe('{"__proto__":{"n":1},"constructor":"2","n":3}');
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
    expect(coerce({ toString: "1" }, object({}))).toEqual({ toString: "1" });
  });

  it("understands recursive schemas as zod writes them", () => {
    const node = z.object({
      n: z.number(),
      flag: z.boolean().optional(),
      get children() {
        return z.array(node).optional();
      },
    });
    const schema = z.toJSONSchema(node, { io: "input" }) as Record<string, unknown>;
    expect(coerce({ n: "1", children: [{ n: "2", flag: "true" }] }, schema)).toEqual({
      n: 1,
      children: [{ n: 2, flag: true }],
    });
  });
});

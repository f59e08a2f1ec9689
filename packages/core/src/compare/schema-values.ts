import type { JsonSchema } from "../schema.ts";
import { same } from "./schema-nodes.ts";
import { narrower, shown, unclear, wider, type SchemaChange, type Walk } from "./schema-walk.ts";

/** A type that became another one altogether; `undefined` where values of the two can be compared. */
export function compareType({ type: before }: JsonSchema, { type: after }: JsonSchema, at: string) {
  if (before === after || before === undefined || after === undefined) return undefined;
  const numbers: unknown[] = ["integer", "number"];
  if (numbers.includes(before) && numbers.includes(after)) return undefined;
  return {
    kind: "both",
    at,
    message: `is of type ${shown(after)} now, before ${shown(before)}`,
  } satisfies SchemaChange;
}

/** What a single value may be: its type as far as it fits, its constants, its bounds. */
export function compareValues(walk: Walk, before: JsonSchema, after: JsonSchema, at: string): SchemaChange[] {
  return [
    ...compareFittingTypes(walk, before, after, at),
    ...compareConstants(walk, before, after, at),
    ...["minLength", "minItems", "minProperties", "minimum", "exclusiveMinimum"].flatMap((keyword) =>
      compareBound(walk, keyword, before[keyword], after[keyword], at),
    ),
    ...["maxLength", "maxItems", "maxProperties", "maximum", "exclusiveMaximum"].flatMap((keyword) =>
      compareBound(walk, keyword, before[keyword], after[keyword], at),
    ),
  ];
}

function compareFittingTypes(walk: Walk, { type: before }: JsonSchema, { type: after }: JsonSchema, at: string) {
  if (before === after) return [];
  const message = `is of type ${shown(after ?? "any")} now, before ${shown(before ?? "any")}`;
  return [before === undefined || after === "integer" ? narrower(walk, at, message) : wider(walk, at, message)];
}

function compareConstants(walk: Walk, before: JsonSchema, after: JsonSchema, at: string): SchemaChange[] {
  const [old, fresh] = [constantsOf(before), constantsOf(after)];
  if (old === undefined && fresh === undefined) return [];
  if (old === undefined) return [narrower(walk, at, `can only be ${shown(fresh)} now`)];
  if (fresh === undefined) return [wider(walk, at, `can be others than ${shown(old)} now`)];
  const gone = old.filter((value) => !fresh.some((other) => same(value, other)));
  const added = fresh.filter((value) => !old.some((other) => same(value, other)));
  return [
    ...gone.map((value) => narrower(walk, at, `can no longer be ${shown(value)}`)),
    ...added.map((value) => wider(walk, at, `can be ${shown(value)}, too`)),
  ];
}

function constantsOf(schema: JsonSchema): unknown[] | undefined {
  if (Object.hasOwn(schema, "const")) return [schema["const"]];
  return Array.isArray(schema["enum"]) ? (schema["enum"] as unknown[]) : undefined;
}

/** A smallest or largest value, by the keyword's name. */
function compareBound(walk: Walk, keyword: string, before: unknown, after: unknown, at: string): SchemaChange[] {
  if (same(before, after)) return [];
  if (before === undefined) return [narrower(walk, at, `${keyword} ${shown(after)} is new`)];
  if (after === undefined) return [wider(walk, at, `${keyword} ${shown(before)} is gone`)];
  const message = `${keyword} ${shown(before)} is now ${shown(after)}`;
  if (typeof before !== "number" || typeof after !== "number") return [unclear(at, message)];
  const isSmallest = /^(?:min|exclusiveMin)/.test(keyword);
  return [after > before === isSmallest ? narrower(walk, at, message) : wider(walk, at, message)];
}

import { constraintsOf, isRecord, readSchema, same } from "./schema-nodes.ts";
import { narrower, shown, wider, type SchemaChange, type Walk } from "./schema-walk.ts";
import type { JsonSchema } from "../schema.ts";

/**
 * Compares two choices. Forms that surely belong together are compared one with another; of any other an old one
 * must be covered by some new one, and a new one by some old one.
 */
export function compareForms(walk: Walk, before: unknown[], after: unknown[], at: string): SchemaChange[] {
  const pairs = pairsOf(walk, before, after);
  const fresh = new Set(pairs.values());
  return [
    // Even equal ones: what they refer to may have changed.
    ...[...pairs].flatMap(([form, partner]) => walk.compare(form, partner, at)),
    ...before
      .filter((form) => !pairs.has(form) && !after.some((other) => holds(walk, form, other, "narrower")))
      .map((form) => narrower(walk, at, `can no longer be ${describe(form, walk.before)}`)),
    ...after
      .filter((form) => !fresh.has(form) && !before.some((other) => holds(walk, other, form, "wider")))
      .map((form) => wider(walk, at, `can be ${describe(form, walk.after)}, too`)),
  ];
}

/** Equal forms, then those that alone bear the same mark. */
function pairsOf(walk: Walk, before: unknown[], after: unknown[]): Map<unknown, unknown> {
  const pairs = new Map<unknown, unknown>();
  const isFree = (other: unknown) => ![...pairs.values()].includes(other);
  for (const form of before) {
    const equal = after.find((other) => isFree(other) && same(form, other));
    if (equal !== undefined) pairs.set(form, equal);
  }
  const old = before.filter((form) => !pairs.has(form));
  const fresh = after.filter(isFree);
  for (const mark of [markOf, typeOf]) {
    for (const form of old) {
      const isLike = (other: unknown, root: JsonSchema) => same(mark(other, root), mark(form, walk.before));
      const alike = fresh.filter((other) => isLike(other, walk.after));
      const rivals = old.filter((other) => isLike(other, walk.before));
      const [partner] = alike;
      if (alike.length === 1 && rivals.length === 1 && !pairs.has(form) && isFree(partner)) pairs.set(form, partner);
    }
  }
  return pairs;
}

/** Whether a form became another without getting narrower (or wider). */
function holds(walk: Walk, before: unknown, after: unknown, not: "narrower" | "wider"): boolean {
  const bad = (walk.side === "input") === (not === "narrower") ? "less" : "more";
  return walk.compare(before, after, "").every(({ kind }) => kind !== bad && kind !== "both");
}

/** What a form is told from others by: its type and its constants. */
function markOf(form: unknown, root: JsonSchema): unknown {
  const schema = readSchema(form, root);
  if (schema === false) return false;
  const { type, properties } = schema;
  const constants = Object.entries(isRecord(properties) ? properties : {}).flatMap(([name, field]) =>
    isRecord(field) && field["const"] !== undefined ? [[name, field["const"]]] : [],
  );
  return [type ?? null, schema["const"] ?? null, constants];
}

function typeOf(form: unknown, root: JsonSchema): unknown {
  const schema = readSchema(form, root);
  return schema === false ? false : (schema["type"] ?? null);
}

function describe(form: unknown, root: JsonSchema): string {
  const schema = readSchema(form, root);
  if (schema === false) return "nothing";
  if (schema["const"] !== undefined) return shown(schema["const"]);
  if (schema["enum"] !== undefined) return `one of ${shown(schema["enum"])}`;
  if (typeof schema["type"] === "string") return `of type ${schema["type"]}`;
  return constraintsOf(schema).length === 0 ? "anything" : shown(schema);
}

/**
 * Whether at most one branch of a `oneOf` can fit any value, by a field that each of them needs with a value of its
 * own. Only then a further branch takes nothing away from the others.
 */
export function isExclusive(branches: readonly unknown[], root: JsonSchema): boolean {
  const schemas = branches.map((branch) => readSchema(branch, root));
  const [first] = schemas;
  if (!first) return false;
  return Object.keys(isRecord(first["properties"]) ? first["properties"] : {}).some((name) => {
    const values = schemas.map((schema) => ownValues(schema, name));
    const all = values.flatMap((own) => own ?? []).map((value) => JSON.stringify(value));
    return values.every((own) => own !== undefined) && new Set(all).size === all.length;
  });
}

function ownValues(schema: JsonSchema | false, name: string): unknown[] | undefined {
  if (schema === false || !isRecord(schema["properties"])) return undefined;
  const field = schema["properties"][name];
  const { required } = schema;
  if (!isRecord(field) || !Array.isArray(required) || !required.includes(name)) return undefined;
  if (field["const"] !== undefined) return [field["const"]];
  return Array.isArray(field["enum"]) ? (field["enum"] as unknown[]) : undefined;
}

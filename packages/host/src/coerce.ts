import type { JsonSchema } from "@stepwire/core";

type ScalarType = "string" | "boolean" | "number" | "integer";

/** Ends loops of `$ref` and unions that never reach into the value. */
const MAX_HOPS = 40;

/**
 * Turns the texts "true", "false" and JSON numbers into booleans and numbers where the schema wants one and would not
 * take the text, since whatever a template renders is text. Everything else is left for validation to judge.
 * @param schema JSON Schema, draft 2020-12; `$ref` may point into itself (`#/$defs/name`).
 * @returns a changed copy, or the very same value if there was nothing to change.
 */
export function coerce(value: unknown, schema: JsonSchema): unknown {
  return walk(value, [schema], schema);
}

/** `schemas` are alternatives: the value has to fit one of them. */
function walk(given: unknown, schemas: readonly unknown[], root: JsonSchema): unknown {
  const value = schemas.length === 1 ? beforeUnion(given, schemas[0], root) : given;
  const alternatives = schemas.flatMap((schema) => flatten(schema, root, 0)).filter((schema) => mayFit(value, schema));
  const coerced = step(value, alternatives, root);
  // Every part of an `allOf` has its say; parts of several alternatives do only if there is one alternative.
  const [only] = alternatives;
  if (alternatives.length !== 1 || only === undefined) return coerced;
  return list(only, "allOf").reduce<unknown>((current, part) => walk(current, [part], root), coerced);
}

/** Beside a union or a reference a schema may have a say of its own, which holds whatever the branch. */
function beforeUnion(value: unknown, schema: unknown, root: JsonSchema): unknown {
  if (!isRecord(schema) || !["$ref", "anyOf", "oneOf"].some((key) => Object.hasOwn(schema, key))) return value;
  const { $ref: _ref, anyOf: _anyOf, oneOf: _oneOf, ...base } = schema;
  return step(value, [base], root);
}

function step(value: unknown, alternatives: readonly JsonSchema[], root: JsonSchema): unknown {
  if (typeof value === "string") return scalar(value, alternatives, root);
  if (Array.isArray(value)) {
    const items = value.map((item: unknown, index) =>
      walk(
        item,
        alternatives.flatMap((schema) => itemSchema(schema, index)),
        root,
      ),
    );
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value);
    const changed = entries.map(([key, item]): [string, unknown] => [
      key,
      walk(item, propertySchemas(key, alternatives), root),
    ]);
    return changed.some(([, item], index) => item !== entries[index]?.[1]) ? Object.fromEntries(changed) : value;
  }
  return value;
}

function scalar(text: string, alternatives: readonly JsonSchema[], root: JsonSchema): unknown {
  const accepted = new Set(alternatives.flatMap((schema) => scalarTypes(schema, root, 0)));
  if (accepted.has("string")) return text;
  if (accepted.has("boolean") && (text === "true" || text === "false")) return text === "true";
  if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) return text;
  const number = Number(text);
  // A number that a double cannot hold exactly stays text, so that validation refuses it instead of rounding it.
  if (!Number.isFinite(number) || (Number.isInteger(number) && !Number.isSafeInteger(number))) return text;
  return accepted.has("number") || (accepted.has("integer") && Number.isInteger(number)) ? number : text;
}

/** The scalar types a schema takes; one that does not say takes them all, `string` among them. */
function scalarTypes(schema: JsonSchema, root: JsonSchema, hops: number): ScalarType[] {
  const known: ScalarType[] = ["string", "boolean", "number", "integer"];
  let types = known;
  const named = own(schema, "type");
  const literals = Object.hasOwn(schema, "const") ? [schema["const"]] : own(schema, "enum");
  if (named !== undefined) types = known.filter((type) => (Array.isArray(named) ? named : [named]).includes(type));
  else if (Array.isArray(literals)) types = known.filter((type) => literals.some((literal) => typeof literal === type));
  if (hops >= MAX_HOPS) return types;
  for (const part of list(schema, "allOf")) {
    const allowed = new Set(flatten(part, root, hops + 1).flatMap((item) => scalarTypes(item, root, hops + 1)));
    types = types.filter((type) => allowed.has(type));
  }
  return types;
}

/** A schema with its references followed and its unions taken apart. */
function flatten(schema: unknown, root: JsonSchema, hops: number): JsonSchema[] {
  if (schema === true) return [{}];
  if (!isRecord(schema) || hops >= MAX_HOPS) return [];
  const reference = own(schema, "$ref");
  if (typeof reference === "string") return flatten(resolveReference(reference, root), root, hops + 1);
  const union = [...list(schema, "anyOf"), ...list(schema, "oneOf")];
  if (union.length === 0) return [schema];
  return union.flatMap((branch) => flatten(branch, root, hops + 1));
}

/** Whether the constants an alternative asks for (`kind: "a"`) are not plainly contradicted by the value. */
function mayFit(value: unknown, schema: JsonSchema): boolean {
  const properties = own(schema, "properties");
  if (!isRecord(value) || !isRecord(properties)) return true;
  return Object.entries(properties).every(
    ([key, property]) =>
      !isRecord(property) ||
      !Object.hasOwn(property, "const") ||
      !Object.hasOwn(value, key) ||
      String(value[key]) === String(property["const"]),
  );
}

/** What the alternatives say about a key; only if none names it, what they say about further keys. */
function propertySchemas(key: string, alternatives: readonly JsonSchema[]): unknown[] {
  const named = alternatives.flatMap((schema) => {
    const properties = own(schema, "properties");
    return isRecord(properties) && Object.hasOwn(properties, key) ? [properties[key]] : [];
  });
  if (named.length > 0) return named;
  return alternatives.map((schema) => own(schema, "additionalProperties")).filter(isRecord);
}

function itemSchema(schema: JsonSchema, index: number): unknown[] {
  const prefix = list(schema, "prefixItems");
  const item = index < prefix.length ? prefix[index] : own(schema, "items");
  return item === undefined ? [] : [item];
}

function resolveReference(reference: string, root: JsonSchema): unknown {
  if (!reference.startsWith("#")) return undefined;
  let target: unknown = root;
  for (const part of reference.slice(1).split("/").slice(1)) {
    const key = decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(target)) target = target[Number(key)] as unknown;
    else if (isRecord(target) && Object.hasOwn(target, key)) target = target[key];
    else return undefined;
  }
  return target;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const own = (schema: JsonSchema, key: string): unknown => (Object.hasOwn(schema, key) ? schema[key] : undefined);
const list = (schema: JsonSchema, key: string): unknown[] => {
  const value = own(schema, key);
  return Array.isArray(value) ? value : [];
};

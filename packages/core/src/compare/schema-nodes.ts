import type { JsonSchema } from "../schema.ts";

/** Keywords that refuse nothing. What they refer to is compared where it is referred to. */
const ANNOTATIONS = new Set([
  "$schema",
  "$id",
  "$anchor",
  "$comment",
  "$defs",
  "definitions",
  "title",
  "description",
  "default",
  "examples",
  "deprecated",
  "readOnly",
  "writeOnly",
]);

/** Keywords for people; `x-` is what this contract's own notes begin with. */
export const isWords = (keyword: string): boolean =>
  keyword.startsWith("x-") || ["title", "description", "examples", "deprecated"].includes(keyword);

/** The keywords by which a schema refuses something. */
export function constraintsOf(schema: JsonSchema): string[] {
  return Object.keys(schema).filter((keyword) => !ANNOTATIONS.has(keyword) && !keyword.startsWith("x-"));
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A schema as an object, its reference followed; `false` for what takes nothing. */
export function readSchema(value: unknown, root: JsonSchema): JsonSchema | false {
  if (value === undefined || value === true) return {};
  if (value === false) return false;
  // No schema at all: compared like a keyword that nobody knows.
  if (!isRecord(value)) return { "no schema": value };
  return follow(value, root);
}

/** The very object that a schema is, behind its references: the one thing by which a circle is noticed. */
export function targetOf(schema: JsonSchema, root: JsonSchema): object {
  let current = schema;
  for (let step = 0; step < LONGEST_CHAIN && typeof current["$ref"] === "string"; step += 1) {
    const target = atPointer(root, current["$ref"]);
    if (!isRecord(target) || constraintsOf(current).length > 1) break;
    current = target;
  }
  return current;
}

/** A chain of references is short; one that is not leads in a circle. */
const LONGEST_CHAIN = 20;

function follow(schema: JsonSchema, root: JsonSchema): JsonSchema {
  let current = schema;
  for (let step = 0; step < LONGEST_CHAIN && typeof current["$ref"] === "string"; step += 1) {
    const target = atPointer(root, current["$ref"]);
    if (!isRecord(target)) return current;
    const { $ref: _, ...beside } = current;
    // Words beside a reference go before those of its target; conditions beside it hold as well as the target's.
    current =
      constraintsOf(beside).length === 0
        ? { ...target, ...beside }
        : { ...beside, allOf: [target, ...(Array.isArray(beside["allOf"]) ? (beside["allOf"] as unknown[]) : [])] };
  }
  return current;
}

/** What a reference such as `#/$defs/node` leads to. */
function atPointer(root: JsonSchema, reference: string): unknown {
  if (reference !== "#" && !reference.startsWith("#/")) return undefined;
  let place: unknown = root;
  for (const part of reference.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof place !== "object" || place === null || !Object.hasOwn(place, key)) return undefined;
    place = (place as Record<string, unknown>)[key];
  }
  return place;
}

/** The forms a value may have: the branches of a schema that is a choice and nothing else, or its types. */
export function formsOf(schema: JsonSchema): unknown[] {
  const [keyword, ...others] = constraintsOf(schema);
  if ((keyword === "anyOf" || keyword === "oneOf") && others.length === 0 && Array.isArray(schema[keyword])) {
    // Of a `oneOf` exactly one branch must fit, so it stays one form of a choice around it.
    return (schema[keyword] as unknown[]).flatMap((branch) =>
      isRecord(branch) && branch["$ref"] === undefined && branch["oneOf"] === undefined ? formsOf(branch) : [branch],
    );
  }
  const { type } = schema;
  if (!Array.isArray(type)) return [schema];
  return (type as unknown[]).map((one) => ({ ...conditionsOf(schema, one), type: one }));
}

/** Keywords that only values of one type heed. */
const KEYWORDS_OF_TYPE: Record<string, readonly string[]> = {
  string: ["minLength", "maxLength", "pattern", "format"],
  number: ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
  array: ["items", "prefixItems", "minItems", "maxItems", "uniqueItems"],
  object: ["properties", "required", "additionalProperties", "propertyNames", "minProperties", "maxProperties"],
};

/** Those that values of this type heed. */
function conditionsOf(schema: JsonSchema, type: unknown): JsonSchema {
  const own = type === "integer" ? "number" : type;
  const foreign = Object.entries(KEYWORDS_OF_TYPE).flatMap(([name, keywords]) => (name === own ? [] : keywords));
  const keywords = constraintsOf(schema).filter((keyword) => !foreign.includes(keyword));
  return Object.fromEntries(keywords.map((keyword) => [keyword, schema[keyword]]));
}

/** Equal as JSON, whatever the order of keys. */
export function same(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => same(item, b[index]));
  }
  if (!isRecord(a) || !isRecord(b)) return Object.is(a, b);
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
}

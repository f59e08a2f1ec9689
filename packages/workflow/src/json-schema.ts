import type { JsonSchema } from "@stepwire/core";
import { MAX_MATCH_STEPS } from "./data/limits.ts";
import { BudgetError } from "./data/regex/match.ts";
import { compilePattern } from "./data/regex/pattern.ts";
import { isRecord, kindOf } from "./values.ts";

export interface SchemaProblem {
  path: (string | number)[];
  /** Follows the name of the value: `must be a number, not a text`. */
  message: string;
}

/** What is checked of a JSON Schema. */
export const CHECKED_KEYWORDS: readonly string[] = [
  "type",
  "enum",
  "minLength",
  "maxLength",
  "pattern",
  "minimum",
  "maximum",
  "items",
  "minItems",
  "maxItems",
  "properties",
  "required",
  "additionalProperties",
];

/** Keywords that are for people and programs that show the schema. */
export const DESCRIBING_KEYWORDS: readonly string[] = [
  "title",
  "description",
  "default",
  "examples",
  "deprecated",
  "readOnly",
  "writeOnly",
  "format",
  "$comment",
];

/** The types of JSON Schema, and what a message calls them. */
export const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
  null: "null",
};

/** What is wrong with a value, for the part of JSON Schema that describes the inputs of a workflow. */
export function schemaProblems(value: unknown, schema: JsonSchema, path: (string | number)[] = []): SchemaProblem[] {
  const types = [schema["type"] ?? []].flat().filter((type) => typeof type === "string");
  if (types.length > 0 && !types.some((type) => hasType(value, type))) {
    return [
      { path, message: `must be ${types.map((type) => TYPE_NAMES[type] ?? type).join(" or ")}, not ${kindOf(value)}` },
    ];
  }
  const options = schema["enum"];
  if (Array.isArray(options) && !options.some((option) => JSON.stringify(option) === JSON.stringify(value))) {
    return [{ path, message: `must be one of ${options.map((option) => JSON.stringify(option)).join(", ")}` }];
  }
  if (typeof value === "string")
    return sizeProblems(value.length, schema, "Length", "characters", path).concat(
      patternProblems(value, schema, path),
    );
  if (typeof value === "number") return rangeProblems(value, schema, path);
  if (Array.isArray(value)) {
    const items = isRecord(schema["items"]) ? schema["items"] : {};
    return sizeProblems(value.length, schema, "Items", "items", path).concat(
      value.flatMap((item, index) => schemaProblems(item, items, [...path, index])),
    );
  }
  return isRecord(value) ? mapProblems(value, schema, path) : [];
}

function hasType(value: unknown, type: string): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return isRecord(value);
    case "integer":
      return Number.isInteger(value);
    case "number":
      return typeof value === "number" && !Number.isNaN(value);
    default:
      return typeof value === type;
  }
}

function mapProblems(value: Record<string, unknown>, schema: JsonSchema, path: (string | number)[]): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const properties = isRecord(schema["properties"]) ? schema["properties"] : {};
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  for (const name of required) {
    if (typeof name === "string" && !Object.hasOwn(value, name))
      problems.push({ path: [...path, name], message: "is required" });
  }
  for (const [name, item] of Object.entries(value)) {
    const property = Object.hasOwn(properties, name) ? properties[name] : schema["additionalProperties"];
    if (property === false) problems.push({ path: [...path, name], message: "is not known" });
    else if (isRecord(property)) problems.push(...schemaProblems(item, property, [...path, name]));
  }
  return problems;
}

function sizeProblems(
  size: number,
  schema: JsonSchema,
  key: string,
  unit: string,
  path: (string | number)[],
): SchemaProblem[] {
  const min = schema[`min${key}`];
  const max = schema[`max${key}`];
  if (typeof min === "number" && size < min) return [{ path, message: `must have at least ${min} ${unit}` }];
  if (typeof max === "number" && size > max) return [{ path, message: `must have at most ${max} ${unit}` }];
  return [];
}

function rangeProblems(value: number, schema: JsonSchema, path: (string | number)[]): SchemaProblem[] {
  const { minimum, maximum } = schema as { minimum?: unknown; maximum?: unknown };
  if (typeof minimum === "number" && value < minimum) return [{ path, message: `must be at least ${minimum}` }];
  if (typeof maximum === "number" && value > maximum) return [{ path, message: `must be at most ${maximum}` }];
  return [];
}

function patternProblems(value: string, schema: JsonSchema, path: (string | number)[]): SchemaProblem[] {
  const pattern = schema["pattern"];
  if (typeof pattern !== "string") return [];
  try {
    const found = compilePattern(pattern, "u").matches(value, { steps: MAX_MATCH_STEPS }).next();
    return found.done === true ? [{ path, message: `must match ${pattern}` }] : [];
  } catch (error) {
    if (error instanceof BudgetError) return [{ path, message: `needs too many steps to be matched with ${pattern}` }];
    return [{ path, message: `has a pattern that is no regular expression: ${pattern}` }];
  }
}

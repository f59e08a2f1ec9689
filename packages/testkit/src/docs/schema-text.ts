/** JSON Schemas in the few words that fit into a table's cell. */
import type { JsonSchema } from "@stepwire/core";

import { code } from "./markdown.ts";

/** `text (up to 255 characters)`, `high`, `low`, `list of texts`. */
export function typeText(schema: JsonSchema = {}): string {
  const { type } = schema;
  if (Array.isArray(type)) return typeText({ ...schema, type: type.find((name) => name !== "null") as unknown });
  if (schema["const"] !== undefined) return code(JSON.stringify(schema["const"]));
  if (Array.isArray(schema["enum"])) {
    return schema["enum"].map((value) => code(typeof value === "string" ? value : JSON.stringify(value))).join(", ");
  }
  const options = alternatives(schema);
  if (options !== undefined) {
    const texts = options.map((option) => typeText(option));
    // Two ways to write the same choices.
    return texts.every((text) => /^`[^`]*`(?:, `[^`]*`)*$/.test(text))
      ? [...new Set(texts.flatMap((text) => text.split(", ")))].join(", ")
      : [...new Set(texts)].join(" or ");
  }
  switch (type) {
    case "string":
      return `text${limits(schema["minLength"], schema["maxLength"], "characters")}`;
    case "integer":
    case "number":
      return `${type === "integer" ? "whole number" : "number"}${range(schema)}`;
    case "boolean":
      return "true or false";
    case "array":
      return `list of ${plural(typeText(part(schema, "items")))}${limits(schema["minItems"], schema["maxItems"], "items")}`;
    case "object": {
      const isMap = schema["properties"] === undefined && Boolean(schema["additionalProperties"]);
      const most = limits(schema["minProperties"], schema["maxProperties"], "entries");
      return `${isMap ? `map to ${plural(typeText(part(schema, "additionalProperties")))}` : "map"}${most}`;
    }
    case undefined:
      return "anything";
    default:
      return String(type);
  }
}

export interface FieldRow {
  readonly name: string;
  readonly field: JsonSchema;
  readonly required: boolean;
}

/** Rows of a schema's fields, those of nested maps and lists of maps behind them: `incident.title`, `comments[].comment`. */
export function fieldRows(schema: JsonSchema, prefix = ""): FieldRow[] {
  const required = new Set(Array.isArray(schema["required"]) ? schema["required"] : []);
  return Object.entries(part(schema, "properties")).flatMap(([name, field]) => {
    const own = withoutNull(field as JsonSchema);
    const row = {
      name: `${prefix}${name}`,
      field: { ...own, ...about(field as JsonSchema) },
      required: required.has(name),
    };
    const [inner, mark] =
      own["type"] === "array"
        ? [withoutNull(part(own, "items")), "[]."]
        : own["properties"] === undefined && typeof own["additionalProperties"] === "object"
          ? [part(own, "additionalProperties"), ".*."]
          : [own, "."];
    const nested = inner["properties"] === undefined ? [] : fieldRows(inner, `${prefix}${name}${mark}`);
    return [row, ...nested];
  });
}

function part(schema: JsonSchema, key: string): JsonSchema {
  const value = schema[key];
  return typeof value === "object" && value !== null ? (value as JsonSchema) : {};
}

function alternatives(schema: JsonSchema): JsonSchema[] | undefined {
  const options = schema["anyOf"] ?? schema["oneOf"];
  return Array.isArray(options) ? (options as JsonSchema[]).filter(({ type }) => type !== "null") : undefined;
}

const about = ({ description, default: value }: JsonSchema): JsonSchema => ({
  ...(description === undefined ? {} : { description }),
  ...(value === undefined ? {} : { default: value }),
});

/** What a field is where it is not null; the description often stands beside the alternatives. */
function withoutNull(schema: JsonSchema): JsonSchema {
  const [only, ...others] = Array.isArray(schema["anyOf"]) ? (alternatives(schema) ?? []) : [];
  return only !== undefined && others.length === 0 ? { ...only, ...about({ ...only, ...schema }) } : schema;
}

// Bounds that zod writes for every integer say nothing.
const isBound = (value: unknown): value is number =>
  typeof value === "number" && Math.abs(value) < Number.MAX_SAFE_INTEGER;
const plural = (text: string) =>
  text
    .replace(/^text\b/, "texts")
    .replace(/^map\b/, "maps")
    .replace(/^whole number\b/, "whole numbers");

function limits(least: unknown, most: unknown, unit: string): string {
  const texts = [
    ...(isBound(least) && least >= 2 ? [`at least ${least}`] : []),
    ...(isBound(most) ? [`up to ${most}`] : []),
  ];
  return texts.length === 0 ? "" : ` (${texts.join(", ")} ${unit})`;
}

function range({ minimum, maximum, exclusiveMinimum }: JsonSchema): string {
  const from = isBound(exclusiveMinimum) ? ` above ${exclusiveMinimum}` : isBound(minimum) ? ` from ${minimum}` : "";
  return `${from}${isBound(maximum) ? ` to ${maximum}` : ""}`;
}

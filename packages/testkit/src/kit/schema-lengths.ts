import type { JsonSchema } from "@stepwire/core";

import { isObject, type Path } from "./json-paths.ts";

/** The greatest length that a schema, as zod writes it, allows for the text at a path. */
export function maxLengthAt(schema: JsonSchema, path: Path): number | undefined {
  const lengths = partsAt([schema], path).map((part) => part["maxLength"]);
  return lengths.find((length) => typeof length === "number");
}

function partsAt(parts: readonly JsonSchema[], [key, ...rest]: Path): JsonSchema[] {
  const all = parts.flatMap(choices);
  if (key === undefined) return all;
  const inner = all.flatMap((part) => {
    if (typeof key === "number") return part["items"];
    const { properties, additionalProperties } = part;
    return isObject(properties) && Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
  });
  return partsAt(inner.filter(isObject), rest);
}

function choices(part: JsonSchema): JsonSchema[] {
  const inner = ["anyOf", "oneOf", "allOf"].flatMap((key) =>
    Array.isArray(part[key]) ? part[key].filter(isObject) : [],
  );
  return [part, ...inner.flatMap(choices)];
}

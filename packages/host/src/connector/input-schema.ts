import type { AnySchema, JsonSchema } from "@stepwire/core";

const kept = new WeakMap<AnySchema, JsonSchema>();

/** What a schema accepts, as JSON Schema. Made once for each schema: it costs more than checking a value. Not to be changed. */
export function inputJsonSchema(schema: AnySchema): JsonSchema {
  let json = kept.get(schema);
  if (json === undefined) {
    json = schema["~standard"].jsonSchema.input({ target: "draft-2020-12" });
    kept.set(schema, json);
  }
  return json;
}

/** The keys that a schema names. */
export function keysOf(schema: AnySchema): string[] {
  return Object.keys((inputJsonSchema(schema)["properties"] as object | undefined) ?? {});
}

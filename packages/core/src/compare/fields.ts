import type { JsonSchema } from "../schema.ts";
import { isRecord, readSchema, targetOf } from "./schema-nodes.ts";

/** Deeper than what people are asked for. */
const DEEPEST = 10;

/**
 * The fields that a schema of a map names, in all of its branches and below each other (`proxy.user`), with whether
 * one must be given as soon as what it is in is given.
 */
export function fieldsOf(schema: JsonSchema): Map<string, boolean> {
  const fields = new Map<string, boolean>();
  collect(schema, "", []);
  return fields;

  function collect(value: unknown, at: string, open: readonly unknown[]): void {
    const target = isRecord(value) ? targetOf(value, schema) : value;
    const node = readSchema(value, schema);
    if (node === false || open.length > DEEPEST || open.includes(target)) return;
    const inside = [...open, target];
    const { properties, required } = node;
    for (const [name, field] of Object.entries(isRecord(properties) ? properties : {})) {
      const place = at === "" ? name : `${at}.${name}`;
      const needed = Array.isArray(required) && required.includes(name);
      fields.set(place, needed || fields.get(place) === true);
      collect(field, place, inside);
    }
    for (const keyword of ["anyOf", "oneOf", "allOf"]) {
      const branches = node[keyword];
      if (Array.isArray(branches)) for (const branch of branches) collect(branch, at, inside);
    }
  }
}

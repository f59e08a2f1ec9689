import type { JsonSchema } from "@stepwire/core";

export interface SchemaFault {
  /** `.headers.*`, `.tags[]`; empty for the schema itself. */
  readonly path: string;
  readonly message: string;
  readonly fix: string;
}

/** Formats that are bounded by what they are. */
const BOUNDED_FORMATS = new Set(["date", "time", "date-time", "uuid", "ipv4", "ipv6"]);

/** Everything in a JSON Schema (as zod writes it) that is without a bound or without a description. */
export function schemaFaults(schema: JsonSchema): SchemaFault[] {
  const faults = new Map<string, SchemaFault>();
  const seen = new Set<unknown>();
  const fault = (path: string, message: string, fix: string) =>
    faults.set(`${path} ${message}`, { path, message, fix });

  const walk = (node: unknown, path: string): void => {
    if (!isRecord(node) || seen.has(node)) return;
    seen.add(node);
    const { $ref, type } = node;
    if (typeof $ref === "string") walk(pointed(schema, $ref), path);
    if (type === "string" && !isBoundedText(node)) {
      fault(path, "A text without a greatest length.", "Add .max(…) with what the vendor accepts.");
    }
    if (
      type === "array" &&
      node["maxItems"] === undefined &&
      !(node["prefixItems"] !== undefined && node["items"] === undefined)
    ) {
      fault(path, "A list without a greatest length.", "Add .max(…) with what the vendor accepts.");
    }
    const more = node["additionalProperties"];
    const isMap = type === "object" && (more === undefined ? node["properties"] === undefined : more !== false);
    if (isMap && node["maxProperties"] === undefined) {
      fault(
        path,
        "A map without a greatest number of entries.",
        "Refuse more than the vendor accepts with .refine(…), and say so with .meta({ maxProperties: … }); or name the fields with z.strictObject().",
      );
    }
    for (const [name, field] of Object.entries(isRecord(node["properties"]) ? node["properties"] : {})) {
      const place = `${path}.${name}`;
      if (!isDescribed(schema, field))
        fault(
          place,
          "A field without a description.",
          'Add .describe("…"): it is what users see when they fill it in.',
        );
      walk(field, place);
    }
    walk(more, `${path}.*`);
    walk(node["items"], `${path}[]`);
    for (const key of ["prefixItems", "anyOf", "oneOf", "allOf"]) {
      if (Array.isArray(node[key])) for (const part of node[key]) walk(part, path);
    }
  };
  walk(schema, "");
  return [...faults.values()];
}

function isBoundedText(node: Record<string, unknown>): boolean {
  return (
    node["maxLength"] !== undefined ||
    node["enum"] !== undefined ||
    node["const"] !== undefined ||
    BOUNDED_FORMATS.has(String(node["format"]))
  );
}

function isDescribed(root: JsonSchema, field: unknown): boolean {
  if (!isRecord(field)) return true;
  if (typeof field["description"] === "string" && field["description"] !== "") return true;
  return (
    typeof field["$ref"] === "string" &&
    isRecord(pointed(root, field["$ref"])) &&
    isDescribed(root, pointed(root, field["$ref"]))
  );
}

/** What `#/$defs/Name` points to. */
function pointed(root: JsonSchema, ref: string): unknown {
  let node: unknown = root;
  for (const key of ref
    .replace(/^#\/?/, "")
    .split("/")
    .filter((piece) => piece !== "")) {
    node = isRecord(node) ? node[key.replaceAll("~1", "/").replaceAll("~0", "~")] : undefined;
  }
  return node === root ? undefined : node;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

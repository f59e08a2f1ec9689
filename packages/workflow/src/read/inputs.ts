import { nearest, type JsonSchema } from "@stepwire/core";
import { CHECKED_KEYWORDS, DESCRIBING_KEYWORDS, schemaProblems, TYPE_NAMES } from "../json-schema.ts";
import { FIELD_KEYS, FIELD_SCHEMA_KEYS, FIELD_TYPES } from "../language/field-keys.ts";
import { templatePaths, type Path, type ValueTree } from "../template/tree.ts";
import { capital, isRecord, kindOf, setOwn } from "../values.ts";
import { checkKeys, complain, readList, readMap, readText, type Reader } from "./reader.ts";
import type { Place } from "./sites.ts";
import { readTree } from "./texts.ts";
import { readBoolean, readChoice, readNumber } from "./values.ts";

const TYPES = Object.keys(FIELD_TYPES) as (keyof typeof FIELD_TYPES)[];

export interface InputDeclaration {
  schema: JsonSchema;
  defaults: Map<string, ValueTree>;
}

/** `inputs` in either form, as JSON Schema. */
export function readInputs(r: Reader, path: Path, value: unknown): InputDeclaration {
  const schema = readFields(r, path, value, "input");
  return { schema, defaults: readDefaults(r, path, schema, Array.isArray(value) ? (value as unknown[]) : undefined) };
}

/** What each field of the list is, in messages. */
type Field = "input" | "output";

/** `inputs` or `outputs` in either form, as JSON Schema. */
export function readFields(r: Reader, path: Path, value: unknown, what: Field): JsonSchema {
  return Array.isArray(value) ? fieldsSchema(r, path, value as unknown[], what) : jsonSchema(r, path, value, what);
}

function jsonSchema(r: Reader, path: Path, value: unknown, what: Field): JsonSchema {
  if (!isRecord(value)) {
    complain(
      r,
      path,
      { message: `"${what}s" must be a list of fields or a JSON Schema, not ${kindOf(value)}.` },
      "value",
    );
    return { type: "object" };
  }
  checkKeys(r, path, value, FIELD_SCHEMA_KEYS, `"${what}s" as a JSON Schema`);
  if ("type" in value && value["type"] !== "object") {
    complain(r, [...path, "type"], { message: `"${what}s" must be a JSON Schema of type object.` }, "value");
  }
  const properties =
    "properties" in value ? readMap(r, [...path, "properties"], value["properties"], `"properties"`) : {};
  for (const [name, property] of Object.entries(properties ?? {})) {
    const at = [...path, "properties", name];
    const schema = readMap(r, at, property, `${capital(what)} "${name}"`);
    if (schema !== undefined) checkSchema(r, at, schema);
  }
  const required = "required" in value ? readList(r, [...path, "required"], value["required"], `"required"`) : [];
  for (const [index, name] of (required ?? []).entries()) {
    if (typeof name === "string" && Object.hasOwn(properties ?? {}, name)) continue;
    complain(
      r,
      [...path, "required", index],
      { message: `There is no ${what} ${JSON.stringify(name)} to be required.` },
      "value",
    );
  }
  return { ...value, type: "object", properties: properties ?? {}, required: required ?? [] };
}

/** The types and keywords of a schema, and of what is inside of it. */
function checkSchema(r: Reader, path: Path, schema: JsonSchema): void {
  const known = Object.keys(TYPE_NAMES);
  for (const type of [schema["type"] ?? []].flat()) {
    if (typeof type === "string" && known.includes(type)) continue;
    const guess = typeof type === "string" ? nearest(type, known) : undefined;
    const hint = guess === undefined ? `There are ${known.join(", ")}.` : `Did you mean "${guess}"?`;
    complain(r, [...path, "type"], { message: `${JSON.stringify(type)} is no type of JSON Schema.`, hint }, "value");
  }
  for (const keyword of Object.keys(schema)) {
    if (CHECKED_KEYWORDS.includes(keyword) || DESCRIBING_KEYWORDS.includes(keyword)) continue;
    const guess = nearest(keyword, CHECKED_KEYWORDS);
    complain(r, [...path, keyword], {
      severity: "warning",
      message: `"${keyword}" of a JSON Schema is not checked here.`,
      hint: guess === undefined ? `What is checked: ${CHECKED_KEYWORDS.join(", ")}.` : `Did you mean "${guess}"?`,
    });
  }
  if (isRecord(schema["items"])) checkSchema(r, [...path, "items"], schema["items"]);
  for (const [name, property] of Object.entries(isRecord(schema["properties"]) ? schema["properties"] : {}))
    if (isRecord(property)) checkSchema(r, [...path, "properties", name], property);
}

function fieldsSchema(r: Reader, path: Path, fields: unknown[], what: Field): JsonSchema {
  const properties: Record<string, unknown> = {};
  const required: string[] = [];
  for (const [index, entry] of fields.entries()) {
    const at = [...path, index];
    const field = readMap(r, at, entry, `An ${what}`);
    if (field === undefined) continue;
    const misspelt = checkKeys(r, at, field, Object.keys(FIELD_KEYS), `an ${what}`);
    if (!("name" in field) && !misspelt.has("name")) complain(r, at, { message: `An ${what} has no "name".` });
    const name = "name" in field ? readText(r, [...at, "name"], field["name"], `"name" of an ${what}`) : undefined;
    const type = misspelt.has("type") ? undefined : readChoice(r, [...at, "type"], field["type"], TYPES);
    if (name === undefined) continue;
    if (Object.hasOwn(properties, name)) {
      complain(
        r,
        [...at, "name"],
        { message: `Two ${what}s are called "${name}".`, hint: "Keep one of the two." },
        "value",
      );
    }
    setOwn(properties, name, fieldSchema(r, at, field, type, what));
    if ("required" in field && readBoolean(r, [...at, "required"], field["required"]) === true) required.push(name);
  }
  return { type: "object", properties, required };
}

function fieldSchema(
  r: Reader,
  path: Path,
  field: Record<string, unknown>,
  type: (typeof TYPES)[number] | undefined,
  what: Field,
): JsonSchema {
  const schema: JsonSchema = {};
  if (type === "choice") {
    schema["type"] = "string";
    if ("options" in field) schema["enum"] = readList(r, [...path, "options"], field["options"], `"options"`);
    else
      complain(r, path, {
        message: `An ${what} of type choice has no "options".`,
        hint: "List the values it may have.",
      });
  } else if (type === "array") {
    schema["type"] = "array";
    const of = isRecord(field["items"]) ? field["items"] : undefined;
    if (of !== undefined) checkSchema(r, [...path, "items"], of);
    schema["items"] = of ?? { type: ["string", "number", "boolean"] };
    for (const key of ["minItems", "maxItems"]) {
      if (key in field) schema[key] = readNumber(r, [...path, key], field[key], 0);
    }
  } else if (type !== undefined) schema["type"] = type;
  for (const key of ["description", "default"]) if (key in field) schema[key] = field[key];
  return schema;
}

/** Defaults that are templates, and a check of those that are not. */
function readDefaults(
  r: Reader,
  path: Path,
  schema: JsonSchema,
  fields: unknown[] | undefined,
): Map<string, ValueTree> {
  const trees = new Map<string, ValueTree>();
  const place: Place = { order: 0, also: [], inLoop: false, hasError: false };
  for (const [name, property] of Object.entries(isRecord(schema["properties"]) ? schema["properties"] : {})) {
    if (!isRecord(property) || !("default" in property)) continue;
    const index = fields?.findIndex((field) => isRecord(field) && field["name"] === name) ?? -1;
    const at = index === -1 ? [...path, "properties", name, "default"] : [...path, index, "default"];
    const tree = readTree(r, at, property["default"], place);
    if (!templatePaths(tree).next().done) trees.set(name, tree);
    else {
      const [problem] = schemaProblems(property["default"], property);
      if (problem === undefined) continue;
      const message = `The default of input "${name}" ${problem.message}.`;
      complain(r, at, { rule: "invalidDefaultValue", message }, "value");
    }
  }
  return trees;
}

// Keys that are JSON Schemas, as rows of a table.
import { TEMPLATE } from "../../packages/workflow/src/steps/editor.ts";
import { code, linkTo, number, table } from "./markdown.mjs";

/** Where the kinds of values are explained that many keys have. */
const LINKS = {
  condition: "[condition](templates.md#conditions)",
  duration: linkTo("Durations and sizes", "duration"),
  size: linkTo("Durations and sizes", "size"),
  fields: linkTo("Inputs and outputs", "fields"),
};
const REFERENCES = { "#/$defs/steps": "list of steps", "#/$defs/on-failure": linkTo("on-failure", "`on-failure`") };
const NAMES = {
  string: "text",
  number: "number",
  integer: "whole number",
  boolean: "boolean",
  object: "map",
  array: "list",
};

/** A table of keys, those of nested maps behind them: `max-iterations.limit`, `cases[].match`. */
export function keyTable(properties, { required = [], nested = true } = {}) {
  return table(
    ["Key", "Type", ""],
    rowsOf(properties, required, nested).map(({ name, schema, isRequired }) => [
      code(name),
      typeText(schema),
      aboutText(schema, isRequired),
    ]),
  );
}

function rowsOf(properties, required, nested, prefix = "") {
  return Object.entries(properties).flatMap(([key, schema]) => {
    const name = prefix + key;
    const inner = nested ? innerOf(schema) : undefined;
    const row = { name, schema, isRequired: required.includes(key) };
    // A map that nothing but its keys is said of, such as `with`, needs no row.
    const own = inner !== undefined && schema.description === undefined ? [] : [row];
    return inner === undefined
      ? own
      : [...own, ...rowsOf(inner.properties, inner.required ?? [], nested, `${name}${inner.suffix}`)];
  });
}

/** The map that a value is or that its items are, in any of its alternatives. */
function innerOf(schema) {
  for (const one of [schema, ...(schema.anyOf ?? [])]) {
    if (one.properties !== undefined) return { ...one, suffix: "." };
    if (one.items?.properties !== undefined) return { ...one.items, suffix: "[]." };
  }
  return undefined;
}

/** `whole number from 1 to 20 or map`. */
function typeText(schema) {
  if (schema.$ref !== undefined) return REFERENCES[schema.$ref] ?? fail(schema);
  if (schema.title !== undefined) return LINKS[schema.title] ?? schema.title;
  if (schema.pattern === TEMPLATE.pattern) return "template";
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (schema.enum !== undefined) return schema.enum.map((value) => code(value)).join(", ");
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map((one) => typeText(one)))].join(" or ");
  if (schema.type === undefined) return schema.properties === undefined ? "anything" : "map";
  return [schema.type]
    .flat()
    .map((type) => `${NAMES[type] ?? fail(schema)}${boundsOf(schema, type)}`)
    .join(" or ");
}

function boundsOf({ minimum, maximum, minItems, maxItems, maxLength }, type) {
  if (type === "integer" || type === "number") {
    if (minimum === undefined) return "";
    return ` from ${number(minimum)}${maximum === undefined ? "" : ` to ${number(maximum)}`}`;
  }
  if (type === "string" && maxLength !== undefined) return ` (at most ${number(maxLength)} characters)`;
  if (type !== "array" || (minItems ?? 1) < 2) return "";
  return maxItems === undefined ? ` (at least ${minItems})` : ` (${minItems} to ${maxItems})`;
}

function aboutText({ description, default: standard }, isRequired) {
  if (description === undefined) throw new Error("A key has no description; the reference would say nothing of it.");
  return [
    description,
    ...(standard === undefined || standard === "" ? [] : [`Default: ${code(standard)}.`]),
    ...(isRequired ? ["**Required.**"] : []),
  ].join(" ");
}

function fail(schema) {
  throw new Error(`The reference has no words for the type of ${JSON.stringify(schema)}.`);
}

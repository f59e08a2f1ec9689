import { TEXT } from "../steps/editor.ts";
import type { Keys } from "./keys.ts";

/** Types of the fields of `inputs` and `outputs`, and what a value of each is. */
export const FIELD_TYPES = {
  string: "a text",
  number: "a number; the text `12` becomes one",
  boolean: "true or false; the texts `true` and `false` become one",
  choice: "one of the texts in `options`",
  array: "a list; of texts, numbers and booleans unless `items` says otherwise; a text of JSON becomes one",
  object: "a map; a text of JSON becomes one",
} as const;

/** What the list form of `inputs` and `outputs` says of each field. */
export const FIELD_KEYS = {
  name: { ...TEXT, description: "The name it is read by." },
  type: { enum: Object.keys(FIELD_TYPES), description: "What kind of value it has." },
  description: { type: "string", description: "What it is for." },
  default: { description: "Its value where none is given; a template may stand here. Outputs have none." },
  required: { type: "boolean", default: false, description: "Whether a value has to be given." },
  options: { type: "array", items: { type: "string" }, description: "The values of a choice." },
  minItems: { type: "integer", minimum: 0, description: "How many items an array has at least." },
  maxItems: { type: "integer", minimum: 0, description: "How many items an array has at most." },
  items: { type: "object", description: "JSON Schema of the items of an array." },
} satisfies Keys;

/** What the other form, a JSON Schema of an object, may hold at its top. */
export const FIELD_SCHEMA_KEYS = [
  "type",
  "properties",
  "required",
  "additionalProperties",
  "title",
  "description",
  "$schema",
  "definitions",
  "$defs",
];

/** Either form, for editors. */
export const FIELDS = {
  title: "fields",
  anyOf: [
    {
      type: "array",
      items: { type: "object", required: ["name", "type"], properties: FIELD_KEYS, additionalProperties: false },
    },
    { type: "object" },
  ],
};

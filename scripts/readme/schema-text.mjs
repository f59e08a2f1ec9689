// JSON Schemas in the few words that fit into a table's cell.

/** `text (up to 255 characters)`, `high`, `low`, `list of texts`. */
export function typeText(schema = {}) {
  if (Array.isArray(schema.type)) return typeText({ ...schema, type: schema.type.find((type) => type !== "null") });
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (Array.isArray(schema.enum))
    return schema.enum.map((value) => code(typeof value === "string" ? value : JSON.stringify(value))).join(", ");
  const options = schema.anyOf ?? schema.oneOf;
  if (options !== undefined) {
    const texts = options.filter(({ type }) => type !== "null").map((option) => typeText(option));
    // Two ways to write the same choices.
    return texts.every((text) => /^`[^`]*`(?:, `[^`]*`)*$/.test(text))
      ? [...new Set(texts.flatMap((text) => text.split(", ")))].join(", ")
      : [...new Set(texts)].join(" or ");
  }
  switch (schema.type) {
    case "string":
      return `text${limits(schema.minLength, schema.maxLength, "characters")}`;
    case "integer":
    case "number":
      return `${schema.type === "integer" ? "whole number" : "number"}${range(schema)}`;
    case "boolean":
      return "true or false";
    case "array":
      return `list of ${plural(typeText(schema.items))}${limits(schema.minItems, schema.maxItems, "items")}`;
    case "object":
      return schema.properties === undefined && schema.additionalProperties
        ? `map to ${plural(typeText(schema.additionalProperties))}`
        : "map";
    case undefined:
      return "anything";
    default:
      return String(schema.type);
  }
}

/** Rows of a schema's fields, those of nested maps and lists of maps behind them: `incident.title`, `comments[].comment`. */
export function fieldRows(schema, prefix = "") {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const own = withoutNull(field);
    const row = { name: `${prefix}${name}`, field: { ...own, ...about(field) }, required: required.has(name) };
    const inner =
      own.type === "array"
        ? [withoutNull(own.items ?? {}), "[]."]
        : own.properties === undefined && typeof own.additionalProperties === "object"
          ? [own.additionalProperties, ".*."]
          : [own, "."];
    const nested = inner[0].properties === undefined ? [] : fieldRows(inner[0], `${prefix}${name}${inner[1]}`);
    return [row, ...nested];
  });
}

const about = ({ description, default: value }) => ({
  ...(description === undefined ? {} : { description }),
  ...(value === undefined ? {} : { default: value }),
});

/** What a field is where it is not null; the description often stands beside the alternatives. */
function withoutNull(schema) {
  const options = (schema.anyOf ?? []).filter(({ type }) => type !== "null");
  return options.length === 1 ? { ...options[0], ...about({ ...options[0], ...schema }) } : schema;
}

const code = (text) => `\`${text}\``;
// Bounds that zod writes for every integer say nothing.
const isBound = (value) => value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER;
const plural = (text) =>
  text
    .replace(/^text\b/, "texts")
    .replace(/^map\b/, "maps")
    .replace(/^whole number\b/, "whole numbers");

function limits(least, most, unit) {
  const texts = [
    ...(least === undefined || least < 2 ? [] : [`at least ${least}`]),
    ...(isBound(most) ? [`up to ${most}`] : []),
  ];
  return texts.length === 0 ? "" : ` (${texts.join(", ")} ${unit})`;
}

function range({ minimum, maximum, exclusiveMinimum }) {
  const from = isBound(exclusiveMinimum) ? ` above ${exclusiveMinimum}` : isBound(minimum) ? ` from ${minimum}` : "";
  return `${from}${isBound(maximum) ? ` to ${maximum}` : ""}`;
}

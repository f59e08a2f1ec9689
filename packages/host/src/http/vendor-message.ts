/** Vendor texts in errors are cut here; Kibana's own cut is the same. */
const MAX_TEXT = 2048;

/**
 * What the other system itself says is wrong, in its own words: the usual fields of JSON error bodies, Jira's
 * `errorMessages` and named `errors`, lists of errors, or the text of the body with HTML taken out.
 */
export function vendorMessage(data: unknown): string | undefined {
  const text = typeof data === "string" ? stripHtml(data) : fromValue(data, 0);
  const trimmed = text?.replace(/\s+/g, " ").trim();
  return trimmed ? bounded(trimmed) : undefined;
}

/** The body of an error answer as kept in `details`: bounded, HTML stripped, JSON left as it is when it is small. */
export function boundedBody(data: unknown): unknown {
  if (data === null || data === undefined) return data;
  if (typeof data === "string") return bounded(stripHtml(data));
  const json = JSON.stringify(data);
  return json.length <= MAX_TEXT ? data : bounded(json);
}

const FIELDS = ["detail", "title", "error_description", "error", "message", "reason", "description", "Message", "msg"];

function fromValue(value: unknown, depth: number): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null || depth > 3) return undefined;
  if (Array.isArray(value)) return list(value.map((item) => fromValue(item, depth + 1)));
  const body = value as Record<string, unknown>;
  const parts = [
    list([body["errorMessages"]].flat().map((item) => fromValue(item, depth + 1))),
    named(body["errors"], depth),
  ];
  for (const field of FIELDS) {
    if (!Object.hasOwn(body, field)) continue;
    const found = fromValue(body[field], depth + 1);
    if (found) {
      parts.unshift(found);
      break;
    }
  }
  return list(parts) ?? (depth === 0 && Object.keys(body).length > 0 ? JSON.stringify(body) : undefined);
}

/** `errors` as a list, or as a map of field names to texts, whose names are kept. */
function named(errors: unknown, depth: number): string | undefined {
  if (Array.isArray(errors)) return fromValue(errors, depth + 1);
  if (typeof errors !== "object" || errors === null) return undefined;
  return list(
    Object.entries(errors).map(([field, value]) => {
      const text = fromValue(value, depth + 1);
      return text === undefined ? undefined : `${field}: ${text}`;
    }),
  );
}

function list(parts: (string | undefined)[]): string | undefined {
  const texts = parts.filter((part) => part !== undefined && part !== "").slice(0, 15);
  return texts.length === 0 ? undefined : texts.join("; ");
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  "#39": "'",
  "#x27": "'",
};

function stripHtml(text: string): string {
  if (!/<(?:!doctype|html|head|body|div|p|h1|pre)\b/i.test(text)) return text;
  return text
    .slice(0, 100_000)
    .replace(/<(script|style|head)\b[\s\S]*?<\/\1>/gi, " ")
    .replace(/<[^>]*>/g, " ")
    .replace(
      /&(amp|lt|gt|quot|apos|nbsp|#39|#x27);/gi,
      (entity, name: string) => ENTITIES[name.toLowerCase()] ?? entity,
    )
    .replace(/\s+/g, " ")
    .trim();
}

const bounded = (text: string) => (text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT - 1)}…`);

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

/** Far more than what is kept of a page; its beginning says what it is about. */
const MAX_PAGE = 20_000;

function stripHtml(text: string): string {
  const page = text.slice(0, MAX_PAGE);
  if (!/<(?:!doctype|html|head|body|div|p|h1|pre)\b/i.test(page)) return text;
  return withoutTags(page)
    .replace(
      /&(amp|lt|gt|quot|apos|nbsp|#39|#x27);/gi,
      (entity, name: string) => ENTITIES[name.toLowerCase()] ?? entity,
    )
    .replace(/\s+/g, " ")
    .trim();
}

/** In one pass over the text: a page of nothing but brackets must not keep the process busy. */
function withoutTags(page: string): string {
  const lower = page.toLowerCase();
  const parts: string[] = [];
  let at = 0;
  for (;;) {
    const open = page.indexOf("<", at);
    if (open === -1) return parts.concat(page.slice(at)).join(" ");
    parts.push(page.slice(at, open));
    const [, name] = /^<(script|style|head)\b/.exec(lower.slice(open, open + 8)) ?? [];
    const inner = name === undefined ? open : lower.indexOf(`</${name}`, open);
    const close = inner === -1 ? -1 : page.indexOf(">", inner);
    // What is never closed has no words behind it.
    if (close === -1) return parts.join(" ");
    at = close + 1;
  }
}

const MAX_ITEMS = 20;
const MAX_DEPTH = 4;

/** What a connector's own `check` keeps of an answer, cut where it is longer than anybody would read. */
export function boundedDetails(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return value.length <= 500 ? value : `${value.slice(0, 499)}…`;
  if (typeof value !== "object" || value === null) return value;
  if (depth >= MAX_DEPTH) return "…";
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => boundedDetails(item, depth + 1));
  const entries = Object.entries(value).slice(0, MAX_ITEMS);
  return Object.fromEntries(entries.map(([key, item]) => [key.slice(0, 200), boundedDetails(item, depth + 1)]));
}

export const bounded = (text: string) => (text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT - 1)}…`);

import { StepwireError, type RequestOptions } from "@stepwire/core";

const JSON_TYPE = /^(?:application|text)\/(?:[\w.+-]+\+)?json$/i;
const TEXT_TYPE =
  /^text\/|^[\w.+-]+\/[\w.+-]+\+(?:xml|yaml)$|^application\/(?:xml|javascript|x-www-form-urlencoded|(?:x-)?(?:yaml|ndjson|jsonl|json-?lines)|json-seq)$/i;

/**
 * An answer's bytes as data. `auto`: JSON types parsed, text types decoded, no type at all tried as JSON and then as
 * text, anything else as base64 text; an empty body is `null`. Throws `response-invalid-json` where JSON was promised
 * (`strict`) and does not come, and `unsupported-content-type` where `json` is wanted and another type comes.
 */
export function decodeBody(
  raw: Buffer,
  headers: Record<string, string>,
  accept: NonNullable<RequestOptions["accept"]>,
  strict: boolean,
  host: string,
  mask: (text: string) => string,
  exactIntegers = false,
): unknown {
  // What becomes base64 could not be masked any more; a secret in bytes is found by its ASCII form.
  const bytes = () => maskBytes(raw, mask);
  if (accept === "bytes") return new Uint8Array(bytes());
  const contentType = headers["content-type"] ?? "";
  const type = (contentType.split(";")[0] ?? "").trim();
  if (accept === "text") return decodeText(raw, contentType);
  if (raw.length === 0) return null;
  if (accept === "json" && type !== "" && !JSON_TYPE.test(type)) {
    throw new StepwireError("unsupported-content-type", `${host} answered with ${type}, where JSON is needed.`, {
      details: { reason: "content-type", contentType: type },
    });
  }
  if (accept === "json" || JSON_TYPE.test(type)) {
    const text = decodeText(raw, contentType);
    if (strict && nestsTooDeep(text)) {
      const message = `${host} answered with JSON that is nested deeper than ${MAX_DEPTH} levels.`;
      throw new StepwireError("response-invalid-json", message, { details: { reason: "depth" } });
    }
    try {
      return exactIntegers ? parseExactly(text) : (JSON.parse(text) as unknown);
    } catch {
      if (!strict) return text;
      // Masked before it is cut: half a secret would not be recognised any more.
      const message = `${host} answered with JSON that cannot be read: ${excerpt(mask(text))}`;
      throw new StepwireError("response-invalid-json", message);
    }
  }
  if (TEXT_TYPE.test(type)) return decodeText(raw, contentType);
  if (type === "") return decodeUntyped(raw) ?? bytes().toString("base64");
  return bytes().toString("base64");
}

/** Node gives a reviver the text of each number (the proposal "JSON.parse source text access"); TypeScript does not know it yet. */
type SourceReviver = (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown;

function parseExactly(text: string): unknown {
  const keep: SourceReviver = (_key, value, { source = "" }) =>
    typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(source) ? source : value;
  return JSON.parse(text, keep as Parameters<typeof JSON.parse>[1]) as unknown;
}

function maskBytes(raw: Buffer, mask: (text: string) => string): Buffer {
  const text = raw.toString("latin1");
  const masked = mask(text);
  return masked === text ? raw : Buffer.from(masked, "latin1");
}

/** Deeper than any real answer, and shallow enough for everything that walks through data. */
const MAX_DEPTH = 500;

function nestsTooDeep(json: string): boolean {
  if (json.length <= MAX_DEPTH) return false;
  let depth = 0;
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (token === "[" || token === "{") depth += 1;
    else if (token === "]" || token === "}") depth -= 1;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}

/** Servers that send no content type mostly send JSON or text; `undefined` for what is neither. */
function decodeUntyped(raw: Buffer): unknown {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(raw);
  } catch {
    return undefined;
  }
  if (nestsTooDeep(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

const UTF_8 = new TextDecoder();

function decodeText(raw: Buffer, contentType: string): string {
  if (contentType === "" || contentType === "application/json") return UTF_8.decode(raw);
  const charset = /charset=["']?([\w.:-]+)/i.exec(contentType)?.[1] ?? "utf-8";
  try {
    return new TextDecoder(charset).decode(raw);
  } catch {
    return UTF_8.decode(raw);
  }
}

const excerpt = (text: string) => JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);

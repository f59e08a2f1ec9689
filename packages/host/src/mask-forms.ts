/** Lines of a longer text (a key in PEM) that are long enough to tell something by themselves. */
const MIN_LINE_LENGTH = 20;

/** Parts of a path shorter than this may well be words. */
const MIN_SEGMENT_LENGTH = 16;

/**
 * The shapes in which a secret turns up in messages and answers: as it is, in base64, percent- and form-encoded,
 * inside JSON; the token without its scheme (`Bearer x`), the lines of a longer text, and the path, query and
 * password of a URL. Shapes shorter than `minLength` are left out.
 */
export function secretForms(secret: string, minLength: number): string[] {
  const parts = [secret, secret.trim(), ...schemeless(secret), ...urlParts(secret), ...respelled(secret)];
  const long = (text: string): boolean => text.length >= minLength;
  // Single lines are looked for as they are only: their other shapes would make a pattern of hundreds.
  return [...new Set([...parts.filter(long).flatMap(encodings), ...linesOf(secret)])].filter(long);
}

/** A key of a thousand characters in every mixture would make a pattern of a million. */
const MAX_MIXED_LENGTH = 256;

function encodings(text: string): string[] {
  const bytes = Buffer.from(text, "utf8");
  const standard = bytes.toString("base64");
  const percent = percentEncoded(text);
  const packed = [
    standard,
    standard.replace(/=+$/, ""),
    standard.replaceAll("+", "-").replaceAll("/", "_"),
    bytes.toString("base64url"),
    ...percent,
    ...innerBase64(bytes),
  ];
  // Whoever quotes what was packed already escapes its `+`, `/` and `=` as well.
  const escaped = text.length > MAX_MIXED_LENGTH ? [text] : [text, ...packed];
  return [
    text,
    // UTF-8 in a header, which is read as Latin-1.
    bytes.toString("latin1"),
    ...inQuotes(text),
    ...packed,
    ...percent.map((form) => encodeURIComponent(form)),
    ...escaped.flatMap((form) => [...jsonEscaped(form), ...htmlEscaped(form)]),
    bytes.toString("hex"),
  ];
}

/** As JavaScript and Python show a text, whatever quotes they choose for it. */
function inQuotes(text: string): string[] {
  const doubled = text.replaceAll("\\", "\\\\");
  return [doubled, doubled.replaceAll("'", "\\'")];
}

/** What encoders escape beside what they must: Python and PHP; Go and Ruby; Gson; .NET, quotes too. */
const JSON_ESCAPED = [/[^ -~]/g, /[<>&]/g, /[<>&'=]/g, /\\"|[<>&'`+]|[^ -~]/g];

function jsonEscaped(text: string): string[] {
  if (!/[^\w.~-]/.test(text)) return [];
  const plain = JSON.stringify(text).slice(1, -1);
  const once = [plain, ...JSON_ESCAPED.map((escaped) => plain.replace(escaped, escapeUnit))];
  const all = [...once, ...once.map((form) => form.replaceAll("/", "\\/"))];
  // Escaped twice, by a system that wraps one message into another.
  return [...all, ...all.map((form) => JSON.stringify(form).slice(1, -1))];
}

const escapeUnit = (match: string): string =>
  `\\u${match
    .charCodeAt(match.length - 1)
    .toString(16)
    .padStart(4, "0")}`;

const MARKUP = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
/** What escapers in use make of a text; they agree on nothing but the first three characters. */
const ESCAPERS: Readonly<Record<string, string>>[] = [
  MARKUP,
  { ...MARKUP, '"': "&quot;" },
  // JavaScript, PHP, Python and XML.
  ...["&#39;", "&#039;", "&#x27;", "&apos;"].map((mark) => ({ ...MARKUP, '"': "&quot;", "'": mark })),
  // Go and Jinja, Go's templates, Mustache.
  { ...MARKUP, '"': "&#34;", "'": "&#39;" },
  { ...MARKUP, '"': "&#34;", "'": "&#39;", "+": "&#43;" },
  { ...MARKUP, '"': "&quot;", "'": "&#39;", "/": "&#x2F;", "`": "&#x60;", "=": "&#x3D;" },
];

function htmlEscaped(text: string): string[] {
  if (!/[&<>"'+/`=]/.test(text)) return [];
  return ESCAPERS.map((escaper) => text.replace(/[&<>"'+/`=]/g, (mark) => escaper[mark] ?? mark));
}

/** Too short a piece of base64 would hit other data. */
const MIN_INNER_BASE64 = 12;

/** What base64 makes of the bytes in the middle of something longer, at each of the three places they can start. */
function innerBase64(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
    const inner = encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
    return inner.length < MIN_INNER_BASE64 ? [] : [inner, inner.replaceAll("+", "-").replaceAll("/", "_")];
  });
}

/** As one component, the strict form of that, and as a form field. */
function percentEncoded(text: string): string[] {
  // A lone surrogate has no UTF-8 form.
  const wellFormed = text.replace(/\p{Surrogate}/gu, "\ufffd");
  const component = encodeURIComponent(wellFormed);
  const strict = component.replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
  return [component, strict, new URLSearchParams([["", text]]).toString().slice(1), encodeURI(wellFormed)];
}

function linesOf(secret: string): string[] {
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  // The marks of PEM are the same in every key.
  return lines.length === 1
    ? []
    : lines.filter((line) => line.length > MIN_LINE_LENGTH && !/^-----[A-Z ]+-----$/.test(line));
}

function schemeless(secret: string): string[] {
  const match = /^[A-Za-z][\w-]*\s+(\S+)$/.exec(secret.trim());
  return match?.[1] === undefined ? [] : [match[1]];
}

function urlParts(secret: string): string[] {
  const text = secret.trim();
  const url = /^https?:\/\//i.test(text) ? URL.parse(text) : null;
  if (url === null) return [];
  const raw = /^[a-z]+:\/\/[^/?#]*([^?#]*)(\?[^#]*)?/i.exec(text);
  const query = [...url.searchParams.values()];
  const password = safeDecode(url.password);
  // The last part of a webhook's path is its token.
  const tokens = url.pathname.split("/").filter((segment) => segment.length >= MIN_SEGMENT_LENGTH);
  const whole = [url.href, url.pathname, url.pathname + url.search, raw?.[1] ?? ""];
  // A server takes its path apart and decodes the parts.
  return [...whole, ...tokens, ...tokens.map(safeDecode), url.password, password, ...query];
}

/** Base64 in its other spellings: without padding, and with the alphabet for URLs. */
function respelled(secret: string): string[] {
  const text = secret.trim();
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return [];
  const bare = text.replace(/=+$/, "");
  return [bare, bare.replaceAll("+", "-").replaceAll("/", "_")];
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

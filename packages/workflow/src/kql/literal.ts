import { KqlSyntaxError } from "./syntax.ts";

/** A word, phrase or quoted text as it stands in KQL. */
export interface Literal {
  readonly text: string;
  readonly quoted: boolean;
  readonly offset: number;
  readonly end: number;
  /** The texts around its stars, where it has any. */
  readonly parts?: readonly string[];
}

const SPECIAL = new Set(["(", ")", ":", "<", ">", '"', "{", "}"]);
const KEYWORD_AHEAD = /\s+(?:and|or|not)(?=[\s()]|$)/iy;
const ESCAPES: Record<string, string> = { t: "\t", r: "\r", n: "\n" };

/** Reads the literal that starts at `offset`; an unquoted one may hold several words and ends before a keyword. */
export function readLiteral(source: string, offset: number): Literal | undefined {
  return source[offset] === '"' ? readQuoted(source, offset) : readUnquoted(source, offset);
}

function readQuoted(source: string, offset: number): Literal {
  let text = "";
  let at = offset + 1;
  while (at < source.length) {
    const char = source.charAt(at);
    if (char === '"') return { text, quoted: true, offset, end: at + 1 };
    if (char === "\\") {
      const escape = readEscape(source, at);
      text += escape.text;
      at = escape.end;
    } else {
      text += char;
      at += 1;
    }
  }
  throw new KqlSyntaxError("A double quote is opened and never closed", offset);
}

function readUnquoted(source: string, offset: number): Literal | undefined {
  let text = "";
  const parts = [""];
  let isBlank = false;
  let at = offset;
  while (at < source.length) {
    const char = source.charAt(at);
    const wasBlank = isBlank;
    isBlank = /\s/.test(char);
    KEYWORD_AHEAD.lastIndex = at;
    // Asked once for a row of blanks, which may be long.
    if (isBlank && !wasBlank && KEYWORD_AHEAD.test(source)) break;
    let piece = char;
    let end = at + 1;
    if (char === "[" && /^["']/.test(source.slice(at + 1))) {
      // A quoted key in brackets belongs to a field name, whatever it holds.
      const close = source.indexOf(`${source.charAt(at + 1)}]`, at + 2);
      if (close === -1) throw new KqlSyntaxError("A bracket is opened and never closed", at);
      end = close + 2;
      piece = source.slice(at, end);
    } else if (SPECIAL.has(char)) break;
    else if (char === "\\") ({ text: piece, end } = readEscape(source, at));
    if (char === "*") parts.push("");
    else parts[parts.length - 1] += piece;
    text += piece;
    at = end;
  }
  const trimmed = text.trimEnd();
  if (trimmed === "") return undefined;
  const literal = { text: trimmed, quoted: false, offset, end: at };
  return parts.length === 1 ? literal : { ...literal, parts: [...parts.slice(0, -1), parts.at(-1)?.trimEnd() ?? ""] };
}

function readEscape(source: string, at: number): { text: string; end: number } {
  const unicode = /^u([0-9a-f]{4})/i.exec(source.slice(at + 1, at + 6))?.[1];
  if (unicode !== undefined) return { text: String.fromCharCode(Number.parseInt(unicode, 16)), end: at + 6 };
  const next = source[at + 1];
  if (next === undefined) return { text: "\\", end: at + 1 };
  const keyword = /^(?:and|or|not)\b/i.exec(source.slice(at + 1, at + 5))?.[0];
  if (keyword !== undefined && next !== "n") return { text: keyword, end: at + 1 + keyword.length };
  return { text: ESCAPES[next] ?? next, end: at + 2 };
}

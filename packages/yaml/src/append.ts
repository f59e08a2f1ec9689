import { isMap, isScalar, isSeq, parseDocument, stringify, type Node, type YAMLMap, type YAMLSeq } from "yaml";

import { parseYaml } from "./parse.ts";

/** A new text, or why the old one cannot be added to without risk. */
export type Appended = { text: string } | { problem: string };

/** What goes in at one place of a text, and what it takes the place of. */
interface Splice {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/**
 * Adds an entry to the list under a key of a YAML or JSON map. Everything that stands there already stays byte for byte:
 * comments, order, quotes, line ends. The entry takes on the list's own style. What cannot be read, or would mean
 * something else afterwards, is left alone.
 * @param text the file; an empty one becomes a map with the list alone, in JSON where `json` says so.
 * @param entry plain JSON data.
 */
export function appendToList(text: string, key: string, entry: object, options: { json?: boolean } = {}): Appended {
  const before = parseYaml(text, "", { secret: true });
  if (before.findings.length > 0) return { problem: "it cannot be read" };
  const list = listOf(before.value, key);
  if (list === undefined) return { problem: `${key} is no list` };
  const splice = spliceFor(text, key, entry, options.json === true);
  const made = text.slice(0, splice.from) + splice.insert + text.slice(splice.to);
  const after = parseYaml(made, "", { secret: true });
  const expected = { ...(before.value as object | null), [key]: [...list, entry] };
  // Whatever the style of the file, the outcome is compared with what was meant.
  if (after.findings.length > 0 || JSON.stringify(after.value) !== JSON.stringify(expected))
    return { problem: `${key} is written in a way that cannot be added to` };
  return { text: made };
}

function listOf(value: unknown, key: string): unknown[] | undefined {
  if (value === null || value === undefined) return [];
  if (typeof value !== "object" || Array.isArray(value)) return undefined;
  const list = Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
  if (list === null || list === undefined) return [];
  return Array.isArray(list) ? (list as unknown[]) : undefined;
}

function spliceFor(text: string, key: string, entry: object, json: boolean): Splice {
  const { contents: root } = parseDocument(text, { resolveKnownTags: false });
  if (!isMap(root)) return json ? wholeJson(text, key, entry) : atEnd(text, `${key}:`, entry);
  const pair = root.items.find((item) => isScalar(item.key) && item.key.value === key);
  if (pair === undefined)
    return root.flow === true ? intoFlowMap(text, root, key, entry) : atEnd(text, `${key}:`, entry);
  const { value } = pair;
  if (!isSeq(value)) {
    // Nothing, or the word null: the list takes its place.
    const [from = 0, to = 0] = (value as Node | null)?.range ?? [];
    if (root.flow === true) return { from, to, insert: ` ${JSON.stringify([entry])}` };
    return behindKey(text, from, to, entry);
  }
  const [from, to] = value.range ?? [0, 0];
  if (value.flow !== true) return intoBlock(text, value, entry);
  if (root.flow !== true && /^\[\s*\]$/.test(text.slice(from, to))) return behindKey(text, from, to, entry);
  return intoFlow(text, value, from, entry);
}

/** A block list on the lines behind `key:`, in place of what stands between the two offsets. */
function behindKey(text: string, from: number, to: number, entry: object): Splice {
  const rest = /^[^\r\n]*(\r?\n)?/.exec(text.slice(to))?.[0] ?? "";
  const kept = rest.replace(/\r?\n$/, "").trimEnd();
  const start = text.slice(0, from).trimEnd().length;
  const spaced = kept === "" ? "" : ` ${kept.trimStart()}`;
  const insert = `${spaced}${lineEnd(text)}${block(entry, "  ", lineEnd(text))}`;
  return { from: start, to: to + rest.length, insert };
}

function intoBlock(text: string, list: YAMLSeq, entry: object): Splice {
  const first = list.range?.[0] ?? 0;
  const column = first - startOfLine(text, first);
  const indent = " ".repeat(column);
  const ends = list.items.map((item) => (item as Node).range?.[1] ?? 0);
  const at = behindOwnComments(text, endOfLine(text, ends.at(-1) ?? first), column);
  const [previous = 0, last = 0] = [ends.at(-2), (list.items.at(-1) as Node | undefined)?.range?.[0]];
  const gap = ends.length > 1 && /\n[^\S\n]*\r?\n/.test(text.slice(previous - 1, last)) ? lineEnd(text) : "";
  return { from: at, to: at, insert: lineEndBefore(text, at) + gap + block(entry, indent, lineEnd(text)) };
}

/** Comments that are indented deeper than the dashes are the last item's: often keys of it that are switched off. */
function behindOwnComments(text: string, from: number, column: number): number {
  let end = from;
  for (let at = from; at < text.length;) {
    const next = endOfLine(text, at + 1);
    const line = text.slice(at, next);
    const start = line.search(/\S/);
    if (start !== -1 && (line[start] !== "#" || start <= column)) break;
    if (start !== -1) end = next;
    at = next;
  }
  return end;
}

function intoFlow(text: string, list: YAMLSeq, open: number, entry: object): Splice {
  const last = (list.items.at(-1) as Node | undefined)?.range;
  if (last === undefined || last === null) {
    const column = /^[^\S\n]*/.exec(text.slice(startOfLine(text, open)))?.[0] ?? "";
    const several = text.trimEnd().includes("\n");
    const eol = lineEnd(text);
    const inner = several
      ? `${eol}${column}  ${jsonAt(entry, `${column}  `, eol)}${eol}${column}`
      : JSON.stringify(entry);
    return { from: open + 1, to: open + 1, insert: inner };
  }
  const [start, end] = last;
  const eol = lineEnd(text);
  const line = text.slice(startOfLine(text, start), start);
  const alone = line.trim() === "" && line !== text.slice(0, start);
  // Nothing but commas and comments stands between the last item and the bracket.
  const [remark, before = ""] = /^([^#\r\n]*)#[^\r\n]*/.exec(text.slice(end, list.range?.[1])) ?? [];
  if (remark === undefined) {
    const insert = alone ? `,${eol}${line}${jsonAt(entry, line, eol)}` : `, ${JSON.stringify(entry)}`;
    return { from: end, to: end, insert };
  }
  const indent = alone ? line : `${/^[^\S\n]*/.exec(line)?.[0]}  `;
  const [comma, trailing] = before.includes(",") ? ["", ","] : [",", ""];
  const insert = `${comma}${remark}${eol}${indent}${jsonAt(entry, indent, eol)}${trailing}`;
  return { from: end, to: end + remark.length, insert };
}

function intoFlowMap(text: string, root: YAMLMap, key: string, entry: object): Splice {
  const open = (root.range?.[0] ?? 0) + 1;
  const eol = lineEnd(text);
  const several = root.items.length === 0 && (text.includes("\n") || root.range?.[1] === text.length);
  const list = JSON.stringify(key);
  if (!several) return { from: open, to: open, insert: `${list}: ${JSON.stringify([entry])}, ` };
  return { from: open, to: open, insert: `${eol}  ${list}: ${jsonAt([entry], "  ", eol)}${eol}` };
}

function wholeJson(text: string, key: string, entry: object): Splice {
  return { from: text.length, to: text.length, insert: `${JSON.stringify({ [key]: [entry] }, null, 2)}\n` };
}

function atEnd(text: string, head: string, entry: object): Splice {
  const eol = lineEnd(text);
  const insert = `${lineEndBefore(text, text.length)}${head}${eol}${block(entry, "  ", eol)}`;
  return { from: text.length, to: text.length, insert };
}

/** An entry of a block list: texts of several lines stay readable as such. */
function block(entry: object, indent: string, eol: string): string {
  const lines = stringify(entry, { lineWidth: 0, blockQuote: "literal" }).trimEnd().split("\n");
  return lines
    .map((line, at) => (at === 0 ? `${indent}- ${line}` : line === "" ? "" : `${indent}  ${line}`))
    .map((line) => line + eol)
    .join("");
}

function jsonAt(value: unknown, indent: string, eol: string): string {
  return JSON.stringify(value, null, 2).split("\n").join(`${eol}${indent}`);
}

const lineEnd = (text: string): string => (text.includes("\r\n") ? "\r\n" : "\n");
const startOfLine = (text: string, at: number): number => text.lastIndexOf("\n", at - 1) + 1;

/** Behind the line that ends at or after this offset; an offset at the start of a line is there already. */
function endOfLine(text: string, at: number): number {
  if (at === startOfLine(text, at)) return at;
  const next = text.indexOf("\n", at);
  return next === -1 ? text.length : next + 1;
}

const lineEndBefore = (text: string, at: number): string => (at === startOfLine(text, at) ? "" : lineEnd(text));

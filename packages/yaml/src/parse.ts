import { formatPath, type Finding } from "@stepwire/core";
import {
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
  type Pair,
  type Scalar,
  type YAMLError,
  type YAMLMap,
} from "yaml";

export type YamlPath = readonly (string | number)[];

export interface Position {
  /** Counts from 1. */
  line: number;
  /** Counts from 1. */
  column: number;
}

/** A YAML (or JSON) text as plain data that knows where each part of it stands. */
export interface YamlSource {
  readonly file: string;
  readonly text: string;
  /** Plain data; `undefined` where there are findings of severity error. */
  readonly value: unknown;
  readonly findings: readonly Finding[];
  /** Where a key (default) or the value behind it stands; a path that does not exist gives its nearest parent's place. */
  position(path: YamlPath, of?: "key" | "value"): Position;
  /** A finding of severity error at a path of this file, unless the given fields say otherwise. */
  finding(path: YamlPath, finding: Pick<Finding, "code" | "message"> & Partial<Finding>, of?: "key" | "value"): Finding;
}

/** Most characters a file may have; Kibana's limit for a workflow. */
export const MAX_YAML_LENGTH = 1_048_576;
/** Expanded aliases a file may ask for. Far above real use, far below what makes a bomb. */
const MAX_ALIASES = 1000;

/** What to do about the mistakes people make most, by the parser's own codes. */
const HINTS: Readonly<Record<string, string>> = {
  BAD_INDENT: "Close the { or [ that is open, or indent what belongs to it.",
  MISSING_CHAR: "Close the quote, { or [ that is open.",
  TAB_AS_INDENT: "Indent with spaces.",
  MULTILINE_IMPLICIT_KEY: "Put a text with a colon into quotes.",
  BLOCK_AS_IMPLICIT_KEY: "Put a text with a colon into quotes, or start a new line.",
  BAD_ALIAS: "Define the anchor (&name) before its alias (*name), or put the text into quotes.",
  MULTIPLE_DOCS: "Keep one of them in this file.",
};

/** Where the parser's own words are for programmers. */
const MESSAGES: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: "The file holds more than one document (---).",
};

/** Tags of what JSON has, too. The parser warns of one where the value behind it is not of that kind. */
const JSON_TAGS = new Set(["!!str", "!!int", "!!float", "!!bool", "!!null", "!!map", "!!seq"]);

/** Something that was read, but not as what stands there. */
interface Loss {
  readonly offset: number;
  readonly message: string;
  readonly hint: string;
}

/** What a message may say of a text that is a secret, by the parser's codes whose own words repeat the text. */
const DISCREET: Readonly<Record<string, string>> = {
  TAG_RESOLVE_FAILED: "The tag (a text that begins with !) cannot be read.",
  BAD_DQ_ESCAPE: "A backslash in double quotes stands before something that it does not escape.",
  BAD_DIRECTIVE: "A line that begins with % is no directive.",
};

/**
 * Reads YAML 1.2. Never throws: what is wrong comes back as findings with code `yaml-invalid`.
 * @param options.secret the file may hold secrets: no message repeats what stands in it.
 */
export function parseYaml(text: string, file: string, options: { secret?: boolean } = {}): YamlSource {
  const { secret = false } = options;
  /** The parser puts what it quotes behind a colon. */
  const said = ({ code, message }: YAMLError): string =>
    MESSAGES[code] ?? (secret ? (DISCREET[code] ?? message.replace(/: .*$/s, ".")) : message);
  const lines = new LineCounter();
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const invalid = (message: string, position: Position, hint?: string): Finding => ({
    code: "yaml-invalid",
    rule: "yamlSyntaxError",
    severity: "error",
    message,
    file,
    ...position,
    ...(hint === undefined ? {} : { hint }),
  });
  const broken = (message: string, position: Position, hint?: string): YamlSource =>
    source(undefined, undefined, [invalid(message, position, hint)]);
  const source = (doc: Document.Parsed | undefined, value: unknown, findings: Finding[]): YamlSource => ({
    file,
    text,
    value,
    findings,
    position: (path, of = "key") => at(doc === undefined ? 0 : offsetOf(doc, path, of)),
    finding(path, finding, of = "key") {
      const place = path.length === 0 ? {} : { path: formatPath(path) };
      return { severity: "error", file, ...this.position(path, of), ...place, ...finding };
    },
  });

  if (text.length > MAX_YAML_LENGTH) {
    return broken(`The file has ${text.length} characters; at most ${MAX_YAML_LENGTH} are read.`, {
      line: 1,
      column: 1,
    });
  }

  let doc: Document.Parsed;
  try {
    // The parser compares every key of a map with every other, which takes minutes for a large one.
    doc = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false, resolveKnownTags: false });
  } catch (error) {
    return broken(`This is not YAML: ${(error as Error).message}`, { line: 1, column: 1 });
  }
  // The parser is recursive and reports its own overflow once a level.
  const overflow = doc.errors.find((error) => error.message.includes("call stack"));
  if (overflow !== undefined) return broken("This is nested too deeply.", at(overflow.pos[0]));
  const { mistakes: ofKeys, hasAlias } = lookThrough(doc);
  const mistakes: Loss[] = [
    ...doc.errors.map((error) => ({
      offset: error.pos[0],
      message: said(error),
      hint: HINTS[error.code] ?? "Check the indentation and the quotes of this line and the one before.",
    })),
    ...ofKeys,
  ];
  if (mistakes.length > 0) {
    const sorted = mistakes.toSorted((one, other) => one.offset - other.offset);
    return source(
      doc,
      undefined,
      sorted.map(({ message, offset, hint }) => invalid(message, at(offset), hint)),
    );
  }
  try {
    const value: unknown = doc.toJS({ maxAliasCount: MAX_ALIASES });
    const losses = lossesOf(doc, text, secret);
    if (losses.length > 0) {
      return source(
        doc,
        undefined,
        losses.map(({ message, offset, hint }) => invalid(message, at(offset), hint)),
      );
    }
    // Without an alias there is no way back.
    if (!hasAlias || !isCyclic(value)) return source(doc, value, []);
    return broken(
      "An alias (*name) stands inside the very part it repeats.",
      { line: 1, column: 1 },
      "Write the part out.",
    );
  } catch (error) {
    const { message } = error as Error;
    // The parser got through, making plain data of it did not.
    if (error instanceof RangeError) return broken("This is nested too deeply.", { line: 1, column: 1 });
    const [, missing] = /^Unresolved alias[^:]*: (.+)$/s.exec(message) ?? [];
    if (missing !== undefined) {
      const place = at(offsetOfAlias(doc, missing));
      if (secret) return broken("This alias repeats nothing.", place, "Put a text that begins with * into quotes.");
      const hint = `Mark the part it should repeat with &${missing}, above.`;
      return broken(`The alias *${missing} repeats nothing.`, place, hint);
    }
    const bomb = /alias/i.test(message);
    return broken(
      bomb ? "Its aliases (*name) expand to too much data." : `This is not YAML: ${message}`,
      { line: 1, column: 1 },
      bomb ? "Write the repeated parts out, or use fewer aliases." : undefined,
    );
  }
}

/**
 * What plain data cannot hold as it is written, in the order of the text. The parser takes the nearest it can: a set
 * becomes an empty map as soon as it is JSON, a long number another one. Nobody would see that.
 */
function lossesOf(doc: Document.Parsed, text: string, secret: boolean): Loss[] {
  const losses = doc.warnings.flatMap((warning) => lossOfTag(warning, text, secret) ?? []);
  walk(doc.contents, (node) => {
    const offset = node.range?.[0] ?? 0;
    if (isScalar(node)) {
      const loss = lossOfScalar(node, secret);
      if (loss !== undefined) losses.push({ offset, ...loss });
    } else if (isCollection(node)) {
      // Where a file asks for YAML 1.1, its schema knows these, and nothing warned of them.
      const { tag = "" } = node;
      const [, name] = /^tag:yaml\.org,2002:(set|omap)$/.exec(tag) ?? [];
      if (name === undefined || !doc.schema.tags.some((known) => known.tag === tag)) return;
      losses.push({ offset, ...lossOfTagName(`!!${name}`, secret) });
    }
  });
  return losses.toSorted((one, other) => one.offset - other.offset);
}

/**
 * Keys that stand twice in one map (`1` and `"1"` are one key as soon as they are JSON), keys that are no text, and whether
 * there are aliases.
 */
function lookThrough(doc: Document.Parsed): { mistakes: Loss[]; hasAlias: boolean } {
  const mistakes: Loss[] = [];
  let hasAlias = false;
  walk(doc.contents, (node) => {
    if (isAlias(node)) hasAlias = true;
    if (!isMap(node)) return;
    const seen = new Set<string>();
    for (const { key } of node.items) {
      const name = nameOf(key);
      if (isCollection(key)) {
        // YAML takes `{{ x }}` for a map within a map; nobody means that.
        const hint = 'A template needs quotes: "{{ event.name }}".';
        mistakes.push({ offset: key.range?.[0] ?? 0, message: "A key must be a text, not a map or a list.", hint });
      } else if (seen.has(name)) {
        const offset = isNode(key) ? (key.range?.[0] ?? 0) : 0;
        mistakes.push({ offset, message: "This key stands twice in the same map.", hint: "Keep one of the two." });
      }
      seen.add(name);
    }
  });
  return { mistakes, hasAlias };
}

/** A key as plain data has it. */
const nameOf = (key: unknown): string => String(isScalar(key) ? key.value : key);

/** Each node of a document in its order. The library's own visitor makes a list of parents for every one. */
function walk(node: unknown, visitor: (node: Node) => void): void {
  if (isPair(node)) {
    walk(node.key, visitor);
    walk(node.value, visitor);
  } else if (isNode(node)) {
    visitor(node);
    if (isCollection(node)) for (const item of node.items) walk(item, visitor);
  }
}

function lossOfTag({ code, pos }: YAMLError, text: string, secret: boolean): Loss | undefined {
  if (code !== "TAG_RESOLVE_FAILED" && code !== "BAD_COLLECTION_TYPE") return undefined;
  const tag = text.slice(...pos);
  return { offset: pos[0], ...lossOfTagName(tag, secret) };
}

function lossOfTagName(tag: string, secret: boolean): Omit<Loss, "offset"> {
  if (JSON_TAGS.has(tag)) return { message: `The tag ${tag} does not fit its value.`, hint: "Leave the tag out." };
  if (secret) return { message: "This is read as a tag.", hint: "Put a text that begins with ! into quotes." };
  return {
    message: `The tag ${tag} makes something that JSON does not have.`,
    hint: "Leave the tag out, and write a text, a number, a list or a map.",
  };
}

function lossOfScalar(scalar: Scalar, secret: boolean): Omit<Loss, "offset"> | undefined {
  const { value, source = "" } = scalar;
  const hint = "Put it into quotes.";
  if (secret) {
    const keeps = lossOfScalar(scalar, false) === undefined;
    return keeps ? undefined : { message: "This is read as a number or a date that JSON cannot hold.", hint };
  }
  if (typeof value === "number") {
    if (!Number.isFinite(value)) return { message: `${shorten(source)} is not a number that JSON can hold.`, hint };
    if (isExact(value, source)) return undefined;
    return { message: `The number ${shorten(source)} cannot be kept exactly; it would become ${value}.`, hint };
  }
  // YAML 1.1, where a file asks for it, finds dates in plain texts.
  if (typeof value !== "object" || value === null) return undefined;
  return { message: `${shorten(source)} is read as something that JSON does not have.`, hint };
}

/** Whether an integer is the one that stands there. Fractions are rounded everywhere, and everybody knows. */
function isExact(value: number, source: string): boolean {
  if (Number.isSafeInteger(value) || !/^(?:[-+]?\d+|0x[\da-f]+|0o[0-7]+)$/i.test(source)) return true;
  return BigInt(source) === BigInt(value);
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** Where the first alias of this name stands that no anchor comes before. */
function offsetOfAlias(doc: Document.Parsed, name: string): number {
  let offset = 0;
  visit(doc, (_, node) => {
    if (!isNode(node)) return undefined;
    if (isAlias(node) && node.source === name) {
      offset = node.range?.[0] ?? 0;
      return visit.BREAK;
    }
    return !isAlias(node) && node.anchor === name ? visit.BREAK : undefined;
  });
  return offset;
}

function isCyclic(value: unknown, parents = new Set<unknown>()): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (parents.has(value)) return true;
  parents.add(value);
  const cyclic = Object.values(value).some((item) => isCyclic(item, parents));
  parents.delete(value);
  return cyclic;
}

/** The pairs of maps by their keys: many findings may ask for places in one large map. */
const pairs = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

function pairsOf(map: YAMLMap): ReadonlyMap<string, Pair> {
  const known = pairs.get(map) ?? new Map(map.items.toReversed().map((pair) => [nameOf(pair.key), pair]));
  pairs.set(map, known);
  return known;
}

function offsetOf(doc: Document.Parsed, path: YamlPath, of: "key" | "value"): number {
  let node: unknown = doc.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const [index, key] of path.entries()) {
    const last = index === path.length - 1;
    if (isMap(node)) {
      const pair = pairsOf(node).get(String(key));
      if (pair === undefined) return offset;
      if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
      if (last && of === "value" && isNode(node)) offset = node.range?.[0] ?? offset;
    } else if (isNode(node) && "items" in node) {
      node = (node.items as unknown[])[Number(key)];
      if (isNode(node)) offset = node.range?.[0] ?? offset;
    } else return offset;
  }
  return offset;
}

import { PatternError, type Flags, type ParsedRegex, type RegexNode } from "./syntax.ts";

const MAX_DEPTH = 200;

/** One escape outside a class; the longest form comes first. */
const ESCAPE = {
  text: /\\(?:x[\da-f]{2}|u[\da-f]{4}|c[a-z]|[^])/iy,
  unicode:
    /\\(?:x[\da-f]{2}|u\{[\da-f]+\}|u[dD][89abAB][\da-f]{2}\\u[dD][c-fC-F][\da-f]{2}|u[\da-f]{4}|c[a-z]|[pP]\{[^}]*\}|[^])/iy,
};
const CLASS = /\[(?:\\[^]|[^\]\\])*\]/y;
const QUANTIFIER = /(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})(\??)/y;
const GROUP = /\((?:\?(?::|<?[=!]|<([^>=!][^>]*)>))?/y;

/**
 * Reads a pattern of which `RegExp` has said that it is one, so that only its structure is looked for.
 * Throws PatternError for the few things that cannot be matched here.
 */
export function parseRegex(pattern: string, flags: Flags): ParsedRegex {
  return new Parser(pattern, flags).parse();
}

class Parser {
  readonly #text: string;
  readonly #flags: Flags;
  readonly #names = new Map<string, number[]>();
  readonly #total: number;
  #at = 0;
  #captures = 0;
  #depth = 0;

  constructor(text: string, flags: Flags) {
    this.#text = text;
    this.#flags = flags;
    this.#total = this.#countCaptures();
  }

  parse(): ParsedRegex {
    const node = this.#choice();
    return { node, captures: this.#captures, names: this.#names };
  }

  /** Captures can be referred to before they come, so they are counted first. */
  #countCaptures(): number {
    let count = 0;
    for (let at = 0; at < this.#text.length;) {
      const group = match(GROUP, this.#text, at);
      if (group !== null && (group[0] === "(" || group[1] !== undefined)) {
        count += 1;
        if (group[1] !== undefined) this.#names.set(group[1], [...(this.#names.get(group[1]) ?? []), count]);
      }
      const skip = match(CLASS, this.#text, at) ?? group;
      at += skip?.[0].length ?? (this.#text[at] === "\\" ? 2 : 1);
    }
    return count;
  }

  #choice(): RegexNode {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new PatternError(`it has more than ${MAX_DEPTH} groups inside each other`);
    const options = [this.#sequence()];
    while (this.#text[this.#at] === "|") {
      this.#at += 1;
      options.push(this.#sequence());
    }
    this.#depth -= 1;
    return options.length === 1 ? (options[0] as RegexNode) : { kind: "choice", options };
  }

  #sequence(): RegexNode {
    const nodes: RegexNode[] = [];
    while (this.#at < this.#text.length && this.#text[this.#at] !== "|" && this.#text[this.#at] !== ")") {
      const first = this.#captures + 1;
      nodes.push(this.#quantified(this.#term(), first));
    }
    return nodes.length === 1
      ? (nodes[0] as RegexNode)
      : nodes.length === 0
        ? { kind: "empty" }
        : { kind: "sequence", nodes };
  }

  #quantified(node: RegexNode, first: number): RegexNode {
    const found = match(QUANTIFIER, this.#text, this.#at);
    if (found === null) return node;
    this.#at += found[0].length;
    const [text, low, comma, high, lazy] = found;
    const min = low === undefined ? (text.startsWith("+") ? 1 : 0) : Number(low);
    const max =
      low === undefined
        ? text.startsWith("?")
          ? 1
          : Number.POSITIVE_INFINITY
        : comma === undefined
          ? min
          : high === ""
            ? Number.POSITIVE_INFINITY
            : Number(high);
    return { kind: "repeat", node, min, max, lazy: lazy === "?", first, end: this.#captures + 1 };
  }

  #term(): RegexNode {
    const char = this.#text[this.#at];
    if (char === "(") return this.#group();
    if (char === "\\") return this.#escape();
    if (char === "^" || char === "$") {
      this.#at += 1;
      return { kind: "edge", edge: char === "^" ? "start" : "end" };
    }
    const found = match(CLASS, this.#text, this.#at)?.[0];
    if (found !== undefined) return this.#atom(found);
    const code = this.#flags.unicode ? (this.#text.codePointAt(this.#at) ?? 0) : this.#text.charCodeAt(this.#at);
    const literal = code > 0xff_ff ? String.fromCodePoint(code) : (char ?? "");
    // Without the flag u, these stand for themselves where they mean nothing else.
    return this.#atom(literal, /[{}\]]/.test(literal) ? `\\${literal}` : literal);
  }

  #group(): RegexNode {
    const open = match(GROUP, this.#text, this.#at) as RegExpExecArray;
    const text = open[0];
    if (text === "(" && this.#text[this.#at + 1] === "?") {
      throw new PatternError(
        `"${this.#text.slice(this.#at, this.#at + 4)}" is a kind of group that cannot be used here`,
      );
    }
    this.#at += text.length;
    const isCapture = text === "(" || open[1] !== undefined;
    if (isCapture) this.#captures += 1;
    const index = this.#captures;
    const node = this.#choice();
    this.#at += 1;
    if (isCapture) return { kind: "capture", index, node };
    if (text === "(?:") return node;
    return { kind: "look", behind: text.includes("<"), negative: text.endsWith("!"), node };
  }

  #escape(): RegexNode {
    const next = this.#text[this.#at + 1] ?? "";
    if (next === "b" || next === "B") {
      this.#at += 2;
      return { kind: "edge", edge: next === "b" ? "word" : "notWord" };
    }
    const digits = /^[1-9]\d*/.exec(this.#text.slice(this.#at + 1, this.#at + 5))?.[0];
    if (digits !== undefined) {
      this.#at += digits.length + 1;
      if (Number(digits) > this.#total) throw new PatternError(`\\${digits} refers to a group that is not there`);
      return { kind: "back", captures: [Number(digits)] };
    }
    const name = next === "k" ? /^<([^>]*)>/.exec(this.#text.slice(this.#at + 2))?.[1] : undefined;
    if (next === "k") {
      const captures = name === undefined ? undefined : this.#names.get(name);
      if (captures === undefined) throw new PatternError(`\\k<${name ?? ""}> refers to a group that is not there`);
      this.#at += (name?.length ?? 0) + 4;
      return { kind: "back", captures };
    }
    const unclear = /^\\(?:0\d|c(?![a-z]))/i.exec(this.#text.slice(this.#at, this.#at + 3))?.[0];
    if (unclear !== undefined) throw new PatternError(`${unclear} is no escape that can be used here`);
    const escape = match(this.#flags.unicode ? ESCAPE.unicode : ESCAPE.text, this.#text, this.#at);
    return this.#atom(escape?.[0] ?? "\\\\");
  }

  #atom(text: string, source = text): RegexNode {
    this.#at += text.length;
    return { kind: "atom", source };
  }
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

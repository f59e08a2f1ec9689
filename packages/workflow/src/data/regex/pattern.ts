import { compileRegex } from "./compile.ts";
import { Matcher, type Budget } from "./match.ts";
import { parseRegex } from "./parse.ts";
import { PatternError, type Flags } from "./syntax.ts";

/** Characters of a pattern. */
export const MAX_PATTERN_LENGTH = 10_000;

export interface Match {
  readonly index: number;
  /** The whole match, then its captures; `undefined` for one that took no part. */
  readonly texts: readonly (string | undefined)[];
}

/** A regular expression whose work is bounded. */
export interface Pattern {
  readonly source: string;
  readonly global: boolean;
  /** How many captures there are. */
  readonly captures: number;
  readonly names: ReadonlyMap<string, readonly number[]>;
  /** All matches, or the first alone without the flag g. Throws BudgetError. */
  matches(text: string, budget: Budget): Generator<Match>;
}

/**
 * Reads a pattern of JavaScript. JavaScript's own engine can take years for a text of some characters, and nothing can
 * stop it meanwhile; so it is only asked whether the pattern is one. Throws PatternError.
 */
export function compilePattern(source: string, flagText: string): Pattern {
  if (source.length > MAX_PATTERN_LENGTH) {
    throw new PatternError(`it has ${source.length} characters, and at most ${MAX_PATTERN_LENGTH} are allowed`);
  }
  const flags = readFlags(flagText);
  try {
    new RegExp(source, flagText);
  } catch (error) {
    throw new PatternError(error instanceof Error ? reasonOf(error.message) : String(error));
  }
  const parsed = parseRegex(source, flags);
  const program = compileRegex(parsed, flags);
  return {
    source,
    global: flags.global,
    captures: parsed.captures,
    names: parsed.names,
    *matches(text, budget) {
      const matcher = new Matcher(program, flags, text, budget);
      for (let from = 0; from <= text.length;) {
        const slots = matcher.find(from);
        if (slots === undefined) return;
        const [start = 0, end = 0] = slots;
        budget.steps -= parsed.captures;
        const texts = Array.from({ length: parsed.captures + 1 }, (_, capture) => textOf(text, slots, capture));
        yield { index: start, texts };
        if (!flags.global) return;
        from = end > start ? end : end + (flags.unicode && (text.codePointAt(end) ?? 0) > 0xff_ff ? 2 : 1);
      }
    },
  };
}

function readFlags(text: string): Flags {
  const wrong = /[^gimsu]/.exec(text)?.[0];
  if (wrong !== undefined)
    throw new PatternError(`"${wrong}" is no flag that can be used here; there are g, i, m, s, u`);
  const has = (flag: string): boolean => text.includes(flag);
  return { global: has("g"), ignoreCase: has("i"), multiline: has("m"), dotAll: has("s"), unicode: has("u") };
}

/** JavaScript's reason without the pattern, which is long and told anyway. */
function reasonOf(message: string): string {
  return message.slice(message.lastIndexOf(": ") + 1).trim();
}

function textOf(text: string, slots: Int32Array, capture: number): string | undefined {
  const from = slots[2 * capture] ?? -1;
  const to = slots[2 * capture + 1] ?? -1;
  return from < 0 || to < 0 ? undefined : text.slice(from, to);
}

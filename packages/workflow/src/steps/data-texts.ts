import { MAX_MATCH_STEPS, MAX_TEXT_LENGTH, MAX_TEXTS } from "../data/limits.ts";
import type { Options } from "../data/options.ts";
import { BudgetError, type Budget } from "../data/regex/match.ts";
import { compilePattern, type Pattern } from "../data/regex/pattern.ts";
import { PatternError } from "../data/regex/syntax.ts";
import type { Reader } from "../read/reader.ts";
import type { Scope } from "../template/scope.ts";
import { renderTree } from "../template/tree.ts";
import { kindOf } from "../values.ts";
import { invalid, readSource } from "./data-options.ts";
import type { BodyReading } from "./step-type.ts";

/**
 * Reads `with.pattern` and `with.flags`: nothing where they are wrong, which is said, or not known yet. A pattern that
 * stays the same while other options come from templates is compiled once.
 */
export function patternReader(): (options: Options) => Pattern | undefined {
  let last: { source: string; flags: string; pattern: Pattern } | undefined;
  return (options) => {
    const given = patternOptions(options);
    if (given === undefined) return undefined;
    const { source, flags } = given;
    if (last?.source !== source || last.flags !== flags) {
      const pattern = compile(options, source, flags);
      last = pattern === undefined ? undefined : { source, flags, pattern };
    }
    return last?.pattern;
  };
}

function patternOptions(options: Options): { source: string; flags: string } | undefined {
  options.need("pattern", String.raw`Write a regular expression, such as \`pattern: 'id=(\d+)'\`.`);
  const source = options.text("pattern");
  const flags = options.anyText("flags") ?? "";
  return source === undefined ? undefined : { source, flags };
}

function compile(options: Options, source: string, flags: string): Pattern | undefined {
  try {
    return compilePattern(source, flags);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    options.say(["pattern"], `cannot be used: ${error.message}`);
    return undefined;
  }
}

/** Texts of a step, and whether they came as a list. */
interface Texts {
  /** Elements that are no texts are among them. */
  readonly list: readonly unknown[];
  readonly isList: boolean;
}

/** `source` as a text or a list of texts. Throws `params-invalid` where it is neither, or too long. */
export function readTexts(r: Reader, step: BodyReading): ((scope: Scope) => Texts) | undefined {
  const tree = readSource(r, step, "source", "Write the text, such as `source: ${{ steps.log.output.message }}`.");
  if (tree === undefined) return undefined;
  const label = `step "${step.site.name}"`;
  return (scope) => {
    const value = renderTree(tree, scope);
    if (typeof value !== "string" && !Array.isArray(value)) {
      throw invalid(`"source" of ${label} needs a text or a list of texts, and it gives ${kindOf(value)}.`);
    }
    const list: unknown[] = Array.isArray(value) ? value : [value];
    if (list.length > MAX_TEXTS) {
      const message = `"source" of ${label} has ${list.length} texts; at most ${MAX_TEXTS} are allowed.`;
      throw invalid(message, { limit: MAX_TEXTS, actual: list.length });
    }
    const long = list.find((text) => typeof text === "string" && text.length > MAX_TEXT_LENGTH) as string | undefined;
    if (long !== undefined) {
      const message = `A text of ${label} has ${long.length} characters; at most ${MAX_TEXT_LENGTH} are allowed.`;
      throw invalid(message, { limit: MAX_TEXT_LENGTH, actual: long.length });
    }
    return { list, isList: Array.isArray(value) };
  };
}

/** Runs work that matches, all of it within one budget. Throws `params-invalid` where that is used up. */
export function withinBudget<T>(step: BodyReading, pattern: Pattern, work: (budget: Budget) => T): T {
  try {
    return work({ steps: MAX_MATCH_STEPS });
  } catch (error) {
    if (!(error instanceof BudgetError)) throw error;
    throw invalid(
      `The pattern of step "${step.site.name}" needs too many steps on its text: ${pattern.source.slice(0, 120)}. ` +
        "Say more exactly what may stand where, without repetitions inside repetitions.",
      { reason: "pattern-too-slow", limit: MAX_MATCH_STEPS },
    );
  }
}

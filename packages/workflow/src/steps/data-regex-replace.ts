import { MAX_JSON_LENGTH } from "../data/limits.ts";
import type { Budget } from "../data/regex/match.ts";
import { MAX_PATTERN_LENGTH, type Pattern } from "../data/regex/pattern.ts";
import { compileReplacement, type Replacement } from "../data/regex/replacement.ts";
import { invalid, readOptions } from "./data-options.ts";
import { dataStep } from "./data-step.ts";
import { patternReader, readTexts, withinBudget } from "./data-texts.ts";
import { TEMPLATE, TEXT } from "./editor.ts";

/**
 * A text with its matches replaced: the first, or with the flag g all of them. Elements of a list that are no texts
 * stay as they are, where Kibana makes texts of them; and `matchCount` counts matches also without g, where Kibana's
 * code counts the groups too.
 */
export const dataRegexReplace = dataStep({
  type: "data.regexReplace",
  title: "Replaces parts of a text with a regular expression",
  beside: {
    source: { type: ["string", "array"], description: "A text, or a list of texts." },
    detailed: {
      default: false,
      description: "Gives original, replaced and matchCount.",
      anyOf: [{ type: "boolean" }, TEMPLATE],
    },
  },
  with: {
    properties: {
      pattern: { ...TEXT, maxLength: MAX_PATTERN_LENGTH, description: "A regular expression of JavaScript." },
      replacement: { type: "string", description: "May hold `$1`, `$<name>` and `$&` for what was found." },
      flags: { type: "string", default: "", description: "Some of g, i, m, s, u." },
    },
    required: ["pattern", "replacement"],
  },
  read(r, step) {
    const texts = readTexts(r, step);
    const hint = "Write pattern and replacement.";
    const keys = { hint, beside: ["detailed"], with: ["pattern", "replacement", "flags"], source: "source" };
    const patternOf = patternReader();
    const read = readOptions(r, step, keys, (options) => {
      options.need("replacement", 'Write what to put in; `replacement: ""` takes away.');
      const pattern = patternOf(options);
      const text = options.anyText("replacement");
      return {
        pattern,
        write: pattern === undefined || text === undefined ? undefined : compileReplacement(text, pattern),
        detailed: options.flag("detailed") ?? false,
      };
    });
    if (texts === undefined || read === undefined) return undefined;
    return (scope, begin) => {
      const { input, options } = read(scope);
      begin(input);
      const { list, isList } = texts(scope);
      const pattern = options.pattern as Pattern;
      const room = new Room(step.site.name);
      const results = withinBudget(step, pattern, (budget) =>
        list.map((text) =>
          typeof text === "string"
            ? replace(text, pattern, options.write as Replacement, budget, room)
            : { replaced: text, count: 0 },
        ),
      );
      const replaced = isList ? results.map((one) => one.replaced) : results[0]?.replaced;
      if (!options.detailed) return replaced;
      const matchCount = results.reduce((sum, { count }) => sum + count, 0);
      return { original: isList ? list : list[0], replaced, matchCount };
    };
  },
});

/** What may still be written: a short pattern and a long replacement can make a text of any length. */
class Room {
  readonly #name: string;
  #left = MAX_JSON_LENGTH;

  constructor(name: string) {
    this.#name = name;
  }

  take(text: string): string {
    this.#left -= text.length;
    if (this.#left >= 0) return text;
    throw invalid(`The replaced text of step "${this.#name}" has more than ${MAX_JSON_LENGTH} characters.`, {
      limit: MAX_JSON_LENGTH,
    });
  }
}

function replace(text: string, pattern: Pattern, write: Replacement, budget: Budget, room: Room) {
  const parts: string[] = [];
  let end = 0;
  let count = 0;
  for (const match of pattern.matches(text, budget)) {
    count += 1;
    const written = write(match, text);
    // A part costs about as much as some steps of matching.
    budget.steps -= 4 * written.length;
    for (const part of [text.slice(end, match.index), ...written]) if (part !== "") parts.push(room.take(part));
    end = match.index + (match.texts[0] ?? "").length;
  }
  parts.push(room.take(text.slice(end)));
  return { replaced: parts.join(""), count };
}

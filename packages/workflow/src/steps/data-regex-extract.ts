import { StepwireError } from "@stepwire/core";
import type { Options } from "../data/options.ts";
import { MAX_PATTERN_LENGTH, type Match, type Pattern } from "../data/regex/pattern.ts";
import { setOwn } from "../values.ts";
import { readOptions } from "./data-options.ts";
import { dataStep } from "./data-step.ts";
import { patternReader, readTexts, withinBudget } from "./data-texts.ts";
import { TEMPLATE, TEXT } from "./editor.ts";

const FIELDS_HINT = "Name a group for each field, such as `fields: { id: $1 }`.";

/** Which captures give the value of a field. */
type Fields = readonly (readonly [name: string, captures: readonly number[]])[];

/**
 * The groups of the first match, as fields. A text without a match gives null, and so does an element of a list that
 * is no text.
 */
export const dataRegexExtract = dataStep({
  type: "data.regexExtract",
  title: "Takes parts out of a text with a regular expression",
  beside: {
    source: { type: ["string", "array"], description: "A text, or a list of texts." },
    errorIfNoMatch: {
      default: false,
      description: "Fails if a text has no match.",
      anyOf: [{ type: "boolean" }, TEMPLATE],
    },
  },
  with: {
    properties: {
      pattern: { ...TEXT, maxLength: MAX_PATTERN_LENGTH, description: "A regular expression of JavaScript." },
      fields: { type: "object", additionalProperties: TEXT, description: "A group for each field: `$1`, or its name." },
      flags: { type: "string", default: "", description: "Some of g, i, m, s, u." },
    },
    required: ["pattern", "fields"],
  },
  read(r, step) {
    const texts = readTexts(r, step);
    const hint = "Write pattern and fields.";
    const keys = { hint, beside: ["errorIfNoMatch"], with: ["pattern", "fields", "flags"], source: "source" };
    const patternOf = patternReader();
    const read = readOptions(r, step, keys, (options) => {
      options.need("fields", FIELDS_HINT);
      const pattern = patternOf(options);
      return {
        pattern,
        fields: pattern === undefined ? [] : fieldsOf(options, pattern),
        errorIfNoMatch: options.flag("errorIfNoMatch") ?? false,
      };
    });
    if (texts === undefined || read === undefined) return undefined;
    return (scope, begin) => {
      const { input, options } = read(scope);
      begin(input);
      const { list, isList } = texts(scope);
      const { fields, errorIfNoMatch } = options;
      const pattern = options.pattern as Pattern;
      const found = withinBudget(step, pattern, (budget) =>
        list.map((text, index) => {
          if (typeof text !== "string") return null;
          const match = pattern.matches(text, budget).next().value as Match | undefined;
          if (match !== undefined) return extract(match, fields);
          if (!errorIfNoMatch) return null;
          const place = isList ? ` in element ${index} of "source"` : ` in "source"`;
          throw new StepwireError(
            "params-invalid",
            `Step "${step.site.name}" finds no match${place}: ${pattern.source}`,
            {
              type: "NoMatch",
              details: { reason: "no-match" },
            },
          );
        }),
      );
      return isList ? found : found[0];
    };
  },
});

function fieldsOf(options: Options, pattern: Pattern): Fields {
  const inner = options.inner("fields");
  return Object.keys(inner?.map ?? {}).flatMap((field) => {
    const group = inner?.text(field);
    if (group === undefined) return [];
    const number = /^\$(\d+)$/.exec(group)?.[1];
    const captures = number === undefined ? pattern.names.get(group) : [Number(number)];
    if (captures !== undefined && captures.every((capture) => capture <= pattern.captures)) {
      return [[field, captures] as const];
    }
    const there = [...Array.from({ length: pattern.captures + 1 }, (_, index) => `$${index}`), ...pattern.names.keys()];
    options.say(
      ["fields", field],
      `is ${JSON.stringify(group)}, which the pattern has no group for`,
      `There are ${there.join(", ")}.`,
    );
    return [];
  });
}

function extract({ texts }: Match, fields: Fields): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [field, captures] of fields) {
    setOwn(values, field, captures.map((capture) => texts[capture]).find((text) => text !== undefined) ?? null);
  }
  return values;
}

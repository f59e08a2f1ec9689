import { LiquidError, type Liquid } from "liquidjs";
import { nearest, StepwireError } from "@stepwire/core";
import { isStackOverflow } from "../values.ts";

/** A text that is no template. */
export class TemplateSyntaxError extends Error {
  /** Where the mistake stands in the text, from 0. */
  readonly offset: number;
  readonly hint: string | undefined;

  constructor(message: string, offset: number, hint?: string) {
    super(message);
    this.name = "TemplateSyntaxError";
    this.offset = offset;
    this.hint = hint;
  }
}

/** What Liquid threw while it read a text, in our words. */
export function syntaxProblem(thrown: unknown, text: string, liquid: Liquid): TemplateSyntaxError {
  if (thrown instanceof TemplateSyntaxError) return thrown;
  const start = LiquidError.is(thrown) ? offsetOfToken(thrown) : 0;
  if (isStackOverflow(LiquidError.is(thrown) ? originalOf(thrown) : thrown))
    return new TemplateSyntaxError("It is nested too deeply", start);
  const message = messageOf(thrown);
  const filter = /^undefined filter: (.*)$/s.exec(message)?.[1];
  if (filter !== undefined) {
    const bar = new RegExp(String.raw`\|\s*${filter.replace(/\W/g, String.raw`\$&`)}(?![\w-])`).exec(text.slice(start));
    const offset = bar === null ? start : start + bar.index + bar[0].length - filter.length;
    return new TemplateSyntaxError(
      `There is no filter "${filter}"`,
      offset,
      didYouMean(filter, Object.keys(liquid.filters)),
    );
  }
  const tag = /^tag "(.*)" not found$/s.exec(message)?.[1];
  if (tag !== undefined) {
    return new TemplateSyntaxError(
      `There is no tag "${tag}" in workflows`,
      start,
      didYouMean(tag, Object.keys(liquid.tags)),
    );
  }
  if (message === 'expected "|" before filter') {
    // Liquid has read one character too far.
    const stray = text.charAt(start - 1);
    const hint = STRAY[stray] ?? 'A filter begins with "|".';
    return new TemplateSyntaxError(`"${stray}" is not expected here`, start - 1, hint);
  }
  return new TemplateSyntaxError(message, start);
}

/** Operators that people bring along from other languages. */
const STRAY: Readonly<Record<string, string>> = { "=": "Compare with ==.", "&": "Write and." };

/** What Liquid threw while it rendered. */
export function renderProblem(thrown: unknown, text: string, label: string): StepwireError {
  const original = LiquidError.is(thrown) ? originalOf(thrown) : thrown;
  if (StepwireError.is(original)) return original;
  const reason = isStackOverflow(original) ? "a value in it is nested too deeply" : messageOf(thrown);
  const shown = text.length > 120 ? `${text.slice(0, 120)}…` : text;
  return new StepwireError("template-error", `The template of ${label} cannot be rendered: ${reason}.`, {
    details: { template: shown },
  });
}

/** A text that a template made and nobody can take. The type is Kibana's. */
export function tooLong(length: number, limit: number, label: string): StepwireError {
  return new StepwireError(
    "template-error",
    `The template of ${label} makes a text of ${length} characters; at most ${limit} are allowed (settings.liquid.memoryLimit).`,
    { type: "TemplateSizeLimitExceeded", details: { limit, actual: length } },
  );
}

function didYouMean(name: string, candidates: readonly string[]): string | undefined {
  const guess = nearest(name, candidates);
  return guess === undefined ? undefined : `Did you mean "${guess}"?`;
}

/** The setting that raises a limit, by Liquid's words for having met it. */
const LIMITS: Readonly<Record<string, string>> = {
  "parse length limit exceeded": "parseLimit",
  "template render limit exceeded": "renderLimit",
  "memory alloc limit exceeded": "memoryLimit",
};

/** Liquid's message without its own positions, which count within the template. */
function messageOf(thrown: unknown): string {
  const full = thrown instanceof Error ? thrown.message : String(thrown);
  const message = full.replace(/(?:, file:[^,]*)?, line:\d+, col:\d+$/, "");
  return Object.hasOwn(LIMITS, message) ? `${message} (settings.liquid.${LIMITS[message]})` : message;
}

const originalOf = (error: LiquidError): unknown => (error as { originalError?: unknown }).originalError;

function offsetOfToken(error: LiquidError): number {
  const { token } = error as unknown as { token?: { begin?: unknown } };
  return typeof token?.begin === "number" ? token.begin : 0;
}

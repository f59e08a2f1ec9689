import mustache from "mustache";
import { StepwireError } from "@stepwire/core";

/** A part of a template; `start` is its offset in the text. */
export type TemplateNode =
  | { readonly kind: "text"; readonly text: string; readonly start: number }
  | { readonly kind: "variable"; readonly name: string; readonly start: number }
  | {
      readonly kind: "section";
      readonly name: string;
      /** `{{^name}}`: shown where the value is missing, false or empty. */
      readonly inverted: boolean;
      readonly start: number;
      readonly children: readonly TemplateNode[];
    };

export interface CompiledTemplate {
  readonly text: string;
  readonly nodes: readonly TemplateNode[];
}

/** Enough for the templates of a project; beyond it the least recently used are parsed again. */
const CACHE_SIZE = 500;
const cache = new Map<string, CompiledTemplate>();

/**
 * Parses a mustache template: variables, sections, inverted sections, comments and other delimiters. `{{x}}`, `{{{x}}}`
 * and `{{&x}}` mean the same, since nothing is ever escaped for HTML. There are no partials.
 * @throws StepwireError `template-error` with `details: { reason: "syntax", line, column }`.
 */
export function compileTemplate(text: string): CompiledTemplate {
  const known = cache.get(text);
  if (known !== undefined) {
    cache.delete(text);
    cache.set(text, known);
    return known;
  }
  const compiled = { text, nodes: parse(text) };
  cache.set(text, compiled);
  const [oldest] = cache.keys();
  if (cache.size > CACHE_SIZE && oldest !== undefined) cache.delete(oldest);
  return compiled;
}

/** Line and column (from 1) of an offset. */
export function positionIn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}

/** A `template-error` at a place of a template. */
export function templateError(text: string, offset: number, reason: string, message: string): StepwireError {
  const { line, column } = positionIn(text, offset);
  return new StepwireError("template-error", `Line ${line}, column ${column} of the template: ${message}`, {
    details: { reason, line, column },
  });
}

function parse(text: string): TemplateNode[] {
  let tokens: readonly unknown[];
  try {
    tokens = tokenize(text);
  } catch (error) {
    throw syntaxError(text, (error as Error).message);
  }
  return tokens.flatMap((token) => toNode(text, token as Token));
}

/** A writer of its own for every text: the library's shared one keeps all it ever parsed. */
const tokenize = (text: string): readonly unknown[] =>
  new mustache.Writer().parse(text, ["{{", "}}"]) as readonly unknown[];

/** Kind, value, start, end; sections also have their children. */
type Token = readonly [string, string, number, number, (readonly Token[])?];

function toNode(text: string, [kind, name, start, , children]: Token): TemplateNode[] {
  if (kind === "text") return [{ kind: "text", text: name, start }];
  if (kind === "!" || kind === "=") return [];
  if (kind === ">") throw templateError(text, start, "syntax", `{{> ${name}}} is a partial, and there are none here.`);
  if (name === "") throw templateError(text, start, "syntax", "this tag names no variable.");
  if (kind === "name" || kind === "&") return [{ kind: "variable", name, start }];
  const nodes = (children ?? []).flatMap((child) => toNode(text, child));
  return [{ kind: "section", name, inverted: kind === "^", start, children: nodes }];
}

/** The library's messages end in an offset, which for a tag that is never closed is that of the end. */
function syntaxError(text: string, message: string): StepwireError {
  const [, what = message, name = "", at = ""] =
    /^(Unclosed tag|Unopened section|Unclosed section)(?: "(.*)")? at (\d+)$/s.exec(message) ?? [];
  const offset = Number(at);
  if (what === "Unclosed tag")
    return templateError(text, unclosedTag(text) ?? offset, "syntax", "this tag is never closed.");
  if (what === "Unopened section")
    return templateError(text, offset, "syntax", `{{/${name}}} closes a section that is not open.`);
  if (what === "Unclosed section") {
    return templateError(text, offset, "syntax", `the section {{#${name}}} should be closed here with {{/${name}}}.`);
  }
  return templateError(text, Math.max(text.indexOf("{{="), 0), "syntax", `${what}.`);
}

/** The first `{{` up to which the text has all its tags closed and after which it has not. */
function unclosedTag(text: string): number | undefined {
  const openings = [...text.matchAll(/\{\{/g)].map(({ index }) => index);
  const isClosedUpTo = (offset: number): boolean => {
    try {
      tokenize(text.slice(0, offset));
    } catch (error) {
      return !(error as Error).message.startsWith("Unclosed tag");
    }
    return true;
  };
  let [low, high] = [0, openings.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (isClosedUpTo(openings[middle] ?? 0)) low = middle;
    else high = middle - 1;
  }
  return openings[low];
}

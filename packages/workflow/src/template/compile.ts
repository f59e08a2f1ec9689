import { Drop, Tokenizer, toValueSync, Value, type Liquid, type Template as LiquidTemplate } from "liquidjs";
import { WorkflowContext } from "./context.ts";
import { createEngine, DEFAULT_TEMPLATE_LIMITS, type TemplateLimits } from "./engine.ts";
import { renderProblem, syntaxProblem, TemplateSyntaxError, tooLong } from "./problem.ts";
import { referencesOf, type Reference } from "./references.ts";
import type { Scope } from "./scope.ts";

/** A text of a workflow, parsed once. */
export interface Template {
  readonly text: string;
  /** Whether rendering can give anything but the text itself. */
  readonly dynamic: boolean;
  /** Whether the whole text is one expression whose value is kept as it is. */
  readonly typed: boolean;
  readonly references: readonly Reference[];
  /** Throws `template-error`. */
  render(scope: Scope): unknown;
}

/** Parses templates of one workflow. */
export interface Templates {
  /** Any text. One that starts with `${{` and ends with `}}` is a typed expression. Throws TemplateSyntaxError. */
  parse(text: string, label: string): Template;
  /** Liquid's value expression between two offsets of a text. Throws TemplateSyntaxError. */
  expression(text: string, label: string, from: number, to: number): Template;
}

export function createTemplates(limits: TemplateLimits = DEFAULT_TEMPLATE_LIMITS): Templates {
  const liquid = createEngine(limits);
  const texts = new Map<string, ParsedText>();
  const expression: Templates["expression"] = (text, label, from, to) =>
    guarded(text, liquid, () => {
      if (text.length > limits.parseLimit) throw new Error("parse length limit exceeded");
      return typedTemplate(liquid, text, label, from, to);
    });
  return {
    expression,
    parse(text, label) {
      if (isTypedExpression(text)) return expression(text, label, 3, text.length - 2);
      if (!/\{[{%]/.test(text)) return constant(text);
      return guarded(text, liquid, () => {
        const parsed = texts.get(text) ?? parseText(liquid, text);
        texts.set(text, parsed);
        return textTemplate(liquid, text, parsed, label, limits);
      });
    },
  };
}

export function isTypedExpression(text: string): boolean {
  return text.startsWith("${{") && text.endsWith("}}") && text.length >= 5;
}

function guarded(text: string, liquid: Liquid, parse: () => Template): Template {
  try {
    return parse();
  } catch (error) {
    throw syntaxProblem(error, text, liquid);
  }
}

function constant(text: string): Template {
  return { text, dynamic: false, typed: false, references: [], render: () => text };
}

/** What texts share that are the same, wherever they stand. */
interface ParsedText {
  readonly templates: LiquidTemplate[];
  readonly references: readonly Reference[];
}

function parseText(liquid: Liquid, text: string): ParsedText {
  const templates = liquid.parse(text);
  return { templates, references: referencesOf(templates, text) };
}

function textTemplate(
  liquid: Liquid,
  text: string,
  { templates, references }: ParsedText,
  label: string,
  { memoryLimit }: TemplateLimits,
): Template {
  // These two tags write into the scope itself, which belongs to the whole step.
  const writes = /\b(?:in|de)crement\b/.test(text);
  return {
    text,
    dynamic: true,
    typed: false,
    references,
    render(scope) {
      try {
        const made = liquid.renderSync(templates, contextOf(writes ? { ...scope } : scope, liquid)) as string;
        // Liquid counts what filters make, and not what a template writes or captures.
        if (made.length > memoryLimit) throw tooLong(made.length, memoryLimit, label);
        return made;
      } catch (error) {
        throw renderProblem(error, text, label);
      }
    },
  };
}

const contextOf = (scope: Scope, liquid: Liquid): WorkflowContext =>
  new WorkflowContext(scope, liquid.options, { sync: true }, { liquid });

function typedTemplate(liquid: Liquid, text: string, label: string, from: number, to: number): Template {
  if (text.slice(from, to).trim() === "") throw new TemplateSyntaxError("An expression is missing", from);
  const tokenizer = new Tokenizer(text, liquid.options.operators, undefined, [from, to]);
  const token = readValue(tokenizer, text, from, to);
  tokenizer.skipBlank();
  if (!tokenizer.end()) {
    throw new TemplateSyntaxError(
      `"${text.slice(tokenizer.p, to).trim()}" does not belong to one expression`,
      tokenizer.p,
    );
  }
  const value = new Value(token, liquid);
  const analysed: LiquidTemplate = { token, render: () => undefined, arguments: () => [value] };
  return {
    text,
    dynamic: true,
    typed: true,
    references: referencesOf([analysed], text),
    render(scope) {
      try {
        return plainWord(toValueSync(value.value(contextOf(scope, liquid))));
      } catch (error) {
        throw renderProblem(error, text, label);
      }
    },
  };
}

/** Liquid's words `nil`, `empty` and `blank` as values; what stands for a value of its own, and writes itself, stays. */
const plainWord = (value: unknown): unknown =>
  value instanceof Drop && !("toJSON" in value) ? (value.valueOf() as unknown) : value;

function readValue(
  tokenizer: Tokenizer,
  text: string,
  from: number,
  to: number,
): ReturnType<Tokenizer["readFilteredValue"]> {
  try {
    return tokenizer.readFilteredValue();
  } catch (error) {
    const close = text.slice(from, to).indexOf("}}");
    if (close === -1) throw error;
    throw new TemplateSyntaxError(
      "A text that starts with ${{ and ends with }} is one expression, and this one ends too early",
      from + close,
      "Put several values into one text with {{ }}.",
    );
  }
}

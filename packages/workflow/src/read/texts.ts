import type { Position } from "@stepwire/yaml";
import { compileCondition, constantCondition, type Condition } from "../condition.ts";
import { KqlSyntaxError, type KqlNode } from "../kql/syntax.ts";
import { isTypedExpression, type Template } from "../template/compile.ts";
import { TemplateSyntaxError } from "../template/problem.ts";
import { compileTree, type Path, type ValueTree } from "../template/tree.ts";
import { kindOf } from "../values.ts";
import { complain, type Reader } from "./reader.ts";
import type { Place } from "./sites.ts";

/** Parses a text of the file; a mistake is a finding at its own line and column. */
export function readTemplate(r: Reader, path: Path, text: string, place: Place): Template | undefined {
  return guarded(r, path, text, () => {
    const template = r.templates.parse(text, labelOf(path, place));
    note(r, path, text, place, template);
    return template;
  });
}

/** Parses every text of a value. */
export function readTree(r: Reader, path: Path, value: unknown, place: Place): ValueTree {
  return compileTree(value, (text, below) => readTemplate(r, [...path, ...below], text, place));
}

/** A condition: KQL, an expression, or a boolean. */
export function readCondition(r: Reader, path: Path, value: unknown, place: Place): Condition | undefined {
  if (typeof value === "boolean") return constantCondition(value);
  if (typeof value !== "string" || value.trim() === "") {
    const found = value === "" ? "is empty" : `is ${kindOf(value)}`;
    complain(r, path, {
      message: `A condition ("${String(path.at(-1))}") ${found}.`,
      rule: "invalidIfConditionSyntax",
      hint: "Write KQL such as `event.severity: high`, or an expression in ${{ }}.",
    });
    return undefined;
  }
  return guarded(r, path, value, () => {
    const condition = compileCondition(value, r.templates, labelOf(path, place));
    note(r, path, value, place, condition);
    warnOfLikelyMistakes(r, path, value, condition);
    return condition;
  });
}

/** Remembers what a text reads, to be checked when all names are known. */
export function note(r: Reader, path: Path, text: string, place: Place, read: Pick<Template, "references">): void {
  for (const reference of read.references) {
    r.references.push({ keys: reference.keys, path, place, at: () => positionIn(r, path, text, reference.offset) });
  }
}

export function guarded<T>(r: Reader, path: Path, text: string, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof TemplateSyntaxError) {
      const { message, hint, offset } = error;
      complain(
        r,
        path,
        {
          code: "template-error",
          rule: "liquidSyntaxError",
          message: `This template cannot be used: ${message}.`,
          hint,
        },
        () => positionIn(r, path, text, offset),
      );
      return undefined;
    }
    if (error instanceof KqlSyntaxError) {
      const { message, hint, offset, rule } = error;
      complain(r, path, { rule, message: `This is no condition: ${message}.`, hint }, () =>
        positionIn(r, path, text, offset),
      );
      return undefined;
    }
    throw error;
  }
}

export function labelOf(path: Path, place: Place): string {
  const names = path.slice(path.findLastIndex((key, at) => isStepList(key) && typeof path[at + 1] === "number") + 2);
  const below = names.length === 0 ? "" : ` (${names.join(".")})`;
  return place.step === undefined ? path.join(".") : `step "${place.step}"${below}`;
}

const isStepList = (key: string | number): boolean =>
  key === "steps" || key === "else" || key === "default" || key === "fallback";

/**
 * Where a character of a text stands in the file. The text of the file may be quoted, indented or folded, so the
 * words at the place are looked for; a place that is not found is where the value starts.
 */
export function positionIn(r: Reader, path: Path, text: string, offset: number): Position {
  const start = r.source.position(path, "value");
  const words = /^[^\s"'\\]{1,60}/.exec(text.slice(offset))?.[0];
  if (words === undefined) return start;
  const from = lineOffset(r.source.text, start.line) + start.column - 1;
  let earlier = -1;
  for (let at = text.indexOf(words); at !== -1 && at <= offset; at = text.indexOf(words, at + 1)) earlier += 1;
  let found = r.source.text.indexOf(words, from);
  for (let skipped = 0; skipped < earlier && found !== -1; skipped += 1) {
    found = r.source.text.indexOf(words, found + 1);
  }
  if (found === -1) return start;
  const before = r.source.text.slice(0, found);
  return { line: before.split("\n").length, column: found - (before.lastIndexOf("\n") + 1) + 1 };
}

function lineOffset(text: string, line: number): number {
  let offset = 0;
  for (let count = 1; count < line; count += 1) offset = text.indexOf("\n", offset) + 1;
  return offset;
}

function asksForNull(node: KqlNode): boolean {
  switch (node.kind) {
    case "and":
    case "or":
      return node.nodes.some(asksForNull);
    case "not":
    case "nested":
      return asksForNull(node.node);
    case "is":
      return !node.value.quoted && node.value.text === "null";
    default:
      return false;
  }
}

function warnOfLikelyMistakes(r: Reader, path: Path, text: string, condition: Condition): void {
  const warn = (message: string, hint: string): void =>
    complain(r, path, { severity: "warning", rule: "invalidIfConditionSyntax", message, hint }, "value");
  if (condition.kql?.kind === "bare") {
    warn(
      "This condition names no field to compare, so it is always false.",
      `Write \`${text.trim()}: *\` or an expression in \${{ }}.`,
    );
  } else if (condition.kql !== undefined && /:\s*'/.test(text)) {
    warn("In KQL only double quotes quote; these single quotes are compared as they are.", "Use double quotes.");
  } else if (condition.kql !== undefined && asksForNull(condition.kql)) {
    warn("Nothing is equal to null in KQL.", "Write `not field: *` for a field that is null or not there.");
  } else if (condition.kql === undefined && text.includes("${{") && !isTypedExpression(text)) {
    warn(
      "This is text with a $ in it, and no expression: ${{ }} has to be the whole condition.",
      "Put all of it inside of the braces, with nothing before or after them, not even a line end (`|-` in place of `|`).",
    );
  }
}

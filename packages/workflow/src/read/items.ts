import { StepwireError } from "@stepwire/core";
import type { ItemSource } from "../plan.ts";
import type { Template } from "../template/compile.ts";
import { TemplateSyntaxError } from "../template/problem.ts";
import { renderTree, type Path } from "../template/tree.ts";
import { kindOf, toPlain } from "../values.ts";
import { complain, type Reader } from "./reader.ts";
import type { Place } from "./sites.ts";
import { guarded, labelOf, note, readTree } from "./texts.ts";

/** A plain path such as `steps.search.output.items`, which older workflows write without braces. */
const BARE_PATH = /^[A-Za-z_][\w-]*(?:\.[\w-]+|\[[^\]]+\])*$/;

/** What a loop runs over: a list, or a text that gives one. */
export function readItems(r: Reader, path: Path, value: unknown, place: Place): ItemSource | undefined {
  if (Array.isArray(value)) {
    const tree = readTree(r, path, value, place);
    return { text: JSON.stringify(value), items: (scope) => renderTree(tree, scope) as unknown[] };
  }
  if (typeof value !== "string" || value.trim() === "") {
    complain(r, path, {
      message: `"foreach" must be a list or a text that gives one, not ${value === "" ? "an empty text" : kindOf(value)}.`,
      rule: "invalidForeachParameter",
      hint: "Write a list, or an expression such as ${{ steps.search.output.items }}.",
    });
    return undefined;
  }
  const label = labelOf(path, place);
  const template = guarded(r, path, value, () => {
    const parsed = parseItems(r, value, label);
    note(r, path, value, place, parsed);
    return parsed;
  });
  if (template === undefined) return undefined;
  if (!template.dynamic && listOf(value) === undefined) {
    complain(
      r,
      path,
      {
        message: `"foreach" is a text that is no list: ${JSON.stringify(value)}.`,
        rule: "invalidForeachParameter",
        hint: "Write a list, or an expression such as ${{ steps.search.output.items }}.",
      },
      "value",
    );
    return undefined;
  }
  return {
    text: value,
    items: (scope) => itemsOf(toPlain(template.render(scope), `The value of ${value}`), value, label),
  };
}

function parseItems(r: Reader, text: string, label: string): Template {
  const trimmed = text.trim();
  const start = text.indexOf(trimmed);
  const end = start + trimmed.length;
  if (BARE_PATH.test(trimmed)) return r.templates.expression(text, label, start, end);
  const open = /^\$?\{\{-?/.exec(trimmed)?.[0];
  if (open !== undefined && trimmed.endsWith("}}")) {
    const close = trimmed.endsWith("-}}") ? 3 : 2;
    try {
      return r.templates.expression(text, label, start + open.length, end - close);
    } catch (error) {
      // Several outputs in one text can still render to JSON; a mistake in a single one is told as it is.
      if (!(error instanceof TemplateSyntaxError) || open.startsWith("$") || !trimmed.slice(2, -2).includes("}}"))
        throw error;
    }
  }
  return r.templates.parse(text, label);
}

function itemsOf(value: unknown, source: string, label: string): unknown[] {
  const list = typeof value === "string" ? listOf(value) : value;
  if (Array.isArray(list)) return list as unknown[];
  throw new StepwireError(
    "params-invalid",
    `The "foreach" of ${label} needs a list, and ${source} gives ${kindOf(value)}.`,
    { details: { reason: "foreach-not-a-list" } },
  );
}

function listOf(text: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? (value as unknown[]) : undefined;
  } catch {
    return undefined;
  }
}

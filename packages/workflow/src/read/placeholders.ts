import { nearest } from "@stepwire/core";
import type { Path } from "../template/tree.ts";
import { isRecord, kindOf, setOwn } from "../values.ts";
import type { Complaint } from "./reader.ts";

/**
 * What a published template leaves open: `<%= name %>`, `__install__.name`, and `REPLACE_WITH_…`. Kibana's library asks
 * for the second kind in a form, and leaves the others to whoever copies the file. Some of its templates have that kind in
 * braces, where Kibana would take the value for the name of a variable.
 */
const PLACEHOLDER =
  /<%=\s*([\w.-]+)\s*%>|\{\{-?\s*__install__\.([\w-]*\w)\s*-?\}\}|__install__\.([\w-]+)|\b(REPLACE_WITH_[A-Z\d_]+)\b/g;

/** Whether a text still has a placeholder, which is told already: what it will be is not known. */
export const isOpen = (value: unknown): boolean => typeof value === "string" && value.search(PLACEHOLDER) !== -1;

/** Values for placeholders; a map gives one to each step that has the placeholder, by its name or type. */
export type Variables = Readonly<Record<string, unknown>>;

export interface Filled {
  readonly value: unknown;
  readonly problems: readonly { readonly path: Path; readonly complaint: Complaint }[];
}

/**
 * Fills the placeholders of a workflow, before anything else is read of it. One that is a whole value keeps its value's
 * kind. What the template's own form has a default for needs no value.
 * @param text the workflow's own, which nearly always tells at once that there is nothing to fill.
 */
export function fillPlaceholders(workflow: Record<string, unknown>, text: string, variables: Variables): Filled {
  if (!isOpen(text)) return { value: workflow, problems: [] };
  const defaults = formDefaults(workflow["template-metadata"]);
  const problems: { path: Path; complaint: Complaint }[] = [];
  const lookUp = (name: string, path: Path, step: Step | undefined): unknown => {
    const given = Object.hasOwn(variables, name) ? variables[name] : defaults.get(name);
    const value = isRecord(given) ? forStep(given, step) : given;
    if (value !== undefined && value !== null) return value;
    problems.push({ path, complaint: missing(name, Object.keys(variables), isRecord(given) ? step : undefined) });
    return undefined;
  };
  const fill = (value: unknown, path: Path, step: Step | undefined): unknown => {
    if (typeof value === "string") return fillText(value, path, step, lookUp, problems);
    if (Array.isArray(value)) return value.map((item: unknown, index) => fill(item, [...path, index], step));
    if (!isRecord(value)) return value;
    const inner = stepOf(value, step);
    const map: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(value)) {
      // The form describes the placeholders, and is no part of the workflow.
      const skipped = path.length === 0 && key === "template-metadata";
      setOwn(map, key, skipped ? item : fill(item, [...path, key], inner));
    }
    return map;
  };
  return { value: fill(workflow, [], undefined), problems };
}

interface Step {
  readonly name: string;
  readonly type: string;
}

function stepOf({ name, type }: Record<string, unknown>, around: Step | undefined): Step | undefined {
  return typeof name === "string" && typeof type === "string" ? { name, type } : around;
}

function forStep(given: Record<string, unknown>, step: Step | undefined): unknown {
  if (step === undefined) return undefined;
  const keys = [step.name, step.type, step.type.split(".")[0] ?? ""];
  const key = keys.find((candidate) => Object.hasOwn(given, candidate));
  return key === undefined ? undefined : given[key];
}

function fillText(
  text: string,
  path: Path,
  step: Step | undefined,
  lookUp: (name: string, path: Path, step: Step | undefined) => unknown,
  problems: { path: Path; complaint: Complaint }[],
): unknown {
  if (!isOpen(text)) return text;
  const nameOf = (groups: (string | undefined)[]) => groups.find((group) => group !== undefined) ?? "";
  const [whole] = text.trim().matchAll(PLACEHOLDER);
  if (whole?.[0] === text.trim()) {
    const value = lookUp(nameOf(whole.slice(1)), path, step);
    return value === undefined ? text : value;
  }
  return text.replaceAll(PLACEHOLDER, (found: string, ...groups: (string | undefined)[]) => {
    const name = nameOf(groups.slice(0, 4));
    const value = lookUp(name, path, step);
    if (value === undefined) return found;
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return String(value);
    const message = `The placeholder "${name}" stands inside of a text, and its value is ${kindOf(value)}.`;
    problems.push({ path, complaint: { rule: "placeholder", message, hint: "Give a text or a number for it." } });
    return found;
  });
}

function missing(name: string, known: readonly string[], step: Step | undefined): Complaint {
  const close = nearest(name, known);
  const whose = step === undefined ? "" : ` in step "${step.name}"`;
  return {
    rule: "placeholder",
    message: `The placeholder "${name}" has no value${whose}.`,
    hint:
      close === undefined
        ? `Write it in place of the placeholder, or into a file: --var-file vars.yaml, with ${JSON.stringify(name)}: its value.`
        : `Did you mean it by "${close}" in the variables?`,
  };
}

/** Defaults of the form that a template brings. */
function formDefaults(metadata: unknown): Map<string, unknown> {
  const install = isRecord(metadata) ? metadata["install"] : undefined;
  const form: unknown = isRecord(install) ? install["form"] : undefined;
  const fields = Array.isArray(form) ? form.filter(isRecord) : [];
  return new Map(
    fields.flatMap(({ name, default: value }) =>
      typeof name === "string" && value !== undefined ? [[name, value] as const] : [],
    ),
  );
}

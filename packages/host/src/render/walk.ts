import type { CompiledTemplate, TemplateNode } from "./template.ts";

/** Takes what a template gives, piece by piece. */
export interface Sink {
  /** A piece of the template itself and its offset there. */
  text(piece: string, start: number): void;
  /** A value to insert (`undefined` for a missing one), the variable's name and its offset in the template. */
  value(value: unknown, name: string, start: number): void;
}

interface Scope {
  readonly value: unknown;
  readonly parent: Scope | undefined;
}

/** Goes through a template with a view. Functions in the view are never called; they count as missing. */
export function walkTemplate(template: CompiledTemplate, view: unknown, sink: Sink): void {
  walk(template.nodes, { value: view, parent: undefined }, sink);
}

/** Whether a section is shown; as in mustache, 0 and the empty text are false. */
function isTruthy(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

function walk(nodes: readonly TemplateNode[], scope: Scope, sink: Sink): void {
  for (const node of nodes) {
    if (node.kind === "text") sink.text(node.text, node.start);
    else if (node.kind === "variable") sink.value(lookUp(node.name, scope), node.name, node.start);
    else {
      const value = lookUp(node.name, scope);
      if (node.inverted) {
        if (!isTruthy(value)) walk(node.children, scope, sink);
      } else if (Array.isArray(value)) {
        for (const item of value as unknown[]) walk(node.children, { value: item, parent: scope }, sink);
      } else if (isTruthy(value)) walk(node.children, { value, parent: scope }, sink);
    }
  }
}

/** The value of a dotted name in the innermost scope that has all of it. Own properties only. */
function lookUp(name: string, innermost: Scope): unknown {
  if (name === ".") return usable(innermost.value);
  const keys = name.split(".");
  for (let scope: Scope | undefined = innermost; scope !== undefined; scope = scope.parent) {
    let value = scope.value;
    const found = keys.every((key) => {
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return false;
      value = (value as Record<string, unknown>)[key];
      return true;
    });
    if (found) return usable(value);
  }
  return undefined;
}

const usable = (value: unknown): unknown => (typeof value === "function" ? undefined : value);

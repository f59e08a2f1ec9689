import { isRecord, setOwn, toPlain } from "../values.ts";
import type { Template } from "./compile.ts";
import type { Scope } from "./scope.ts";

/** A value of YAML whose texts are parsed templates. Keys are never templates. */
export type ValueTree =
  | { readonly kind: "constant"; readonly value: unknown }
  | { readonly kind: "template"; readonly template: Template }
  | { readonly kind: "list"; readonly items: readonly ValueTree[] }
  | { readonly kind: "map"; readonly entries: readonly (readonly [string, ValueTree])[] };

export type Path = readonly (string | number)[];

/** Parses every text of a value; `parse` reports its own mistakes and returns undefined for them. */
export function compileTree(value: unknown, parse: (text: string, path: Path) => Template | undefined): ValueTree {
  const compile = (part: unknown, path: Path): ValueTree => {
    if (typeof part === "string") {
      const template = parse(part, path);
      return template?.dynamic === true ? { kind: "template", template } : { kind: "constant", value: part };
    }
    if (Array.isArray(part)) {
      const items = part.map((item, index) => compile(item, [...path, index]));
      return items.every((item) => item.kind === "constant")
        ? { kind: "constant", value: part }
        : { kind: "list", items };
    }
    if (!isRecord(part)) return { kind: "constant", value: part };
    const entries = Object.keys(part).map((key) => [key, compile(part[key], [...path, key])] as const);
    return entries.every(([, item]) => item.kind === "constant")
      ? { kind: "constant", value: part }
      : { kind: "map", entries };
  };
  return compile(value, []);
}

/**
 * The value with its templates filled in, as plain JSON data of its own: an expression without a value leaves
 * its key out of a map and is null in a list. Throws `template-error`.
 */
export function renderTree(tree: ValueTree, scope: Scope): unknown {
  switch (tree.kind) {
    case "constant":
      return toPlain(tree.value);
    case "template":
      return toPlain(tree.template.render(scope), `The value of ${tree.template.text}`);
    case "list":
      return tree.items.map((item) => renderTree(item, scope) ?? null);
    case "map": {
      const map: Record<string, unknown> = {};
      for (const [key, item] of tree.entries) {
        const value = renderTree(item, scope);
        if (value !== undefined) setOwn(map, key, value);
      }
      return map;
    }
  }
}

/** The paths of all templates in a value. */
export function* templatePaths(tree: ValueTree, path: Path = []): Generator<Path> {
  if (tree.kind === "template") yield path;
  else if (tree.kind === "list")
    for (const [index, item] of tree.items.entries()) yield* templatePaths(item, [...path, index]);
  else if (tree.kind === "map") for (const [key, item] of tree.entries) yield* templatePaths(item, [...path, key]);
}

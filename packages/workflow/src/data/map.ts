import { extendScope, type Scope } from "../template/scope.ts";
import { renderTree, type ValueTree } from "../template/tree.ts";
import { setOwn } from "../values.ts";
import { MAX_ITEMS } from "./limits.ts";

/** What an element becomes. */
export type Mapping =
  | { readonly kind: "value"; readonly tree: ValueTree }
  | { readonly kind: "map"; readonly entries: readonly (readonly [string, Mapping])[] }
  | { readonly kind: "list"; readonly items: readonly Mapping[] }
  /** A map with `$map`: one for each element of another list. */
  | { readonly kind: "each"; readonly items: ValueTree; readonly names: Names; readonly to: Mapping };

/** What an element and its place in the list are called. */
export interface Names {
  readonly item: string;
  readonly index: string;
}

/** Counts elements over all levels. */
interface Count {
  elements: number;
}

/** Thrown where a mapping makes more elements than allowed. */
export class TooManyElements extends Error {
  override readonly name = "TooManyElements";
}

/** Throws `template-error` or TooManyElements. */
export function mapItem(
  to: Mapping,
  { item, index }: Names,
  value: unknown,
  at: number,
  scope: Scope,
  count: Count,
): unknown {
  count.elements += 1;
  if (count.elements > MAX_ITEMS) throw new TooManyElements();
  return render(to, extendScope(scope, { [item]: value, [index]: at }), count);
}

function render(mapping: Mapping, scope: Scope, count: Count): unknown {
  switch (mapping.kind) {
    case "value":
      return renderTree(mapping.tree, scope);
    case "list":
      return mapping.items.map((item) => render(item, scope, count) ?? null);
    case "map": {
      const map: Record<string, unknown> = {};
      for (const [key, field] of mapping.entries) {
        const value = render(field, scope, count);
        if (value !== undefined) setOwn(map, key, value);
      }
      return map;
    }
    case "each": {
      const items = renderTree(mapping.items, scope);
      if (!Array.isArray(items)) return [];
      return items.map((item: unknown, index) => mapItem(mapping.to, mapping.names, item, index, scope, count));
    }
  }
}

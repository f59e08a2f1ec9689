import { MAX_ITEMS } from "../data/limits.ts";
import { complain, type Reader } from "../read/reader.ts";
import type { Scope } from "../template/scope.ts";
import { renderTree, type ValueTree } from "../template/tree.ts";
import { isRecord, kindOf } from "../values.ts";
import { invalid, readSource } from "./data-options.ts";
import type { BodyReading } from "./step-type.ts";

const HINT = "Write the list, or an expression such as ${{ steps.search.output.items }}.";

/** What the `items` of a step may be. */
interface Wanted<T> {
  readonly name: string;
  fits(value: unknown): value is T;
}

const LIST: Wanted<unknown[]> = { name: "a list", fits: (value): value is unknown[] => Array.isArray(value) };
const LIST_OR_MAP: Wanted<unknown[] | Record<string, unknown>> = {
  name: "a list or a map",
  fits: (value): value is unknown[] | Record<string, unknown> => Array.isArray(value) || isRecord(value),
};

/** `items` of a step that goes through a list. Throws `params-invalid` where it is none, or too long. */
export const readItemList = (r: Reader, step: BodyReading): ((scope: Scope) => unknown[]) | undefined =>
  readItems(r, step, LIST);

/** `items` that may also be one map. */
export const readItemsOrMap = (
  r: Reader,
  step: BodyReading,
): ((scope: Scope) => unknown[] | Record<string, unknown>) | undefined => readItems(r, step, LIST_OR_MAP);

function readItems<T>(r: Reader, step: BodyReading, wanted: Wanted<T>): ((scope: Scope) => T) | undefined {
  const tree = readSource(r, step, "items", HINT);
  if (tree === undefined || isWrong(r, step, tree, wanted)) return undefined;
  const label = `step "${step.site.name}"`;
  const text = tree.kind === "template" ? tree.template.text : "it";
  return (scope) => {
    const value = renderTree(tree, scope);
    if (!wanted.fits(value)) {
      const message = `"items" of ${label} needs ${wanted.name}, and ${text} gives ${kindOf(value)}.`;
      throw invalid(message, { reason: "not-a-list" });
    }
    if (Array.isArray(value) && value.length > MAX_ITEMS) {
      const message = `"items" of ${label} has ${value.length} elements; at most ${MAX_ITEMS} are allowed.`;
      throw invalid(message, { limit: MAX_ITEMS, actual: value.length });
    }
    return value;
  };
}

/** Told already where it can be no list: also a text with `{{ }}` in it, which stays a text. */
function isWrong(r: Reader, { path, map }: BodyReading, tree: ValueTree, wanted: Wanted<unknown>): boolean {
  const value = map["items"];
  const isText = tree.kind === "template" && !tree.template.typed;
  if (!isText && (tree.kind !== "constant" || wanted.fits(value))) return false;
  // A template that cannot be read has a finding of its own.
  if (!isText && typeof value === "string" && /\{[{%]/.test(value)) return true;
  const written = typeof value === "string" ? JSON.stringify(value) : kindOf(value);
  const message = `"items" must be ${wanted.name}, not ${isText ? "a text made by a template" : written}.`;
  const hint = isText ? "Write ${{ }} instead of {{ }}, which keeps a list a list." : HINT;
  complain(r, [...path, "items"], { message, hint }, "value");
  return true;
}

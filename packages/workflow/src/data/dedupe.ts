import { isRecord } from "../values.ts";
import { fieldOf, identityOf } from "./fields.ts";

export const STRATEGIES = ["keep_first", "keep_last"] as const;
export const DEFAULT_STRATEGY = "keep_first";

/**
 * One element for each combination of the keys' values, at the place of the first that has it. A key that an element
 * lacks is a value of its own; elements that are no maps are compared whole.
 */
export function dedupe(
  items: readonly unknown[],
  keys: readonly string[],
  strategy: (typeof STRATEGIES)[number],
): unknown[] {
  const kept = new Map<string, unknown>();
  for (const item of items) {
    const identity = isRecord(item) ? keys.map((key) => identityOf(fieldOf(item, key))).join() : `=${identityOf(item)}`;
    if (strategy === "keep_last" || !kept.has(identity)) kept.set(identity, item);
  }
  return [...kept.values()];
}

import { Drop } from "liquidjs";
import { isRecord } from "../values.ts";

/** `a.b[0]['open ticket'].c` as its keys. */
export function splitField(text: string): string[] {
  const keys: string[] = [];
  const part = /\[\s*(?:"([^"]*)"|'([^']*)'|([^\]"']*))\s*\]|([^.[\]]+)/g;
  for (const match of text.matchAll(part)) {
    keys.push((match[1] ?? match[2] ?? match[3] ?? match[4] ?? "").trim());
  }
  return keys;
}

/**
 * All values a field leads to. A list on the way is entered in every element, a
 * numeric key picks one; `length` of a list is its own.
 */
export function* fieldValues(value: unknown, keys: readonly string[], from = 0): Generator<unknown> {
  const key = keys[from];
  if (key === undefined) yield value;
  else if (Array.isArray(value)) {
    if (/^\d+$/.test(key)) yield* fieldValues(value[Number(key)], keys, from + 1);
    else if (key === "length") yield* fieldValues(value.length, keys, from + 1);
    else for (const item of value) yield* fieldValues(item, keys, from);
  } else if (typeof value === "string") {
    if (key === "length") yield* fieldValues(value.length, keys, from + 1);
  } else if (value instanceof Drop) {
    yield* fieldValues(value.liquidMethodMissing(key, undefined as never), keys, from + 1);
  } else if (isRecord(value) && Object.hasOwn(value, key)) {
    yield* fieldValues(value[key], keys, from + 1);
  }
}

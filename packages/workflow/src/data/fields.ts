import { isRecord } from "../values.ts";

/**
 * What a dotted path such as `host.name` leads to in an element. Documents come nested or flat, so a key that is the
 * whole path counts first. Own properties only; numbers pick elements of lists.
 */
export function fieldOf(item: unknown, path: string): unknown {
  if (isRecord(item) && Object.hasOwn(item, path)) return item[path];
  let value = item;
  for (const key of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/** A text that two values share only if they are the same, whatever the order of keys in maps. */
export function identityOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(identityOf).join()}]`;
  if (isRecord(value)) {
    const entries = Object.keys(value)
      .toSorted()
      .map((key) => `${JSON.stringify(key)}:${identityOf(value[key])}`);
    return `{${entries.join()}}`;
  }
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

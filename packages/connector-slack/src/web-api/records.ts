import * as z from "zod";

/** One of Slack's objects, whatever it holds. */
export const record = z.looseObject({});

/** The values that an object of Slack's has under some keys. */
export function pick(from: Readonly<Record<string, unknown>>, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(keys.flatMap((key) => (Object.hasOwn(from, key) ? [[key, from[key]]] : [])));
}

import { isDeepStrictEqual } from "node:util";

/** One place where a vendor's document is not what it was. */
export interface Drift {
  /** Keys that lead to it: `paths./pages.post.requestBody`. */
  readonly where: string;
  readonly message: string;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const MAX_TEXT = 80;

/** What is different in the newer of two reduced documents, as deep down as it can be told. */
export function driftOf(before: unknown, after: unknown, keys: readonly string[] = []): Drift[] {
  if (isDeepStrictEqual(before, after)) return [];
  const where = keys.join(".");
  if (isRecord(before) && isRecord(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
      driftOf(before[key], after[key], [...keys, key]),
    );
  }
  if (before === undefined) return [{ where, message: `is new: ${shown(after)}` }];
  if (after === undefined) return [{ where, message: `is gone; it was ${shown(before)}` }];
  if (Array.isArray(before) && Array.isArray(after)) {
    const gone = before.filter((item) => !after.some((other) => isDeepStrictEqual(item, other)));
    const added = after.filter((item) => !before.some((other) => isDeepStrictEqual(item, other)));
    const texts = [...gone.map((item) => `lost ${shown(item)}`), ...added.map((item) => `got ${shown(item)}`)];
    return texts.map((message) => ({ where, message }));
  }
  return [{ where, message: `is ${shown(after)}; it was ${shown(before)}` }];
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}

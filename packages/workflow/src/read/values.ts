import { nearest, parseDuration, parseSize } from "@stepwire/core";
import type { Duration } from "../plan.ts";
import type { Path } from "../template/tree.ts";
import { kindOf } from "../values.ts";
import { complain, type Reader } from "./reader.ts";
import type { Place } from "./sites.ts";
import { readTemplate } from "./texts.ts";

/** A duration in milliseconds; anything else is a finding. */
export function readDuration(r: Reader, path: Path, value: unknown): number | undefined {
  const ms = typeof value === "string" ? parseDuration(value) : undefined;
  if (ms !== undefined) return ms;
  const shown = typeof value === "string" ? JSON.stringify(value) : kindOf(value);
  const hint =
    typeof value === "number"
      ? `Add a unit, such as "${value}s".`
      : "Write a number and a unit (ms, s, m, h, d, w), such as 30s or 1h30m.";
  complain(r, path, { message: `"${String(path.at(-1))}" must be a duration, not ${shown}.`, hint }, "value");
  return undefined;
}

/** A timeout: a duration above zero or, where a place is given, a template of one. */
export function readTimeout(r: Reader, path: Path, value: unknown): number | undefined;
export function readTimeout(r: Reader, path: Path, value: unknown, place: Place): Duration | undefined;
export function readTimeout(r: Reader, path: Path, value: unknown, place?: Place): Duration | undefined {
  if (place !== undefined && typeof value === "string" && /\{[{%]/.test(value))
    return readTemplate(r, path, value, place);
  const ms = readDuration(r, path, value);
  if (ms !== 0) return ms;
  complain(r, path, { message: `"${String(path.at(-1))}" must be longer than nothing.` }, "value");
  return undefined;
}

/** A size in bytes; anything else is a finding. */
export function readSize(r: Reader, path: Path, value: unknown): number | undefined {
  const bytes = typeof value === "string" ? parseSize(value) : undefined;
  if (bytes !== undefined && bytes > 0) return bytes;
  const shown = typeof value === "string" ? JSON.stringify(value) : kindOf(value);
  complain(
    r,
    path,
    {
      message: `"${String(path.at(-1))}" must be a size, not ${shown}.`,
      hint: "Write a number and a unit (b, kb, mb, gb), such as 10mb.",
    },
    "value",
  );
  return undefined;
}

/** A number of at least `min`; anything else is a finding. */
export function readNumber(r: Reader, path: Path, value: unknown, min: number, whole = true): number | undefined {
  if (typeof value === "number" && value >= min && Number.isFinite(value) && (!whole || Number.isInteger(value))) {
    return value;
  }
  const kind = whole ? "a whole number" : "a number";
  const shown = typeof value === "number" ? String(value) : kindOf(value);
  complain(r, path, { message: `"${String(path.at(-1))}" must be ${kind} of at least ${min}, not ${shown}.` }, "value");
  return undefined;
}

export function readBoolean(r: Reader, path: Path, value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  const hint = value === "true" || value === "false" ? "Take the quotes away." : undefined;
  complain(
    r,
    path,
    { message: `"${String(path.at(-1))}" must be true or false, not ${kindOf(value)}.`, hint },
    "value",
  );
  return undefined;
}

/** One of some words; anything else is a finding. */
export function readChoice<T extends string>(
  r: Reader,
  path: Path,
  value: unknown,
  words: readonly T[],
): T | undefined {
  const found = words.find((word) => word === value);
  if (found !== undefined) return found;
  const guess = typeof value === "string" ? nearest(value, words) : undefined;
  complain(
    r,
    path,
    {
      message: `"${String(path.at(-1))}" must be one of ${words.join(", ")}.`,
      hint: guess === undefined ? undefined : `Did you mean "${guess}"?`,
    },
    "value",
  );
  return undefined;
}

import { Drop } from "liquidjs";
import { StepwireError } from "@stepwire/core";

/** A map as YAML and JSON have it: no list, no date. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** Sets a key even where it is `__proto__`, which plain assignment would take for the prototype. */
export function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else target[key] = value;
}

/** What a value is, in the words of a person who writes YAML. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (typeof value === "string") return "a text";
  if (typeof value === "number") return "a number";
  if (typeof value === "boolean") return "a boolean";
  if (Array.isArray(value)) return "a list";
  return value instanceof Date ? "a date" : "a map";
}

/**
 * Far more than anybody nests, and well within what journals, clones and JSON can take: those end with an overflow of
 * the stack, at a depth that is another one from run to run.
 */
export const MAX_VALUE_DEPTH = 1000;

/**
 * A copy that JSON can hold, so that a value is the same in memory, in a journal and on the wire:
 * dates become ISO texts, keys without a value go, holes in lists become null.
 * Throws `template-error` for more than `MAX_VALUE_DEPTH` levels; `source` begins its message.
 */
export function toPlain(value: unknown, source = "A value"): unknown {
  return copyOf(value, source, 0);
}

function copyOf(value: unknown, source: string, depth: number): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (!isRecord(value) && !Array.isArray(value)) {
    return typeof value === "function" || typeof value === "symbol" ? undefined : value;
  }
  if (depth >= MAX_VALUE_DEPTH) throw tooDeep(source);
  if (Array.isArray(value)) return value.map((item) => copyOf(item, source, depth + 1) ?? null);
  if (hasText(value)) return value.toJSON();
  // Liquid's words for nothing, such as `nil`.
  if (value instanceof Drop) return value.valueOf();
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const item = copyOf(value[key], source, depth + 1);
    if (item !== undefined) setOwn(copy, key, item);
  }
  return copy;
}

function tooDeep(source: string): StepwireError {
  const shown = source.length > 120 ? `${source.slice(0, 120)}…` : source;
  return new StepwireError(
    "template-error",
    `${shown} is nested too deeply: it has more than ${MAX_VALUE_DEPTH} levels.`,
  );
}

/** Whether what was thrown says that calls went too deep, as those that follow a value down do. */
export function isStackOverflow(thrown: unknown): boolean {
  return thrown instanceof RangeError && thrown.message.includes("call stack");
}

function hasText(value: object): value is { toJSON(): unknown } {
  return "toJSON" in value && typeof value.toJSON === "function";
}

/** A name as a part of a step path: quoted as JSON where it holds other than letters, digits, `_` and `-`. */
export function pathSegment(name: string): string {
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : JSON.stringify(name);
}

/** A text that begins a sentence. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

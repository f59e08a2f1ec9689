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
 * A copy that JSON can hold, so that a value is the same in memory, in a journal and on the wire:
 * dates become ISO texts, keys without a value go, holes in lists become null.
 */
export function toPlain(value: unknown): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (Array.isArray(value)) return value.map((item) => toPlain(item) ?? null);
  if (!isRecord(value)) return typeof value === "function" || typeof value === "symbol" ? undefined : value;
  if (hasText(value)) return value.toJSON();
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const item = toPlain(value[key]);
    if (item !== undefined) setOwn(copy, key, item);
  }
  return copy;
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

/**
 * The version of the contract between a host and a plugin. A host runs plugins
 * of its own number and, from 2 on, of the one before.
 */
export const CONTRACT = 1;

/**
 * Marks what the `define…` functions return. Two copies of this package may be
 * loaded at once, so objects are known by this mark and never by `instanceof`.
 */
const BRAND = Symbol.for("stepwire.brand");

export type Brand = "connection" | "action" | "connector-type" | "step" | "plugin" | "error";

export function mark<T extends object>(value: T, brand: Brand): T {
  Object.defineProperty(value, BRAND, { value: brand, enumerable: false });
  return value;
}

export function isBranded(value: unknown, brand: Brand): value is object {
  return typeof value === "object" && value !== null && (value as Record<symbol, unknown>)[BRAND] === brand;
}

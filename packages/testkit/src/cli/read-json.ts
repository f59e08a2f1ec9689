import { readFileSync } from "node:fs";

import { usage } from "./terms.ts";

/** A JSON object from a file. Throws `usage-invalid` saying what is wrong with it, and what to do. */
export function readJson(file: string, advice = ""): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw usage(`${file} cannot be read: ${(error as Error).message}. ${advice}`.trimEnd());
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw usage(`${file} is no JSON object. ${advice}`.trimEnd());
  return value as Record<string, unknown>;
}

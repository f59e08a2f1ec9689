import { readFileSync } from "node:fs";
import path from "node:path";

import { manifestProblems, type Manifest } from "@stepwire/core";

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

/** The manifest of the package in a folder, as it was built, and where it is. Throws `usage-invalid`. */
export function readManifest(folder: string): { manifest: Manifest; file: string } {
  const json = readJson(path.join(folder, "package.json"), "Call this in a package's folder, or name one.");
  const place = (json["stepwire"] as { manifest?: unknown } | undefined)?.manifest;
  if (typeof place !== "string") throw usage(`${folder} is no connector package: its package.json has no "stepwire".`);
  const file = path.join(folder, place);
  return { manifest: asManifest(readJson(file, "Build the package first."), file), file };
}

/** Throws `usage-invalid` for what is no manifest. */
export function asManifest(value: Record<string, unknown>, file: string): Manifest {
  const problems = manifestProblems(value);
  if (problems.length > 0) throw usage(`${file} is no manifest: ${problems.slice(0, 3).join("; ")}.`);
  return value as unknown as Manifest;
}

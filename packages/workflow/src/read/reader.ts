import { nearest, type Finding, type JsonSchema } from "@stepwire/core";
import type { Position, YamlSource } from "@stepwire/yaml";
import type { Rule } from "../language/rules.ts";
import type { StepNode } from "../plan.ts";
import type { Templates } from "../template/compile.ts";
import type { Path } from "../template/tree.ts";
import { isRecord, kindOf } from "../values.ts";
import type { ReferenceSite, StepSite, Surroundings } from "./sites.ts";

/** What is collected while one workflow is read. */
export interface Reader {
  readonly source: YamlSource;
  readonly templates: Templates;
  readonly findings: Finding[];
  /** Everything that reads the scope, to be checked when all names are known. */
  readonly references: ReferenceSite[];
  /** All steps in the order of the file. */
  readonly steps: StepSite[];
  /** JSON Schema of the workflow's outputs, where it declares them. */
  readonly outputs?: JsonSchema | undefined;
  /** Names that `data.set` steps give. */
  readonly variables: Set<string>;
  /** Reads a list of steps; here because steps hold policies and policies hold steps. */
  readSteps(path: Path, value: unknown, around: Surroundings): StepNode[];
}

export interface Complaint {
  message: string;
  hint?: string | undefined;
  rule?: Rule;
  code?: Finding["code"];
  severity?: Finding["severity"];
}

/** Nobody reads on, and each place has to be looked for in the whole text. */
export const MOST_OF_A_SEVERITY = 1000;

/** How many more findings of a severity are taken. */
export function roomFor({ findings }: Reader, severity: Finding["severity"]): number {
  if (findings.length < MOST_OF_A_SEVERITY - 1) return MOST_OF_A_SEVERITY - findings.length;
  return MOST_OF_A_SEVERITY - findings.filter((finding) => finding.severity === severity).length;
}

/** Adds a finding at a key (default) or value of the file, or at a position that is asked for only if it is needed. */
export function complain(
  r: Reader,
  path: Path,
  complaint: Complaint,
  of: "key" | "value" | (() => Position) = "key",
): void {
  const { severity = "error" } = complaint;
  const room = roomFor(r, severity);
  if (room === 0) return;
  const last: Complaint = {
    severity,
    message: `There are more ${severity}s than are shown, from here on or elsewhere.`,
  };
  const { hint, ...rest } = room === 1 ? last : complaint;
  const finding = { code: "workflow-invalid", rule: "schemaViolation", ...rest } as const;
  const place = typeof of === "string" ? {} : of();
  r.findings.push(
    r.source.finding(
      path,
      { ...finding, ...(hint === undefined ? {} : { hint }), ...place },
      typeof of === "string" ? of : "key",
    ),
  );
}

/** A map at a path; anything else is a finding. */
export function readMap(r: Reader, path: Path, value: unknown, what: string): Record<string, unknown> | undefined {
  if (isRecord(value)) return value;
  complain(r, path, { message: `${what} must be a map, not ${kindOf(value)}.` }, "value");
  return undefined;
}

/** A list at a path; anything else is a finding. */
export function readList(r: Reader, path: Path, value: unknown, what: string): unknown[] | undefined {
  if (Array.isArray(value)) return value as unknown[];
  complain(r, path, { message: `${what} must be a list, not ${kindOf(value)}.` }, "value");
  return undefined;
}

/** A text at a path that is not empty; anything else is a finding. */
export function readText(r: Reader, path: Path, value: unknown, what: string): string | undefined {
  if (typeof value === "string" && value !== "") return value;
  const wrong = value === "" ? "must not be empty" : `must be a text, not ${kindOf(value)}`;
  const hint = typeof value === "number" || typeof value === "boolean" ? `Write "${value}" in quotes.` : undefined;
  complain(r, path, { message: `${what} ${wrong}.`, hint }, "value");
  return undefined;
}

/** The key of a map that is none of the known ones and most likely meant a certain one of them. */
export function meantBy(map: Record<string, unknown>, key: string, known: readonly string[]): string | undefined {
  return Object.keys(map).find((other) => !known.includes(other) && nearest(other, known) === key);
}

/** Reports a key that a map may not have. */
export function complainOfKey(r: Reader, path: Path, key: string, what: string, guess: string): void {
  complain(r, [...path, key], { message: `"${key}" is not a key of ${what}.`, hint: `Did you mean "${guess}"?` });
}

/**
 * Reports the keys a map may not have. Gives the known keys that misspelt ones most likely meant, so that nobody
 * is told of the same mistake twice.
 */
export function checkKeys(
  r: Reader,
  path: Path,
  map: Record<string, unknown>,
  known: readonly string[],
  what: string,
): Set<string> {
  const meant = new Set<string>();
  for (const key of Object.keys(map)) {
    if (known.includes(key)) continue;
    const guess = nearest(key, known);
    if (guess !== undefined) meant.add(guess);
    complain(r, [...path, key], {
      message: `"${key}" is not a key of ${what}.`,
      hint: guess === undefined ? `Its keys are ${known.join(", ")}.` : `Did you mean "${guess}"?`,
    });
  }
  return meant;
}

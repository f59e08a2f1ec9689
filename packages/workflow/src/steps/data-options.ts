import { StepwireError } from "@stepwire/core";
import { knownOptions, Options, sentence, UNKNOWN, type Say } from "../data/options.ts";
import { checkKeys, complain, type Reader } from "../read/reader.ts";
import { readTree } from "../read/texts.ts";
import type { Scope } from "../template/scope.ts";
import { renderTree, type Path, type ValueTree } from "../template/tree.ts";
import { isRecord, setOwn } from "../values.ts";
import { needs, readWith } from "./read.ts";
import type { BodyReading } from "./step-type.ts";

/** The value that a step works on, which stands beside `with`. */
export function readSource(r: Reader, step: BodyReading, key: string, hint: string): ValueTree | undefined {
  const { path, map, place } = step;
  if (!(key in map) && isRecord(map["with"]) && key in map["with"]) return undefined;
  return needs(r, step, key, hint) ? readTree(r, [...path, key], map[key], place) : undefined;
}

interface OptionKeys {
  /** What to write where there is no `with`; without it, none is needed. */
  readonly hint?: string;
  /** Options that stand beside `with`. */
  readonly beside?: readonly string[];
  /** Options in `with`. */
  readonly with: readonly string[];
  /** Keys of `with` that must be there and that the step reads by itself, with what to write. */
  readonly apart?: Readonly<Record<string, string>>;
  /** The key of the source. */
  readonly source: string;
}

/** Rendered options for the record of the step, and what they say. Throws `params-invalid` or `template-error`. */
type ReadOptions<T> = (scope: Scope) => { readonly input: Record<string, unknown>; readonly options: T };

/** Reads options once where they hold no templates, and else whenever the step runs. */
export function readOptions<T>(
  r: Reader,
  step: BodyReading,
  keys: OptionKeys,
  parse: (options: Options) => T,
): ReadOptions<T> | undefined {
  const { path, map, place, site } = step;
  if (keys.hint !== undefined && !needs(r, step, "with", keys.hint)) return undefined;
  const params = readWith(r, path, map);
  if (params === undefined) return undefined;
  const { beside = [], apart = {} } = keys;
  const placed = wellPlaced(r, path, params, [keys.source, ...beside]);
  const misspelt = checkWith(r, step, placed, [...keys.with, ...Object.keys(apart)]);

  const at = (below: Path): Path =>
    beside.includes(String(below[0])) ? [...path, ...below] : [...path, "with", ...below];
  const raw: Record<string, unknown> = {};
  const entries: [string, ValueTree][] = [];
  for (const key of [...beside.filter((one) => one in map), ...keys.with.filter((one) => Object.hasOwn(placed, one))]) {
    const value = beside.includes(key) ? map[key] : placed[key];
    setOwn(raw, key, value);
    entries.push([key, readTree(r, at([key]), value, place)]);
  }

  const known = knownOptions(raw) as Record<string, unknown>;
  const isKnown = entries.every(([, tree]) => tree.kind === "constant") && !hasUnknown(known);
  let isWrong = false;
  const say: Say = (below, wrong, hint) => {
    if (below.length === 0 && !isKnown) return;
    isWrong = true;
    if (below.length === 1 && misspelt.has(String(below[0]))) return;
    const whole = at(below);
    const where = deepest(map, whole, path.length);
    const isThere = below.length > 0 && where.length === whole.length;
    complain(r, where, { message: sentence(below, wrong), hint }, isThere ? "value" : "key");
  };
  const options = parse(new Options(known, [], say));
  const there = new Options(placed, [], say);
  for (const [key, hint] of Object.entries(apart)) there.need(key, hint);
  if (isWrong) return undefined;
  if (isKnown) return () => ({ input: raw, options });
  const label = `step "${site.name}"`;
  return (scope) => {
    const input = renderTree({ kind: "map", entries }, scope) as Record<string, unknown>;
    return { input, options: parse(new Options(input, [], refuse(label))) };
  };
}

/** `with` without the keys that belong beside it, which are findings. */
function wellPlaced(
  r: Reader,
  path: Path,
  params: Record<string, unknown>,
  beside: readonly string[],
): Record<string, unknown> {
  for (const key of beside) {
    if (!(key in params)) continue;
    const message = `"${key}" stands inside "with".`;
    complain(r, [...path, "with", key], { rule: "invalidStepProperty", message, hint: 'Move it up, beside "with".' });
  }
  return Object.fromEntries(Object.entries(params).filter(([key]) => !beside.includes(key)));
}

function checkWith(
  r: Reader,
  { path, type }: BodyReading,
  params: Record<string, unknown>,
  known: string[],
): Set<string> {
  const what = `"with" of a step of type "${type}"`;
  if (known.length > 0) return checkKeys(r, [...path, "with"], params, known, what);
  if (Object.keys(params).length > 0) {
    complain(r, [...path, "with"], { message: `${what} has no keys.`, hint: `Take "with" away.` });
  }
  return new Set();
}

/** Says what is wrong by throwing `params-invalid`. */
function refuse(label: string): Say {
  return (path, wrong, hint) => {
    throw invalid(`${sentence(path, wrong, ` of ${label}`)}${hint === undefined ? "" : ` ${hint}`}`);
  };
}

export function invalid(message: string, details?: Record<string, unknown>): StepwireError {
  return new StepwireError("params-invalid", message, details === undefined ? {} : { details });
}

/** The part of a path that the file has: what is missing is told where it is missing from. */
function deepest(map: Record<string, unknown>, path: Path, from: number): Path {
  let value: unknown = map;
  for (let length = from; length < path.length; length += 1) {
    const key = path[length] as string | number;
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return path.slice(0, length);
    value = (value as Record<string | number, unknown>)[key];
  }
  return path;
}

function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasUnknown);
}

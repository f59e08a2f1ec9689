import { formatPath, nearest } from "@stepwire/core";
import type { Path } from "../template/tree.ts";
import { isRecord, kindOf, setOwn } from "../values.ts";

/** Stands for an option that only a run knows. */
export const UNKNOWN = Symbol("unknown");

/**
 * Tells what is wrong with the option at a path: a predicate, such as `must be a list, not a text`.
 * An empty path is for what is wrong with several of them together.
 */
export type Say = (path: Path, wrong: string, hint?: string) => void;

/**
 * Options of a data step as they are written or, where templates give them, as they were rendered. Both are read by
 * the same code, so that a mistake is told when the file is checked or when the step runs, whichever knows first.
 */
export class Options {
  readonly map: Record<string, unknown>;
  readonly path: Path;
  readonly say: Say;

  constructor(map: Record<string, unknown>, path: Path, say: Say) {
    this.map = map;
    this.path = path;
    this.say = say;
  }

  has(key: string): boolean {
    return Object.hasOwn(this.map, key);
  }

  /** Says so of an option that is not there. */
  need(key: string, hint: string): boolean {
    if (this.has(key)) return true;
    this.say([...this.path, key], "is missing", hint);
    return false;
  }

  /** Says so of keys that are no options. */
  only(known: readonly string[]): void {
    for (const key of Object.keys(this.map)) {
      if (known.includes(key)) continue;
      const guess = nearest(key, known);
      const hint = guess === undefined ? `There are ${known.join(", ")}.` : `Did you mean "${guess}"?`;
      this.say([...this.path, key], "is no option", hint);
    }
  }

  text(key: string): string | undefined {
    return this.#read(key, "a text that is not empty", textOf);
  }

  /** A text that may be empty. */
  anyText(key: string): string | undefined {
    return this.#read(key, "a text", (value) => (typeof value === "string" ? value : undefined));
  }

  flag(key: string): boolean | undefined {
    return this.#read(key, "true or false", (value) => (typeof value === "boolean" ? value : undefined));
  }

  number(key: string): number | undefined {
    return this.#read(key, "a number", (value) => (Number.isFinite(value) ? (value as number) : undefined));
  }

  wholeNumber(key: string): number | undefined {
    return this.#read(key, "a whole number of at least 1", (value) => wholeNumber(value));
  }

  /** False for off, true for 1, or a whole number up to `max`. */
  levels(key: string, max: number): number | undefined {
    return this.#read(key, `true, false or a whole number from 1 to ${max}`, (value) =>
      typeof value === "boolean" ? Number(value) : wholeNumber(value, max),
    );
  }

  choice<T extends string>(key: string, words: readonly T[]): T | undefined {
    const guess = typeof this.map[key] === "string" ? nearest(this.map[key], words) : undefined;
    const hint = guess === undefined ? undefined : `Did you mean "${guess}"?`;
    return this.#read(key, `one of ${words.join(", ")}`, (value) => words.find((word) => word === value), hint);
  }

  /** Texts, at least one. */
  texts(key: string): string[] | undefined {
    return this.#list(key)?.flatMap((value, index) => {
      const text = textOf(value);
      if (text === undefined && value !== UNKNOWN) {
        this.say([...this.path, key, index], `must be a text that is not empty, not ${shown(value)}`);
      }
      return text ?? [];
    });
  }

  /** Maps, at least one, each as options of its own. */
  maps(key: string): Options[] | undefined {
    return this.#list(key)?.flatMap((value, index) => {
      const path = [...this.path, key, index];
      if (isRecord(value)) return new Options(value, path, this.say);
      if (value !== UNKNOWN) this.say(path, `must be a map, not ${shown(value)}`);
      return [];
    });
  }

  inner(key: string): Options | undefined {
    const map = this.#read(key, "a map", (value) => (isRecord(value) ? value : undefined));
    return map === undefined ? undefined : new Options(map, [...this.path, key], this.say);
  }

  #list(key: string): unknown[] | undefined {
    return this.#read(key, "a list that is not empty", (value) =>
      Array.isArray(value) && value.length > 0 ? (value as unknown[]) : undefined,
    );
  }

  #read<T>(key: string, wanted: string, accept: (value: unknown) => T | undefined, hint?: string): T | undefined {
    if (!this.has(key) || this.map[key] === UNKNOWN) return undefined;
    const value = this.map[key];
    const found = accept(value);
    if (found !== undefined) return found;
    const quoted = typeof value === "string" && /^(?:true|false|-?\d+(?:\.\d+)?)$/.test(value);
    const loose = quoted ? `Write ${value} without quotes, or a template as \${{ }}, which keeps its kind.` : undefined;
    this.say([...this.path, key], `must be ${wanted}, not ${shown(value)}`, hint ?? loose);
    return undefined;
  }
}

/** Options with `UNKNOWN` where a template stands. */
export function knownOptions(value: unknown): unknown {
  if (typeof value === "string") return /\{[{%]/.test(value) ? UNKNOWN : value;
  if (Array.isArray(value)) return value.map(knownOptions);
  if (!isRecord(value)) return value;
  const known: Record<string, unknown> = {};
  for (const key of Object.keys(value)) setOwn(known, key, knownOptions(value[key]));
  return known;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function wholeNumber(value: unknown, max = Number.MAX_SAFE_INTEGER): number | undefined {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= max ? (value as number) : undefined;
}

/** A problem as a sentence; `of` names the step where no place in the file does. */
export function sentence(path: Path, wrong: string, of = ""): string {
  return `"${path.length === 0 ? "with" : formatPath(path)}"${of} ${wrong}.`;
}

function shown(value: unknown): string {
  if (typeof value === "number") return String(value);
  if (value === "") return "an empty text";
  if (typeof value === "string" && value.length <= 40) return JSON.stringify(value);
  return Array.isArray(value) && value.length === 0 ? "an empty list" : kindOf(value);
}

import { readFile } from "node:fs/promises";
import { nearest, parseDuration, parseSize, type ErrorCode, type Finding } from "@stepwire/core";
import { parseYaml, type YamlSource } from "@stepwire/yaml";
import type { Reason } from "./reasons.ts";
import { decodeUtf8, UTF8_HINT } from "./utf8.ts";

export type Path = readonly (string | number)[];

/**
 * Takes note of something wrong at a place of a file. `of` says whether the key or its value is pointed at, `reason`
 * tells cases apart for programs.
 */
export type Report = (path: Path, message: string, hint?: string, of?: "key" | "value", reason?: Reason) => void;

/** The longest time a timer of Node can wait. */
const MAX_DURATION = 2_147_483_647;

/** Reads a YAML or JSON file; `undefined` if it does not exist. What is wrong with it comes as findings of the source. */
export async function readSource(file: string): Promise<YamlSource | undefined> {
  const unreadable = (message: string, hint?: string): YamlSource => {
    const source = parseYaml("", file);
    const finding = { code: "usage-invalid", message, ...(hint === undefined ? {} : { hint }) } as const;
    return { ...source, value: undefined, findings: [source.finding([], finding)] };
  };
  try {
    const text = decodeUtf8(await readFile(file));
    return text === undefined
      ? unreadable("The file is not UTF-8 text.", UTF8_HINT)
      : parseYaml(text, file, { secret: true });
  } catch (error) {
    const { code = "error" } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    return unreadable(`The file cannot be read (${code}).`);
  }
}

/** The finding for a file that was looked for and is not there; `option` names another one. */
export function missingFile(file: string, option: string): Finding {
  const hint = `Create it, or name another file with ${option}.`;
  return { code: "usage-invalid", severity: "error", message: "The file does not exist.", file, hint };
}

/** A reporter that turns what it is told into findings with file, line and column. */
export function reporter(source: YamlSource, code: ErrorCode, findings: Finding[]): Report {
  return (path, message, hint, of = "value", reason) => {
    const more = { ...(hint === undefined ? {} : { hint }), ...(reason === undefined ? {} : { details: { reason } }) };
    findings.push(source.finding(path, { code, message, ...more }, of));
  };
}

/** The own keys of a map; unknown ones are reported with the nearest known one. Nothing (`null`) is an empty map. */
export function readMap(
  value: unknown,
  path: Path,
  known: readonly string[],
  report: Report,
): Readonly<Record<string, unknown>> {
  const map = readAnyMap(value, path, report) ?? {};
  for (const key of Object.keys(map)) {
    if (known.includes(key)) continue;
    const [head = "", rest] = key.split(":", 2);
    if (rest !== undefined) {
      // `password:secret` between braces is one key, which is not to be shown.
      const name = known.includes(head.trim()) ? ` of ${head.trim()}` : "";
      report(path, `The name${name} here holds a colon.`, "Put a space behind the colon.", "value");
      continue;
    }
    const near = nearest(key, known);
    const hint = near === undefined ? `Known keys here: ${known.join(", ")}.` : `Did you mean ${near}?`;
    report([...path, key], `The key ${JSON.stringify(key)} is not known here.`, hint, "key");
  }
  // Without a prototype, so that a key such as `constructor` is never found by accident.
  return Object.assign(Object.create(null) as Record<string, unknown>, map);
}

/** A map with any keys; `undefined` if it is absent or something else. */
export function readAnyMap(value: unknown, path: Path, report: Report): Record<string, unknown> | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "object" && !Array.isArray(value)) return value as Record<string, unknown>;
  report(path, `${named(path)} must be a map of keys and values, not ${kindOf(value)}.`);
  return undefined;
}

export function readText(value: unknown, path: Path, report: Report): string | undefined {
  if (value === undefined || value === null || typeof value === "string") return value ?? undefined;
  report(path, `${named(path)} must be a text, not ${kindOf(value)}.`, scalarHint(value));
  return undefined;
}

/** A list of texts. */
export function readTexts(value: unknown, path: Path, report: Report): string[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) {
    report(path, `${named(path)} must be a list of texts, not ${kindOf(value)}.`, "Write it as a list: [ ... ].");
    return undefined;
  }
  return value.flatMap((item: unknown, index) => {
    if (typeof item === "string") return [item];
    report([...path, index], `${named(path)} must hold texts only, not ${kindOf(item)}.`, scalarHint(item));
    return [];
  });
}

/** A map of texts. */
export function readTextMap(value: unknown, path: Path, report: Report): Record<string, string> | undefined {
  const map = readAnyMap(value, path, report);
  if (map === undefined) return undefined;
  const entries = Object.entries(map).flatMap(([key, item]): [string, string][] => {
    const text = readText(item ?? "", [...path, key], report);
    return text === undefined ? [] : [[key, text]];
  });
  return Object.fromEntries(entries);
}

export function readBoolean(value: unknown, path: Path, report: Report): boolean | undefined {
  if (value === undefined || value === null || typeof value === "boolean") return value ?? undefined;
  // What comes from the environment is always text.
  if (value === "true" || value === "false") return value === "true";
  report(path, `${named(path)} must be true or false.`);
  return undefined;
}

export function readChoice<T extends string>(
  value: unknown,
  path: Path,
  choices: readonly T[],
  report: Report,
): T | undefined {
  if (value === undefined || value === null) return undefined;
  const choice = choices.find((item) => item === value);
  if (choice === undefined) {
    const near = typeof value === "string" ? nearest(value, choices) : undefined;
    report(
      path,
      `${named(path)} must be ${choices.join(" or ")}.`,
      near === undefined ? undefined : `Did you mean ${near}?`,
      "value",
      "unknown-choice",
    );
  }
  return choice;
}

/** A whole number from 1. */
export function readCount(value: unknown, path: Path, report: Report): number | undefined {
  if (value === undefined || value === null) return undefined;
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof number === "number" && Number.isSafeInteger(number) && number > 0) return number;
  report(path, `${named(path)} must be a whole number from 1.`);
  return undefined;
}

/** A duration as in workflows, in milliseconds. */
export function readDuration(value: unknown, path: Path, report: Report): number | undefined {
  if (value === undefined || value === null) return undefined;
  const duration = typeof value === "string" ? parseDuration(value) : undefined;
  if (duration !== undefined && duration > 0 && duration <= MAX_DURATION) return duration;
  const hint = typeof value === "number" ? `Write the unit with it: ${value}s.` : "Units: w d h m s ms, as in 1m30s.";
  report(path, `${named(path)} must be a duration from 1ms to 24d, such as 60s.`, hint);
  return undefined;
}

/** A size as in workflows, in bytes. */
export function readSize(value: unknown, path: Path, report: Report): number | undefined {
  if (value === undefined || value === null) return undefined;
  const size = typeof value === "string" ? parseSize(value) : undefined;
  if (size !== undefined && size > 0) return size;
  const hint = typeof value === "number" ? `Write the unit with it: ${value}b.` : "Units: b kb mb gb, as in 1.5mb.";
  report(path, `${named(path)} must be a size such as 1mb.`, hint);
  return undefined;
}

/** An http or https URL; user and password may stand in it only where `userInfo` says so. */
export function readUrl(value: unknown, path: Path, report: Report, userInfo = false): URL | undefined {
  const text = readText(value, path, report);
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    report(path, `${named(path)} must be a URL that starts with http:// or https://.`);
    return undefined;
  }
  if (!userInfo && (url.username !== "" || url.password !== "")) {
    report(path, `${named(path)} must not hold a user or password.`, "Put credentials under secrets.");
    return undefined;
  }
  return url;
}

const named = (path: Path): string => {
  const key = path.findLast((item) => typeof item === "string");
  return key === undefined ? "The file" : String(key);
};

const kindOf = (value: unknown): string => {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  return typeof value === "string" ? "a text" : `a ${typeof value}`;
};

const scalarHint = (value: unknown): string | undefined =>
  typeof value === "number" || typeof value === "boolean" ? `Put it in quotes: "${value}".` : undefined;

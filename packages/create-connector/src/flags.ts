import { parseArgs } from "node:util";

import { nearest } from "@stepwire/core";

import type { Answers, Key } from "./answers.ts";
import { FIELDS, readField } from "./fields.ts";

export interface Flags {
  readonly folder: string;
  /** What the flags say, and is right. */
  readonly given: Partial<Answers>;
  /** Those that were given, right or wrong: nobody is asked for them again. */
  readonly named: ReadonlySet<Key>;
  readonly yes: boolean;
  readonly help: boolean;
  /** All that is wrong with the arguments. */
  readonly problems: readonly string[];
}

const OPTIONS = {
  ...Object.fromEntries(FIELDS.map(({ key }) => [key, { type: "string" } as const])),
  yes: { type: "boolean", short: "y" },
  help: { type: "boolean", short: "h" },
} as const;

/** Reads the arguments; what is wrong with them is gathered, not thrown. */
export function readFlags(args: readonly string[]): Flags {
  const { tokens } = parseArgs({
    args: args.map(withValue),
    options: OPTIONS,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const problems: string[] = [];
  const given: Record<string, string> = {};
  const named = new Set<Key>();
  const switches = new Set<string>();
  const folders: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") folders.push(token.value);
    if (token.kind !== "option") continue;
    const { name, rawName, value } = token;
    const field = FIELDS.find(({ key }) => key === name);
    if (field === undefined) {
      if (!Object.hasOwn(OPTIONS, name)) problems.push(unknown(rawName));
      else if (value !== undefined) problems.push(`${rawName}: It takes no value.`);
      else switches.add(name);
      continue;
    }
    if (named.has(field.key)) problems.push(`${rawName}: It is given twice.`);
    named.add(field.key);
    const reading = readField(field, value ?? "");
    if ("problem" in reading) problems.push(`${rawName}: ${reading.problem}`);
    else given[name] = reading.value;
  }
  for (const folder of folders.slice(1))
    problems.push(`${folder}: There is one argument too many; one folder is made.`);
  return {
    folder: folders[0] ?? ".",
    given: given as Partial<Answers>,
    named,
    yes: switches.has("yes"),
    help: switches.has("help"),
    problems,
  };
}

/** An option that is followed by another one has no value; it must not take that for one. */
function withValue(arg: string, at: number, args: readonly string[]): string {
  const isField = FIELDS.some(({ key }) => arg === `--${key}`);
  return isField && (args[at + 1] ?? "-").startsWith("-") ? `${arg}=` : arg;
}

function unknown(flag: string): string {
  const close = nearest(flag.replace(/^-+/, ""), Object.keys(OPTIONS));
  return `${flag}: There is no such option. ${close === undefined ? "See --help." : `Did you mean --${close}?`}`;
}

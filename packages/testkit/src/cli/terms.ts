import { parseArgs, type ParseArgsConfig } from "node:util";

import { nearest, StepwireError } from "@stepwire/core";

import { clean, safeJson } from "./clean.ts";

/** The same as those of the `stepwire` command. */
export const EXIT = { done: 0, failed: 1, refused: 2, cancelled: 3, fault: 4 } as const;

export const usage = (message: string) => new StepwireError("usage-invalid", message);

type Options = NonNullable<ParseArgsConfig["options"]>;

/** Parses a command's own arguments. Throws `usage-invalid` naming the option and the nearest known one. */
export function parseCommand<const O extends Options>(args: readonly string[], options: O, most: number) {
  const config = { args: [...args], options, allowPositionals: true, strict: true } as const;
  let parsed;
  try {
    parsed = parseArgs(config);
  } catch (error) {
    const { code = "", message } = error as { code?: string; message: string };
    const given = /'(-[^']*)'/.exec(message)?.[1] ?? "";
    if (code !== "ERR_PARSE_ARGS_UNKNOWN_OPTION") throw usage(`${message.split(/\.\s/)[0]}.`);
    const close = nearest(given.replace(/^-+/, ""), Object.keys(options));
    throw usage(`There is no option ${given}. ${close === undefined ? "See --help." : `Did you mean --${close}?`}`);
  }
  const extra = parsed.positionals[most];
  if (extra !== undefined) throw usage(`There is one argument too many: ${extra}. See --help.`);
  return parsed;
}

/** Whether json was asked for; the arguments may be the very thing that is wrong, so they are not parsed. */
export function asksForJson(args: readonly string[]): boolean {
  return args.some((arg, at) => arg === "--output=json" || (arg === "--output" && args[at + 1] === "json"));
}

export function outputFormat(value: string): "text" | "json" {
  if (value === "text" || value === "json") return value;
  throw usage(`--output is text or json, not ${value}.`);
}

// As it is before a package is imported; see `guardProcess`.
const write = process.stdout.write.bind(process.stdout);

export const printJson = (value: unknown): void => void write(`${safeJson(value)}\n`);
export const printLine = (text: string): void => void write(`${clean(text)}\n`);
export const printRefusal = (message: string, code: string): void =>
  void process.stderr.write(`stepwire-kit: ${clean(message)} (${code})\n`);

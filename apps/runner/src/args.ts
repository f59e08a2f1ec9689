import { statSync } from "node:fs";
import { parseArgs, type ParseArgsConfig } from "node:util";

import { nearest } from "@stepwire/core";

import { usage } from "./refusal.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;

/** Where files are, and how results are written; every command takes those that can matter to it. */
export const COMMON = {
  project: { type: "string" },
  connectors: { type: "string" },
  settings: { type: "string" },
  "env-file": { type: "string" },
  output: { type: "string", default: "text" },
  help: { type: "boolean", short: "h" },
} as const satisfies Options;

/** Parses a command's own arguments. Throws `usage-invalid` naming the option and the nearest known one. */
export function parseCommand<const O extends Options>(args: readonly string[], options: O) {
  const config = { args: [...args], options, allowPositionals: true, strict: true } as const;
  try {
    return parseArgs(config);
  } catch (error) {
    const { code = "", message } = error as { code?: string; message: string };
    if (code !== "ERR_PARSE_ARGS_UNKNOWN_OPTION") throw usage(argumentProblem(message));
    const given = /'(-[^']*)'/.exec(message)?.[1] ?? "";
    const close = nearest(given.replace(/^-+/, ""), Object.keys(options));
    throw usage(`There is no option ${given}.`, close === undefined ? "See --help." : `Did you mean --${close}?`);
  }
}

/** Refuses arguments beyond those a command takes: nothing that was typed is passed over in silence. */
export function takeAtMost(count: number, positionals: readonly string[], command: string): void {
  const extra = positionals[count];
  if (extra !== undefined) throw usage(`${command} does not take ${extra}.`, `See stepwire help ${command}.`);
}

export function outputFormat(value: string): "text" | "json" {
  if (value === "text" || value === "json") return value;
  throw usage(`--output is text or json, not ${value}.`);
}

/** The project's files as the library takes them. Throws `usage-invalid` for a project folder that is none. */
export function projectOptions(values: {
  project?: string;
  connectors?: string;
  settings?: string;
  "env-file"?: string;
}) {
  const { project } = values;
  if (project !== undefined && statSync(project, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw usage(`--project: ${project} is no folder.`, "Name the folder that holds package.json.");
  }
  return {
    project: values.project,
    connectors: values.connectors,
    settings: values.settings,
    envFile: values["env-file"],
  };
}

/** Node's words for it, without its advice on quoting. */
function argumentProblem(message: string): string {
  const missing = /^Option '(?:-\w, )?(--[\w-]+) <value>' argument/.exec(message)?.[1];
  return missing === undefined ? `${message.split(/\.\s/)[0]?.replace(/\.$/, "")}.` : `${missing} needs a value.`;
}

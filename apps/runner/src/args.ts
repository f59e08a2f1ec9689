import { parseArgs, type ParseArgsConfig } from "node:util";

import { nearest, StepwireError } from "@stepwire/core";

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
    if (code !== "ERR_PARSE_ARGS_UNKNOWN_OPTION") throw usage(firstSentence(message));
    const given = /'(-[^']*)'/.exec(message)?.[1] ?? "";
    const close = nearest(given.replace(/^-+/, ""), Object.keys(options));
    throw usage(`There is no option ${given}.`, close === undefined ? "See --help." : `Did you mean --${close}?`);
  }
}

export function usage(message: string, hint?: string): StepwireError {
  return new StepwireError("usage-invalid", hint === undefined ? message : `${message} ${hint}`);
}

export function outputFormat(value: string): "text" | "json" {
  if (value === "text" || value === "json") return value;
  throw usage(`--output is text or json, not ${value}.`);
}

/** The project's files as the library takes them. */
export function projectOptions(values: {
  project?: string;
  connectors?: string;
  settings?: string;
  "env-file"?: string;
}) {
  return {
    project: values.project,
    connectors: values.connectors,
    settings: values.settings,
    envFile: values["env-file"],
  };
}

const firstSentence = (message: string) => `${message.split(/\.\s/)[0]?.replace(/\.$/, "")}.`;

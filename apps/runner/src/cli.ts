import { nearest, StepwireError } from "@stepwire/core";

import { EXIT } from "./exit-codes.ts";
import { HELP } from "./help.ts";
import { formatFindings } from "./output/findings.ts";
import { note, noteJson, paint, printJson, printLine } from "./output/terminal.ts";
import { findingOf, usage } from "./refusal.ts";
import { VERSION } from "./version.ts";

export { runProcess } from "./process.ts";

type Command = (args: string[]) => Promise<number>;

/** Each command's code is evaluated when it is called: listing types needs no template engine. */
const COMMANDS: Record<string, () => Promise<Command>> = {
  run: async () => (await import("./commands/run.ts")).run,
  runs: async () => (await import("./commands/runs.ts")).runs,
  validate: async () => (await import("./commands/validate.ts")).validate,
  connectors: async () => (await import("./commands/connectors.ts")).connectors,
  types: async () => (await import("./commands/types.ts")).types,
  doctor: async () => (await import("./commands/doctor.ts")).doctor,
  schema: async () => (await import("./commands/schema.ts")).schema,
  init: async () => (await import("./commands/init.ts")).init,
};

/** Runs the command line; resolves with the exit code. Never throws. */
export async function main(argv: readonly string[]): Promise<number> {
  const [name, ...args] = argv;
  try {
    if (name === undefined || name === "help" || name === "--help" || name === "-h") {
      const [topic = "stepwire"] = name === "help" ? args : [];
      if (!Object.hasOwn(HELP, topic)) throw unknownCommand(topic);
      if (name === undefined) note(HELP[topic] ?? "");
      else printLine(HELP[topic]);
      return name === undefined ? EXIT.refused : EXIT.done;
    }
    if (name === "--version" || name === "-v") {
      printLine(VERSION);
      return EXIT.done;
    }
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (command === undefined) throw unknownCommand(name);
    if (args.includes("--help") || args.includes("-h")) {
      printLine(HELP[name]);
      return EXIT.done;
    }
    return await (
      await command()
    )(args);
  } catch (error) {
    return reportError(error, args);
  }
}

function unknownCommand(name: string): StepwireError {
  const close = nearest(name, Object.keys(COMMANDS));
  return usage(`There is no command ${name}.`, close === undefined ? "See stepwire --help." : `Did you mean ${close}?`);
}

/** What a command throws is a refusal (bad usage, files, connector) or a fault of ours. */
function reportError(cause: unknown, args: readonly string[]): number {
  const thrown = isWithoutFolder(cause)
    ? usage("The folder the command runs in no longer exists.", "Change to one that does.")
    : cause;
  const error = StepwireError.from(thrown);
  const fault = !StepwireError.is(thrown) || error.code === "internal";
  const finding = findingOf(error);
  if (asks(args, "output")) printJson({ status: "refused", findings: [finding] });
  const stack = fault && thrown instanceof Error ? thrown.stack : undefined;
  if (asks(args, "log-format")) {
    const { message, severity, ...fields } = finding;
    noteJson(severity, message, stack === undefined ? fields : { ...fields, stack });
  } else {
    // The message of a usage error names its place itself.
    const { code, severity, message, hint } = finding;
    if (!asks(args, "output"))
      note(formatFindings([{ code, severity, message, ...(hint === undefined ? {} : { hint }) }]));
    if (stack !== undefined) note(paint("dim", stack, process.stderr));
  }
  return fault ? EXIT.fault : EXIT.refused;
}

/** Whether Node could not tell the working folder, which whatever takes a relative path asks for. */
const isWithoutFolder = (error: unknown): boolean =>
  error instanceof Error && (error as NodeJS.ErrnoException).syscall === "uv_cwd";

/** Whether json was asked for; the arguments may be the very thing that is wrong, so they are not parsed. */
function asks(args: readonly string[], option: "output" | "log-format"): boolean {
  return args.some((arg, at) => arg === `--${option}=json` || (arg === `--${option}` && args[at + 1] === "json"));
}

import { nearest, StepwireError } from "@stepwire/core";

import { usage } from "./args.ts";
import { EXIT } from "./exit-codes.ts";
import { HELP } from "./help.ts";
import { note, paint, printJson, printLine } from "./output/terminal.ts";
import { VERSION } from "./version.ts";

type Command = (args: string[]) => Promise<number>;

/** Each command's code is evaluated when it is called: listing types needs no template engine. */
const COMMANDS: Record<string, () => Promise<Command>> = {
  run: async () => (await import("./commands/run.ts")).run,
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
      const topic = name === undefined ? undefined : args[0];
      printLine(topic !== undefined && Object.hasOwn(HELP, topic) ? HELP[topic] : HELP["stepwire"]);
      return name === undefined ? EXIT.refused : EXIT.done;
    }
    if (name === "--version" || name === "-v") {
      printLine(VERSION);
      return EXIT.done;
    }
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (command === undefined) {
      const close = nearest(name, Object.keys(COMMANDS));
      throw usage(
        `There is no command ${name}.`,
        close === undefined ? "See stepwire --help." : `Did you mean ${close}?`,
      );
    }
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

/** What a command throws is a refusal (bad usage, files, connector) or a fault of ours. */
function reportError(error: unknown, args: readonly string[]): number {
  const known = StepwireError.is(error);
  const { code, message } = StepwireError.from(error);
  const wantsJson = args.some(
    (arg, index) => arg === "--output=json" || (arg === "--output" && args[index + 1] === "json"),
  );
  if (wantsJson) printJson({ status: "refused", findings: [{ code, severity: "error", message }] });
  else note(`${paint("red", "error", process.stderr)}  ${message} ${paint("dim", `(${code})`, process.stderr)}`);
  if (known && code !== "internal") return EXIT.refused;
  if (!wantsJson && error instanceof Error && error.stack !== undefined)
    note(paint("dim", error.stack, process.stderr));
  return EXIT.fault;
}

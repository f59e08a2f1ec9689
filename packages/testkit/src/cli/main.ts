import { nearest, StepwireError } from "@stepwire/core";

import { clean } from "./clean.ts";
import { guardProcess } from "./guard.ts";
import { HELP } from "./help.ts";
import { asksForJson, EXIT, printJson, printRefusal, usage } from "./terms.ts";

type Command = (args: string[]) => Promise<number>;

const COMMANDS: Record<string, () => Promise<Command>> = {
  check: async () => (await import("./check.ts")).check,
  dev: async () => (await import("./dev.ts")).dev,
  diff: async () => (await import("./diff.ts")).diff,
  docs: async () => (await import("./docs.ts")).docs,
  vendor: async () => (await import("./vendor.ts")).vendor,
};

/** Runs the command line; resolves with the exit code. Never throws. */
export async function main(argv: readonly string[]): Promise<number> {
  const [name, ...args] = argv;
  const release = guardProcess(args);
  try {
    if (name === undefined || name === "help" || name === "--help" || name === "-h") {
      process.stdout.write(`${HELP}\n`);
      return name === undefined ? EXIT.refused : EXIT.done;
    }
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (command === undefined) {
      const close = nearest(name, Object.keys(COMMANDS));
      throw usage(
        `There is no command ${name}. ${close === undefined ? "See stepwire-kit --help." : `Did you mean ${close}?`}`,
      );
    }
    if (args.includes("--help") || args.includes("-h")) {
      process.stdout.write(`${HELP}\n`);
      return EXIT.done;
    }
    const run = await command();
    return await run(args);
  } catch (thrown) {
    return refuse(thrown, args);
  } finally {
    release();
  }
}

/** What a command throws is a refusal, or a fault of ours. */
function refuse(thrown: unknown, args: readonly string[]): number {
  const error = StepwireError.from(thrown);
  const isFault = !StepwireError.is(thrown) || error.code === "internal";
  const { code, message } = error;
  if (asksForJson(args)) printJson({ status: "refused", findings: [{ code, severity: "error", message }] });
  else printRefusal(message, code);
  if (isFault && thrown instanceof Error) process.stderr.write(`${clean(String(thrown.stack))}\n`);
  return isFault ? EXIT.fault : EXIT.refused;
}

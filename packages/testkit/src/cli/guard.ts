import { asksForJson, EXIT, printJson, printRefusal, usage } from "./terms.ts";

/**
 * Keeps a package that is imported from passing for the command: what it prints does not get among the JSON, and where it
 * ends the process, fails outside of every call or waits for ever, the command is refused and says so. The result ends
 * the guard. Ctrl-C ends the process in order, so that its folders and children go with it; see to children with `exit`.
 */
export function guardProcess(args: readonly string[]): () => void {
  const isJson = asksForJson(args);
  const end = (code: number): never => {
    process.off("exit", onExit);
    process.exit(code);
  };
  const refuse = (message: string): void => {
    const { code } = usage(message);
    if (isJson) printJson({ status: "refused", findings: [{ code, severity: "error", message }] });
    else printRefusal(message, code);
    process.exitCode = EXIT.refused;
  };
  function onExit(code: number): void {
    refuse(
      code === UNSETTLED
        ? "What was imported waits for something that never comes. Take the await out of its top level."
        : "What was imported ended the process before it was looked at. Take process.exit() out of it.",
    );
  }
  const onFailure = (error: unknown): void => {
    const message = error instanceof Error ? error.message : String(error);
    refuse(`Something failed outside of every call: ${message}. Await or return what an action or an import starts.`);
    end(EXIT.refused);
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    // A command that listens itself ends by itself.
    if (process.listenerCount(signal) === 1) end(EXIT.cancelled);
  };
  const write = process.stdout.write.bind(process.stdout);
  if (isJson) process.stdout.write = process.stderr.write.bind(process.stderr);
  process.on("exit", onExit);
  process.on("uncaughtException", onFailure);
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return () => {
    process.stdout.write = write;
    process.off("exit", onExit);
    process.off("uncaughtException", onFailure);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
}

/** Node's exit code where the module that is run awaits what nothing is left to settle. */
const UNSETTLED = 13;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

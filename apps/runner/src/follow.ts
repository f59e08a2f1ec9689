import type { NotResumed, Refused, RunResult, Watch } from "@stepwire/engine";

import { outputFormat } from "./args.ts";
import { EXIT } from "./exit-codes.ts";
import { Progress, type LogFormat } from "./output/progress.ts";
import { noteEnd, noteRefused, printResult, type ResultFormat } from "./output/result.ts";
import { printJson } from "./output/terminal.ts";
import { usage } from "./refusal.ts";
import { STOPPING, stopOnSignals } from "./signals.ts";

/** Of every command under which a run goes on. */
export const FOLLOW_OPTIONS = {
  verbose: { type: "boolean" },
  quiet: { type: "boolean" },
  "log-format": { type: "string", default: "text" },
} as const;

export interface Follow {
  readonly progress: Progress;
  readonly format: ResultFormat;
  readonly output: "text" | "json";
}

/** How a run is to be shown. Throws `usage-invalid`. */
export function followOf(
  values: { verbose?: boolean; quiet?: boolean; "log-format": string; output: string },
  file?: string,
): Follow {
  const quiet = values.quiet === true;
  const format = { file, quiet, logFormat: logFormatOf(values["log-format"]) };
  const output = outputFormat(values.output);
  return { progress: new Progress({ ...format, verbose: values.verbose === true }), format, output };
}

/** Shows the steps of a run while it goes on, and stops it when the process is asked to stop. */
export function watchOf(progress: Progress): Required<Pick<Watch, "signal" | "onStep">> {
  const signal = stopOnSignals(
    () => progress.line(STOPPING, "cancelling", {}, "warn"),
    () => progress.end(),
  );
  return {
    signal,
    onStep: (event, record) => {
      if (record === undefined) return;
      if (event.kind === "started") progress.started(record);
      else if (event.kind === "finished") progress.finished(record);
      else progress.retrying(record, event.delayMs);
    },
  };
}

/** Says how a run ended, or why it was not begun; the exit code for it. */
export function report(result: RunResult | Refused | NotResumed, { progress, format, output }: Follow): number {
  progress.end();
  if (output === "json") printJson(result);
  if (result.status === "refused") {
    if (output === "text" || format.logFormat === "json") noteRefused(result, format);
  } else if (output === "text") printResult(result, format);
  else noteEnd(result, format);
  return exitCode(result);
}

function logFormatOf(value: string): LogFormat {
  if (value === "text" || value === "json") return value;
  throw usage(`--log-format is text or json, not ${value}.`);
}

function exitCode(result: RunResult | Refused | NotResumed): number {
  switch (result.status) {
    case "refused":
      return EXIT.refused;
    case "failed":
      return result.error?.code === "internal" ? EXIT.fault : EXIT.failed;
    case "cancelled":
    case "timed_out":
      return EXIT.stopped;
    default:
      return EXIT.done;
  }
}

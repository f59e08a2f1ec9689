import type { Finding } from "@stepwire/core";
import type { Refused, RunResult } from "@stepwire/engine";

import { cleanLine, shellWord } from "./clean.ts";
import { formatFindings, logFindings } from "./findings.ts";
import type { LogFormat } from "./progress.ts";
import { formatDuration, note, noteJson, paint, printJson, printLine } from "./terminal.ts";

export interface ResultFormat {
  file: string;
  quiet: boolean;
  logFormat: LogFormat;
}

/** How a run ended: its result on stdout, what there is to say about it on stderr. */
export function printResult(result: RunResult, format: ResultFormat): void {
  const { status, durationMs, outputs } = result;
  const color = status === "completed" ? "green" : status === "failed" ? "red" : "yellow";
  printLine(`${paint(color, status.replace("_", " "))} in ${formatDuration(durationMs)}`);
  if (outputs !== undefined) printJson(outputs);
  noteEnd(result, format);
}

export function noteEnd(result: RunResult, { file, quiet, logFormat }: ResultFormat): void {
  const { status, error, steps, started = [] } = result;
  if (logFormat === "json") {
    for (const one of [result, ...started]) noteEndJson(one, quiet);
    return;
  }
  for (const one of started) {
    const failure = one.error === undefined ? "" : `: ${one.error.message}`;
    if (!quiet || failure !== "")
      note(cleanLine(`${one.workflow}, started by a step, ${one.status.replace("_", " ")}${failure}`));
  }
  if (error === undefined) return;
  // The first line says that it was cancelled, the list of steps which failure ended it.
  const told = error.code === "cancelled" || (!quiet && steps.some((step) => step.error?.message === error.message));
  if (!told) note(`${paint("red", error.code, process.stderr)}  ${cleanLine(error.message)}`);
  if (status !== "cancelled") return;
  const open = steps.findLast((step) => step.status === "cancelled" && step.attempts > 0);
  if (open !== undefined) note(`Whether ${cleanLine(open.path)} was carried out is not known; look before you go on.`);
  note(`To start again from the first step: stepwire run ${shellWord(file)}`);
}

function noteEndJson({ runId, workflow, status, durationMs, error }: RunResult, quiet: boolean): void {
  if (quiet && error === undefined) return;
  const fields = { runId, workflow, status, durationMs, ...(error === undefined ? {} : { error }) };
  noteJson(error === undefined ? "info" : "error", "run finished", fields);
}

export function noteRefused({ findings }: Refused, { file, logFormat }: ResultFormat): void {
  noteFindings(findings, { file, logFormat });
  if (logFormat === "text") note(`${paint("red", "refused", process.stderr)}: nothing was sent`);
}

export function noteFindings(findings: readonly Finding[], { file, logFormat }: Omit<ResultFormat, "quiet">): void {
  if (logFormat === "json") logFindings(findings);
  else if (findings.length > 0) note(formatFindings(findings, [file]));
}

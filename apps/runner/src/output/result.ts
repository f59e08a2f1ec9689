import type { Finding } from "@stepwire/core";
import type { Refused, RunResult } from "@stepwire/engine";

import { cleanLine } from "./clean.ts";
import { formatFindings, logFindings } from "./findings.ts";
import type { LogFormat } from "./progress.ts";
import { paintStatus, statusText } from "./run-status.ts";
import { formatDuration, note, noteJson, paint, printJson, printLine } from "./terminal.ts";
import { waysOn } from "./ways-on.ts";

export interface ResultFormat {
  /** The workflow file that a command was given. */
  file?: string | undefined;
  quiet: boolean;
  logFormat: LogFormat;
}

/** How a run ended: its result on stdout, what there is to say about it on stderr. */
export function printResult(result: RunResult, format: ResultFormat): void {
  const { status, durationMs, outputs, reason } = result;
  printLine(
    reason === undefined
      ? `${paintStatus(status)} in ${formatDuration(durationMs)}`
      : `${paintStatus(status)}: ${cleanLine(reason)}`,
  );
  if (outputs !== undefined) printJson(outputs);
  noteEnd(result, format);
}

export function noteEnd(result: RunResult, { file, quiet, logFormat }: ResultFormat): void {
  const { error, steps, started = [] } = result;
  if (logFormat === "json") {
    for (const one of [result, ...started]) noteEndJson(one, quiet);
    return;
  }
  for (const one of started) {
    const failure = one.error === undefined ? "" : `: ${one.error.message}`;
    if (!quiet || failure !== "")
      note(cleanLine(`${one.workflow}, started by a step, ${statusText(one.status)}${failure}`));
  }
  if (error === undefined) return;
  // The first line says that it was cancelled, the list of steps which failure ended it.
  const told = error.code === "cancelled" || (!quiet && steps.some((step) => step.error?.message === error.message));
  if (!told) note(`${paint("red", error.code, process.stderr)}  ${cleanLine(error.message)}`);
  for (const line of waysOn(result, file)) note(line);
}

function noteEndJson({ runId, workflow, status, durationMs, reason, error }: RunResult, quiet: boolean): void {
  if (quiet && error === undefined) return;
  const why = { ...(reason === undefined ? {} : { reason }), ...(error === undefined ? {} : { error }) };
  const fields = { runId, workflow, status, durationMs, ...why };
  noteJson(error === undefined ? "info" : "error", "run finished", fields);
}

export function noteRefused({ findings }: Refused, { file, logFormat }: ResultFormat): void {
  noteFindings(findings, { file, logFormat });
  if (logFormat === "text") note(`${paint("red", "refused", process.stderr)}: nothing was sent`);
}

export function noteFindings(findings: readonly Finding[], { file, logFormat }: Omit<ResultFormat, "quiet">): void {
  if (logFormat === "json") logFindings(findings);
  else if (findings.length > 0) note(formatFindings(findings, file === undefined ? [] : [file]));
}

import type { RunSummary } from "@stepwire/engine";

import { cleanLine } from "./clean.ts";
import { paintStatus, statusText } from "./run-status.ts";
import { formatDuration, formatTime, printLine } from "./terminal.ts";

const SHORTEST_ID = 8;

/** Runs as lines: id, workflow, status, when it began, how long it took. */
export function printRuns(runs: readonly RunSummary[]): void {
  const ids = shortIds(runs.map(({ runId }) => runId));
  const names = runs.map(({ workflow }) => cleanLine(workflow));
  const [idWidth, nameWidth, statusWidth] = [ids, names, runs.map(({ status }) => statusText(status))].map((texts) =>
    Math.max(...texts.map((text) => text.length)),
  );
  runs.forEach((run, at) => {
    const id = (ids[at] ?? "").padEnd(idWidth ?? 0);
    const name = (names[at] ?? "").padEnd(nameWidth ?? 0);
    const line = `${id}  ${name}  ${paintStatus(run.status, statusWidth)}  ${formatTime(run.startedAt)}  ${howLong(run)}`;
    printLine(line.trimEnd());
  });
}

function howLong({ status, startedAt, finishedAt }: RunSummary): string {
  if (finishedAt !== undefined) return formatDuration(Date.parse(finishedAt) - Date.parse(startedAt));
  // How far an interrupted one came only its steps tell.
  return status === "interrupted" ? "" : `${formatDuration(Date.now() - Date.parse(startedAt))} so far`;
}

/** The shortest beginnings by which these ids can be told from each other. */
export function shortIds(ids: readonly string[]): string[] {
  return ids.map((id) => {
    let length = SHORTEST_ID;
    while (length < id.length && ids.some((other) => other !== id && other.startsWith(id.slice(0, length))))
      length += 1;
    return id.slice(0, length);
  });
}

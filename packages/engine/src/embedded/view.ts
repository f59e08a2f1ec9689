import { countedOf } from "./again.ts";
import type { RunResult, RunStatus, RunSummary } from "../engine.ts";
import { StepRecords } from "../records.ts";
import type { Entry } from "./entries.ts";
import type { Outcome, RunRow } from "./runs.ts";

/** A run that is in the file as running, and whose process is gone, is interrupted. */
export function statusOf({ status, owner, finished }: RunRow, isAlive: (owner: string) => boolean): RunStatus {
  return finished === null && (owner === null || !isAlive(owner)) ? "interrupted" : status;
}

export function summaryOf(row: RunRow, isAlive: (owner: string) => boolean): RunSummary {
  const { id, workflow, created, finished } = row;
  return {
    runId: id,
    workflow,
    status: statusOf(row, isAlive),
    startedAt: iso(created),
    ...(finished === null ? {} : { finishedAt: iso(finished) }),
  };
}

export function resultOf(row: RunRow, entries: readonly Entry[], isAlive: (owner: string) => boolean): RunResult {
  const { outputs, error, reason } = JSON.parse(row.outcome ?? "{}") as Outcome;
  const steps = recordsOf(entries).list();
  const status = statusOf(row, isAlive);
  const latest = Math.max(row.created, ...steps.map(({ startedAt, durationMs }) => Date.parse(startedAt) + durationMs));
  const until = row.finished ?? (status === "interrupted" ? latest : Date.now());
  return {
    ...summaryOf(row, isAlive),
    durationMs: until - row.created,
    ...(outputs === undefined ? {} : { outputs }),
    ...(error === undefined ? {} : { error }),
    ...(reason === undefined ? {} : { reason }),
    steps,
  };
}

/** The records of steps as the log tells them. */
export function recordsOf(entries: readonly Entry[]): StepRecords {
  const records = new StepRecords();
  for (const entry of countedOf(entries)) if (entry[0] === "step") records.take(entry[2], entry[1]);
  return records;
}

export const iso = (time: number): string => new Date(time).toISOString();

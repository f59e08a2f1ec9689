import type { ErrorJson } from "@stepwire/core";
import type { Attempt } from "@stepwire/host";
import type { StepEvent } from "@stepwire/workflow";

/** One execution of a step, or the retries of one. Times are ISO 8601, durations milliseconds. */
export interface StepRecord {
  name: string;
  path: string;
  type: string;
  status: "running" | "completed" | "failed" | "skipped" | "cancelled" | "timed_out";
  attempts: number;
  startedAt: string;
  durationMs: number;
  input?: unknown;
  output?: unknown;
  error?: ErrorJson;
  /** Every attempt to send its requests, in order, where one was sent more than once. Of very many the latest are kept. */
  requests?: Attempt[];
}

/** A step that pages through a long list must not make its record longer than its output. */
const MAX_REQUESTS = 100;

/** Makes the records of a run from what the interpreter reports, in the order in which steps began. */
export class StepRecords {
  readonly #records: StepRecord[] = [];
  readonly #open = new Map<string, { record: StepRecord; since: number; attempts: Attempt[] }>();

  /** Takes note of an event; returns the record it is about. */
  take(event: StepEvent, now: number): StepRecord | undefined {
    if (event.kind === "retrying") return this.#open.get(event.path)?.record;
    const known = this.#open.get(event.path);
    if (event.kind === "started") {
      // It began before, or goes on in another process.
      if (known !== undefined && (event.attempt > 1 || known.record.status === "running")) {
        known.record.attempts = event.attempt;
        known.record.status = "running";
        delete known.record.error;
        if (event.input !== undefined) known.record.input = event.input;
        return known.record;
      }
      return this.#begin(event, event.attempt, now, event.input).record;
    }
    const { record, since } = known ?? this.#begin(event, event.attempt, now);
    record.status = event.status;
    if (event.status === "skipped") record.attempts = 0;
    record.durationMs = now - since;
    if (event.output !== undefined) record.output = event.output;
    if (event.error === undefined) return record;
    record.error = event.error;
    if (event.error.code === "cancelled") record.status = "cancelled";
    if (event.error.code === "timeout") record.status = "timed_out";
    return record;
  }

  /** Takes note of an attempt to send a request; it belongs to the step that runs at this path. */
  attempt(path: string, attempt: Attempt): void {
    const open = this.#open.get(path);
    if (open === undefined) return;
    open.attempts = [...open.attempts, attempt].slice(-MAX_REQUESTS);
    if (open.attempts.some((item) => item.attempt > 1)) open.record.requests = open.attempts;
  }

  list(): StepRecord[] {
    return this.#records;
  }

  #begin(event: { name: string; path: string; type: string }, attempts: number, now: number, input?: unknown) {
    const record: StepRecord = {
      name: event.name,
      path: event.path,
      type: event.type,
      status: "running",
      attempts,
      startedAt: new Date(now).toISOString(),
      durationMs: 0,
      ...(input === undefined ? {} : { input }),
    };
    const open = { record, since: now, attempts: [] };
    this.#records.push(record);
    this.#open.set(event.path, open);
    return open;
  }
}

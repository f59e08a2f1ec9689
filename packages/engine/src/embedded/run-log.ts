import type { StepwireError } from "@stepwire/core";

import type { RunJournal } from "../journal.ts";
import { encode, rowOf, type Entry } from "./entries.ts";
import { Replay } from "./replay.ts";
import type { NewRun, RunEnd } from "./runs.ts";

/** What a run has to write at the next commit. */
export interface Pending {
  start?: NewRun;
  /** One row of the log. */
  entries?: string;
  end?: RunEnd;
}

/**
 * What one run writes, in order, and what it has written before. Nothing is on the disk before `commit` resolves, and
 * what was noted before a commit is on the disk with it.
 */
export class RunLog implements RunJournal {
  /** The run's number in the file, known from its first commit on. */
  number: number | undefined;
  /** Whoever takes a run over raises it, and nothing that bears a smaller one can be written any more. */
  readonly fence: number;
  /** The run whose step started it: it begins with that step's word of it in the log, or not at all. */
  readonly startedBy: RunLog | undefined;
  readonly replay: Replay;
  /** Rows that the log has. */
  rows: number;
  readonly #schedule: (log: RunLog) => void;
  /** Encoded one by one, so that one that cannot be is told to whoever notes it, and holds up no other run. */
  #entries: string[] = [];
  #start: NewRun | undefined;
  #end: RunEnd | undefined;
  #waiting: { resolve: () => void; reject: (error: StepwireError) => void }[] = [];
  #broken: StepwireError | undefined;
  /** Called once, when nothing more can be written for this run. */
  onBroken: (error: StepwireError) => void = () => undefined;

  constructor(parts: {
    schedule: (log: RunLog) => void;
    start?: NewRun;
    startedBy?: RunLog;
    number?: number;
    fence: number;
    rows?: number;
    entries?: readonly Entry[];
  }) {
    this.#schedule = parts.schedule;
    this.#start = parts.start;
    this.number = parts.number;
    this.fence = parts.fence;
    this.startedBy = parts.startedBy;
    this.rows = parts.rows ?? 0;
    this.replay = new Replay(parts.entries);
  }

  /** Adds an entry to the next commit. */
  note(entry: Entry): void {
    if (this.#broken !== undefined) return;
    this.#entries.push(encode(entry));
    this.#schedule(this);
  }

  /** Resolves when all that was noted is on the disk; nothing to wait for where it is. Rejects with `storage` or `run-taken-over`. */
  commit(): Promise<void> | undefined {
    if (this.#broken !== undefined) return Promise.reject(this.#broken);
    if (this.#entries.length === 0 && this.#start === undefined && this.#end === undefined) return undefined;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#schedule(this);
    });
  }

  /** The run is over; its end is written with everything before it. */
  async end(end: RunEnd): Promise<void> {
    this.#end = end;
    await this.commit();
  }

  read(key: string): { value: unknown } | undefined {
    return this.replay.value(key);
  }

  async write(key: string, value: unknown): Promise<void> {
    this.decide(key, value);
    await this.commit();
  }

  async forget(prefix: string): Promise<void> {
    // The end of the step, which is written next, says it for the log.
    this.replay.forget(prefix);
  }

  async begin(key: string): Promise<void> {
    this.replay.begin(key);
    this.note(["part", key]);
    await this.commit();
  }

  /** Keeps a value from now on. */
  decide(key: string, value: unknown): void {
    this.note(value === undefined ? ["value", key] : ["value", key, value]);
    this.replay.keep(key, value);
  }

  ended(path: string, attempt: number): ReturnType<RunJournal["ended"]> {
    return this.replay.ended(path, attempt);
  }

  hasBegun(path: string, attempt: number): boolean {
    return this.replay.hasBegun(path, attempt);
  }

  isUncertain(prefix: string): boolean {
    return this.replay.isUncertain(prefix);
  }

  /** For the writer: what is to be written. */
  take(): Pending {
    const pending: Pending = {
      ...(this.#start === undefined ? {} : { start: this.#start }),
      ...(this.#entries.length === 0 ? {} : { entries: rowOf(this.#entries) }),
      ...(this.#end === undefined ? {} : { end: this.#end }),
    };
    this.#start = undefined;
    this.#entries = [];
    this.#end = undefined;
    return pending;
  }

  /** For the writer: how it went. After an error nothing more is written, since what came before is missing. */
  settle(error?: StepwireError): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    if (error !== undefined && this.#broken === undefined) {
      this.#broken = error;
      this.onBroken(error);
    }
    for (const { resolve, reject } of waiting) {
      if (error === undefined) resolve();
      else reject(error);
    }
  }
}

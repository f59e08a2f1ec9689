import type { DatabaseSync, StatementSync } from "node:sqlite";

import { StepwireError } from "@stepwire/core";

import type { Pending, RunLog } from "./run-log.ts";
import type { NewRun } from "./runs.ts";
import { storageError } from "./storage-error.ts";

/** Of the definitions that were written these are remembered; a process seldom runs more workflows at a time. */
const REMEMBERED_DEFINITIONS = 1000;

/** Writes what all runs note in one turn of the event loop with one commit. */
export class Writer {
  readonly #db: DatabaseSync;
  readonly #file: string;
  #dirty = new Set<RunLog>();
  readonly #definitions = new Set<string>();
  #scheduled: NodeJS.Immediate | undefined;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #addDefinition: StatementSync;
  readonly #addRun: StatementSync;
  readonly #addEntries: StatementSync;
  readonly #endRun: StatementSync;

  constructor(db: DatabaseSync, file: string) {
    this.#db = db;
    this.#file = file;
    this.#begin = db.prepare("BEGIN IMMEDIATE");
    this.#commit = db.prepare("COMMIT");
    this.#addDefinition = db.prepare("INSERT OR IGNORE INTO definitions (hash, text) VALUES (?, ?)");
    this.#addRun = db.prepare(
      "INSERT INTO runs (id, workflow, status, definition, request, created, started, owner, fence, parent, slot) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)",
    );
    // Only the owner may write: whoever took the run over has raised its fence.
    this.#addEntries = db.prepare(
      "INSERT INTO log (at, entries) SELECT n << 32 | ?, ? FROM runs WHERE n = ? AND fence = ?",
    );
    this.#endRun = db.prepare(
      "UPDATE runs SET status = ?, outcome = ?, finished = ?, owner = NULL WHERE n = ? AND fence = ?",
    );
  }

  readonly schedule = (log: RunLog): void => {
    this.#dirty.add(log);
    this.#scheduled ??= setImmediate(() => this.flush());
  };

  /** Writes now what is noted. Never throws: every run learns how its own part went. */
  flush(): void {
    if (this.#scheduled !== undefined) clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    if (this.#dirty.size === 0) return;
    const logs = [...this.#dirty];
    // Not cleared: V8 links the table that a set had to the one it gets, so that each flush would keep all that came
    // after it until the next full collection.
    this.#dirty = new Set();
    const written = logs.map((log) => ({ log, pending: log.take() }));
    const lost = new Set<RunLog>();
    try {
      this.#begin.run();
      for (const { log, pending } of written) {
        const isOrphan = pending.start !== undefined && log.startedBy !== undefined && lost.has(log.startedBy);
        if (isOrphan || !this.#write(log, pending)) lost.add(log);
      }
      this.#commit.run();
    } catch (error) {
      this.#fail(logs, error);
      return;
    }
    for (const { log, pending } of written) {
      if (pending.entries !== undefined) log.rows += 1;
      log.settle(lost.has(log) ? takenOver() : undefined);
    }
  }

  #fail(logs: readonly RunLog[], error: unknown): void {
    this.#definitions.clear();
    try {
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
    } catch {
      // The commit's error says what is wrong.
    }
    const failure = storageError(this.#file, error);
    for (const log of logs) log.settle(failure);
  }

  /** False where the run belongs to somebody else by now. */
  #write(log: RunLog, { start, entries, end }: Pending): boolean {
    if (start !== undefined) log.number = this.#start(start);
    const { number = -1, fence } = log;
    if (entries !== undefined && Number(this.#addEntries.run(log.rows, entries, number, fence).changes) === 0)
      return false;
    if (end === undefined) return true;
    return Number(this.#endRun.run(end.status, end.outcome, end.finished, number, fence).changes) === 1;
  }

  #start(run: NewRun): number {
    const { hash, text } = run.definition;
    if (!this.#definitions.has(hash)) {
      this.#addDefinition.run(hash, text);
      if (this.#definitions.size >= REMEMBERED_DEFINITIONS) this.#definitions.clear();
      this.#definitions.add(hash);
    }
    const { id, workflow, status, request, created, owner, parent = null, slot = null } = run;
    const started = status === "running" ? created : null;
    const { lastInsertRowid } = this.#addRun.run(
      id,
      workflow,
      status,
      hash,
      request,
      created,
      started,
      owner,
      parent,
      slot,
    );
    return Number(lastInsertRowid);
  }
}

export function takenOver(): StepwireError {
  return new StepwireError("run-taken-over", "Another process has taken this run over; nothing more is written here.");
}

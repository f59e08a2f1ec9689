import type { DatabaseSync } from "node:sqlite";

import type { ErrorJson } from "@stepwire/core";

import { decode, type Entry } from "./entries.ts";

/** `running` also where its process has died, which nobody could write down; `queued` for one that waits for others. */
export type StoredStatus = "queued" | "running" | "completed" | "failed" | "cancelled" | "timed_out" | "skipped";

/** A run before its first commit. Times are epoch milliseconds. */
export interface NewRun {
  id: string;
  workflow: string;
  status: StoredStatus;
  /** The files it is made of, as JSON, under their hash. */
  definition: { hash: string; text: string };
  /** What it was given, as JSON. */
  request: string;
  created: number;
  owner: string;
  /** The run whose step started it. */
  parent?: string;
  /** What it shares with runs that it must not run beside. */
  slot?: string;
}

export interface RunEnd {
  status: StoredStatus;
  /** Outputs and error, as JSON. */
  outcome: string;
  finished: number;
}

/** A run as the file has it. */
export interface RunRow {
  n: number;
  id: string;
  workflow: string;
  status: StoredStatus;
  definition: string;
  request: string;
  outcome: string | null;
  parent: string | null;
  created: number;
  started: number | null;
  finished: number | null;
  owner: string | null;
  fence: number;
  cancel: number;
  slot: string | null;
}

export interface Outcome {
  outputs?: Record<string, unknown>;
  error?: ErrorJson;
  /** Why a run was skipped. */
  reason?: string;
}

const COLUMNS =
  "n, id, workflow, status, definition, request, outcome, parent, created, started, finished, owner, fence, cancel, slot";

/** The rows of the log of the run whose number is the first parameter. */
export const LOG_OF_RUN = "at >= ?1 << 32 AND at < (?1 + 1) << 32";

/** Reads and small writes outside of the group commit. */
export class Runs {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  byId(id: string): RunRow | undefined {
    return this.#db.prepare(`SELECT ${COLUMNS} FROM runs WHERE id = ?`).get(id) as RunRow | undefined;
  }

  /** Ids that begin like this, at most two: enough to tell whether it is one. */
  idsLike(prefix: string): string[] {
    const rows = this.#db
      .prepare("SELECT id FROM runs WHERE id >= ? AND id < ? LIMIT 2")
      .all(prefix, `${prefix}\u{10ffff}`);
    return rows.map((row) => String(row["id"]));
  }

  /** Newest first. */
  list(limit: number, status?: StoredStatus): RunRow[] {
    const where = status === undefined ? "" : "WHERE status = ?";
    const statement = this.#db.prepare(`SELECT ${COLUMNS} FROM runs ${where} ORDER BY n DESC LIMIT ?`);
    return (status === undefined ? statement.all(limit) : statement.all(status, limit)) as unknown as RunRow[];
  }

  /** Runs that are not over, oldest first. Without the index named, SQLite would read every run there is to save the sorting. */
  open(): RunRow[] {
    return this.#db
      .prepare(`SELECT ${COLUMNS} FROM runs INDEXED BY runs_open WHERE finished IS NULL ORDER BY n`)
      .all() as unknown as RunRow[];
  }

  inSlot(slot: string): RunRow[] {
    const text = `SELECT ${COLUMNS} FROM runs WHERE slot = ? AND finished IS NULL ORDER BY n`;
    return this.#db.prepare(text).all(slot) as unknown as RunRow[];
  }

  definition(hash: string): string | undefined {
    const row = this.#db.prepare("SELECT text FROM definitions WHERE hash = ?").get(hash);
    return row === undefined ? undefined : String(row["text"]);
  }

  /** All entries of a run, and in how many rows they stand. */
  log(n: number): { entries: Entry[]; rows: number } {
    const rows = this.#db.prepare(`SELECT entries FROM log WHERE ${LOG_OF_RUN} ORDER BY at`).all(n);
    return { entries: rows.flatMap((row) => decode(String(row["entries"]))), rows: rows.length };
  }

  askToCancel(n: number): void {
    this.#db.prepare("UPDATE runs SET cancel = 1 WHERE n = ?").run(n);
  }

  /** Of the runs of an owner, those that somebody asked to cancel. */
  toCancel(owner: string): string[] {
    const text = "SELECT id FROM runs WHERE finished IS NULL AND cancel = 1 AND owner = ?";
    return this.#db
      .prepare(text)
      .all(owner)
      .map((row) => String(row["id"]));
  }

  /** The runs of an owner that are not over. */
  ownedBy(owner: string): Set<string> {
    const rows = this.#db.prepare("SELECT id FROM runs WHERE finished IS NULL AND owner = ?").all(owner);
    return new Set(rows.map((row) => String(row["id"])));
  }

  /** Ends a run that nobody owns. False where somebody else was faster. */
  endAbandoned(n: number, fence: number, { status, outcome, finished }: RunEnd): boolean {
    const text =
      "UPDATE runs SET status = ?, outcome = ?, finished = ?, owner = NULL, fence = fence + 1 WHERE n = ? AND fence = ?";
    return Number(this.#db.prepare(text).run(status, outcome, finished, n, fence).changes) === 1;
  }

  /** Makes a process the owner of a run that is to go on. False where somebody else was faster. */
  takeOver(n: number, fence: number, owner: string): boolean {
    const text =
      "UPDATE runs SET status = 'running', owner = ?, fence = fence + 1, cancel = 0, outcome = NULL, finished = NULL WHERE n = ? AND fence = ?";
    return Number(this.#db.prepare(text).run(owner, n, fence).changes) === 1;
  }

  /** Changes whenever another connection has written. */
  version(): number {
    return Number(this.#db.prepare("PRAGMA data_version").get()?.["data_version"]);
  }
}

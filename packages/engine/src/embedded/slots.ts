import type { DatabaseSync } from "node:sqlite";

import type { Concurrency } from "@stepwire/workflow";

import type { RunRow, Runs } from "./runs.ts";

/** How often runs that wait look whether it is their turn: another process may have made room. */
const LOOK_EVERY_MS = 50;

export type Turn =
  | { readonly kind: "go" }
  | { readonly kind: "skip"; readonly reason: string }
  | { readonly kind: "stop" };

interface Waiting {
  row: () => RunRow | undefined;
  rules: Concurrency;
  since: number;
  signal: AbortSignal;
  done: (turn: Turn) => void;
  failed: (error: unknown) => void;
}

/** Lets runs of one key begin only while there are not too many of them, over all processes that share the file. */
export class Slots {
  readonly #db: DatabaseSync;
  readonly #runs: Runs;
  readonly #isAlive: (owner: string) => boolean;
  /** Asks a run to stop. */
  readonly #cancel: (row: RunRow) => void;
  readonly #waiting = new Set<Waiting>();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: {
    db: DatabaseSync;
    runs: Runs;
    isAlive: (owner: string) => boolean;
    cancel: (row: RunRow) => void;
  }) {
    this.#db = parts.db;
    this.#runs = parts.runs;
    this.#isAlive = parts.isAlive;
    this.#cancel = parts.cancel;
  }

  /** Resolves when a run that is in the file as queued may begin, or must not. */
  turn(runId: string, rules: Concurrency, since: number, signal: AbortSignal): Promise<Turn> {
    return new Promise((done, failed) => {
      const waiting: Waiting = { row: () => this.#runs.byId(runId), rules, since, signal, done, failed };
      if (this.#look(waiting, true)) return;
      this.#waiting.add(waiting);
      this.#timer ??= setInterval(() => this.#lookAtAll(), LOOK_EVERY_MS);
    });
  }

  #lookAtAll(): void {
    for (const waiting of this.#waiting) if (this.#look(waiting, false)) this.#waiting.delete(waiting);
    if (this.#waiting.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Whether it is decided. */
  #look(waiting: Waiting, isFirst: boolean): boolean {
    try {
      const turn = waiting.signal.aborted ? { kind: "stop" as const } : this.#decide(waiting, isFirst);
      if (turn !== undefined) waiting.done(turn);
      return turn !== undefined;
    } catch (error) {
      waiting.failed(error);
      return true;
    }
  }

  #decide({ row: read, rules, since }: Waiting, isFirst: boolean): Turn | undefined {
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      const row = read();
      const turn = row === undefined ? { kind: "stop" as const } : this.#turnOf(row, rules, since, isFirst);
      this.#db.exec("COMMIT");
      return turn;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      throw error;
    }
  }

  #turnOf(
    row: RunRow,
    { strategy, max, queueSize, queueTtlMs }: Concurrency,
    since: number,
    isFirst: boolean,
  ): Turn | undefined {
    if (row.cancel === 1) return { kind: "stop" };
    const alive = new Map<string, boolean>();
    const isAlive = (owner: string | null): boolean => {
      if (owner === null) return false;
      const known = alive.get(owner) ?? this.#isAlive(owner);
      alive.set(owner, known);
      return known;
    };
    const others = this.#runs.inSlot(row.slot ?? "").filter(({ n, owner }) => n !== row.n && isAlive(owner));
    const running = others.filter(({ status }) => status === "running").length;
    const ahead = others.filter(({ status, n }) => status === "queued" && n < row.n);
    if (running < max && ahead.length === 0) {
      this.#db.prepare("UPDATE runs SET status = 'running', started = ? WHERE n = ?").run(Date.now(), row.n);
      return { kind: "go" };
    }
    const key = `concurrency key ${JSON.stringify((row.slot ?? "").slice(row.workflow.length + 1))}`;
    if (strategy === "drop")
      return { kind: "skip", reason: `${running} of ${max} runs with the ${key} are under way.` };
    if (strategy === "cancel-in-progress") {
      const older = others.filter(({ n }) => n < row.n);
      // Those that began after this one make room for themselves.
      for (const one of older.slice(0, Math.max(0, older.length - max + 1))) if (one.cancel === 0) this.#cancel(one);
      return undefined;
    }
    if (isFirst && ahead.length >= queueSize) {
      return { kind: "skip", reason: `${ahead.length} runs with the ${key} are waiting; queue-size allows no more.` };
    }
    if (Date.now() - since >= queueTtlMs)
      return { kind: "skip", reason: `It waited longer than queue-ttl for the ${key}.` };
    return undefined;
  }
}

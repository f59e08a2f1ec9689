import type { DatabaseSync } from "node:sqlite";

import type { RuntimeSettings } from "@stepwire/host";

import { LOG_OF_RUN } from "./runs.ts";

/** Deleting is done in small bites, since other processes wait for each. */
const BITE = 500;
const DAY_MS = 86_400_000;

/** Takes finished runs away that are older than the settings keep, or that have too many newer ones. */
export function forgetOldRuns(db: DatabaseSync, { days, runs }: RuntimeSettings["retention"], now: number): void {
  const newest = db.prepare("SELECT n FROM runs ORDER BY n DESC LIMIT 1 OFFSET ?").get(runs)?.["n"];
  const tooMany = newest === undefined ? -1 : Number(newest);
  const tooOld = now - days * DAY_MS;
  // Runs are about as old as their number says, so the first that is kept ends the search.
  const oldest = db.prepare(
    "SELECT n, finished, definition FROM runs WHERE n > ? AND finished IS NOT NULL ORDER BY n LIMIT ?",
  );
  for (let from = -1; ;) {
    const rows = oldest.all(from, BITE) as { n: number; finished: number; definition: string }[];
    const surplus = rows.filter(({ n, finished }) => n <= tooMany || finished < tooOld);
    if (surplus.length > 0) forget(db, surplus);
    const last = rows.at(-1);
    if (last === undefined || surplus.length === 0 || rows.length < BITE) return;
    from = last.n;
  }
}

function forget(db: DatabaseSync, rows: readonly { n: number; definition: string }[]): void {
  const run = db.prepare("DELETE FROM runs WHERE n = ?");
  const log = db.prepare(`DELETE FROM log WHERE ${LOG_OF_RUN}`);
  const isUsed = db.prepare("SELECT 1 FROM runs WHERE definition = ? ORDER BY n DESC LIMIT 1");
  const definition = db.prepare("DELETE FROM definitions WHERE hash = ?");
  db.exec("BEGIN IMMEDIATE");
  try {
    for (const { n } of rows) {
      log.run(n);
      run.run(n);
    }
    for (const hash of new Set(rows.map((row) => row.definition)))
      if (isUsed.get(hash) === undefined) definition.run(hash);
    db.exec("COMMIT");
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

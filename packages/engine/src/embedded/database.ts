import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";

import { StepwireError } from "@stepwire/core";
import type { Durability } from "@stepwire/host";

import { APPLICATION_ID, MIGRATIONS } from "./schema.ts";
import { storageError } from "./storage-error.ts";

/** How long a process waits for another one's commit. Commits take milliseconds; a copy of the file may take longer. */
const BUSY_TIMEOUT_MS = 10_000;
const BUSY_PAUSE_MS = 10;
/** SQLite's result code. https://www.sqlite.org/rescode.html */
const BUSY = 5;

export interface OpenOptions {
  durability: Durability;
  /** For tests of upgrades. */
  migrations?: readonly string[];
}

/** Makes the folder where it is missing; only its owner may read it. Throws `storage`. */
export function makeDataFolder(folder: string): void {
  try {
    makeFolder(folder);
    const ignore = path.join(folder, ".gitignore");
    // Runs hold what workflows were given and answered; nobody wants that in a repository.
    if (!existsSync(ignore)) writeFileSync(ignore, "*\n", { mode: 0o600 });
  } catch (error) {
    throw storageError(folder, error);
  }
}

/** One level at a time: below /proc and the like Node's own recursion never ends. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  const parent = path.dirname(folder);
  if (parent !== folder) makeFolder(parent);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process may have been faster.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** Opens the file of the runs, makes it where it is missing, and brings an older one up to date. Throws `storage`. */
export function openDatabase(file: string, { durability, migrations = MIGRATIONS }: OpenOptions): DatabaseSync {
  try {
    makeFile(file);
    const db = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
    try {
      prepare(db, file, migrations);
      // What the log holds must be on the disk when a commit returns; NORMAL leaves that to the next checkpoint.
      db.exec(`PRAGMA synchronous = ${durability === "full" ? "FULL" : "NORMAL"}`);
      // In pages; SQLite's own 1000 has the disk asked to write everything after every hundred runs.
      db.exec("PRAGMA wal_autocheckpoint = 4000");
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    throw storageError(file, error);
  }
}

/**
 * SQLite makes its files with the mode of the first, so that is made here. One that is there is not opened: to close it
 * again would give back the locks that other connections of this process hold.
 */
function makeFile(file: string): void {
  try {
    closeSync(openSync(file, "wx", 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

function prepare(db: DatabaseSync, file: string, migrations: readonly string[]): void {
  // First of all, since the change to WAL is written into the file.
  const { version } = recognize(db, file, migrations.length);
  changeToWal(db);
  db.exec("PRAGMA foreign_keys = OFF");
  if (version === migrations.length) return;
  db.exec("BEGIN IMMEDIATE");
  try {
    migrate(db, file, migrations);
    db.exec("COMMIT");
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

/** SQLite waits for other processes everywhere but here, where several may make the file at the same time. */
function changeToWal(db: DatabaseSync): void {
  const latest = performance.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      db.exec("PRAGMA journal_mode = WAL");
      return;
    } catch (error) {
      if ((error as { errcode?: number }).errcode !== BUSY || performance.now() > latest) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_PAUSE_MS);
    }
  }
}

/** The version of the file. Throws `storage` for one of another program, or of a later version than is known. */
function recognize(db: DatabaseSync, file: string, known: number): { version: number; isNew: boolean } {
  const version = numberOf(db, "user_version");
  const isNew = version === 0 && db.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get() === undefined;
  if (!isNew && numberOf(db, "application_id") !== APPLICATION_ID) {
    throw new StepwireError("storage", `${file} is a database of another program.`, { details: { reason: "foreign" } });
  }
  if (version > known) {
    throw new StepwireError(
      "storage",
      `${file} was written by a newer Stepwire (format ${version}; this one knows ${known}). Upgrade stepwire, or set runtime.dataDir to another folder.`,
      { details: { reason: "newer", version, known } },
    );
  }
  return { version, isNew };
}

/** Several processes may come here at once: the first one upgrades, the others find it done. */
function migrate(db: DatabaseSync, file: string, migrations: readonly string[]): void {
  const { version, isNew } = recognize(db, file, migrations.length);
  if (!isNew && version < migrations.length) backUp(file, version);
  for (const statements of migrations.slice(version)) db.exec(statements);
  db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${migrations.length}`);
}

/** A copy of the file as it was, beside it, made by a connection of its own: this one is in a transaction. */
function backUp(file: string, version: number): void {
  const copy = `${file}.v${version}`;
  if (existsSync(copy)) return;
  // Half of a copy must not pass for one.
  const unfinished = `${copy}.part`;
  rmSync(unfinished, { force: true });
  makeFile(unfinished);
  const reader = new DatabaseSync(file, { readOnly: true });
  try {
    reader.prepare("VACUUM INTO ?").run(unfinished);
    renameSync(unfinished, copy);
  } finally {
    reader.close();
    rmSync(unfinished, { force: true });
  }
}

function numberOf(db: DatabaseSync, pragma: "user_version" | "application_id"): number {
  return Number(db.prepare(`PRAGMA ${pragma}`).get()?.[pragma]);
}

import { closeSync, existsSync, mkdirSync, openSync, readdirSync, rmSync, statSync } from "node:fs";
import { randomUUID } from "node:crypto";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";

import { storageError } from "./storage-error.ts";

/** A lock file that nobody has locked for so long belongs to a process that is gone. */
const LEFT_BEHIND_MS = 60_000;

/** SQLite's result codes. https://www.sqlite.org/rescode.html */
const BUSY = 5;
const CANNOT_OPEN = 14;

/**
 * A process that owns runs. It holds a lock on a small file for as long as it lives: the system gives the lock back
 * even when the process is killed, so that others can tell a dead owner from a slow one without any clock.
 */
export class Owner {
  /** What the rows of its runs bear. */
  readonly token: string;
  readonly #folder: string;
  readonly #lock: DatabaseSync;

  /** @param folder the data folder. Throws `storage`. */
  constructor(folder: string) {
    this.#folder = path.join(folder, "owners");
    this.token = `${process.pid}-${randomUUID()}`;
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      this.#tidy();
      this.#lock = lock(this.#file(this.token));
    } catch (error) {
      throw storageError(this.#folder, error);
    }
  }

  /** Whether the process that owns runs under this token is there, this one included. Throws `storage`. */
  isAlive(token: string): boolean {
    return token === this.token || isHeld(this.#file(token));
  }

  close(): void {
    this.#lock.close();
    rmSync(this.#file(this.token), { force: true });
  }

  #file(token: string): string {
    return path.join(this.#folder, token);
  }

  /** Takes away what dead processes left. A file that is very young may not be locked yet. */
  #tidy(): void {
    for (const token of readdirSync(this.#folder)) {
      const file = this.#file(token);
      try {
        if (Date.now() - statSync(file).mtimeMs > LEFT_BEHIND_MS && !this.isAlive(token)) rmSync(file, { force: true });
      } catch {
        // Another process has just taken it away.
      }
    }
  }
}

/** A lock on a file that is made for it. */
function lock(file: string): DatabaseSync {
  closeSync(openSync(file, "wx", 0o600));
  const db = new DatabaseSync(file, { timeout: 0 });
  try {
    db.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Whether anybody holds the lock. To ask takes a lock that others may have as well, so that nobody who asks is taken for
 * the owner. The file is opened by SQLite alone: to close it in any other way would give back what this process holds.
 */
function isHeld(file: string): boolean {
  const url = pathToFileURL(file);
  // A file that is not there is not made.
  url.searchParams.set("mode", "rw");
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(url, { timeout: 0 });
    db.exec("BEGIN; SELECT 1 FROM sqlite_schema");
    return false;
  } catch (error) {
    const { errcode } = error as { errcode?: number };
    if (errcode === BUSY) return true;
    if (errcode === CANNOT_OPEN && !existsSync(file)) return false;
    throw storageError(file, error);
  } finally {
    db?.close();
  }
}

import { closeSync, existsSync, mkdirSync, openSync, readdirSync, rmSync, statSync } from "node:fs";
import { randomUUID } from "node:crypto";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";

import { storageError } from "./storage-error.ts";

/** A lock file that nobody has locked for so long belongs to a process that is gone. */
const LEFT_BEHIND_MS = 60_000;

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
      this.#lock = lock(this.#file(this.token)) ?? fail();
    } catch (error) {
      throw storageError(this.#folder, error);
    }
  }

  /** Whether the process that owns runs under this token is there, this one included. */
  isAlive(token: string): boolean {
    if (token === this.token) return true;
    if (!existsSync(this.#file(token))) return false;
    const held = lock(this.#file(token));
    if (held === undefined) return true;
    held.close();
    return false;
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

/** A lock on a file, which is made where it is missing; nothing where another process holds it. */
function lock(file: string): DatabaseSync | undefined {
  closeSync(openSync(file, "a", 0o600));
  const db = new DatabaseSync(file, { timeout: 0 });
  try {
    db.exec("BEGIN EXCLUSIVE");
    return db;
  } catch (error) {
    db.close();
    if ((error as { errcode?: number }).errcode === 5) return undefined;
    throw error;
  }
}

function fail(): never {
  throw new Error("A lock file that was made a moment ago is locked.");
}

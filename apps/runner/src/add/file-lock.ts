import { randomUUID } from "node:crypto";
import { lstat, readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";

import { pause } from "@stepwire/host";

import { cleanLine } from "../output/clean.ts";
import { usage } from "../refusal.ts";
import { unwritable } from "./commit-files.ts";

/** Who holds a lock, as it stands in the lock file. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601. */
  readonly since: string;
}

/** A lock is held while two small files are read and written, so that this is long. */
const WAIT_MS = 10_000;
/** A lock this old was left behind, whatever stands in it. */
const STALE_MS = 60_000;
const POLL_MS = 25;

/**
 * Runs `work` while no other `stepwire` does the same with any of these files. Throws `usage-invalid` where another one
 * does not come to an end, and `cancelled` when the signal fires during the wait.
 * @param files where they really are, behind any link.
 */
export async function withLocks<T>(
  files: readonly string[],
  signal: AbortSignal,
  work: () => Promise<T>,
  waitMs = WAIT_MS,
): Promise<T> {
  // Always in the same order, so that no two wait for each other.
  const [first, ...others] = [...new Set(files)].toSorted();
  if (first === undefined) return work();
  const release = await take(first, signal, waitMs);
  try {
    return await withLocks(others, signal, work, waitMs);
  } finally {
    await release();
  }
}

/** Takes the lock of a file; gives what lets it go. */
async function take(file: string, signal: AbortSignal, waitMs: number): Promise<() => Promise<void>> {
  const lock = path.join(path.dirname(file), `.${path.basename(file).replace(/^\./, "")}.lock`);
  const holder: Holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
  const own = JSON.stringify({ ...holder, token: randomUUID() });
  try {
    for (const until = performance.now() + waitMs; !(await create(lock, own));) {
      const there = await textOf(lock);
      if (there !== undefined && (await isLeftBehind(lock, there))) await takeAway(lock, there);
      else if (performance.now() >= until) throw busy(file, lock, there);
      await pause(POLL_MS * (0.5 + Math.random()), signal);
    }
  } catch (error) {
    throw unwritable(file, error);
  }
  return () => removeIfStill(lock, own);
}

async function create(file: string, text: string): Promise<boolean> {
  try {
    await writeFile(file, text, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Nothing where there is no such file; an empty text where it must not be read. */
async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? undefined : "";
  }
}

/** Whether its process was killed: it is gone, or has had the lock for too long. */
async function isLeftBehind(lock: string, text: string): Promise<boolean> {
  const made = await lstat(lock).catch(() => undefined);
  if (made !== undefined && Date.now() - made.mtimeMs > STALE_MS) return true;
  const holder = holderOf(text);
  if (holder === undefined || holder.host !== hostname()) return false;
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

/**
 * Takes a lock away that was left behind. One process does so at a time, and looks again first: another one may have
 * done it already, and what is there now be the lock of a third.
 */
async function takeAway(lock: string, text: string): Promise<void> {
  const guard = `${lock}.guard`;
  if (!(await create(guard, ""))) {
    // This one is there for a moment only, and a process that was killed in it must not lock everybody out for good.
    if (await isLeftBehind(guard, "")) await rm(guard, { force: true });
    return;
  }
  try {
    await removeIfStill(lock, text);
  } finally {
    await rm(guard, { force: true });
  }
}

async function removeIfStill(lock: string, text: string): Promise<void> {
  if ((await textOf(lock)) === text) await rm(lock, { force: true });
}

function holderOf(text: string): Holder | undefined {
  try {
    const { pid, host, since } = JSON.parse(text) as Partial<Record<string, unknown>>;
    if (!Number.isSafeInteger(pid) || Number(pid) <= 0) return undefined;
    return { pid: Number(pid), host: String(host), since: String(since) };
  } catch {
    return undefined;
  }
}

function busy(file: string, lock: string, text = "") {
  const holder = holderOf(text);
  const who =
    holder === undefined
      ? ""
      : ` (process ${holder.pid} on ${cleanLine(holder.host)}, since ${cleanLine(holder.since)})`;
  return usage(
    `Another stepwire is writing to ${file}${who}. Nothing was changed.`,
    `Try again. If there is no such process any more, delete ${lock}.`,
  );
}

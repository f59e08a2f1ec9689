import { randomUUID } from "node:crypto";
import { chmod, lstat, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";

import { StepwireError } from "@stepwire/core";

import { usage } from "../refusal.ts";

/** A file as it shall be. */
export interface FileChange {
  /** Where it is really, behind any link. */
  readonly file: string;
  /** What was there when the new text was made; `undefined` for nothing. */
  readonly before: Buffer | undefined;
  readonly after: Buffer;
  /** Permissions of a file that is new. */
  readonly mode: number;
}

/** A file's path behind its links, and its bytes, if it is there. Throws `usage-invalid`. */
export async function readTarget(file: string): Promise<{ file: string; bytes: Buffer | undefined }> {
  try {
    const real = await realpath(file);
    return { file: real, bytes: await readFile(real) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT") throw usage(`${file} cannot be read (${code}).`);
    if ((await lstat(file).catch(() => undefined)) === undefined) return { file, bytes: undefined };
    throw usage(`${file} is a link that leads nowhere.`, "Make what it leads to, or take it away.");
  }
}

/**
 * Writes all of the files or none. Each appears whole: it is written beside its place and moved there. Throws
 * `usage-invalid` where that cannot be done, or where a file is no longer what it was.
 */
export async function commitFiles(changes: readonly FileChange[]): Promise<void> {
  const written: { change: FileChange; draft: string }[] = [];
  const moved: FileChange[] = [];
  let current = changes[0]?.file ?? "";
  try {
    for (const change of changes) {
      current = change.file;
      written.push({ change, draft: await writeBeside(change) });
    }
    for (const { change, draft } of written) {
      current = change.file;
      await assertUnchanged(change);
      await rename(draft, change.file);
      moved.push(change);
    }
  } catch (error) {
    for (const change of moved.toReversed()) await undo(change);
    const { code } = error as NodeJS.ErrnoException;
    if (StepwireError.is(error) || code === undefined) throw error;
    throw usage(`${current} cannot be written (${code}). Nothing was changed.`, REASONS[code]);
  } finally {
    await Promise.all(written.map(async ({ draft }) => rm(draft, { force: true })));
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "Its folder does not let you write: change its permissions, or name another file.",
  EROFS: "It is on a disk that cannot be written to: name another file.",
  ENOENT: "Make its folder first.",
  ENOTDIR: "Make its folder first.",
  ENOSPC: "The disk is full.",
};

async function writeBeside({ file, after, before, mode }: FileChange): Promise<string> {
  const draft = path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID()}`);
  await writeFile(draft, after, { flag: "wx", mode });
  // What is there keeps its permissions, and what is new has them whatever the umask says.
  await chmod(draft, before === undefined ? mode : (await stat(file)).mode);
  return draft;
}

async function assertUnchanged({ file, before }: FileChange): Promise<void> {
  const now = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (now === undefined ? before === undefined : before?.equals(now) === true) return;
  throw usage(`${file} was changed by something else in the meantime. Nothing was written.`, "Try again.");
}

async function undo({ file, before }: FileChange): Promise<void> {
  if (before === undefined) await rm(file, { force: true });
  else await writeFile(file, before);
}

import { randomUUID } from "node:crypto";
import { chmod, chown, lstat, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";

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

/** A change, and the new file that will be moved to its place; without one it is written where it is. */
interface Prepared {
  readonly change: FileChange;
  draft: string | undefined;
}

/** A file's path behind its links, and its bytes, if it is there. Throws `usage-invalid`. */
export async function readTarget(file: string): Promise<{ file: string; bytes: Buffer | undefined }> {
  try {
    const real = await realpath(file);
    return { file: real, bytes: await readFile(real) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT") throw usage(`${file} cannot be read (${code}).`);
    const there = await lstat(file).catch(() => undefined);
    if (there === undefined) return { file, bytes: undefined };
    // Another command has made it since.
    if (!there.isSymbolicLink()) return readTarget(file);
    throw usage(`${file} is a link that leads nowhere.`, "Make what it leads to, or take it away.");
  }
}

/**
 * Writes all of the files or none. Each appears whole, written beside its place and moved there, unless that would
 * change its owner or cut it off from its other names. Throws `usage-invalid` where it cannot be done, or where a file
 * is no longer what it was; what somebody else wrote in between stays.
 */
export async function commitFiles(changes: readonly FileChange[]): Promise<void> {
  const prepared: Prepared[] = changes.map((change) => ({ change, draft: undefined }));
  const begun: Prepared[] = [];
  let current = changes[0]?.file ?? "";
  try {
    for (const one of prepared) {
      current = one.change.file;
      await prepare(one);
    }
    for (const { change } of prepared) {
      current = change.file;
      await assertUnchanged(change);
    }
    for (const one of prepared) {
      current = one.change.file;
      // Once more, as late as can be: programs that know nothing of our lock write, too.
      await assertUnchanged(one.change);
      begun.push(one);
      if (one.draft === undefined) await writeFile(current, one.change.after);
      else await rename(one.draft, current);
    }
  } catch (error) {
    const kept: string[] = [];
    for (const one of begun.toReversed()) if (!(await undo(one).catch(() => false))) kept.push(one.change.file);
    throw unwritable(current, error, kept);
  } finally {
    await Promise.all(prepared.map(async ({ draft }) => draft && rm(draft, { force: true })));
  }
}

class Changed extends Error {}

/**
 * What to say of an error of the file system; another error stays as it is.
 * @param kept files that were written and could not be set back.
 */
export function unwritable(file: string, error: unknown, kept: readonly string[] = []): unknown {
  const outcome =
    kept.length === 0
      ? "Nothing was changed."
      : `${kept.join(" and ")} was changed by something else, too, and keeps what was added to it.`;
  if (error instanceof Changed)
    return usage(`${file} was changed by something else in the meantime. ${outcome}`, "Try again.");
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return error;
  return usage(`${file} cannot be written (${code}). ${outcome}`, REASONS[code]);
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "It or its folder does not let you write: change its permissions, or name another file.",
  EROFS: "It is on a disk that cannot be written to: name another file.",
  ENOENT: "Make its folder first.",
  ENOTDIR: "Make its folder first.",
  ENOSPC: "The disk is full.",
};

/** Writes the new file beside the old one, with its owner and permissions, where a move can keep all there is to keep. */
async function prepare(one: Prepared): Promise<void> {
  const { file, after, mode } = one.change;
  const there = await stat(file).catch(unlessMissing);
  if (there !== undefined && there.nlink > 1) return;
  one.draft = path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID()}`);
  await writeFile(one.draft, after, { flag: "wx", mode: there === undefined ? mode : 0o600 });
  if (there === undefined || (await isGivenTo(one.draft, there))) {
    // Whatever the umask says.
    await chmod(one.draft, there?.mode ?? mode);
    return;
  }
  await rm(one.draft);
  one.draft = undefined;
}

/** Gives a file to an owner and a group. Only root can give it to anybody. */
async function isGivenTo(file: string, { uid, gid }: { uid: number; gid: number }): Promise<boolean> {
  const now = await stat(file);
  if (now.uid === uid && now.gid === gid) return true;
  try {
    await chown(file, uid, gid);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EPERM") return false;
    throw error;
  }
}

async function assertUnchanged({ file, before }: FileChange): Promise<void> {
  if (!isSame(await readFile(file).catch(unlessMissing), before)) throw new Changed();
}

/** Sets a file back, unless somebody else has written to it since. Whether it is as it was before. */
async function undo({ change: { file, before, after }, draft }: Prepared): Promise<boolean> {
  const now = await readFile(file).catch(unlessMissing);
  if (isSame(now, before)) return true;
  // What was written where it is may have come to an end in the middle.
  const ours = draft === undefined ? after.subarray(0, now?.length) : after;
  if (!isSame(now, ours)) return false;
  if (before === undefined) await rm(file);
  else await writeFile(file, before);
  return true;
}

const isSame = (one: Buffer | undefined, other: Buffer | undefined): boolean =>
  one === undefined || other === undefined ? one === other : one.equals(other);

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT") return undefined;
  throw error;
}

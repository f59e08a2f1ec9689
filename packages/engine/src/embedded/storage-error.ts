import { StepwireError } from "@stepwire/core";

/** SQLite's result codes (the low byte of `errcode`) that people can do something about. https://www.sqlite.org/rescode.html */
const REASONS: Readonly<Record<number, { reason: string; what: string; hint: string }>> = {
  5: { reason: "busy", what: "is locked by another process", hint: "Look which process uses it, and try again." },
  8: {
    reason: "read-only",
    what: "cannot be written",
    hint: "Give write access, or set runtime.dataDir to another folder.",
  },
  10: { reason: "io", what: "cannot be read or written", hint: "Look at the disk, and at the system's log." },
  11: { reason: "corrupt", what: "is damaged", hint: "Move the file away and put a backup in its place." },
  13: { reason: "full", what: "cannot grow, since the disk is full", hint: "Make room, then resume the run." },
  14: {
    reason: "cannot-open",
    what: "cannot be opened",
    hint: "Look at the permissions of the folder, or set runtime.dataDir to another one.",
  },
  26: { reason: "corrupt", what: "is no database", hint: "Move the file away; a new one is made." },
};

/** What the system says before SQLite comes to it. */
const SAME: Readonly<Record<string, number>> = {
  EACCES: 14,
  EPERM: 14,
  EROFS: 14,
  ENOENT: 14,
  ENOTDIR: 14,
  EISDIR: 14,
  ENOSPC: 13,
  EIO: 10,
};

/** What went wrong with the files of the runs, as a `storage` error. */
export function storageError(file: string, error: unknown): StepwireError {
  if (StepwireError.is(error)) return error;
  const { errcode, code, message } = error as { errcode?: number; code?: string; message?: string };
  const known = REASONS[errcode === undefined ? (SAME[code ?? ""] ?? -1) : errcode & 0xff];
  const reason = known?.reason ?? code ?? "unknown";
  const what = known?.what ?? `cannot be used (${message ?? String(error)})`;
  return new StepwireError("storage", `${file} ${what}. ${known?.hint ?? "Look at the system's log."}`, {
    details: { reason },
  });
}

import type { ErrorJson } from "@stepwire/core";

import type { Again, Entry } from "./entries.ts";

/** The entries that count: when a run is taken up again, some do not any more. */
export function countedOf(entries: readonly Entry[]): readonly Entry[] {
  let counted: Entry[] = [];
  for (const entry of entries) {
    if (entry[0] === "again") counted = keptBy(entry[2], counted);
    else counted.push(entry);
  }
  return counted;
}

function keptBy(again: Again, entries: readonly Entry[]): Entry[] {
  if (again.kind === "resume") return again.after === undefined ? [...entries] : withoutEnd(entries, again.after);
  const attempt = "attempt" in again ? again.attempt : undefined;
  const cut = entries.findIndex(
    (entry) =>
      entry[0] === "step" &&
      entry[2].kind === "started" &&
      entry[2].path === again.path &&
      (attempt === undefined || entry[2].attempt === attempt),
  );
  if (cut === -1) return [...entries];
  if (attempt === undefined) return entries.slice(0, cut);
  // Branches beside it have nothing to do with its failure, and what it has done of its parts is done.
  const branches = branchesBeside(again.path, entries);
  const isApart = (path: string): boolean => branches.some((is) => is(path)) || path.startsWith(`${again.path}#`);
  return [...entries.slice(0, cut), ...entries.slice(cut).filter((entry) => isApart(pathOf(entry)))];
}

/** Steps that ended only because the run did count as those of a process that died: as begun. */
function withoutEnd(entries: readonly Entry[], code: "cancelled" | "timeout"): Entry[] {
  const isEnd = (entry: Entry): boolean => failureOf(entry)?.error.code === code;
  if (code === "cancelled") return entries.filter((entry) => !isEnd(entry));
  // A step may have run out of its own time before, and the run went on; the run's end is the last that happened.
  const isPartOfEnd = (entry: Entry): boolean =>
    isEnd(entry) || (entry[0] === "value" && entry[1].includes("!finished"));
  const last = entries.findLastIndex((entry) => !isPartOfEnd(entry));
  return [...entries.slice(0, last + 1), ...entries.slice(last + 1).filter((entry) => !isEnd(entry))];
}

function pathOf(entry: Entry): string {
  if (entry[0] === "step") return entry[2].path;
  return entry[0] === "again" ? "" : entry[1];
}

/** For each parallel step around a path: whether another path is in another branch of it. */
function branchesBeside(path: string, entries: readonly Entry[]): ((other: string) => boolean)[] {
  const around = new Set<string>();
  for (const entry of entries) {
    if (entry[0] !== "step" || entry[2].kind !== "started" || entry[2].type !== "parallel") continue;
    if (isBelow(path, entry[2].path)) around.add(entry[2].path);
  }
  return [...around].map((parallel) => {
    const own = branchOf(path, parallel);
    return (other) => isBelow(other, parallel) && branchOf(other, parallel) !== own;
  });
}

const isBelow = (path: string, ancestor: string): boolean =>
  path.startsWith(`${ancestor}.`) || path.startsWith(`${ancestor}[`);

/** `fan.left.notify` and `fan.left!start` are in the branch `.left` of `fan`, `fan[3].notify` in `[3]`. */
function branchOf(path: string, parallel: string): string {
  const rest = path.slice(parallel.length);
  return /^(?:\[\d+\]|\.(?:"(?:[^"\\]|\\.)*"|[A-Za-z0-9_-]+))/.exec(rest)?.[0] ?? rest;
}

export interface Failure {
  path: string;
  name: string;
  attempt: number;
  error: ErrorJson;
}

/** The failure that an entry tells of. */
export function failureOf(entry: Entry): Failure | undefined {
  if (entry[0] !== "step" || entry[2].kind !== "finished") return undefined;
  const { path, name, attempt, status, error } = entry[2];
  return status === "failed" && error !== undefined ? { path, name, attempt, error } : undefined;
}

/** The step whose failure a run ended with: the innermost of those that failed last, fallbacks left out. */
export function failedStep(entries: readonly Entry[]): Failure | undefined {
  const counted = countedOf(entries);
  const last = counted
    .map(failureOf)
    .findLast((failure) => failure !== undefined && !failure.path.includes("!fallback"));
  if (last === undefined) return undefined;
  const error = last.error.message;
  const inner = counted
    .map(failureOf)
    .filter((failure) => failure !== undefined)
    .filter(
      ({ path, error: { message } }) => isBelow(path, last.path) && (message === error || error.endsWith(message)),
    );
  return inner.at(-1) ?? last;
}

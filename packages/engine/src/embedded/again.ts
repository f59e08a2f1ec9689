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
  if (again.kind === "resume") {
    const { error } = again;
    if (error === undefined) return [...entries];
    // What ended only because the run did is as if its process had died.
    return entries.filter((entry) => {
      const ended = failureOf(entry);
      return ended?.error.code !== error.code || ended.error.message !== error.message;
    });
  }
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

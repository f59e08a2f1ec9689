import type { Again, Entry } from "./entries.ts";
import { failureOf } from "./failures.ts";
import { branchOf, isBelow } from "./paths.ts";

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
  // Branches beside it have nothing to do with it, and what a step that failed has done of its parts is done.
  const branches = branchesBeside(again.path, entries);
  const isApart = (path: string): boolean =>
    branches.some((is) => is(path)) || (attempt !== undefined && path.startsWith(`${again.path}#`));
  const stays = (entry: Entry): boolean => isApart(pathOf(entry)) && !isHeldBack(entry);
  return [...entries.slice(0, cut), ...entries.slice(cut).filter(stays)];
}

/** A branch that was not to begin, since another one had failed, begins now. */
const isHeldBack = (entry: Entry): boolean =>
  entry[0] === "value" && entry[2] === false && /!start(?:#\d+)?\?$/.test(entry[1]);

/** Steps that ended only because the run did count as those of a process that died: as begun. */
function withoutEnd(entries: readonly Entry[], code: "cancelled" | "timeout"): Entry[] {
  const isEnd = (entry: Entry): boolean => failureOf(entry)?.error.code === code;
  if (code === "cancelled") return entries.filter((entry) => !isEnd(entry));
  // A step may have run out of its own time before, and the run went on; the run's end is the last that happened.
  const isDeadline = (entry: Entry): boolean => entry[0] === "value" && entry[1] === "!timeout^";
  const isPartOfEnd = (entry: Entry): boolean =>
    isEnd(entry) || isDeadline(entry) || (entry[0] === "value" && entry[1].includes("!finished"));
  const last = entries.findLastIndex((entry) => !isPartOfEnd(entry));
  return [
    ...entries.slice(0, last + 1),
    ...entries.slice(last + 1).filter((entry) => !isEnd(entry) && !isDeadline(entry)),
  ];
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

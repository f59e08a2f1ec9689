import type { FanOut, ParallelBody, StaticBranches, StepNode } from "../plan.ts";
import { readItems } from "../read/items.ts";
import { checkKeys, complain, readList, readMap, readText, type Reader } from "../read/reader.ts";
import { called, type Surroundings } from "../read/sites.ts";
import { readBoolean, readChoice, readNumber, readTimeout } from "../read/values.ts";
import type { Path } from "../template/tree.ts";
import { capital, isRecord } from "../values.ts";
import { checkApart, checkBranchBody, type Stretch } from "./branch-rules.ts";
import type { BodyReading } from "./step-type.ts";

export const MAX_FAN_OUT = 100;
export const MAX_AT_ONCE = 20;
export const LONGEST_BRANCH_NAME = 256;
export const LONGEST_FOREACH = 2000;
export const MODES = ["fail-fast", "settled"] as const;
export const DEFAULT_MODE = "fail-fast";
export const DEFAULT_CONCURRENCY = { max: 5, countsWaiting: true };

export function readParallel(r: Reader, step: BodyReading): ParallelBody | undefined {
  const { path, map, place } = step;
  checkMode(r, step);
  const fanOut = "foreach" in map ? readFanOut(r, step) : undefined;
  const branches = "branches" in map ? readBranches(r, step) : undefined;
  const concurrency =
    "concurrency" in map ? readConcurrency(r, [...path, "concurrency"], map["concurrency"]) : undefined;
  const mode = "mode" in map ? readChoice(r, [...path, "mode"], map["mode"], MODES) : undefined;
  const timeout =
    "branch-timeout" in map ? readTimeout(r, [...path, "branch-timeout"], map["branch-timeout"], place) : undefined;
  const work = fanOut ?? branches;
  if (work === undefined) return undefined;
  return {
    kind: "parallel",
    work,
    mode: mode ?? DEFAULT_MODE,
    concurrency: concurrency ?? DEFAULT_CONCURRENCY,
    ...(timeout === undefined ? {} : { branchTimeout: timeout }),
  };
}

/** Either a list with steps for each item, or branches. */
function checkMode(r: Reader, { path, map, site, misspelt }: BodyReading): void {
  const say = (at: Path, what: string, hint: string): void =>
    complain(r, at, { rule: "invalidParallelMode", message: `${capital(called(site))} ${what}.`, hint });
  if ("foreach" in map && "branches" in map)
    say([...path, "branches"], `has both "foreach" and "branches"`, "Keep one of the two.");
  else if ("branches" in map && "steps" in map)
    say([...path, "steps"], `has both "branches" and "steps"`, "Put the steps into branches.");
  else if ("foreach" in map && !("steps" in map) && !misspelt.has("steps"))
    say(path, `has no "steps"`, "Give the steps to run for each item.");
  else if (!("foreach" in map) && !("branches" in map) && !misspelt.has("foreach") && !misspelt.has("branches"))
    say(path, `has neither "foreach" nor "branches"`, "Give a list and steps for each item, or branches with a name.");
}

function readFanOut(r: Reader, step: BodyReading): FanOut | undefined {
  const { path, map, place, site, around } = step;
  const value = map["foreach"];
  const at = [...path, "foreach"];
  const name = called(site);
  if (Array.isArray(value) && value.length > MAX_FAN_OUT) {
    const message = `${capital(name)} has ${value.length} items; a run fails with more than ${MAX_FAN_OUT}.`;
    const hint = "Go through longer lists with a foreach step.";
    complain(r, at, { severity: "warning", rule: "parallelFanOutExceedsLimit", message, hint });
  }
  if (typeof value === "string" && !("concurrency" in map)) {
    const message = `${capital(name)} does not say how many items may run at once; it is ${DEFAULT_CONCURRENCY.max}.`;
    const hint = `Write it down, such as \`concurrency: ${DEFAULT_CONCURRENCY.max}\`.`;
    complain(r, at, { severity: "warning", rule: "unboundedParallelFanOut", message, hint });
  }
  if (typeof value === "string" && value.length > LONGEST_FOREACH) {
    const message = `"foreach" has ${value.length} characters; at most ${LONGEST_FOREACH} are allowed.`;
    complain(r, at, { message, hint: "Make the list in a data.set step before." }, "value");
  }
  const items = readItems(r, at, value, place);
  const inside = { ...around, inLoop: true };
  const steps = "steps" in map ? readBranchBody(r, step, [...path, "steps"], map["steps"], inside) : [];
  return items === undefined ? undefined : { kind: "each", items, steps };
}

function readBranches(r: Reader, step: BodyReading): StaticBranches {
  const { map, around } = step;
  const path = [...step.path, "branches"];
  const list = readList(r, path, map["branches"], `"branches"`) ?? [];
  if (Array.isArray(map["branches"]) && list.length < 2) {
    const hint = "Put the steps of a single branch where this step is.";
    complain(r, path, { message: `"branches" needs at least two branches.`, hint }, "value");
  }
  const stretches: Stretch[] = [];
  const names = new Set<string>();
  const branches = list.flatMap((item, index) => {
    const at = [...path, index];
    const branch = readMap(r, at, item, "A branch");
    if (branch === undefined) return [];
    const misspelt = checkKeys(r, at, branch, ["name", "steps"], "a branch");
    for (const key of ["name", "steps"])
      if (!(key in branch) && !misspelt.has(key)) complain(r, at, { message: `A branch has no "${key}".` });
    const name = "name" in branch ? readName(r, [...at, "name"], branch["name"], names) : undefined;
    const from = { step: r.steps.length, reference: r.references.length };
    const steps = "steps" in branch ? readBranchBody(r, step, [...at, "steps"], branch["steps"], around) : [];
    stretches.push({
      names: new Set(r.steps.slice(from.step).map((site) => site.name)),
      references: r.references.slice(from.reference),
    });
    return name === undefined ? [] : [{ name, steps }];
  });
  checkApart(r, stretches);
  return { kind: "branches", branches };
}

function readName(r: Reader, path: Path, value: unknown, names: Set<string>): string | undefined {
  const name = readText(r, path, value, `"name" of a branch`);
  if (name === undefined) return undefined;
  if (name.length > LONGEST_BRANCH_NAME) {
    const message = `The name of a branch has ${name.length} characters; at most ${LONGEST_BRANCH_NAME} are allowed.`;
    complain(r, path, { message }, "value");
  }
  if (names.has(name)) {
    const message = `Two branches are called "${name}".`;
    complain(r, path, { message, hint: "Give each branch a name of its own." }, "value");
  }
  names.add(name);
  return name;
}

function readBranchBody(
  r: Reader,
  { site }: BodyReading,
  path: Path,
  value: unknown,
  around: Surroundings,
): StepNode[] {
  checkBranchBody(r, path, value, called(site));
  return r.readSteps(path, value, { ...around, canLeave: false });
}

function readConcurrency(r: Reader, path: Path, value: unknown): ParallelBody["concurrency"] | undefined {
  if (!isRecord(value)) {
    const max = readMax(r, path, value);
    return max === undefined ? undefined : { ...DEFAULT_CONCURRENCY, max };
  }
  checkKeys(r, path, value, ["max", "count-waiting"], `"concurrency"`);
  const max = "max" in value ? readMax(r, [...path, "max"], value["max"]) : undefined;
  const countsWaiting =
    "count-waiting" in value ? readBoolean(r, [...path, "count-waiting"], value["count-waiting"]) : undefined;
  return {
    max: max ?? DEFAULT_CONCURRENCY.max,
    countsWaiting: countsWaiting ?? DEFAULT_CONCURRENCY.countsWaiting,
  };
}

function readMax(r: Reader, path: Path, value: unknown): number | undefined {
  const max = readNumber(r, path, value, 1);
  if (max === undefined || max <= MAX_AT_ONCE) return max;
  complain(r, path, { message: `At most ${MAX_AT_ONCE} branches can run at once, not ${max}.` }, "value");
  return undefined;
}

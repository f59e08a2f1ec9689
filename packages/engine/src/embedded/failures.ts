import type { ErrorJson } from "@stepwire/core";
import type { StepEvent } from "@stepwire/workflow";

import type { Entry } from "./entries.ts";
import { branchOf, isBelow } from "./paths.ts";

/** An execution that failed. */
export interface Failure {
  path: string;
  type: string;
  attempt: number;
  error: ErrorJson;
  output?: unknown;
}

/**
 * The steps whose failure a run ended with: the innermost ones, and more than one where branches failed beside each
 * other. Empty where the run ended in another way, whatever failed and was dealt with before.
 * @param entries those that count.
 * @param error what the run ended with; absent where it was stopped from outside, so that whatever was under way failed.
 */
export function failedSteps(entries: readonly Entry[], error?: ErrorJson): Failure[] {
  const failures = entries.map(failureOf).filter((failure) => failure !== undefined);
  const last = failures.findLast((failure) => error === undefined || isSame(failure.error, error));
  return last === undefined ? [] : causesOf(last, failures);
}

/** The failure that an entry tells of. */
export function failureOf(entry: Entry): Failure | undefined {
  if (entry[0] !== "step" || entry[2].kind !== "finished") return undefined;
  const { path, type, attempt, status, error, output }: Extract<StepEvent, { kind: "finished" }> = entry[2];
  return status === "failed" && error !== undefined ? { path, type, attempt, error, output } : undefined;
}

/** What a failure comes from, among the failures of a run in their order. */
function causesOf(failure: Failure, failures: readonly Failure[]): Failure[] {
  const before = failures.slice(0, failures.indexOf(failure));
  const fallback = failure.path.indexOf("!fallback");
  if (fallback !== -1) {
    // What a fallback is for is what failed.
    const owner = failure.path.slice(0, fallback);
    const cause = before.findLast(({ path }) => path === owner || (isBelow(path, owner) && !isFallbackOf(owner, path)));
    return cause === undefined ? [failure] : causesOf(cause, before);
  }
  const branches = failedBranches(failure).flatMap(({ is, error }) => {
    const cause = before.findLast((one) => isBelow(one.path, failure.path) && is(one.path) && isSame(one.error, error));
    return cause === undefined ? [] : causesOf(cause, before);
  });
  if (branches.length > 0) return branches;
  const inner = before.findLast(({ path, error }) => isBelow(path, failure.path) && isSame(error, failure.error));
  return inner === undefined ? [failure] : causesOf(inner, before);
}

const isFallbackOf = (owner: string, path: string): boolean => path.startsWith(`${owner}!fallback`);

/** For each branch of a parallel step that failed: whether a path is in it, and what it failed with. */
function failedBranches({ path, type, output }: Failure) {
  if (type !== "parallel") return [];
  const { results = [] } = (output ?? {}) as { results?: { index: number; key: unknown; error?: ErrorJson }[] };
  return results.flatMap(({ index, key, error }) => {
    if (error === undefined) return [];
    const segments = [`[${index}]`, `.${String(key)}`, `.${JSON.stringify(key)}`];
    return [{ error, is: (other: string): boolean => segments.includes(branchOf(other, path)) }];
  });
}

/** A step that a deadline stopped, and the deadline, say it in words of their own. */
const isSame = (one: ErrorJson, other: ErrorJson): boolean =>
  one.code === other.code && (one.message === other.message || one.code === "timeout");

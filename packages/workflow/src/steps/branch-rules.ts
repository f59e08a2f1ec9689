import { complain, type Reader } from "../read/reader.ts";
import type { ReferenceSite } from "../read/sites.ts";
import type { Path } from "../template/tree.ts";
import { isRecord } from "../values.ts";

const BEFORE_OR_AFTER = "Put it before or after the parallel step.";

/** Branches are straight lines: types that have no place in them, and what to do instead. */
const TYPES: Readonly<Record<string, string>> = {
  if: BEFORE_OR_AFTER,
  switch: BEFORE_OR_AFTER,
  foreach: BEFORE_OR_AFTER,
  while: BEFORE_OR_AFTER,
  parallel: BEFORE_OR_AFTER,
  merge: BEFORE_OR_AFTER,
  waitForInput: BEFORE_OR_AFTER,
  waitForApproval: BEFORE_OR_AFTER,
  "workflow.output": "End the workflow after the parallel step.",
  "workflow.fail": "End the workflow after the parallel step.",
};

const KEYS: Readonly<Record<string, string>> = {
  if: "Decide before or after the parallel step.",
  foreach: `Go through the list with the "foreach" of the parallel step.`,
  timeout: `Use the "branch-timeout" of the parallel step.`,
  "on-failure": "Use `mode: settled`, and look at the results after the parallel step.",
};

/** Reports what cannot stand in a branch. */
export function checkBranchBody(r: Reader, path: Path, steps: unknown, parallel: string): void {
  if (!Array.isArray(steps)) return;
  for (const [index, step] of steps.entries()) {
    if (!isRecord(step)) continue;
    const { type } = step;
    if (typeof type === "string" && Object.hasOwn(TYPES, type)) {
      const message = `A step of type "${type}" cannot stand in a branch of ${parallel}.`;
      complain(r, [...path, index, "type"], { rule: "graphBuildError", message, hint: TYPES[type] }, "value");
      continue;
    }
    for (const key of Object.keys(step)) {
      if (!Object.hasOwn(KEYS, key)) continue;
      const message = `A step in a branch of ${parallel} cannot have "${key}".`;
      complain(r, [...path, index, key], { rule: "graphBuildError", message, hint: KEYS[key] });
    }
  }
}

/** What was read of one branch: its steps, and everything in them that reads the scope. */
export interface Stretch {
  readonly names: ReadonlySet<string>;
  readonly references: readonly ReferenceSite[];
}

/** Reports what a branch reads of another one, which runs at the same time. */
export function checkApart(r: Reader, branches: readonly Stretch[]): void {
  for (const branch of branches) {
    for (const site of branch.references) {
      const [root, name] = site.keys;
      if (root !== "steps" || name === undefined || branch.names.has(name)) continue;
      if (!branches.some(({ names }) => names.has(name))) continue;
      const message = `Step "${name}" is in another branch, which runs at the same time, so it has no result here.`;
      const hint = "Read it after the parallel step.";
      complain(r, site.path, { rule: "invalidVariableReference", message, hint }, () => site.at());
    }
  }
}

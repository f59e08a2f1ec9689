import { nearest } from "@stepwire/core";
import {
  ERROR_FIELDS,
  EXECUTION_FIELDS,
  FOREACH_FIELDS,
  PARENT_FIELDS,
  ROOTS,
  STEP_FIELDS,
  WHILE_FIELDS,
  WORKFLOW_FIELDS,
} from "../language/scope.ts";
import { complain, roomFor, type Complaint, type Reader } from "./reader.ts";
import type { ReferenceSite } from "./sites.ts";

/** What a workflow declares. */
export interface Declarations {
  readonly consts: readonly string[];
  /** `undefined` where the workflow takes any. */
  readonly inputs: readonly string[] | undefined;
}

const ROOT_NAMES = Object.keys(ROOTS);
const STEP_KEYS = Object.keys(STEP_FIELDS);
const ERROR_KEYS = Object.keys(ERROR_FIELDS);
/** Roots that always hold the same names. */
const FIXED: Readonly<Record<string, readonly string[]>> = {
  foreach: Object.keys(FOREACH_FIELDS),
  while: Object.keys(WHILE_FIELDS),
  error: ERROR_KEYS,
  execution: Object.keys(EXECUTION_FIELDS),
  workflow: Object.keys(WORKFLOW_FIELDS),
  parent: Object.keys(PARENT_FIELDS),
};

/** Checks everything that templates and conditions read against what there is to read. */
export function checkReferences(r: Reader, declared: Declarations): void {
  // Of two steps with one name, which is a finding of its own, the first counts.
  const order = new Map(
    r.steps
      .filter(({ name }) => name !== "")
      .toReversed()
      .map((step) => [step.name, step.order]),
  );
  for (const site of r.references) {
    if (roomFor(r, "error") === 0) return;
    const [root, name] = site.keys;
    if (root === undefined || site.place.locals?.includes(root) === true) continue;
    const say = (complaint: Complaint): void =>
      complain(r, site.path, { rule: "invalidVariablePath", ...complaint }, () => site.at());
    if (root === "steps") checkStep(site, order, say);
    else if (!ROOT_NAMES.includes(root)) {
      say({
        severity: "warning",
        rule: "unknownVariableType",
        message: `Nothing is called "${root}" in a workflow; it is read as nothing.`,
        hint: didYouMean(root, ROOT_NAMES) ?? `There are ${ROOT_NAMES.join(", ")}.`,
      });
    } else if (root === "foreach" && !site.place.inLoop) {
      say({ severity: "warning", message: `"foreach" has a value inside a loop only.` });
    } else if (root === "while" && site.place.inWhile !== true) {
      say({ severity: "warning", message: `"while" has a value inside a while loop only.` });
    } else if (root === "error" && !site.place.hasError) {
      say({
        severity: "warning",
        message: `"error" has a value in fallbacks and on-failure conditions only.`,
        hint: "Elsewhere read `steps.<name>.error`.",
      });
    } else if (name !== undefined) {
      const fixed = FIXED[root];
      if (fixed !== undefined) checkKnown(name, fixed, root, "warning", say);
      else if (root === "consts") checkKnown(name, declared.consts, "consts", "error", say);
      else if (root === "inputs" && declared.inputs !== undefined) {
        // Where none are declared, a run may still be given some.
        checkKnown(name, declared.inputs, "inputs", declared.inputs.length === 0 ? "warning" : "error", say);
      } else if (root === "variables") checkKnown(name, [...r.variables], "variables", "warning", say);
    }
  }
}

function checkStep(site: ReferenceSite, order: ReadonlyMap<string, number>, say: (complaint: Complaint) => void): void {
  const [, name, key, field] = site.keys;
  if (name === undefined) return;
  const at = order.get(name);
  const { place } = site;
  if (at === undefined) {
    say({
      rule: "invalidVariableReference",
      message: `There is no step "${name}".`,
      hint: didYouMean(name, order.keys()),
    });
  } else if (at >= place.order && !place.also.includes(name)) {
    const message =
      name === place.step
        ? `Step "${name}" reads its own result.`
        : `Step "${name}" comes later, so it has no result yet.`;
    say({ rule: "invalidVariableReference", message, hint: "Read steps that are before this one." });
  } else if (key !== undefined && !STEP_KEYS.includes(key)) {
    say({
      severity: "warning",
      message: `"steps.${name}.${key}" is nothing; a step has ${STEP_KEYS.slice(0, 3).join(", ")}.`,
      hint: didYouMean(key, STEP_KEYS),
    });
  } else if (key === "error" && field !== undefined) checkKnown(field, ERROR_KEYS, "error", "warning", say);
}

function checkKnown(
  name: string,
  known: readonly string[],
  what: string,
  severity: "error" | "warning",
  say: (complaint: Complaint) => void,
): void {
  if (known.includes(name)) return;
  const there = known.length === 0 ? `There are no ${what}.` : `There are ${known.join(", ")}.`;
  const hint = didYouMean(name, known) ?? (what === "foreach" || known.length > 20 ? undefined : there);
  say({ severity, message: `There is no "${what}.${name}".`, hint });
}

function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const guess = nearest(name, candidates);
  return guess === undefined ? undefined : `Did you mean "${guess}"?`;
}

import type { StepBody } from "../plan.ts";
import { consoleStep } from "./console.ts";
import { DATA_STEPS } from "./data-steps.ts";
import { dataSet } from "./data-set.ts";
import { external } from "./external.ts";
import { foreach } from "./foreach.ts";
import { foreign, needOf } from "./foreign.ts";
import { ifStep } from "./if.ts";
import { loopControl } from "./loop-control.ts";
import { parallel } from "./parallel.ts";
import type { BuiltInStepType } from "./step-type.ts";
import { switchStep } from "./switch.ts";
import { wait } from "./wait.ts";
import { whileStep } from "./while.ts";
import { workflowFail, workflowOutput } from "./workflow-end.ts";
import { workflowExecute } from "./workflow-execute.ts";

/** Any of them: which body belongs to which is known by its kind. */
// oxlint-disable-next-line typescript/no-explicit-any -- a body is only handed to the step type that read it
type AnyStepType = BuiltInStepType<any>;

const STEP_TYPES: readonly AnyStepType[] = [
  external,
  foreign,
  consoleStep,
  dataSet,
  ...DATA_STEPS,
  foreach,
  ifStep,
  loopControl,
  parallel,
  switchStep,
  wait,
  whileStep,
  workflowExecute,
  workflowFail,
  workflowOutput,
];

const byType = new Map(STEP_TYPES.flatMap((one) => Object.keys(one.types).map((type) => [type, one] as const)));
const byKind = new Map(STEP_TYPES.map((one) => [one.kind as StepBody["kind"], one]));

/** The step types of the language that run without any package, and what each is for. */
export const BUILT_IN_STEP_TYPES: Readonly<Record<string, string>> = Object.fromEntries(
  STEP_TYPES.flatMap(({ types }) => Object.entries(types)).toSorted(([a], [b]) => (a < b ? -1 : 1)),
);

/** The keys that steps of any type have beside those of every step. */
export const KEYS_OF_STEP_TYPES: readonly string[] = [...new Set(STEP_TYPES.flatMap(({ keys }) => keys))];

/** What a type is made of: of the language, of Kibana alone, or of a package. */
export const stepTypeOf = (type: string): AnyStepType =>
  byType.get(type) ?? (needOf(type) === undefined ? external : foreign);

/** What reads and runs a body. */
export function stepTypeOfBody(body: StepBody): AnyStepType {
  const found = byKind.get(body.kind);
  if (found === undefined) throw new Error(`No step type has a body of the kind ${body.kind}.`);
  return found;
}

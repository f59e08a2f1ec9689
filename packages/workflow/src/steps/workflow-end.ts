import { nearest, StepwireError, type JsonSchema } from "@stepwire/core";
import { checkOutputs, outputProblems } from "../outputs.ts";
import type { EndBody } from "../plan.ts";
import { checkKeys, complain, type Reader } from "../read/reader.ts";
import { readTree } from "../read/texts.ts";
import { readChoice } from "../read/values.ts";
import { WorkflowEnd, type Ending } from "../run/departure.ts";
import { type ValueTree } from "../template/tree.ts";
import { isRecord } from "../values.ts";
import { described, IF, TEXT } from "./editor.ts";
import { leafRun, renderMap } from "./leaf.ts";
import { readWith } from "./read.ts";
import type { BodyDryRun, BodyReading, BodyRun, BuiltInStepType } from "./step-type.ts";

const STATUSES = ["completed", "cancelled", "failed"] as const;
const DEFAULT_STATUS = "completed";

/** What `workflow.fail` takes, and `workflow.output` with the status failed reads. */
const FAIL_KEYS = {
  message: described(TEXT, "What the run fails with."),
  reason: { description: "The run's `error.details.reason`, for conditions." },
};

/** What the two steps share: they run the same way. */
const end = {
  kind: "end",
  leaf: false,
  run: leafRun(async (step: BodyRun<EndBody>) => {
    const values = renderMap(step.body.values, step.execution.scope);
    step.begin(values);
    throw new WorkflowEnd(endingOf(step, values));
  }),
  // oxlint-disable-next-line require-yield -- it has no request of its own to show
  *dry(step: BodyDryRun<EndBody>): Generator<never> {
    step.keep({});
    step.end(step.at);
  },
} satisfies Partial<BuiltInStepType<EndBody>>;

export const workflowOutput: BuiltInStepType<EndBody> = {
  ...end,
  types: { "workflow.output": "Ends the workflow with outputs" },
  keys: ["with", "if", "status"],
  schema: {
    properties: {
      if: IF,
      with: { type: "object", description: "The outputs, as `outputs` of the workflow declares them." },
      status: { enum: STATUSES, default: DEFAULT_STATUS, description: "How the workflow ends." },
    },
  },
  read(r, step) {
    const { path, map, place } = step;
    const raw = readWith(r, path, map);
    const status = "status" in map ? readChoice(r, [...path, "status"], map["status"], STATUSES) : DEFAULT_STATUS;
    if (raw === undefined || status === undefined) return undefined;
    const values = readTree(r, [...path, "with"], raw, place);
    if (status === "completed") checkStatic(r, step, raw, values);
    return { kind: "end", status, values };
  },
};

export const workflowFail: BuiltInStepType<EndBody> = {
  ...end,
  types: { "workflow.fail": "Ends the workflow as failed" },
  keys: ["with", "if"],
  schema: {
    properties: { if: IF, with: { type: "object", properties: FAIL_KEYS, additionalProperties: false } },
  },
  read(r, { type, path, map, place }) {
    const raw = readWith(r, path, map);
    if (raw === undefined) return undefined;
    checkKeys(r, [...path, "with"], raw, Object.keys(FAIL_KEYS), `"with" of a step of type "${type}"`);
    return { kind: "end", status: "failed", values: readTree(r, [...path, "with"], raw, place) };
  },
};

/** What can be said about outputs before they are rendered: their names, and the values that hold no template. */
function checkStatic(r: Reader, { path, map }: BodyReading, raw: Record<string, unknown>, values: ValueTree): void {
  if (r.outputs === undefined) return;
  const trees = new Map(values.kind === "map" ? values.entries : []);
  const isStatic = (name: string): boolean => values.kind === "constant" || trees.get(name)?.kind === "constant";
  for (const { path: below, message } of outputProblems(r.outputs, raw)) {
    const [name, ...rest] = below;
    const isThere = typeof name === "string" && Object.hasOwn(raw, name);
    // Whether a template gives the right kind of value is known when it is rendered.
    if (isThere && !isStatic(name) && !message.endsWith("is not known.")) continue;
    const at = isThere ? [...path, "with", name, ...rest] : "with" in map ? [...path, "with"] : path;
    const hint = name === undefined ? undefined : isThere ? spelling(String(name), r.outputs) : `Give it in "with".`;
    complain(r, at, { rule: "invalidWorkflowOutput", message, hint }, isThere && rest.length > 0 ? "value" : "key");
  }
}

function spelling(name: string, { properties }: JsonSchema): string | undefined {
  const names = Object.keys(isRecord(properties) ? properties : {});
  if (names.includes(name) || names.length === 0) return undefined;
  const guess = nearest(name, names);
  return guess === undefined ? `There are ${names.join(", ")}.` : `Did you mean "${guess}"?`;
}

/** Throws `output-invalid` for outputs that are other than declared. */
function endingOf({ run, node, body }: BodyRun<EndBody>, values: Record<string, unknown>): Ending {
  if (body.status === "completed") {
    return { status: "completed", outputs: checkOutputs(run.plan.outputs, values, node.name) };
  }
  if (body.status === "cancelled") return { status: "cancelled", outputs: values };
  const { message, reason } = values;
  const text =
    typeof message === "string" && message.trim() !== ""
      ? message
      : `Step "${node.name}" ended the workflow as failed.`;
  const details = reason === undefined || reason === "" ? {} : { details: { reason } };
  return { status: "failed", outputs: values, error: new StepwireError("workflow-failed", text, details).toJSON() };
}

import { nearest, StepwireError, type JsonSchema } from "@stepwire/core";
import { checkOutputs, outputProblems } from "../outputs.ts";
import type { EndBody } from "../plan.ts";
import { checkKeys, complain, type Reader } from "../read/reader.ts";
import { readTree } from "../read/texts.ts";
import { readChoice } from "../read/values.ts";
import { WorkflowEnd, type Ending } from "../run/departure.ts";
import { type ValueTree } from "../template/tree.ts";
import { isRecord } from "../values.ts";
import { CONDITION } from "./editor.ts";
import { leafRun, renderMap } from "./leaf.ts";
import { readWith } from "./read.ts";
import type { BodyReading, BodyRun, BuiltInStepType } from "./step-type.ts";

const STATUSES = ["completed", "cancelled", "failed"] as const;
const FAIL_KEYS = ["message", "reason"];

export const workflowEnd: BuiltInStepType<EndBody> = {
  kind: "end",
  types: {
    "workflow.output": "Ends the workflow with outputs",
    "workflow.fail": "Ends the workflow as failed",
  },
  keys: ["with", "if", "status"],
  leaf: false,
  schema: { properties: { if: CONDITION, with: { type: "object" }, status: { enum: STATUSES } } },
  read(r, step) {
    const { type, path, map, place } = step;
    const raw = readWith(r, path, map);
    if (raw === undefined) return undefined;
    const fails = type === "workflow.fail";
    if (fails) checkKeys(r, [...path, "with"], raw, FAIL_KEYS, `"with" of a step of type "${type}"`);
    const status = fails ? "failed" : readStatus(r, step);
    if (status === undefined) return undefined;
    const values = readTree(r, [...path, "with"], raw, place);
    if (status === "completed") checkStatic(r, step, raw, values);
    return { kind: "end", status, values };
  },
  run: leafRun(async (step) => {
    const values = renderMap(step.body.values, step.execution.scope);
    step.begin(values);
    throw new WorkflowEnd(endingOf(step, values));
  }),
  // oxlint-disable-next-line require-yield -- it has no request of its own to show
  *dry({ at, keep, end }) {
    keep({});
    end(at);
  },
};

function readStatus(r: Reader, { path, map }: BodyReading): Ending["status"] | undefined {
  return "status" in map ? readChoice(r, [...path, "status"], map["status"], STATUSES) : "completed";
}

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

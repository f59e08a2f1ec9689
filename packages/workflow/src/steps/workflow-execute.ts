import { StepwireError } from "@stepwire/core";
import type { ParentRun } from "../host.ts";
import { inputsOfCalled } from "../inputs.ts";
import type { ExecuteBody, Plan } from "../plan.ts";
import { checkKeys, complain, readMap, readText } from "../read/reader.ts";
import { called } from "../read/sites.ts";
import { readTemplate, readTree } from "../read/texts.ts";
import { createState, type RunState } from "../run/state.ts";
import { answerOf, stubOf } from "../stubs.ts";
import { capital } from "../values.ts";
import { described, LEAF, TEXT } from "./editor.ts";
import { leafRun, renderMap } from "./leaf.ts";
import { needs, readWith } from "./read.ts";
import { LEAF_KEYS, type BodyRun, type BuiltInStepType } from "./step-type.ts";

const WITH_KEYS = ["workflow-id", "inputs"];
const HINT = "Write the name of the workflow to call, such as `with: { workflow-id: notify-team }`.";

export const workflowExecute: BuiltInStepType<ExecuteBody> = {
  kind: "execute",
  types: {
    "workflow.execute": "Runs another workflow and waits for its outputs",
    "workflow.executeAsync": "Starts another workflow and goes on",
  },
  keys: LEAF_KEYS,
  leaf: true,
  schema: {
    properties: {
      ...LEAF,
      with: {
        type: "object",
        properties: {
          "workflow-id": described(TEXT, "The name of a workflow in the same folder."),
          inputs: { type: "object", description: "Its inputs." },
        },
        required: ["workflow-id"],
        additionalProperties: false,
      },
    },
    required: ["with"],
  },
  read(r, step) {
    const { type, path, map, site, place } = step;
    const raw = needs(r, step, "with", HINT) ? readWith(r, path, map) : undefined;
    if (raw === undefined) return undefined;
    const misspelt = checkKeys(r, [...path, "with"], raw, WITH_KEYS, `"with" of a step of type "${type}"`);
    if (!("workflow-id" in raw)) {
      const message = `${capital(called(site))} has no "workflow-id".`;
      if (!misspelt.has("workflow-id")) complain(r, [...path, "with"], { message, hint: HINT });
      return undefined;
    }
    const at = [...path, "with", "workflow-id"];
    const workflowId = readText(r, at, raw["workflow-id"], `"workflow-id"`);
    const given = raw["inputs"] ?? {};
    const inputs = readMap(r, [...path, "with", "inputs"], given, `"inputs"`);
    if (workflowId === undefined || inputs === undefined) return undefined;
    if (readTemplate(r, at, workflowId, place)?.dynamic === true) {
      const message = `"workflow-id" must be a name, not a template: which workflow is called has to be known before the run.`;
      complain(r, at, { message, hint: "Choose between steps with a switch." }, "value");
      return undefined;
    }
    const tree = readTree(r, [...path, "with", "inputs"], inputs, place);
    site.execute = { type, workflowId, inputs: tree, raw: inputs };
    return { kind: "execute", workflowId, inputs: tree, isAsync: type === "workflow.executeAsync" };
  },
  run: leafRun(async (step) => {
    const { run, node, body, execution, begin } = step;
    const { workflowId } = body;
    const given = renderMap(body.inputs, execution.scope);
    begin({ "workflow-id": workflowId, inputs: given });
    const stub = stubOf(run.stubs, node);
    if (stub !== undefined) return answerOf(stub);
    const plan = run.plan.workflows.get(workflowId);
    if (plan === undefined) throw new Error(`The plan of ${run.plan.name} lacks the workflow ${workflowId}.`);
    const inputs = inputsOfCalled(plan, given);
    return body.isAsync ? submit(step, plan, inputs) : execute(step, plan, inputs);
  }),
  *dry({ node, body, at, scope, stub, unknown, keep, workflow }) {
    const output = stub !== undefined && "output" in stub ? stub.output : unknown(`steps.${node.name}.output`);
    keep({ output });
    if (stub === undefined) yield* workflow(body.workflowId, () => renderMap(body.inputs, scope(at)), at);
  },
};

/** The called workflow as a part of this run. Throws what it fails with. */
async function execute(
  { run, node, execution, frame, toEnd }: BodyRun<ExecuteBody>,
  plan: Plan,
  inputs: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const path = execution.part("workflow");
  const request = {
    runId: `${run.id}/${path}`,
    inputs,
    startedAt: run.host.now(path),
    signal: frame.signal,
    parent: parentOf(run),
  };
  const { status, outputs, error } = await toEnd(
    createState(plan, request, inputs, run.host, run.stubs),
    path,
    frame.signal,
  );
  if (status === "completed") return outputs ?? {};
  if (error === undefined) {
    throw new StepwireError(
      "workflow-failed",
      `The workflow "${plan.name}" that step "${node.name}" called was cancelled by a step of its own.`,
    );
  }
  const { code, message, ...rest } = error;
  throw new StepwireError(code, message, rest);
}

/** The called workflow as a run of its own. */
async function submit(
  { run, execution }: BodyRun<ExecuteBody>,
  plan: Plan,
  inputs: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const submission = { path: execution.part("workflow"), plan, inputs, parent: parentOf(run) };
  const { runId, startedAt } = await run.host.submit(submission);
  return {
    workflowId: plan.name,
    executionId: runId,
    awaited: false,
    status: "running",
    startedAt: new Date(startedAt).toISOString(),
  };
}

const parentOf = ({ plan, id, depth }: RunState): ParentRun => ({ workflowId: plan.name, executionId: id, depth });

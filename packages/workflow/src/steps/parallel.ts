import { StepwireError } from "@stepwire/core";
import type { FanOut, ParallelBody } from "../plan.ts";
import { throwIfAborted } from "../run/deadline.ts";
import { itemsOf } from "../run/decide.ts";
import { errorView, recordStep } from "../run/state.ts";
import { pathSegment, setOwn } from "../values.ts";
import { failureOf, runBranches, type Branch, type Outcome } from "./branches.ts";
import { described, ITEMS, STEPS, TIMEOUT } from "./editor.ts";
import { checkSize } from "./leaf.ts";
import {
  DEFAULT_CONCURRENCY,
  DEFAULT_MODE,
  LONGEST_BRANCH_NAME,
  MAX_AT_ONCE,
  MAX_FAN_OUT,
  MODES,
  readParallel,
} from "./parallel-read.ts";
import type { BodyRun, BuiltInStepType } from "./step-type.ts";

const AT_ONCE = { type: "integer", minimum: 1, maximum: MAX_AT_ONCE };

export const parallel: BuiltInStepType<ParallelBody> = {
  kind: "parallel",
  types: { parallel: "Runs branches at the same time" },
  keys: ["foreach", "steps", "branches", "concurrency", "mode", "branch-timeout", "timeout"],
  leaf: false,
  schema: {
    properties: {
      foreach: described(ITEMS, "A branch for each item of this list."),
      steps: described(STEPS, "Run for each item."),
      branches: {
        type: "array",
        minItems: 2,
        description: "Branches of their own, in place of foreach and steps.",
        items: {
          type: "object",
          properties: {
            name: {
              type: "string",
              minLength: 1,
              maxLength: LONGEST_BRANCH_NAME,
              description: "The branch's own name; its result is read as `steps.<name>.output.branches.<branch>`.",
            },
            steps: described(STEPS, "A straight line of steps."),
          },
          required: ["name", "steps"],
          additionalProperties: false,
        },
      },
      concurrency: {
        description: "How many branches run at once; a number alone is `max`.",
        default: DEFAULT_CONCURRENCY.max,
        anyOf: [
          AT_ONCE,
          {
            type: "object",
            properties: {
              max: { ...AT_ONCE, default: DEFAULT_CONCURRENCY.max, description: "How many branches run at once." },
              "count-waiting": {
                type: "boolean",
                default: DEFAULT_CONCURRENCY.countsWaiting,
                description: "Whether a branch in a wait step counts.",
              },
            },
            additionalProperties: false,
          },
        ],
      },
      mode: {
        enum: MODES,
        default: DEFAULT_MODE,
        description:
          "Whether a branch that fails fails the step, or every branch runs and the output tells how each ended.",
      },
      "branch-timeout": described(TIMEOUT, "How long each branch may take."),
      timeout: described(TIMEOUT, "How long all branches together may take."),
    },
  },
  read: readParallel,
  async run(step) {
    const { run, node, body, execution, frame, begin } = step;
    begin();
    recordStep(run, node.name, {});
    const branches = await branchesOf(step);
    const outcomes = await runBranches(step, branches);
    const end = outcomes.find((outcome) => outcome.end !== undefined)?.end;
    if (end !== undefined) throw end;
    const output = outputOf(body, branches, outcomes);
    checkSize(node, output);
    execution.partialOutput = output;
    throwIfAborted(frame.signal);
    const failure = body.mode === "fail-fast" ? failureOf(node.name, branches, outcomes) : undefined;
    if (failure !== undefined) throw failure;
    recordStep(run, node.name, { output });
    return output;
  },
  *dry({ node, body, at, unknown, each, keep, steps }) {
    if (body.work.kind === "branches") {
      for (const branch of body.work.branches)
        yield* steps(branch.steps, { ...at, path: `${at.path}.${pathSegment(branch.name)}` });
    } else {
      for (const one of each(body.work.items, at, MAX_FAN_OUT)) yield* steps(body.work.steps, one);
    }
    keep({ output: unknown(`steps.${node.name}.output`) });
  },
};

async function branchesOf(step: BodyRun<ParallelBody>): Promise<Branch[]> {
  const { work } = step.body;
  if (work.kind === "each") return fanOut(step, work);
  const { execution, frame } = step;
  return work.branches.map(({ name, steps }) => ({
    key: name,
    title: `Branch "${name}"`,
    path: `${execution.path}.${pathSegment(name)}`,
    steps,
    locals: frame.locals,
  }));
}

/** A branch for each item. Throws `params-invalid` for more items than there may be. */
async function fanOut({ run, node, execution, frame }: BodyRun<ParallelBody>, work: FanOut): Promise<Branch[]> {
  const items = await itemsOf(run, work.items, execution);
  const total = items.length;
  if (total > MAX_FAN_OUT) {
    throw new StepwireError(
      "params-invalid",
      `The parallel step "${node.name}" has ${total} items; at most ${MAX_FAN_OUT} can be run side by side. Go through longer lists with a foreach step.`,
      { details: { reason: "fan-out-limit", limit: MAX_FAN_OUT, total } },
    );
  }
  return items.map((item, index) => ({
    key: item,
    title: `Branch ${index}`,
    path: `${execution.path}[${index}]`,
    steps: work.steps,
    locals: { ...frame.locals, foreach: { item, index, total, items } },
  }));
}

/** What `steps.<name>.output` is; branches that have a name are found by it as well. */
function outputOf(body: ParallelBody, branches: readonly Branch[], outcomes: readonly Outcome[]): unknown {
  const results = outcomes.map((outcome, index) => resultOf(outcome, index, branches[index]?.key));
  const succeeded = outcomes.filter(({ status }) => status === "completed").length;
  const failed = outcomes.filter(({ status }) => status === "failed" || status === "timed_out").length;
  const total = outcomes.length;
  const output = { results, total, succeeded, failed, status: failed === 0 ? "completed" : "failed" };
  if (body.work.kind === "each") return output;
  const byName: Record<string, unknown> = {};
  for (const { key, status, output: made, error } of results)
    setOwn(byName, String(key), {
      status,
      ...(made === undefined ? {} : { output: made }),
      ...(error === undefined ? {} : { error }),
    });
  return { ...output, branches: byName };
}

function resultOf({ status, output, error, startedAt, finishedAt }: Outcome, index: number, key: unknown) {
  return {
    index,
    key,
    status,
    ...(output === undefined ? {} : { output }),
    ...(error === undefined ? {} : { error: errorView(error) }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
    ...(startedAt === undefined || finishedAt === undefined ? {} : { durationMs: finishedAt - startedAt }),
  };
}

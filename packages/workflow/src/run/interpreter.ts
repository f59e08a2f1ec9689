import { StepwireError, type ErrorJson } from "@stepwire/core";
import type { Condition } from "../condition.ts";
import type { RunResult } from "../host.ts";
import { DEFAULT_LOOP_CAP, type ItemSource, type StepNode } from "../plan.ts";
import { stepTypeOfBody } from "../steps/index.ts";
import { pathSegment } from "../values.ts";
import { abortError, throwIfAborted, timeoutMs, withDeadline } from "./deadline.ts";
import { holds, itemsOf } from "./decide.ts";
import { Departure, WorkflowEnd } from "./departure.ts";
import { withPolicy } from "./policy.ts";
import { beginExecution, errorView, recordStep, type Execution, type Frame, type RunState } from "./state.ts";

/**
 * Runs a whole workflow. Never throws: what goes wrong is in the result.
 * @param path what the paths of its steps begin with; empty where nothing called it.
 */
export async function runToEnd(run: RunState, path: string, signal: AbortSignal): Promise<RunResult> {
  const { plan, host } = run;
  let whole: AbortSignal | undefined;
  try {
    const subject = path === "" ? "The workflow" : `The workflow "${plan.name}"`;
    await withDeadline(host, { path: `${path}!timeout`, ms: plan.timeoutMs, subject }, signal, (inner) => {
      whole = inner;
      return runSteps(run, plan.steps, { path, signal: inner, locals: {} });
    });
    return { status: "completed" };
  } catch (thrown) {
    if (signal.aborted) {
      return { status: "cancelled", error: new StepwireError("cancelled", "The run was cancelled.").toJSON() };
    }
    if (thrown instanceof WorkflowEnd) return thrown.ending;
    const error = StepwireError.from(thrown).toJSON();
    return { status: whole?.aborted === true ? "timed_out" : "failed", error };
  }
}

/** Runs steps one after the other. */
async function runSteps(run: RunState, steps: readonly StepNode[], frame: Frame): Promise<void> {
  for (const node of steps) {
    throwIfAborted(frame.signal);
    await runStep(run, node, frame);
  }
}

/** On-failure wraps `if`, `if` wraps the timeout, the timeout wraps the step-level `foreach`. */
async function runStep(run: RunState, node: StepNode, frame: Frame): Promise<void> {
  const segment = pathSegment(node.name);
  await withPolicy(run, {
    path: frame.path === "" ? segment : `${frame.path}.${segment}`,
    name: node.name,
    policy: node.policy,
    frame,
    body: (execution) => runOnce(run, node, execution, frame),
    failed(error, { partialOutput: output }) {
      const { output: _output, ...entry } = (Object.hasOwn(run.steps, node.name) ? run.steps[node.name] : {}) as Record<
        string,
        unknown
      >;
      recordStep(run, node.name, {
        ...entry,
        ...(output === undefined ? {} : { output }),
        error: errorView(error),
      });
    },
    fallback: (steps, inner) => runSteps(run, steps, inner),
  });
}

async function runOnce(run: RunState, node: StepNode, execution: Execution, frame: Frame): Promise<void> {
  if (node.if !== undefined && !(await isWanted(run, node, node.if, execution))) return;
  const { foreach } = node;
  const shown = foreach === undefined ? node : { name: `foreach_${node.name}`, type: "foreach" };
  await observed(run, shown, execution, frame.signal, (begin) =>
    limited(run, node, execution, frame, (signal) =>
      foreach === undefined
        ? runBody(run, node, execution, { ...frame, signal }, begin)
        : runItems(run, node, foreach, execution, { ...frame, signal }, begin),
    ),
  );
}

/** Whether the step's own condition holds; a step that is skipped, or whose condition fails, is told to the host. */
async function isWanted(run: RunState, node: StepNode, condition: Condition, execution: Execution): Promise<boolean> {
  const { name, type } = node;
  const { path, attempt } = execution;
  const told = { path, name, type, attempt };
  try {
    if (await holds(run, condition, execution, "if")) return true;
  } catch (thrown) {
    run.host.observe({ kind: "started", ...told });
    run.host.observe({ kind: "finished", ...told, status: "failed", error: StepwireError.from(thrown).toJSON() });
    throw thrown;
  }
  run.host.observe({ kind: "started", ...told });
  run.host.observe({ kind: "finished", ...told, status: "skipped" });
  return false;
}

function limited<T>(
  run: RunState,
  node: StepNode,
  execution: Execution,
  frame: Frame,
  body: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (node.timeout === undefined) return body(frame.signal);
  const deadline = {
    path: execution.part("timeout"),
    ms: timeoutMs(node.timeout, execution.scope),
    subject: `Step "${node.name}"`,
  };
  return withDeadline(run.host, deadline, frame.signal, body);
}

type Begin = (input?: unknown) => void;

/** Tells the host of one execution: that it began, with its input once that is known, and how it ended. */
async function observed(
  run: RunState,
  { name, type }: { name: string; type: string },
  execution: Execution,
  signal: AbortSignal,
  body: (begin: Begin) => Promise<unknown>,
): Promise<void> {
  const { path, attempt } = execution;
  let begun = false;
  const begin: Begin = (input) => {
    if (begun) return;
    begun = true;
    run.host.observe({ kind: "started", path, name, type, attempt, ...(input === undefined ? {} : { input }) });
  };
  const end = (status: "completed" | "failed", output: unknown, error?: ErrorJson): void => {
    begin();
    run.host.observe({
      kind: "finished",
      path,
      name,
      type,
      attempt,
      status,
      ...(output === undefined ? {} : { output }),
      ...(error === undefined ? {} : { error }),
    });
  };
  try {
    end("completed", await body(begin));
  } catch (thrown) {
    if (thrown instanceof Departure) end("completed", undefined);
    else {
      const error = signal.aborted ? abortError(signal) : StepwireError.from(thrown);
      end("failed", execution.partialOutput, error.toJSON());
    }
    throw thrown;
  }
}

function runBody(run: RunState, node: StepNode, execution: Execution, frame: Frame, begin: Begin): Promise<unknown> {
  const { body } = node;
  const steps = (list: readonly StepNode[], inner: Frame, state = run): Promise<void> => runSteps(state, list, inner);
  return stepTypeOfBody(body).run({ run, node, body, execution, frame, begin, steps, toEnd: runToEnd });
}

/** The step-level `foreach`: the step itself once for each item. */
async function runItems(
  run: RunState,
  node: StepNode,
  source: ItemSource,
  execution: Execution,
  frame: Frame,
  begin: Begin,
): Promise<void> {
  begin();
  const items = await itemsOf(run, source, execution);
  for (const [index, item] of items.slice(0, DEFAULT_LOOP_CAP.limit).entries()) {
    throwIfAborted(frame.signal);
    const locals = { ...frame.locals, foreach: { item, index, total: items.length, items } };
    const inner = { ...frame, locals };
    const one = beginExecution(run, inner, `${execution.path}[${index}]`);
    await observed(run, node, one, frame.signal, (beginItem) => runBody(run, node, one, inner, beginItem));
  }
}

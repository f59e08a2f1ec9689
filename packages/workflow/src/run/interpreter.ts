import { StepwireError } from "@stepwire/core";
import type { Condition } from "../condition.ts";
import { DEFAULT_LOOP_CAP, type ItemSource, type StepNode } from "../plan.ts";
import { pathSegment } from "../values.ts";
import { abortError, throwIfAborted, timeoutMs, withDeadline } from "./deadline.ts";
import { runLeaf, type LeafBody } from "./leaf.ts";
import { withPolicy } from "./policy.ts";
import { beginExecution, errorView, recordStep, type Execution, type Frame, type RunState } from "./state.ts";

type Loop = Extract<StepNode["body"], { kind: "foreach" }>;

/** Runs steps one after the other. */
export async function runSteps(run: RunState, steps: readonly StepNode[], frame: Frame): Promise<void> {
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
    failed(error) {
      const { output: _output, ...entry } = (Object.hasOwn(run.steps, node.name) ? run.steps[node.name] : {}) as Record<
        string,
        unknown
      >;
      recordStep(run, node.name, { ...entry, error: errorView(error) });
    },
    fallback: (steps, inner) => runSteps(run, steps, inner),
  });
}

async function runOnce(run: RunState, node: StepNode, execution: Execution, frame: Frame): Promise<void> {
  if (node.if !== undefined && !(await holds(run, node.if, execution, "if"))) {
    const { name, type } = node;
    const { path, attempt } = execution;
    run.host.observe({ kind: "started", path, name, type, attempt });
    run.host.observe({ kind: "finished", path, name, type, attempt, status: "skipped" });
    return;
  }
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
  { path, attempt }: Execution,
  signal: AbortSignal,
  body: (begin: Begin) => Promise<unknown>,
): Promise<void> {
  let begun = false;
  const begin: Begin = (input) => {
    if (begun) return;
    begun = true;
    run.host.observe({ kind: "started", path, name, type, attempt, ...(input === undefined ? {} : { input }) });
  };
  try {
    const output = await body(begin);
    begin();
    run.host.observe({
      kind: "finished",
      path,
      name,
      type,
      attempt,
      status: "completed",
      ...(output === undefined ? {} : { output }),
    });
  } catch (thrown) {
    begin();
    const error = (signal.aborted ? abortError(signal) : StepwireError.from(thrown)).toJSON();
    run.host.observe({ kind: "finished", path, name, type, attempt, status: "failed", error });
    throw thrown;
  }
}

async function runBody(
  run: RunState,
  node: StepNode,
  execution: Execution,
  frame: Frame,
  begin: Begin,
): Promise<unknown> {
  const { body } = node;
  switch (body.kind) {
    case "if": {
      begin();
      recordStep(run, node.name, {});
      const taken = await holds(run, body.condition, execution, "condition");
      await runSteps(run, taken ? body.steps : body.else, { ...frame, path: execution.path });
      return undefined;
    }
    case "foreach":
      begin();
      await runLoop(run, node, body, execution, frame);
      return undefined;
    default:
      return runLeafStep(run, node, body, execution, frame, begin);
  }
}

async function runLeafStep(
  run: RunState,
  node: StepNode,
  body: LeafBody,
  execution: Execution,
  frame: Frame,
  begin: Begin,
): Promise<unknown> {
  let input: Record<string, unknown> | undefined;
  const output = await runLeaf(run, node, body, execution, frame.signal, (rendered) => {
    input = rendered;
    recordStep(run, node.name, { input: rendered });
    begin(rendered);
  });
  recordStep(run, node.name, { input, output });
  return output;
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

async function runLoop(run: RunState, node: StepNode, loop: Loop, execution: Execution, frame: Frame): Promise<void> {
  const items = await itemsOf(run, loop.items, execution);
  const { limit, onLimit } = loop.cap;
  recordStep(run, node.name, { items, total: items.length });
  for (const [index, item] of items.entries()) {
    throwIfAborted(frame.signal);
    if (index >= limit) {
      if (onLimit === "continue") return;
      throw new StepwireError(
        "workflow-invalid",
        `The loop "${node.name}" has ${items.length} items and stops at ${limit} (max-iterations).`,
        { type: "LoopLimitExceeded", details: { reason: "max-iterations", limit, total: items.length } },
      );
    }
    const state = { item, index, total: items.length, items };
    recordStep(run, node.name, state);
    await runIteration(run, node, loop, `${execution.path}[${index}]`, {
      ...frame,
      locals: { ...frame.locals, foreach: state },
    });
  }
}

function runIteration(run: RunState, node: StepNode, loop: Loop, path: string, frame: Frame): Promise<void> {
  return withPolicy(run, {
    path,
    name: node.name,
    policy: loop.iterationPolicy,
    frame,
    body(execution) {
      const steps = (signal: AbortSignal): Promise<void> => runSteps(run, loop.steps, { ...frame, signal, path });
      if (loop.iterationTimeout === undefined) return steps(frame.signal);
      const deadline = {
        path: execution.part("timeout"),
        ms: timeoutMs(loop.iterationTimeout, execution.scope),
        subject: `An iteration of step "${node.name}"`,
      };
      return withDeadline(run.host, deadline, frame.signal, steps);
    },
    failed: () => undefined,
    fallback: (steps, inner) => runSteps(run, steps, inner),
  });
}

function holds(run: RunState, condition: Condition, execution: Execution, part: string): Promise<boolean> {
  if (condition.constant !== undefined) return Promise.resolve(condition.constant);
  return run.host.decide(execution.part(part), () => condition.test(execution.scope));
}

function itemsOf(run: RunState, source: ItemSource, execution: Execution): Promise<unknown[]> {
  return run.host.decide(execution.part("items"), () => source.items(execution.scope));
}

import { StepwireError, type ErrorJson } from "@stepwire/core";
import type { ParallelBody, StepNode } from "../plan.ts";
import { abortError, timeoutMs, withDeadline } from "../run/deadline.ts";
import { WorkflowEnd } from "../run/departure.ts";
import { beginExecution, recordStep, setVariable, type Execution, type Frame, type RunState } from "../run/state.ts";
import type { Scope } from "../template/scope.ts";
import { Slots } from "./slots.ts";
import type { BodyRun } from "./step-type.ts";

/** A branch of a parallel step before it runs. */
export interface Branch {
  /** Its name, or its item. */
  readonly key: unknown;
  /** What it is called in a message. */
  readonly title: string;
  readonly path: string;
  readonly steps: readonly StepNode[];
  readonly locals: Scope;
}

/** How a branch ended. Times are epoch milliseconds. */
export interface Outcome {
  status: "completed" | "failed" | "timed_out" | "skipped";
  output?: unknown;
  error?: StepwireError;
  /** Set where a step of the branch ended the workflow. */
  end?: WorkflowEnd;
  startedAt?: number;
  finishedAt?: number;
}

/**
 * Runs branches side by side and gives how each ended, in the order of the branches. Each sees what was before the
 * parallel step and what it does itself, so that nothing depends on which branch is faster; when all have ended, what
 * they made is put together in their order.
 */
export async function runBranches(step: BodyRun<ParallelBody>, branches: readonly Branch[]): Promise<Outcome[]> {
  const { run, body, execution, frame } = step;
  const { branchTimeout, concurrency, mode } = body;
  const timeout = branchTimeout === undefined ? undefined : timeoutMs(branchTimeout, execution.scope);
  const slots = new Slots(concurrency.max);
  const outcomes = branches.map((): Outcome => ({ status: "skipped" }));
  const states: RunState[] = [];
  const running: Promise<void>[] = [];
  const isOver = ({ status, end }: Outcome): boolean =>
    end !== undefined || status === "failed" || status === "timed_out";
  try {
    for (const [index, branch] of branches.entries()) {
      if (!(await hasRoom(slots, frame.signal))) break;
      const own = beginExecution(run, frame, branch.path);
      // Journaled, so that a replay starts the same branches, whichever is over first in it.
      if (mode === "fail-fast" && !(await run.host.decide(own.part("start"), () => !outcomes.some(isOver)))) break;
      const state = branchState(run);
      states.push(state);
      running.push(
        runBranch({ ...step, run: state }, { branch, execution: own, slots, timeout }).then((outcome) => {
          outcomes[index] = outcome;
        }),
      );
    }
  } finally {
    await Promise.all(running);
  }
  merge(run, states);
  return frame.signal.aborted ? outcomes.map((one) => stopped(one, frame.signal)) : outcomes;
}

/** Takes room for one more branch; none is to begin when the signal has fired. */
async function hasRoom(slots: Slots, signal: AbortSignal): Promise<boolean> {
  try {
    await slots.take(signal);
    return true;
  } catch {
    return false;
  }
}

interface Launch {
  branch: Branch;
  execution: Execution;
  slots: Slots;
  timeout: number | undefined;
}

/** Runs one branch, which has its slot already. Never rejects, unless the host's clock does. */
async function runBranch(step: BodyRun<ParallelBody>, { branch, execution, slots, timeout }: Launch): Promise<Outcome> {
  const { run, node, body, frame, steps } = step;
  const startedAt = run.host.now(execution.part("started"));
  let hasSlot = true;
  let inner: AbortSignal | undefined;
  const work = (signal: AbortSignal): Promise<void> => {
    inner = signal;
    const idle = async <T>(pause: () => Promise<T>): Promise<T> => {
      hasSlot = false;
      slots.give();
      const value = await pause();
      await slots.take(signal);
      hasSlot = true;
      return value;
    };
    const own: Frame = { path: branch.path, signal, locals: branch.locals };
    return steps(branch.steps, body.concurrency.countsWaiting ? own : { ...own, idle }, run);
  };
  const ended = (outcome: Outcome): Outcome => ({
    ...outcome,
    startedAt,
    finishedAt: run.host.now(execution.part("finished")),
  });
  try {
    const subject = `${branch.title} of step "${node.name}"`;
    if (timeout === undefined) await work(frame.signal);
    else await withDeadline(run.host, { path: execution.part("timeout"), ms: timeout, subject }, frame.signal, work);
    return ended({ status: "completed", output: lastOutput(run, branch.steps) });
  } catch (thrown) {
    if (thrown instanceof WorkflowEnd) return ended({ status: "completed", end: thrown });
    const { signal } = frame;
    const error = signal.aborted ? abortError(signal) : StepwireError.from(thrown);
    const isLate = signal.aborted ? error.code === "timeout" : inner?.aborted === true;
    return ended({ status: isLate ? "timed_out" : "failed", error });
  } finally {
    if (hasSlot) slots.give();
  }
}

function lastOutput(run: RunState, steps: readonly StepNode[]): unknown {
  const name = steps.at(-1)?.name ?? "";
  return Object.hasOwn(run.steps, name) ? (run.steps[name] as { output?: unknown }).output : undefined;
}

/** A branch that a timeout around the step kept from beginning ran out of time as well. */
function stopped(outcome: Outcome, signal: AbortSignal): Outcome {
  const error = abortError(signal);
  return outcome.status === "skipped" && error.code === "timeout" ? { status: "timed_out", error } : outcome;
}

/** What a branch knows: all that was there when the parallel step began, to which it adds for itself alone. */
function branchState(run: RunState): RunState {
  const steps = { ...run.steps };
  const variables = { ...run.variables };
  return { ...run, steps, variables, setNames: new Set(), base: { ...run.base, steps, variables } };
}

/** Puts together what the branches made. Of what several made, the last branch's stays, however long it took. */
function merge(run: RunState, states: readonly RunState[]): void {
  const before = { ...run.steps };
  for (const state of states) {
    for (const [name, entry] of Object.entries(state.steps))
      if (!Object.hasOwn(before, name) || before[name] !== entry)
        recordStep(run, name, entry as Record<string, unknown>);
    for (const name of state.setNames) setVariable(run, name, state.variables[name]);
  }
}

/** What the parallel step fails with in fail-fast mode: the failure of the first branch that has one. */
export function failureOf(
  name: string,
  branches: readonly Branch[],
  outcomes: readonly Outcome[],
): StepwireError | undefined {
  const index = outcomes.findIndex(({ error }) => error !== undefined);
  const [branch, outcome] = [branches[index], outcomes[index]];
  if (branch === undefined || outcome?.error === undefined) return undefined;
  const { code, message, ...rest }: ErrorJson = outcome.error.toJSON();
  // A timeout of the branch names it already.
  const text = outcome.status === "timed_out" ? message : `${branch.title} of step "${name}" failed: ${message}`;
  const failed = outcomes.filter(({ error }) => error !== undefined).length;
  return new StepwireError(code, text, {
    ...rest,
    details: { ...rest.details, branch: index, failed, total: outcomes.length },
  });
}

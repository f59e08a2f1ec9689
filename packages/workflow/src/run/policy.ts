import { StepwireError } from "@stepwire/core";
import { DEFAULT_EXPONENTIAL_DELAY_MS } from "../language/step-keys.ts";
import type { Policy, Retry } from "../plan.ts";
import { extendScope } from "../template/scope.ts";
import { Departure } from "./departure.ts";
import { beginExecution, errorView, type Execution, type Frame, type RunState } from "./state.ts";

interface Guarded {
  path: string;
  name: string;
  policy: Policy | undefined;
  frame: Frame;
  /** One execution. */
  body(execution: Execution): Promise<void>;
  /** Called for each failed execution, before anything reads its error. */
  failed(error: StepwireError, execution: Execution): void;
  /** Runs the fallback steps. */
  fallback(steps: NonNullable<Policy["fallback"]>, frame: Frame): Promise<void>;
}

/** `on-failure`: tries again, then falls back, then goes on or fails with the last error. */
export async function withPolicy(run: RunState, guarded: Guarded): Promise<void> {
  const { policy, frame } = guarded;
  try {
    const error = await tryAll(run, guarded);
    if (error === undefined) return;
    if (policy?.fallback !== undefined) {
      const locals = { ...frame.locals, error: errorView(error) };
      await guarded.fallback(policy.fallback, { ...frame, path: `${guarded.path}!fallback`, locals });
    }
    throw error;
  } catch (thrown) {
    if (frame.signal.aborted || thrown instanceof Departure) throw thrown;
    if (!(await goesOn(run, guarded, StepwireError.from(thrown)))) throw thrown;
  }
}

/** Runs the body until it succeeds or must not be tried again; gives the last failure. */
async function tryAll(run: RunState, guarded: Guarded): Promise<StepwireError | undefined> {
  const { policy, frame, path } = guarded;
  for (let retries = 0; ; retries += 1) {
    const execution = beginExecution(run, frame, path);
    try {
      await guarded.body(execution);
      return undefined;
    } catch (thrown) {
      // Whoever stops the run, or a loop or timeout around this step, is no failure of the step.
      if (frame.signal.aborted || thrown instanceof Departure) throw thrown;
      const error = StepwireError.from(thrown);
      guarded.failed(error, execution);
      if (policy?.retry === undefined || retries >= policy.retry.maxAttempts) return error;
      if (!(await isWorthwhile(run, execution, policy.retry, error))) return error;
      await pause(run, guarded, execution, policy.retry, retries, error);
    }
  }
}

async function isWorthwhile(run: RunState, execution: Execution, retry: Retry, error: StepwireError): Promise<boolean> {
  const { condition } = retry;
  if (condition === undefined) return true;
  const scope = extendScope(execution.scope, { error: errorView(error) });
  return run.host.decide(execution.part("retry"), () => condition.test(scope));
}

async function pause(
  run: RunState,
  { name, frame }: Guarded,
  execution: Execution,
  retry: Retry,
  retries: number,
  error: StepwireError,
): Promise<void> {
  const full = delayOf(retry, retries);
  const delayMs = retry.jitter ? Math.round(full * run.host.random(execution.part("jitter"))) : full;
  run.host.observe({
    kind: "retrying",
    path: execution.path,
    name,
    attempt: execution.attempt,
    delayMs,
    error: error.toJSON(),
  });
  if (delayMs === 0) return;
  const until = run.host.now(execution.part("delay")) + delayMs;
  await run.host.sleepUntil(execution.part("delay"), until, frame.signal);
}

/** Milliseconds before retry number `retries` (from 0), without jitter. */
function delayOf({ strategy, delayMs, multiplier, maxDelayMs }: Retry, retries: number): number {
  const delay =
    strategy === "fixed" ? (delayMs ?? 0) : (delayMs ?? DEFAULT_EXPONENTIAL_DELAY_MS) * multiplier ** retries;
  return Math.round(Math.min(delay, maxDelayMs ?? Number.MAX_SAFE_INTEGER));
}

/** Whether `continue` says to go on after the error. */
async function goesOn(run: RunState, { policy, frame, path }: Guarded, error: StepwireError): Promise<boolean> {
  const condition = policy?.continue;
  if (condition === undefined) return false;
  if (condition.constant !== undefined) return condition.constant;
  const locals = { ...frame.locals, error: errorView(error) };
  const execution = beginExecution(run, { ...frame, locals }, `${path}!continue`);
  return run.host.decide(execution.part("decision"), () => condition.test(execution.scope));
}

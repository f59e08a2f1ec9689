import type { StepwireError } from "@stepwire/core";
import type { RunRequest, StepHost } from "../host.ts";
import type { Plan } from "../plan.ts";
import type { Stubs } from "../stubs.ts";
import { createScope, type Scope } from "../template/scope.ts";
import { setOwn } from "../values.ts";

/** What one run knows, shared by all its steps. */
export interface RunState {
  readonly plan: Plan;
  readonly host: StepHost;
  readonly stubs: Stubs;
  readonly id: string;
  /** How many runs are around it. */
  readonly depth: number;
  /** What does not change: inputs, event, consts, execution, workflow, parent. */
  readonly base: Scope;
  readonly steps: Record<string, unknown>;
  readonly variables: Record<string, unknown>;
  /** The names among them that steps have set. */
  readonly setNames: Set<string>;
  /** How often each path was executed. */
  readonly executions: Map<string, number>;
}

/** Where in the run a list of steps stands. */
export interface Frame {
  /** The path that its steps' paths begin with; empty at the top. */
  readonly path: string;
  readonly signal: AbortSignal;
  /** `foreach` and `error`, where there are any. */
  readonly locals: Scope;
  /** Does what takes time without work, such as a pause; set where others may work meanwhile. */
  readonly idle?: <T>(pause: () => Promise<T>) => Promise<T>;
}

/** One execution of a step or of a part of it. */
export interface Execution {
  readonly path: string;
  /** Which one of this path it is, from 1. */
  readonly attempt: number;
  readonly scope: Scope;
  /** The path of a part that is no step, such as `notify!if`. */
  part(name: string): string;
  /** What the step leaves even where it fails, such as the results of its branches. */
  partialOutput?: unknown;
}

export function createState(
  plan: Plan,
  request: RunRequest,
  inputs: Record<string, unknown>,
  host: StepHost,
  stubs: Stubs,
): RunState {
  const steps: Record<string, unknown> = {};
  const variables: Record<string, unknown> = {};
  return {
    plan,
    host,
    stubs,
    id: request.runId,
    depth: request.parent === undefined ? 0 : request.parent.depth + 1,
    steps,
    variables,
    setNames: new Set(),
    executions: new Map(),
    base: baseScope(plan, request, inputs, steps, variables),
  };
}

/** The roots that every template of a run can read. */
export function baseScope(
  plan: Plan,
  request: Omit<RunRequest, "signal">,
  inputs: Record<string, unknown>,
  steps: Record<string, unknown>,
  variables: Record<string, unknown>,
): Scope {
  return {
    inputs,
    event: request.event ?? {},
    consts: plan.consts,
    variables,
    steps,
    execution: {
      id: request.runId,
      isTestRun: false,
      startedAt: new Date(request.startedAt),
      url: "",
      executedBy: "",
      triggeredBy: triggerOf(request.event),
    },
    workflow: { id: request.workflowId ?? plan.name, name: plan.name, enabled: plan.enabled, spaceId: "default" },
    kibanaUrl: "",
    ...(request.parent === undefined ? {} : { parent: request.parent }),
  };
}

function triggerOf(event: Record<string, unknown> | undefined): string {
  return event !== undefined && Object.hasOwn(event, "alerts") ? "alert" : "manual";
}

/** Begins an execution. Its number depends on the order of executions alone, so a replay counts the same. */
export function beginExecution(run: RunState, frame: Frame, path: string): Execution {
  const attempt = (run.executions.get(path) ?? 0) + 1;
  run.executions.set(path, attempt);
  const part = (name: string): string => (attempt === 1 ? `${path}!${name}` : `${path}!${name}#${attempt}`);
  const scope = createScope(
    { ...run.base, ...frame.locals },
    { now: () => run.host.now(part("now")), random: () => run.host.random(part("random")) },
  );
  return { path, attempt, scope, part };
}

/** What templates read of an error. */
export function errorView(error: StepwireError): Record<string, unknown> {
  const { type, message, details, code, status, retryable, retryAfterMs } = error.toJSON();
  return {
    type,
    message,
    code,
    retryable,
    ...(details === undefined ? {} : { details }),
    ...(status === undefined ? {} : { status }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** Makes `steps.<name>`, also for a step that is called `__proto__`. */
export function recordStep(run: RunState, name: string, entry: Record<string, unknown>): void {
  setOwn(run.steps, name, entry);
}

/** Makes `variables.<name>`. */
export function setVariable(run: RunState, name: string, value: unknown): void {
  setOwn(run.variables, name, value);
  run.setNames.add(name);
}

import type { ErrorJson } from "@stepwire/core";
import type { Plan } from "./plan.ts";

/** One execution of an external step. */
export interface StepCall {
  /** The step's identity in the run, such as `each[3].notify`. */
  path: string;
  name: string;
  type: string;
  connectorId?: string;
  /** The rendered `with`. */
  input: Record<string, unknown>;
  /** Which execution of this path it is, from 1; it goes on counting when a loop around the step is retried. */
  attempt: number;
  signal: AbortSignal;
  /** The largest output that the step accepts, as bytes of JSON. */
  maxOutputBytes: number;
}

/** A workflow that a step starts without waiting for it. */
export interface Submission {
  /** The path of the step. */
  path: string;
  plan: Plan;
  inputs: Record<string, unknown>;
  parent: ParentRun;
}

/** What a called workflow reads as `parent`. */
export interface ParentRun {
  workflowId: string;
  executionId: string;
  /** How deep the caller stands: 0 where nothing called it. */
  depth: number;
}

/**
 * Everything a run needs from outside. Paths are unique within a run and the same in every replay; the parts of a
 * step that are no steps have paths such as `notify!if` and, from the second execution on, `notify!if#2`.
 */
export interface StepHost {
  /** Runs an external step and resolves with its output. Throws StepwireError. */
  step(call: StepCall): Promise<unknown>;
  /** Computes a control decision once; a replay gives the journaled value. The value is JSON. */
  decide<T>(path: string, compute: () => T): Promise<T>;
  /** Starts a run of its own; in a replay that does not happen again. `startedAt` is epoch milliseconds. */
  submit(submission: Submission): Promise<{ runId: string; startedAt: number }>;
  /** Resolves at an absolute time (epoch milliseconds), rejects when the signal fires. */
  sleepUntil(path: string, time: number, signal: AbortSignal): Promise<void>;
  /** Runs `body` for at most `ms`; then aborts its signal and throws StepwireError `timeout`. */
  withTimeout<T>(path: string, ms: number, signal: AbortSignal, body: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Takes the message of a `console` step. */
  log(path: string, message: string): void;
  /** Epoch milliseconds; the same in a replay. */
  now(path: string): number;
  /** From 0 up to 1; the same in a replay. */
  random(path: string): number;
  /** Takes progress; times are the host's business. */
  observe(event: StepEvent): void;
}

/** Progress of a run: one `started` and one `finished` for each execution of a step, skipped ones included. */
export type StepEvent =
  | { kind: "started"; path: string; name: string; type: string; attempt: number; input?: unknown }
  | {
      kind: "finished";
      path: string;
      name: string;
      type: string;
      attempt: number;
      status: "completed" | "failed" | "skipped";
      output?: unknown;
      error?: ErrorJson;
    }
  | { kind: "retrying"; path: string; name: string; attempt: number; delayMs: number; error: ErrorJson };

export interface RunRequest {
  runId: string;
  inputs?: Record<string, unknown>;
  /** The payload of the trigger. Its `inputs` are taken where the request has none of its own. */
  event?: Record<string, unknown>;
  /** Epoch milliseconds. */
  startedAt: number;
  signal: AbortSignal;
  /** What `workflow.id` reads; the workflow's name where absent. */
  workflowId?: string;
  /** The run whose step called this one. */
  parent?: ParentRun;
}

export interface RunResult {
  status: "completed" | "failed" | "cancelled" | "timed_out";
  outputs?: Record<string, unknown>;
  error?: ErrorJson;
}

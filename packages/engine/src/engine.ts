import type { ErrorJson, Finding } from "@stepwire/core";
import type { ParentRun, Plan, StepEvent } from "@stepwire/workflow";

import type { StepRecord } from "./records.ts";

/**
 * How a run stands. `interrupted`: its process died; `queued`: it waits for others of its concurrency key. The others
 * are Kibana's.
 */
export type RunStatus =
  | "queued"
  | "running"
  | "interrupted"
  | "completed"
  | "failed"
  | "cancelled"
  | "timed_out"
  | "skipped";

/** A run. Times are ISO 8601, durations milliseconds. */
export interface RunResult {
  runId: string;
  workflow: string;
  status: RunStatus;
  startedAt: string;
  /** Absent while it is not over. */
  finishedAt?: string;
  durationMs: number;
  outputs?: Record<string, unknown>;
  error?: ErrorJson;
  /** Why it was skipped. */
  reason?: string;
  steps: StepRecord[];
  /** Runs that its `workflow.executeAsync` steps started, and those that these started, in the order of their start. */
  started?: RunResult[];
}

export interface RunSummary {
  runId: string;
  workflow: string;
  status: RunStatus;
  startedAt: string;
  finishedAt?: string;
}

/** A run that is to begin. */
export interface Submission {
  plan: Plan;
  /** What it was made of besides its files. */
  variables: Record<string, unknown>;
  stubs: Record<string, unknown>;
  inputs: Record<string, unknown>;
  event: Record<string, unknown>;
  parent?: ParentRun;
}

/** How somebody follows a run. */
export interface Watch {
  /** Cancels the run. */
  signal?: AbortSignal;
  /** Called once, before the first step begins. */
  onStart?: (runId: string) => void;
  /** Called for every change of a step from now on, with its record as it is then. */
  onStep?: (event: StepEvent, record: StepRecord | undefined) => void;
}

/** A run that is under way in this process. */
export interface Handle {
  runId: string;
  /** Resolves when the run is over, and never rejects. A run that another process took over ends as failed here. */
  result: Promise<RunResult>;
}

/** A run that cannot go on, since what is installed does not fit it any more. */
export interface NotResumed {
  status: "refused";
  findings: Finding[];
}

export interface RetryOptions extends Watch {
  /** The name or path of the step from which everything is done again; the step that failed where there is none. */
  from?: string;
}

export interface ResumeOptions extends Watch {
  /** Takes the run from a process that is still there, such as one that was stopped; it can write nothing more then. */
  takeOver?: boolean;
}

/**
 * Keeps runs and lets them go on. Whatever keeps them, the same holds: a run that was submitted is not lost, a step
 * that is done is not done again, and a request that must not be sent twice is not.
 * Every method throws `storage` where what keeps the runs cannot be used.
 */
export interface Engine {
  /** Resolves when the run would outlive the process. */
  submit(submission: Submission, watch?: Watch): Promise<Handle>;
  /** Lets an interrupted, cancelled or timed out run go on. Throws `run-not-found` or `run-state`. */
  resume(runId: string, options?: ResumeOptions): Promise<Handle | NotResumed>;
  /** Does the step that failed again, and what comes after it. Throws `run-not-found`, `run-state` or `usage-invalid`. */
  retry(runId: string, options?: RetryOptions): Promise<Handle | NotResumed>;
  /** Asks a run to stop, wherever it runs. Throws `run-not-found` or `run-state`. */
  cancel(runId: string): Promise<void>;
  /** Throws `run-not-found`. `runId` may be the beginning of an id that no other begins with. */
  get(runId: string): Promise<RunResult>;
  /** Newest first. */
  list(options?: { limit?: number; status?: RunStatus }): Promise<RunSummary[]>;
  /** Takes no more runs and waits for those under way. */
  close(): Promise<void>;
}

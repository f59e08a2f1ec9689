export {
  createRunner,
  type DryRunResult,
  type Refused,
  type RunOptions,
  type Runner,
  type RunnerOptions,
} from "./runner.ts";
export type {
  Engine,
  Handle,
  NotResumed,
  ResumeOptions,
  RetryOptions,
  RunResult,
  RunStatus,
  RunSummary,
  Submission,
  Watch,
} from "./engine.ts";
export { createEmbeddedEngine, type EmbeddedOptions } from "./embedded/embedded-engine.ts";
export type { DryRunStep } from "./dry-run.ts";
export type { StepRecord } from "./records.ts";

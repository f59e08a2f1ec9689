export {
  createRunner,
  type DryRunResult,
  type Refused,
  type RunOptions,
  type Runner,
  type RunnerOptions,
  type RunResult,
} from "./runner.ts";
export type { DryRunStep } from "./dry-run.ts";
export type { StepRecord } from "./records.ts";

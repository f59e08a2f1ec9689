import type { JsonSchema } from "@stepwire/core";
import type { Condition } from "./condition.ts";
import type { Template } from "./template/compile.ts";
import type { Ending } from "./run/departure.ts";
import type { Scope } from "./template/scope.ts";
import type { ValueTree } from "./template/tree.ts";

/** A workflow that was checked and can run. Everything in it is parsed. */
export interface Plan {
  readonly name: string;
  readonly file: string;
  /** The YAML it was made from. */
  readonly text: string;
  readonly description?: string;
  /** False in a workflow that its author switched off. */
  readonly enabled: boolean;
  readonly tags: readonly string[];
  readonly triggers: readonly Record<string, unknown>[];
  /** JSON Schema of an object, whichever form the workflow uses. */
  readonly inputs: JsonSchema;
  /** Templates among the defaults of inputs. */
  readonly inputDefaults: ReadonlyMap<string, ValueTree>;
  readonly consts: Record<string, unknown>;
  /** JSON Schema of what a completed run gives, where the workflow says it. */
  readonly outputs?: JsonSchema;
  readonly timeoutMs: number;
  readonly concurrency?: Concurrency;
  readonly steps: readonly StepNode[];
  /** The workflows that its steps call, by what the steps call them. */
  readonly workflows: ReadonlyMap<string, Plan>;
}

/** What happens to a run while others of the same workflow and key are under way. */
export interface Concurrency {
  /** Runs without a key, or whose key is empty, never meet others. */
  readonly key?: Template;
  /** Without one a run does not look at others. */
  readonly strategy?: "drop" | "cancel-in-progress" | "queue";
  readonly max: number;
  readonly queueSize: number;
  readonly queueTtlMs: number;
}

export interface StepNode {
  readonly name: string;
  readonly type: string;
  readonly policy?: Policy;
  readonly if?: Condition;
  readonly timeout?: Duration;
  /** The step-level `foreach`: the step runs once for each item. */
  readonly foreach?: ItemSource;
  readonly maxOutputBytes: number;
  readonly body: StepBody;
}

export interface ExternalBody {
  readonly kind: "external";
  readonly connectorId?: Template;
  readonly with: ValueTree;
}

/** A step of Kibana's language that cannot run here; a stub may answer it. */
export interface ForeignBody {
  readonly kind: "foreign";
  readonly with: ValueTree;
}

export interface ConsoleBody {
  readonly kind: "console";
  readonly message: ValueTree;
}

export interface SetBody {
  readonly kind: "set";
  readonly values: ValueTree;
}

/** A step that makes a value of another, such as `data.map`. */
export interface DataBody {
  readonly kind: `data.${string}`;
  /** Gives the output; `begin` takes the options once they are known. Throws `params-invalid` or `template-error`. */
  readonly compute: (scope: Scope, begin: (input: unknown) => void) => unknown;
}

export interface IfBody {
  readonly kind: "if";
  readonly condition: Condition;
  readonly steps: readonly StepNode[];
  readonly else: readonly StepNode[];
}

/** What every loop has. */
export interface LoopBody {
  readonly steps: readonly StepNode[];
  readonly cap: LoopCap;
  readonly iterationTimeout?: Duration;
  readonly iterationPolicy?: Policy;
}

export interface ForeachBody extends LoopBody {
  readonly kind: "foreach";
  readonly items: ItemSource;
}

export interface WhileBody extends LoopBody {
  readonly kind: "while";
  /** Decided after each iteration. */
  readonly condition: Condition;
}

/** `loop.break` and `loop.continue`. */
export interface LeaveBody {
  readonly kind: "leave";
  /** Whether the loop goes on with its next iteration. */
  readonly goesOn: boolean;
}

export interface SwitchBody {
  readonly kind: "switch";
  readonly expression: Template;
  readonly cases: readonly { readonly match: Template; readonly steps: readonly StepNode[] }[];
  readonly default: readonly StepNode[];
}

export interface WaitBody {
  readonly kind: "wait";
  readonly duration: Duration;
  /** The duration as it is written. */
  readonly text: string;
}

export interface ParallelBody {
  readonly kind: "parallel";
  readonly work: FanOut | StaticBranches;
  readonly mode: "fail-fast" | "settled";
  /** How many branches run at once, and whether one that waits counts. */
  readonly concurrency: { readonly max: number; readonly countsWaiting: boolean };
  readonly branchTimeout?: Duration;
}

/** The same steps for each item of a list. */
export interface FanOut {
  readonly kind: "each";
  readonly items: ItemSource;
  readonly steps: readonly StepNode[];
}

export interface StaticBranches {
  readonly kind: "branches";
  readonly branches: readonly { readonly name: string; readonly steps: readonly StepNode[] }[];
}

/** `workflow.execute` and `workflow.executeAsync`. */
export interface ExecuteBody {
  readonly kind: "execute";
  readonly workflowId: string;
  readonly inputs: ValueTree;
  /** Whether the run goes on without waiting for it. */
  readonly isAsync: boolean;
}

/** `workflow.output` and `workflow.fail`. */
export interface EndBody {
  readonly kind: "end";
  readonly status: Ending["status"];
  readonly values: ValueTree;
}

export type StepBody =
  | ExternalBody
  | ForeignBody
  | ConsoleBody
  | SetBody
  | DataBody
  | IfBody
  | ForeachBody
  | WhileBody
  | LeaveBody
  | SwitchBody
  | WaitBody
  | ExecuteBody
  | EndBody
  | ParallelBody;

export interface LoopCap {
  readonly limit: number;
  readonly onLimit: "continue" | "fail";
}

/** What happens when a step fails. */
export interface Policy {
  readonly retry?: Retry;
  readonly fallback?: readonly StepNode[];
  readonly continue?: Condition;
}

export interface Retry {
  /** Executions after the first. */
  readonly maxAttempts: number;
  readonly delayMs?: number;
  readonly strategy: "fixed" | "exponential";
  readonly multiplier: number;
  readonly maxDelayMs?: number;
  readonly jitter: boolean;
  readonly condition?: Condition;
}

/** Milliseconds, or a template that gives a duration when the step is entered. */
export type Duration = number | Template;

/** Where a loop's items come from. Throws `template-error` or `params-invalid` where it is no list. */
export interface ItemSource {
  readonly text: string;
  items(scope: Scope): unknown[];
}

export const DEFAULT_TIMEOUT_MS = 6 * 3_600_000;
export const DEFAULT_MAX_STEP_BYTES = 10 * 1024 ** 2;
export const DEFAULT_CONCURRENCY = { max: 1, queueSize: 100, queueTtlMs: 24 * 3_600_000 };
export const DEFAULT_LOOP_CAP: LoopCap = { limit: 2000, onLimit: "continue" };

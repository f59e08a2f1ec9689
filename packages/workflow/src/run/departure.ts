import type { ErrorJson } from "@stepwire/core";

/**
 * Thrown to get past the steps between it and whatever catches it. It is no failure: policies let it pass, and the
 * steps that it leaves are completed.
 */
export abstract class Departure extends Error {}

/** Thrown by `loop.break` and `loop.continue`; their loop catches it. */
export class LoopExit extends Departure {
  /** Whether the loop goes on with its next iteration. */
  readonly goesOn: boolean;

  constructor(goesOn: boolean) {
    super("A step left its loop.");
    this.goesOn = goesOn;
  }
}

/** How a step says that its workflow ends. */
export type Ending =
  | { readonly status: "completed" | "cancelled"; readonly outputs: Record<string, unknown> }
  | { readonly status: "failed"; readonly outputs?: Record<string, unknown>; readonly error: ErrorJson };

/** Thrown by `workflow.output` and `workflow.fail`; the workflow itself catches it. */
export class WorkflowEnd extends Departure {
  readonly ending: Ending;

  constructor(ending: Ending) {
    super("A step ended the workflow.");
    this.ending = ending;
  }
}

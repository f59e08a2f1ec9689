import type { Effect } from "./action.ts";
import { mark } from "./contract.ts";
import type { Logger } from "./context.ts";
import type { AnySchema, InferInput, InferOutput } from "./schema.ts";

/** What a step without a connection may touch. */
export interface StepCtx {
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/** A step type that needs no connector, as its author writes it. */
export interface StepDef<I extends AnySchema, O extends AnySchema> {
  /** `console`; steps of third parties are `vendor/name`. */
  readonly type: string;
  readonly summary: string;
  readonly effect: Effect;
  readonly input: I;
  readonly output: O;
  run(ctx: StepCtx, input: InferOutput<I>): Promise<InferInput<O>>;
}

/** A step type as a plugin holds it. */
export interface Step<I extends AnySchema = AnySchema, O extends AnySchema = AnySchema> {
  readonly type: string;
  readonly summary: string;
  readonly effect: Effect;
  readonly input: I;
  readonly output: O;
  // oxlint-disable-next-line typescript/no-explicit-any -- checked where the step is defined
  run(ctx: StepCtx, input: any): Promise<InferInput<O>>;
}

/** A step type that needs no connector. */
export function defineStep<I extends AnySchema, O extends AnySchema>(def: StepDef<I, O>): Step<I, O> {
  return mark({ ...def }, "step") as Step<I, O>;
}

import type { Ctx } from "./context.ts";
import type { AnySchema, InferInput, InferOutput } from "./schema.ts";

/** What an action does to the other system. `destroy` takes something away that cannot be brought back. */
export type Effect = "read" | "write" | "destroy";

/**
 * Whether a request may be sent again when its fate is unknown. `natural`: doing it twice is the same as once.
 * `{ header }`: the other system recognises a repeated key in that header. `none`: it may not.
 */
export type Idempotency = "natural" | "none" | { readonly header: string };

/**
 * How often a request is tried. The host repeats it only where that is safe (see {@link Idempotency}) and could help,
 * with growing, random pauses, inside the action's and the step's time.
 */
export interface RetryPolicy {
  /** Attempts in all, from 1 (never repeated) to 10; 3 unless given. */
  readonly maxAttempts?: number;
  /** The longest first pause, such as `250ms`; doubles from attempt to attempt. `500ms` unless given. */
  readonly minDelay?: string;
  /** The longest pause; `10s` unless given. A server that asks for a longer one gets it, up to a minute. */
  readonly maxDelay?: string;
}

/** At most so many requests of this action in any such time, over all steps that use one connector. */
export interface RateLimitPolicy {
  /** From 1. */
  readonly requests: number;
  /** A duration such as `1m`. */
  readonly per: string;
}

/** Limits of an action's own. `createManifest` refuses those that make no sense, with `plugin-invalid`. */
export interface ActionPolicies {
  /** Longest time for the whole action, such as `30s`; the step's own timeout can only shorten it. */
  readonly timeout?: string;
  readonly retry?: RetryPolicy;
  readonly rateLimit?: RateLimitPolicy;
}

/** One thing that a connector can do, as its author writes it. */
export interface ActionDef<Config, I extends AnySchema, O extends AnySchema> {
  /** One sentence for people who choose an action. */
  readonly summary: string;
  readonly effect: Effect;
  readonly idempotency: Idempotency;
  /** What a step's `with` may hold; checked before `run`. Strict, bounded and described: users write it. */
  readonly input: I;
  /** What `steps.<name>.output` holds; checked behind `run`, where a mismatch is `output-invalid`. */
  readonly output: O;
  readonly policies?: ActionPolicies;
  /** Throws what `ctx.request` throws, or a `StepwireError` of its own; anything else becomes `internal`. */
  run(ctx: Ctx<Config>, input: InferOutput<I>): Promise<InferInput<O>>;
}

/** An action as a connector type holds it. The config type is gone: the host pairs action and config. */
export interface Action<I extends AnySchema = AnySchema, O extends AnySchema = AnySchema> {
  readonly summary: string;
  readonly effect: Effect;
  readonly idempotency: Idempotency;
  readonly input: I;
  readonly output: O;
  readonly policies?: ActionPolicies;
  // oxlint-disable-next-line typescript/no-explicit-any -- checked where the action is defined; the host calls it by name
  run(ctx: Ctx<any>, input: any): Promise<InferInput<O>>;
}

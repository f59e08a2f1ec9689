import { createHash } from "node:crypto";

import { parseDuration, type Action, type Idempotency, type RequestOptions } from "@stepwire/core";

/** One attempt to send a request, as it ended. Times in milliseconds. */
export interface Attempt {
  /** Which request of the action, from 1. */
  request: number;
  /** Which attempt of that request, from 1. */
  attempt: number;
  method: string;
  host: string;
  durationMs: number;
  status?: number;
  /** The error's code; absent for a success. */
  code?: string;
  /** How long is waited before the next attempt; absent for the last. */
  retryInMs?: number;
}

/** Where a request stands in its call. */
export interface RequestPlace {
  /** From 1, in the order in which they are made. */
  readonly ordinal: number;
  /** What the key is made of: the ordinal, or that within a part that is done once, which may run beside others. */
  readonly name: string | number;
}

export interface RetryRules {
  readonly maxAttempts: number;
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
}

/** What holds for every request of one call of an action. */
export interface CallContext {
  readonly signal: AbortSignal;
  /** The step's limit for its output, for requests that ask for `limit: "step-output"`. */
  readonly maxOutputBytes: number;
  readonly idempotency: Idempotency;
  readonly retry: RetryRules;
  /** `key` names the action whose requests count together. */
  readonly rateLimit?: { readonly key: string; readonly requests: number; readonly perMs: number };
  /** Which request of the call this is. Every request asks once. */
  nextRequest(): RequestPlace;
  /** The key that makes a repeated request recognisable, the same in every attempt, restart and takeover. */
  keyOf(request: RequestOptions, place: RequestPlace): string;
  /**
   * Called once before each request, which waits for what it gives; nothing is given where there is nothing to wait for.
   * `once`: the request must not be sent twice.
   */
  beforeRequest?(place: RequestPlace, once: boolean): Promise<void> | undefined;
  onAttempt?(attempt: Attempt): void;
}

const DEFAULT_RETRY: RetryRules = { maxAttempts: 3, minDelayMs: 500, maxDelayMs: 10_000 };

/** An action's policies in milliseconds; a plugin that was not checked at build gets the defaults for what it got wrong. */
export function readPolicies(name: string, { policies = {} }: Pick<Action, "policies">) {
  const { timeout, retry = {}, rateLimit } = policies;
  const milliseconds = (text: string | undefined) => (text === undefined ? undefined : parseDuration(text));
  const perMs = milliseconds(rateLimit?.per);
  const timeoutMs = milliseconds(timeout);
  return {
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    retry: {
      maxAttempts: retry.maxAttempts ?? DEFAULT_RETRY.maxAttempts,
      minDelayMs: milliseconds(retry.minDelay) ?? DEFAULT_RETRY.minDelayMs,
      maxDelayMs: milliseconds(retry.maxDelay) ?? DEFAULT_RETRY.maxDelayMs,
    },
    ...(rateLimit === undefined || !perMs ? {} : { rateLimit: { key: name, requests: rateLimit.requests, perMs } }),
  };
}

/**
 * The idempotency key of a request: hex SHA-256 of run, step path and the request's name or ordinal. Nothing that
 * differs between attempts is in it.
 */
export function idempotencyKey(identity: { runId: string; path: string }, name: string | number): string {
  return createHash("sha256").update(`${identity.runId}/${identity.path}/${name}`).digest("hex");
}

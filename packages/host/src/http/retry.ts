import { StepwireError, type Idempotency } from "@stepwire/core";

import type { RetryRules } from "./call.ts";

/** Nobody waits longer than this inside a step for one more attempt; a workflow's own retry can. */
export const MAX_PAUSE_MS = 60_000;

/**
 * Whether a request that failed may be sent again. GET and HEAD always may; anything else if the action may be done
 * twice, or if the other side surely did not process it. And never where a repetition cannot help.
 */
export function mayRepeat(error: StepwireError, method: string, idempotency: Idempotency): boolean {
  if (!error.retryable || error.details?.["reason"] === "oauth-token") return false;
  return isRepeatable(method, idempotency) || isUnprocessed(error);
}

/** Whether a request may be sent twice, whatever became of the first. */
export function isRepeatable(method: string, idempotency: Idempotency): boolean {
  return method === "GET" || method === "HEAD" || idempotency !== "none";
}

/** Refused, unknown name, TLS, the proxy's no: `sent` is false. 429, and 503 with Retry-After, say so themselves. */
function isUnprocessed(error: StepwireError): boolean {
  // What it says is of another request than the write that was answered first.
  if (error.details?.["redirected"] === true) return false;
  if (error.details?.["sent"] === false || error.code === "rate-limited") return true;
  return error.status === 503 && error.retryAfterMs !== undefined;
}

/**
 * Milliseconds until the next attempt: doubling, with a random half, so that many clients do not come back at once. A
 * server's own wish counts if it is longer.
 * @param attempt the one that failed, from 1.
 */
export function pauseBefore(attempt: number, rules: RetryRules, retryAfterMs = 0, random = Math.random()): number {
  const ceiling = Math.min(rules.maxDelayMs, rules.minDelayMs * 2 ** (attempt - 1));
  return Math.ceil(Math.max(retryAfterMs, ceiling / 2 + (ceiling / 2) * random));
}

/** Resolves after a time, or rejects with the reason of the signal. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(StepwireError.is(signal.reason) ? signal.reason : new StepwireError("cancelled", "The wait was stopped."));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}

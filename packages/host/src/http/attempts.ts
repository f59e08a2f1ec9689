import { StepwireError, type HttpResponse } from "@stepwire/core";

import type { Attempt, CallContext } from "./call.ts";
import { deadlineOf } from "./deadline.ts";
import type { Prepared } from "./exchange.ts";
import type { RateLimiter } from "./rate-limit.ts";
import { MAX_PAUSE_MS, mayRepeat, pause, pauseBefore } from "./retry.ts";

interface Request {
  ordinal: number;
  prepared: Prepared;
  call: CallContext;
  limiter: RateLimiter;
  /** Whether what was refused was made new, so that the request is sent once more whatever its method. */
  renew?: (error: StepwireError) => boolean;
}

/**
 * Sends a request until it succeeds, may not be repeated, or its attempts or its time are used up. Every attempt is
 * told to the call; an error that comes after more than one lists them in `details.attempts`.
 */
export async function attempts(
  { ordinal, prepared, call, limiter, renew }: Request,
  send: (signal: AbortSignal) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const { signal, retry, idempotency } = call;
  const { method, url } = prepared;
  const past: Attempt[] = [];
  let failure: StepwireError | undefined;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await limiter.turn(url, call);
    } catch (error) {
      // What became of the earlier attempts matters more than that there is no time for another.
      if (failure === undefined || !StepwireError.is(error) || error.code !== "rate-limited") throw error;
      throw past.length === 1 ? failure : withAttempts(failure, past);
    }
    const begun = performance.now();
    const record = (fields: Partial<Attempt>): Attempt => ({
      request: ordinal,
      attempt,
      method,
      host: url.host,
      durationMs: Math.round(performance.now() - begun),
      ...fields,
    });
    try {
      const response = await send(signal);
      call.onAttempt?.(record({ status: response.status }));
      return response;
    } catch (thrown) {
      const error = StepwireError.from(thrown);
      const failed = { code: error.code, ...(error.status === undefined ? {} : { status: error.status }) };
      failure = error;
      // Who it was redirected to does not speak for the first address.
      const isOwn = error.details?.["host"] === url.host;
      if (isOwn && asksForPause(error)) limiter.slowDown(url.origin, error.retryAfterMs);
      const renewed = isOwn && !signal.aborted && renew?.(error) === true;
      const wait = renewed ? 0 : pauseBefore(attempt, retry, error.retryAfterMs);
      const again =
        renewed ||
        (attempt < retry.maxAttempts &&
          !signal.aborted &&
          mayRepeat(error, method, idempotency) &&
          wait <= MAX_PAUSE_MS &&
          Date.now() + wait < deadlineOf(signal));
      const ended = record(again ? { ...failed, retryInMs: wait } : failed);
      past.push(ended);
      call.onAttempt?.(ended);
      if (!again) throw past.length === 1 ? error : withAttempts(error, past);
      await pause(wait, signal);
    }
  }
}

function asksForPause(error: StepwireError): error is StepwireError & { retryAfterMs: number } {
  return error.retryAfterMs !== undefined && (error.code === "rate-limited" || error.status === 503);
}

function withAttempts(error: StepwireError, list: readonly Attempt[]): StepwireError {
  const { message, type, retryable, retryAfterMs, status, details } = error;
  return new StepwireError(error.code, `${message} (after ${list.length} attempts)`, {
    type,
    retryable,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(status === undefined ? {} : { status }),
    details: { ...details, attempts: list.map(outcome) },
  });
}

/** What tells attempts of one request apart. */
const outcome = ({ attempt, durationMs, status, code, retryInMs }: Attempt) => ({
  attempt,
  durationMs,
  ...(status === undefined ? {} : { status }),
  ...(code === undefined ? {} : { code }),
  ...(retryInMs === undefined ? {} : { retryInMs }),
});

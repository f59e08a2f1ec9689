import { parseDuration, StepwireError } from "@stepwire/core";
import type { StepHost } from "../host.ts";
import type { Duration } from "../plan.ts";
import type { Scope } from "../template/scope.ts";

export interface Deadline {
  /** Its path for the host. */
  path: string;
  ms: number;
  /** What it is for, at the beginning of a message. */
  subject: string;
}

/**
 * Runs a body under a deadline and waits for it to wind up when the deadline has passed, so that nothing goes on
 * behind. Throws `timeout`.
 */
export async function withDeadline<T>(
  host: StepHost,
  { path, ms, subject }: Deadline,
  signal: AbortSignal,
  body: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  let ended: Promise<unknown> = Promise.resolve();
  let own: AbortSignal | undefined;
  try {
    return await host.withTimeout(path, ms, signal, (inner) => {
      own = inner;
      const running = body(inner);
      ended = running.catch(() => undefined);
      return running;
    });
  } catch (error) {
    await ended;
    if (own?.aborted !== true || signal.aborted) throw error;
    const limit = ms % 1000 === 0 ? `${ms / 1000} s` : `${ms} ms`;
    throw new StepwireError("timeout", `${subject} took longer than its timeout of ${limit}.`, {
      details: { timeoutMs: ms },
    });
  }
}

/** A timeout in milliseconds, rendered if it is a template. Throws `params-invalid`. */
export function timeoutMs(duration: Duration, scope: Scope): number {
  if (typeof duration === "number") return duration;
  const text = duration.render(scope);
  const ms = typeof text === "string" ? parseDuration(text.trim()) : undefined;
  if (ms !== undefined && ms > 0) return ms;
  throw new StepwireError(
    "params-invalid",
    `The timeout ${duration.text} gives ${JSON.stringify(text) ?? "nothing"}, which is no duration.`,
  );
}

/** Ends with the signal's reason as soon as it fires, whatever the work does; its late result is dropped. */
export async function abortable<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  throwIfAborted(signal);
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(abortError(signal));
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw abortError(signal);
}

/** Why a signal fired: a timeout says so itself, anything else is a cancellation. */
export function abortError(signal: AbortSignal): StepwireError {
  const reason: unknown = signal.reason;
  return StepwireError.is(reason) ? reason : new StepwireError("cancelled", "The run was cancelled.");
}

import { StepwireError } from "@stepwire/core";

/** A timer of Node that is to wait longer goes off at once. */
const MAX_TIMER_MS = 2_147_483_647;

/** Where a signal made here keeps when its time is up; a weak map of all of them would cost more than the rest. */
const DEADLINE = Symbol("deadline");
type Timed = AbortSignal & { [DEADLINE]?: number };

/** Until when work under this signal must be done, as epoch milliseconds, so that nothing is begun that cannot be. */
export const deadlineOf = (signal: AbortSignal): number => (signal as Timed)[DEADLINE] ?? Number.POSITIVE_INFINITY;

/** Gives a signal the deadline of the one it follows. */
export function withSameDeadline(signal: AbortSignal, followed: AbortSignal): void {
  const deadline = (followed as Timed)[DEADLINE];
  if (deadline !== undefined) (signal as Timed)[DEADLINE] = deadline;
}

/**
 * Runs `work` with a signal that fires when the caller's does or when the time is up, and then fails with `cancelled`
 * or `timeout` even if the work does not heed it. A controller and one timer: `AbortSignal.any` with a timeout would
 * keep its timer until it fires.
 */
export async function withDeadline<T>(
  caller: AbortSignal,
  milliseconds: number,
  what: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  (controller.signal as Timed)[DEADLINE] = Math.min(Date.now() + milliseconds, deadlineOf(caller));
  let failure: StepwireError | undefined;
  let fail: (error: StepwireError) => void = () => undefined;
  const stopped = new Promise<never>((_, reject) => {
    fail = (error) => {
      failure = error;
      controller.abort(error);
      reject(error);
    };
  });
  const onAbort = () => fail(cancelled(caller));
  if (caller.aborted) throw cancelled(caller);
  caller.addEventListener("abort", onAbort, { once: true });
  const timer = setTimeout(
    () =>
      fail(new StepwireError("timeout", `${what} within ${milliseconds} ms.`, { details: { limitMs: milliseconds } })),
    Math.min(milliseconds, MAX_TIMER_MS),
  );
  try {
    return await Promise.race([work(controller.signal), stopped]);
  } catch (error) {
    throw failure ?? error;
  } finally {
    clearTimeout(timer);
    caller.removeEventListener("abort", onAbort);
  }
}

function cancelled(signal: AbortSignal): StepwireError {
  return StepwireError.is(signal.reason) ? signal.reason : new StepwireError("cancelled", "The step was cancelled.");
}

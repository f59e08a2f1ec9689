import { StepwireError } from "@stepwire/core";

import { withSameDeadline } from "../http/deadline.ts";

/**
 * Runs an action with a signal of its own, which fires with the caller's. What it sends is given to `send`: whatever of
 * it is still under way when the action is over, most often since something beside it failed, is broken off, and
 * nothing is sent any more.
 */
export async function withOwnRequests<T>(
  name: string,
  caller: AbortSignal,
  work: (signal: AbortSignal, send: <R>(request: () => Promise<R>) => Promise<R>) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  withSameDeadline(controller.signal, caller);
  const onAbort = () => controller.abort(caller.reason);
  if (caller.aborted) onAbort();
  else caller.addEventListener("abort", onAbort, { once: true });
  const sent: Promise<unknown>[] = [];
  let underWay = 0;
  let isOver = false;
  const tracked = async <R>(request: () => Promise<R>): Promise<R> => {
    if (isOver)
      throw new StepwireError("internal", `${name} is over and sends nothing more. It has to await what it sends.`);
    underWay += 1;
    try {
      return await request();
    } finally {
      underWay -= 1;
    }
  };
  const send = <R>(request: () => Promise<R>): Promise<R> => {
    const promise = tracked(request);
    sent.push(promise);
    return promise;
  };
  try {
    return await work(controller.signal, send);
  } finally {
    isOver = true;
    caller.removeEventListener("abort", onAbort);
    if (underWay > 0) {
      // Nobody may be there any more to hear how they end.
      for (const promise of sent) promise.catch(() => undefined);
      controller.abort(new StepwireError("cancelled", `${name} was over before this request was.`));
    }
  }
}

import { StepwireError } from "@stepwire/core";

import { proxySilence } from "../proxy/proxy-error.ts";
import { withDeadline } from "./deadline.ts";
import { socketFacts } from "./sockets.ts";
import type { Progress } from "./transport.ts";

/**
 * Runs one exchange with `host` within its time. The error of one that takes longer says whether anything was sent,
 * and names the proxy where that made no connection.
 */
export async function timed<T>(
  { caller, milliseconds, host }: { caller: AbortSignal; milliseconds: number; host: string },
  work: (signal: AbortSignal, progress: Progress) => Promise<T>,
): Promise<T> {
  const progress: Progress = {};
  try {
    return await withDeadline(caller, milliseconds, `${host} did not answer in full`, (signal) =>
      work(signal, progress),
    );
  } catch (error) {
    const own = StepwireError.is(error) && error.code === "timeout" && !caller.aborted;
    if (!own || error.details?.["sent"] !== undefined) throw error;
    const { request, via } = progress;
    const sent = socketFacts(request?.socket).ready;
    if (!sent && via !== undefined) throw proxySilence(via.proxy, via.target, milliseconds);
    throw new StepwireError("timeout", error.message, { details: { ...error.details, sent } });
  }
}

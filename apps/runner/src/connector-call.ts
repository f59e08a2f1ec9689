import { StepwireError, type ErrorJson } from "@stepwire/core";
import type { Attempt } from "@stepwire/host";

import { EXIT } from "./exit-codes.ts";

interface CallOptions {
  signal: AbortSignal;
  onAttempt: (attempt: Attempt) => void;
}

/** How one call of a connector ended, as `--output json` has it. */
export type CallOutcome = { requests?: Attempt[] } & (
  | { status: "ok"; data?: unknown }
  | { status: "error"; error: ErrorJson }
);

/** Makes one call. Throws what was refused before anything was sent: params that do not fit, a test that there is not. */
export async function callConnector(
  signal: AbortSignal,
  call: (options: CallOptions) => Promise<unknown>,
): Promise<CallOutcome> {
  const attempts: Attempt[] = [];
  // As with a run's steps: told where a request was sent more than once.
  const requests = () => (attempts.some(({ attempt }) => attempt > 1) ? { requests: attempts } : {});
  try {
    const data = await call({ signal, onAttempt: (attempt) => attempts.push(attempt) });
    return { status: "ok", ...(data === undefined ? {} : { data }), ...requests() };
  } catch (error) {
    const failure = StepwireError.from(error);
    if (failure.code === "params-invalid" || failure.code === "usage-invalid") throw failure;
    return { status: "error", error: failure.toJSON(), ...requests() };
  }
}

/** The exit code for how a call ended. */
export function exitCodeOf(outcome: CallOutcome): number {
  if (outcome.status === "ok") return EXIT.done;
  const { code } = outcome.error;
  if (code === "cancelled" || code === "timeout") return EXIT.stopped;
  return code === "internal" ? EXIT.fault : EXIT.failed;
}

import type { StepEvent } from "@stepwire/workflow";

/** What one run did, in order. Times are epoch milliseconds. */
export type Entry =
  /** Something was decided: a condition, a list of items, the time, a part of a step that is done. */
  | readonly ["value", key: string, value?: unknown]
  /** A part of a step began that must not be done twice. */
  | readonly ["part", key: string]
  /** A step began or ended. */
  | readonly ["step", time: number, event: StepEvent]
  /** The run goes on after it was over or its process had died; what stood there of these steps counts no more. */
  | readonly ["again", time: number, how: Again];

export type Again =
  /** After its process died, or after it was cancelled or ran out of time. */
  | { readonly kind: "resume"; readonly after?: "cancelled" | "timeout" }
  /** From the failed execution of the step at this path. */
  | { readonly kind: "retry"; readonly path: string; readonly attempt: number }
  /** From the first execution of the step at this path, whose parts are done again too. */
  | { readonly kind: "retry"; readonly path: string };

/** One entry as it is kept. Throws where it holds what JSON cannot. */
export const encode = (entry: Entry): string => JSON.stringify(entry);

/** One row of the log. */
export const rowOf = (encoded: readonly string[]): string => `[${encoded.join(",")}]`;

export const decode = (text: string): Entry[] => JSON.parse(text) as Entry[];

import { StepwireError } from "./errors.ts";

/** How far a write of several parts has come. The first part, which made something, is done. */
export interface Progress {
  /** What was made, in the other system's words: its id. */
  externalId: string;
  /** Where people see it, as soon as that is known. */
  url?: string;
  /** In words that go on from "to": `create the case`. */
  done: string[];
  notDone: string[];
  /** What became of each comment; one that failed may have arrived all the same. */
  comments?: { commentId: string; status: "done" | "failed" | "not-done"; pushedDate?: string }[];
}

/** Takes note that the next part is done. */
export function advance(progress: Progress): void {
  const next = progress.notDone.shift();
  if (next !== undefined) progress.done.push(next);
}

/**
 * The error for a part that failed behind the first: `partial-success`, which is never repeated, so that nothing is made
 * twice. It holds all that is needed to go on by hand.
 * @param subject what exists now, such as `Case 42`.
 */
export function partialSuccess(subject: string, progress: Progress, cause: StepwireError): StepwireError {
  const { externalId, url, done, notDone, comments = [] } = progress;
  const message = `${subject} exists (${done.join(", ")}: done), but to ${notDone.join(", ")} failed: ${cause.message}`;
  return new StepwireError("partial-success", message, {
    ...(cause.status === undefined ? {} : { status: cause.status }),
    details: {
      externalId,
      ...(url === undefined ? {} : { url }),
      done,
      notDone,
      ...(comments.length === 0 ? {} : { comments }),
      cause: cause.toJSON(),
    },
  });
}

import { StepwireError } from "@stepwire/core";

/** How far a push has come once its issue is written. */
export interface Progress {
  externalId: string;
  url?: string;
  done: string[];
  notDone: string[];
  /** What became of each comment; one that failed may have arrived all the same. */
  comments: { commentId: string; status: "done" | "failed" | "not-done"; pushedDate?: string }[];
}

export function advance(progress: Progress): void {
  const next = progress.notDone.shift();
  if (next !== undefined) progress.done.push(next);
}

/** What failed after the issue was written, with all that is needed to go on from there by hand. */
export function partialSuccess(
  { externalId, url, done, notDone, comments }: Progress,
  cause: StepwireError,
): StepwireError {
  const message = `Issue ${externalId} is written (${done.join(", ")}: done), but to ${notDone.join(", ")} failed: ${cause.message}`;
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

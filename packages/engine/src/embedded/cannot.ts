import { StepwireError } from "@stepwire/core";

import type { RunStatus } from "../engine.ts";
import type { RunRow } from "./runs.ts";
import { iso } from "./view.ts";

/** The error for what cannot be done to a run that stands so. */
export function cannot(
  what: "resume" | "retry" | "cancel",
  { id, finished }: RunRow,
  status: RunStatus,
): StepwireError {
  // What is over needs no cancelling.
  const hint = what === "cancel" ? undefined : adviceFor(what, id)[status];
  const done = { resume: "resumed", retry: "retried", cancel: "cancelled" }[what];
  const when = finished === null ? "" : ` since ${iso(finished)}`;
  return new StepwireError(
    "run-state",
    `Run ${id} is ${status.replace("_", " ")}${when}, so that it cannot be ${done}.${hint === undefined ? "" : ` ${hint}`}`,
    { details: { status } },
  );
}

function adviceFor(what: "resume" | "retry", id: string): Partial<Record<RunStatus, string>> {
  return {
    running:
      what === "resume"
        ? "Its process is there. Stop it first, or take the run over: --take-over."
        : "Wait until it is over, or cancel it.",
    queued: "It waits for other runs of its concurrency key.",
    failed: `Do the step that failed again: stepwire runs retry ${id}`,
    interrupted: `Let it go on first: stepwire runs resume ${id}`,
    completed: what === "retry" ? "Say from which step: --from STEP." : "There is nothing left to do.",
    skipped: "It never began. Run the workflow again.",
  };
}

import type { RunStatus } from "@stepwire/engine";

import { paint } from "./terminal.ts";

/** Every status of a run, as `--status` takes it. */
export const RUN_STATUSES = [
  "queued",
  "running",
  "interrupted",
  "completed",
  "failed",
  "cancelled",
  "timed_out",
  "skipped",
] as const satisfies readonly RunStatus[];

export const statusText = (status: RunStatus): string => status.replace("_", " ");

/** @param columns the width to fill with blanks. */
export function paintStatus(status: RunStatus, columns = 0): string {
  const color = status === "completed" ? "green" : status === "failed" ? "red" : "yellow";
  return paint(color, statusText(status)) + " ".repeat(Math.max(0, columns - statusText(status).length));
}

import type { RunSummary } from "@stepwire/engine";

import { cleanLine } from "./clean.ts";
import type { LogFormat } from "./progress.ts";
import { shortIds } from "./runs-table.ts";
import { note, noteJson, paint } from "./terminal.ts";

/** So many are counted and no more: whoever starts a run does not want to wait for that. */
export const MOST_COUNTED = 100;
const NAMED = 3;

/** Says in one line that there are runs whose process died. */
export function noteInterrupted(runs: readonly RunSummary[], logFormat: LogFormat): void {
  if (runs.length === 0) return;
  const count = runs.length < MOST_COUNTED ? String(runs.length) : `${MOST_COUNTED} or more`;
  const message = `${count} interrupted ${runs.length === 1 ? "run" : "runs"}`;
  const newest = runs.slice(0, NAMED);
  if (logFormat === "json") {
    noteJson("warn", message, { runs: newest, hint: "stepwire runs resume ID" });
    return;
  }
  const ids = shortIds(runs.map(({ runId }) => runId));
  const named = newest.map(({ workflow }, at) => `${ids[at]} (${cleanLine(workflow)})`).join(", ");
  const dots = runs.length > NAMED ? ", …" : "";
  note(`${paint("yellow", message, process.stderr)}: ${named}${dots}. To let one go on: stepwire runs resume ID`);
}

import type { RunResult, StepRecord } from "@stepwire/engine";
import { BUILT_IN_STEP_TYPES } from "@stepwire/workflow";

import { cleanLine, shellWord } from "./clean.ts";

/**
 * What somebody can do about a run that did not complete, as lines to read and commands to copy.
 * @param file the workflow file, where a command was given one.
 */
export function waysOn({ runId, status, error, steps }: RunResult, file?: string): string[] {
  switch (status) {
    case "failed":
      // Its end could not be written, so that it is interrupted for whoever looks at it next.
      if (error?.code === "storage") return [`To go on: stepwire runs resume ${runId}`];
      if (error?.code === "run-taken-over") return [`What becomes of it: stepwire runs show ${runId}`];
      if (error?.code === "interrupted")
        return [`Look whether it was done. To do it again: stepwire runs retry ${runId}`];
      return steps.some((step) => step.error !== undefined)
        ? [`To do what failed again, and what comes after it: stepwire runs retry ${runId}`]
        : [];
    case "timed_out":
      return [`To go on, with its time beginning anew: stepwire runs resume ${runId}`];
    case "cancelled":
    case "interrupted": {
      const open = steps.findLast(isUnknown);
      return [
        ...(open === undefined
          ? []
          : [`Whether ${cleanLine(open.path)} was carried out is not known; look before you go on.`]),
        `To go on: stepwire runs resume ${runId}`,
        ...(open === undefined ? [] : [NOT_TWICE]),
        ...(file === undefined ? [] : [`To start again from the first step: stepwire run ${shellWord(file)}`]),
      ];
    }
    default:
      return [];
  }
}

/** Whether a step was in the middle of something outside of this process. */
const isUnknown = ({ status, attempts, type }: StepRecord): boolean =>
  (status === "cancelled" || status === "running") && attempts > 0 && !Object.hasOwn(BUILT_IN_STEP_TYPES, type);

const NOT_TWICE = "  (A step that may have sent what must not be sent twice is not repeated: it fails as interrupted.)";

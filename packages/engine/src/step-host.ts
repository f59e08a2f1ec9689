import { pause, withDeadline } from "@stepwire/host";
import type { StepEvent, StepHost } from "@stepwire/workflow";

import { callStep, type StepSurroundings } from "./call-step.ts";
import { journaled } from "./journal.ts";

export interface StepHostParts extends StepSurroundings {
  observe: (event: StepEvent) => void;
  submit: StepHost["submit"];
}

/** The world of a run as the interpreter sees it: connectors, clock, chance and timers, all through the journal. */
export function createStepHost(parts: StepHostParts): StepHost {
  const { project, journal, log, observe, submit } = parts;
  return {
    step: (call) => callStep(parts, call),
    submit: (submission) => journaled(journal, `${submission.path}?`, () => submit(submission)),
    decide: (path, compute) => journaled(journal, `${path}?`, compute),
    sleepUntil: (_path, time, signal) => sleep(Math.max(0, time - Date.now()), signal),
    withTimeout: (path, ms, signal, body) => withDeadline(signal, ms, `${subject(path)} was not done`, body),
    log: (path, message) => log.info(project.mask(message), { step: path }),
    now: () => Date.now(),
    random: () => Math.random(),
    observe,
  };
}

/** `notify!timeout` is the deadline of the step `notify`, `!timeout` that of the whole run. */
function subject(path: string): string {
  const step = path.replace(/!timeout(?:#\d+)?$/, "");
  return step === "" ? "The workflow" : `The step ${step}`;
}

/** Node's timers hold 32 bits of milliseconds; longer waits are made of several. */
const LONGEST_TIMER_MS = 2_147_483_647;

async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  let left = milliseconds;
  do {
    const now = Math.min(left, LONGEST_TIMER_MS);
    await pause(now, signal);
    left -= now;
  } while (left > 0);
}

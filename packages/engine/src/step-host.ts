import { StepwireError } from "@stepwire/core";
import { pause } from "@stepwire/host";
import type { StepCall, StepEvent, StepHost } from "@stepwire/workflow";

import { callStep, partsOf, type StepSurroundings } from "./call-step.ts";
import { Deadlines } from "./deadlines.ts";
import { decided, type RunJournal } from "./journal.ts";

export interface StepHostParts extends StepSurroundings {
  journal: RunJournal;
  observe: (event: StepEvent) => void;
  submit: StepHost["submit"];
}

/**
 * The world of a run as the interpreter sees it: connectors, clock, chance and timers. What the run decides and what
 * its steps give goes through the journal, so that a run which goes on in another process does the same as before.
 */
export function createStepHost(parts: StepHostParts): StepHost {
  const { project, journal, log, observe, submit } = parts;
  const deadlines = new Deadlines(journal);
  return {
    step: (call) => stepOnce(parts, deadlines, call),
    submit: (submission) => {
      const key = `${submission.path}?`;
      const entry = journal.read(key);
      if (entry !== undefined) return Promise.resolve(entry.value as ReturnType<StepHost["submit"]>);
      deadlines.stopAt(submission.path);
      return submit(submission);
    },
    decide: async (path, compute) => {
      const key = `${path}?`;
      if (journal.read(key) === undefined) deadlines.stopAt(path);
      return decided(journal, key, compute);
    },
    sleepUntil: (path, time, signal) => {
      deadlines.stopPause(path, time);
      return sleep(Math.max(0, time - Date.now()), signal);
    },
    withTimeout: (path, ms, signal, body) => deadlines.run(path, ms, signal, body),
    log: (path, message) => log.info(project.mask(message), { step: path }),
    now: (path) => decided(journal, `${path}@`, () => Date.now()),
    random: (path) => decided(journal, `${path}%`, () => Math.random()),
    observe,
  };
}

/** What a step gave before the process changed is given again; what nobody knows the fate of is not risked. */
async function stepOnce(parts: StepHostParts, deadlines: Deadlines, call: StepCall): Promise<unknown> {
  const { journal } = parts;
  const { path, attempt, name } = call;
  const ended = journal.ended(path, attempt);
  if (ended?.error !== undefined) {
    const { code, message, ...rest } = ended.error;
    deadlines.stopWith(path, message);
    throw new StepwireError(code, message, rest);
  }
  if (ended !== undefined) return ended.output;
  deadlines.stopAt(path);
  if (call.signal.aborted) throw StepwireError.from(call.signal.reason);
  if (journal.hasBegun(path, attempt) && journal.isUncertain(partsOf(path))) {
    throw new StepwireError(
      "interrupted",
      `The process died while step "${name}" was sending something that must not be sent twice. Whether it arrived is not known.`,
    );
  }
  return callStep(parts, call);
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

import { StepwireError } from "@stepwire/core";
import { withDeadline } from "@stepwire/host";

import type { RunJournal } from "./journal.ts";

/** A deadline that had passed before the run went on. */
interface Passed {
  /** Epoch milliseconds. */
  at: number;
  error: StepwireError;
  stop: () => void;
}

/**
 * The deadlines of a run. That one has passed is kept, so that in a run which goes on it passes again at the same place:
 * the steps that were done before are given again, and what was under way then is stopped again.
 */
export class Deadlines {
  readonly #journal: RunJournal;
  /** By the path of what they limit. */
  readonly #passed = new Map<string, Passed>();

  constructor(journal: RunJournal) {
    this.#journal = journal;
  }

  /** @param path of the deadline, `notify!timeout` for that of the step `notify`, `!timeout` for that of the whole run. */
  async run<T>(path: string, ms: number, signal: AbortSignal, body: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const key = `${path}^`;
    const limits = path.replace(/!timeout(?:#\d+)?$/, "");
    const what = `${limits === "" ? "The workflow" : `The step ${limits}`} was not done`;
    const entry = this.#journal.read(key);
    if (entry === undefined) {
      return withDeadline(signal, ms, what, (inner) => {
        const passed = (): void => {
          if (!signal.aborted) this.#journal.decide(key, Date.now());
        };
        inner.addEventListener("abort", passed, { once: true });
        return body(inner);
      });
    }
    const controller = new AbortController();
    const error = new StepwireError("timeout", `${what} within ${ms} ms.`, { details: { limitMs: ms } });
    this.#passed.set(limits, { at: entry.value as number, error, stop: () => controller.abort(error) });
    try {
      return await body(AbortSignal.any([signal, controller.signal]));
    } finally {
      this.#passed.delete(limits);
    }
  }

  /** Stops what was under way at this path when a deadline around it passed. */
  stopAt(path: string): void {
    this.#around(path)?.stop();
  }

  /** The same where what was under way is known to have ended with an error: only if that was the deadline's own. */
  stopWith(path: string, message: string): void {
    const passed = this.#around(path);
    if (passed?.error.message === message) passed.stop();
  }

  /** The same for a pause until a time, unless that came before the deadline. */
  stopPause(path: string, until: number): void {
    const passed = this.#around(path);
    if (passed !== undefined && until > passed.at) passed.stop();
  }

  /** Of the passed deadlines around a path the innermost, which passed first. */
  #around(path: string): Passed | undefined {
    const around = [...this.#passed.keys()].filter((limits) => isAround(limits, path));
    return this.#passed.get(around.toSorted((a, b) => a.length - b.length).at(-1) ?? "\0");
  }
}

const isAround = (limits: string, path: string): boolean =>
  limits === "" || path === limits || [".", "[", "!"].some((next) => path.startsWith(`${limits}${next}`));

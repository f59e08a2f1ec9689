import type { StepEvent } from "@stepwire/workflow";

/** Where the parts of an action are kept. */
export interface Journal {
  /** Wrapped, so that a value that is `undefined` is told from none. */
  read(key: string): { value: unknown } | undefined;
  /** Resolves when the value would outlive the process. */
  write(key: string, value: unknown): Promise<void>;
  /** Says that something begins that must not be done twice; resolves when that would outlive the process. */
  begin(key: string): Promise<void>;
  /** Resolves when all that was kept would outlive the process; nothing to wait for where it does already. */
  commit(): Promise<void> | undefined;
  /** Drops every value whose key starts like this. */
  forget(prefix: string): Promise<void>;
}

/** Keeps what must be the same when a run goes on in another process. */
export interface RunJournal extends Journal {
  /** Keeps a value from the next commit on. */
  decide(key: string, value: unknown): void;
  /** How an execution of a step ended in an earlier process. */
  ended(path: string, attempt: number): Extract<StepEvent, { kind: "finished" }> | undefined;
  /** Whether an execution of a step began in an earlier process. */
  hasBegun(path: string, attempt: number): boolean;
  /** Whether something under keys that start like this began that must not be done twice, and is not known to be done. */
  isUncertain(prefix: string): boolean;
}

/** A journal that dies with the process. */
export class MemoryJournal implements Journal {
  readonly #entries = new Map<string, unknown>();

  read(key: string): { value: unknown } | undefined {
    return this.#entries.has(key) ? { value: this.#entries.get(key) } : undefined;
  }

  async write(key: string, value: unknown): Promise<void> {
    this.#entries.set(key, value);
  }

  async begin(): Promise<void> {}

  commit(): undefined {}

  async forget(prefix: string): Promise<void> {
    for (const key of this.#entries.keys()) if (key.startsWith(prefix)) this.#entries.delete(key);
  }
}

/** A value that is the same whichever process asks: computed where there is none yet. */
export function decided<T>(journal: RunJournal, key: string, compute: () => T): T {
  const entry = journal.read(key);
  if (entry !== undefined) return entry.value as T;
  const value = compute();
  journal.decide(key, value);
  return value;
}

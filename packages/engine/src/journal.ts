/** What a run has decided and done so far, so that the same question gets the same answer again. */
export interface Journal {
  /** The value stored under a key, or `undefined`. Keys hold a step's path and what the value is. */
  read(key: string): { value: unknown } | undefined;
  write(key: string, value: unknown): Promise<void>;
  /** Drops every value whose key starts like this. */
  forget(prefix: string): Promise<void>;
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

  async forget(prefix: string): Promise<void> {
    for (const key of this.#entries.keys()) if (key.startsWith(prefix)) this.#entries.delete(key);
  }
}

/** The journaled value of a key; computed and written where there is none yet. */
export async function journaled<T>(journal: Journal, key: string, compute: () => T | Promise<T>): Promise<T> {
  const entry = journal.read(key);
  if (entry !== undefined) return entry.value as T;
  const value = await compute();
  await journal.write(key, value);
  return value;
}

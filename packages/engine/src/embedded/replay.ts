import type { StepEvent } from "@stepwire/workflow";

import { partsOf } from "../call-step.ts";
import { countedOf } from "./again.ts";
import type { Entry } from "./entries.ts";

type Finished = Extract<StepEvent, { kind: "finished" }>;

/** What is known of a run before it goes on: what it decided, and which steps began and ended. */
export class Replay {
  readonly #values = new Map<string, unknown>();
  /** What began that must not be done twice. */
  readonly #parts = new Set<string>();
  readonly #begun = new Set<string>();
  readonly #ended = new Map<string, Finished>();
  readonly #retrying = new Set<string>();

  /** @param entries in the order they were written. */
  constructor(entries: readonly Entry[] = []) {
    for (const entry of countedOf(entries)) this.#take(entry);
  }

  value(key: string): { value: unknown } | undefined {
    return this.#values.has(key) ? { value: this.#values.get(key) } : undefined;
  }

  keep(key: string, value: unknown): void {
    this.#values.set(key, value);
  }

  begin(key: string): void {
    this.#parts.add(key);
  }

  /** Drops what was kept under keys that start like this. */
  forget(prefix: string): void {
    for (const key of this.#values.keys()) if (key.startsWith(prefix)) this.#values.delete(key);
    this.#settle(prefix);
  }

  /** Whether something under keys that start like this began, and is not known to be done. */
  isUncertain(prefix: string): boolean {
    for (const key of this.#parts) {
      // `create/1` is a request of the part `create`; a request that belongs to no part is done when its step is.
      if (key.startsWith(prefix) && !this.#values.has(key.replace(/\/\d+$/, ""))) return true;
    }
    return false;
  }

  /** How an execution of a step ended. */
  ended(path: string, attempt: number): Finished | undefined {
    return this.#ended.get(execution(path, attempt));
  }

  hasBegun(path: string, attempt: number): boolean {
    return this.#begun.has(execution(path, attempt));
  }

  /** Whether an event is among those of the log. */
  knows(event: StepEvent): boolean {
    if (event.kind === "finished") return this.#ended.has(execution(event.path, event.attempt));
    if (event.kind === "started") return this.#begun.has(execution(event.path, event.attempt));
    return this.#retrying.has(execution(event.path, event.attempt));
  }

  #settle(prefix: string): void {
    for (const key of this.#parts) if (key.startsWith(prefix)) this.#parts.delete(key);
  }

  #take(entry: Entry): void {
    switch (entry[0]) {
      case "value":
        this.#values.set(entry[1], entry[2]);
        return;
      case "part":
        this.#parts.add(entry[1]);
        return;
      case "step": {
        const [, , event] = entry;
        if (event.kind === "started") this.#begun.add(execution(event.path, event.attempt));
        else if (event.kind === "finished") {
          this.#ended.set(execution(event.path, event.attempt), event);
          // How its requests went is known now; what its parts gave is kept for another try.
          if (event.status === "completed") this.forget(partsOf(event.path));
          else this.#settle(partsOf(event.path));
        } else this.#retrying.add(execution(event.path, event.attempt));
        return;
      }
      case "again":
        return;
    }
  }
}

const execution = (path: string, attempt: number): string => `${path} ${attempt}`;

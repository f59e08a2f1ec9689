import { StepwireError, type ErrorJson } from "@stepwire/core";
import type { StepCall, StepEvent, StepHost, Submission } from "../src/index.ts";

export const START = Date.UTC(2026, 0, 15, 12);

interface Timer {
  time: number;
  fire(): void;
}

/** A host with its own clock, which moves to the next timer whenever nothing else happens. */
export class FakeHost implements StepHost {
  time = START;
  readonly calls: StepCall[] = [];
  readonly events: StepEvent[] = [];
  readonly submissions: Submission[] = [];
  readonly logs: string[] = [];
  readonly decisions: [path: string, value: unknown][] = [];
  readonly slept: [path: string, ms: number][] = [];
  readonly clockReads: string[] = [];
  readonly #timers = new Set<Timer>();
  readonly #replay: ReadonlyMap<string, unknown>;
  randomValue = 0.5;

  readonly #handler: (call: StepCall, host: FakeHost) => unknown;

  constructor(handler: (call: StepCall, host: FakeHost) => unknown = () => ({}), replay: [string, unknown][] = []) {
    this.#handler = handler;
    this.#replay = new Map(replay);
  }

  async step(call: StepCall): Promise<unknown> {
    this.calls.push(call);
    return await this.#handler(call, this);
  }

  async decide<T>(path: string, compute: () => T): Promise<T> {
    if (this.decisions.some(([other]) => other === path)) throw new Error(`decided twice: ${path}`);
    const value = this.#replay.has(path) ? (this.#replay.get(path) as T) : compute();
    this.decisions.push([path, JSON.parse(JSON.stringify(value))]);
    return value;
  }

  async submit(submission: Submission): Promise<{ runId: string; startedAt: number }> {
    this.submissions.push(submission);
    return { runId: `submitted-${this.submissions.length}`, startedAt: this.time };
  }

  async sleepUntil(path: string, time: number, signal: AbortSignal): Promise<void> {
    this.slept.push([path, time - this.time]);
    await this.wait(time - this.time, signal);
  }

  /** For handlers: some of the host's time. */
  wait(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = this.at(this.time + ms, () => resolve());
      signal.addEventListener("abort", () => {
        stop();
        reject(new DOMException("aborted", "AbortError"));
      });
    });
  }

  at(time: number, fire: () => void): () => void {
    const timer = { time, fire };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  async withTimeout<T>(
    path: string,
    ms: number,
    signal: AbortSignal,
    body: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const controller = new AbortController();
    const error = new StepwireError("timeout", `${path} took longer than ${ms} ms.`);
    return await new Promise<T>((resolve, reject) => {
      const stop = this.at(this.time + ms, () => {
        controller.abort(error);
        reject(error);
      });
      signal.addEventListener("abort", () => controller.abort(signal.reason), { once: true });
      if (signal.aborted) controller.abort(signal.reason);
      body(controller.signal).then(resolve, reject).finally(stop);
    });
  }

  log(_path: string, message: string): void {
    this.logs.push(message);
  }

  now(path: string): number {
    this.clockReads.push(path);
    return this.time;
  }

  random(): number {
    return this.randomValue;
  }

  observe(event: StepEvent): void {
    this.events.push(structuredClone(event));
  }

  async drive<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const done = promise.finally(() => {
      settled = true;
    });
    for (;;) {
      for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      if (settled) return await done;
      const next = [...this.#timers].toSorted((a, b) => a.time - b.time)[0];
      if (next === undefined) throw new Error("The run waits for nothing.");
      this.#timers.delete(next);
      this.time = Math.max(this.time, next.time);
      next.fire();
    }
  }

  /** `path:status`, in the order of ends. */
  get ends(): string[] {
    return this.events.flatMap((event) => (event.kind === "finished" ? `${event.path}:${event.status}` : []));
  }

  errorOf(path: string): ErrorJson | undefined {
    for (const event of this.events) if (event.kind === "finished" && event.path === path) return event.error;
    return undefined;
  }
}

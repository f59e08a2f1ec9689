import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";

import type { RunResult, RunSummary } from "../../src/engine.ts";
import type { Order, Told } from "./worker.ts";

type Without<T> = T extends unknown ? Omit<T, "id"> : never;

/** One worker process. */
export class Worker {
  readonly process: ChildProcess;
  readonly #answers = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();
  readonly #over = new Map<string, RunResult>();
  readonly #waiting = new Map<string, (result: RunResult) => void>();
  #last = 0;
  #isGone = false;

  private constructor(folder: string, module: string) {
    this.process = fork(new URL("worker.ts", import.meta.url), [folder, module], {
      execArgv: ["--conditions=@stepwire/source", "--no-warnings"],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    this.process.on("message", (told: Told) => this.#take(told));
    this.process.on("exit", () => {
      this.#isGone = true;
      for (const { reject } of this.#answers.values()) reject(new Error("The worker is gone."));
    });
  }

  static async start(folder: string, module: string): Promise<Worker> {
    const worker = new Worker(folder, module);
    await worker.#answer(0);
    return worker;
  }

  submit(file: string, event: Record<string, unknown> = {}): Promise<string> {
    return this.#order({ op: "submit", file, event });
  }

  resume(runId: string, takeOver = false): Promise<string> {
    this.#over.delete(runId);
    return this.#order({ op: "resume", runId, takeOver });
  }

  retry(runId: string, from?: string): Promise<string> {
    this.#over.delete(runId);
    return this.#order({ op: "retry", runId, ...(from === undefined ? {} : { from }) });
  }

  cancel(runId: string): Promise<void> {
    return this.#order({ op: "cancel", runId });
  }

  get(runId: string): Promise<RunResult> {
    return this.#order({ op: "get", runId });
  }

  list(): Promise<RunSummary[]> {
    return this.#order({ op: "list" });
  }

  /** How a run of this worker ended. */
  result(runId: string): Promise<RunResult> {
    const over = this.#over.get(runId);
    return over === undefined ? new Promise((resolve) => this.#waiting.set(runId, resolve)) : Promise.resolve(over);
  }

  async kill(): Promise<void> {
    if (this.#isGone) return;
    const gone = once(this.process, "exit");
    this.process.kill("SIGKILL");
    await gone;
  }

  async close(): Promise<void> {
    const gone = once(this.process, "exit");
    await this.#order({ op: "close" });
    await gone;
  }

  async #order<T>(order: Without<Order>): Promise<T> {
    this.#last += 1;
    const id = this.#last;
    const answer = this.#answer(id);
    this.process.send({ ...order, id });
    return (await answer) as T;
  }

  #answer(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => this.#answers.set(id, { resolve, reject }));
  }

  #take(told: Told): void {
    if ("over" in told) {
      this.#over.set(told.over, told.result as RunResult);
      this.#waiting.get(told.over)?.(told.result as RunResult);
      return;
    }
    const waiting = this.#answers.get(told.id);
    this.#answers.delete(told.id);
    if ("error" in told) waiting?.reject(Object.assign(new Error(told.error.message), { code: told.error.code }));
    else waiting?.resolve(told.answer);
  }
}

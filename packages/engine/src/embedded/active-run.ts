import { StepwireError, type Logger } from "@stepwire/core";
import type { Project } from "@stepwire/host";
import {
  runPlan,
  type Concurrency,
  type ParentRun,
  type Plan,
  type StepEvent,
  type StepHost,
  type Stubs,
} from "@stepwire/workflow";

import type { RunResult, Watch } from "../engine.ts";
import { createStepHost } from "../step-host.ts";
import type { StepRecords } from "../records.ts";
import type { Definition } from "../sources.ts";
import type { Entry } from "./entries.ts";
import type { RunLog } from "./run-log.ts";
import type { Outcome, StoredStatus } from "./runs.ts";
import type { Slots } from "./slots.ts";
import { iso, recordsOf } from "./view.ts";

/** What a run was given, as it is kept. */
export interface Request {
  inputs: Record<string, unknown>;
  event: Record<string, unknown>;
  /** Epoch milliseconds. */
  created: number;
  parent?: ParentRun;
}

interface Parts {
  project: Project;
  logger: Logger;
  runId: string;
  plan: Plan;
  definition: Definition;
  request: Request;
  stubs: Stubs;
  log: RunLog;
  watch: Watch;
  /** Set for a run that may have to wait for others. */
  turn?: { rules: Concurrency; slots: Slots } | undefined;
  /** What the log had when it was taken up again. */
  earlier?: readonly Entry[];
  submit: (
    from: ActiveRun,
    submission: Parameters<StepHost["submit"]>[0],
  ) => { run: ActiveRun; answer: Awaited<ReturnType<StepHost["submit"]>> };
  over: (run: ActiveRun) => void;
}

interface End extends Outcome {
  status: Exclude<StoredStatus, "queued" | "running">;
}

/** A run that is under way in this process. */
export class ActiveRun {
  readonly runId: string;
  readonly log: RunLog;
  readonly definition: Definition;
  readonly stubs: Stubs;
  /** Resolves when the run is over; never rejects. */
  readonly result: Promise<RunResult>;
  readonly #parts: Parts;
  readonly #records: StepRecords;
  readonly #controller = new AbortController();
  readonly #started: ActiveRun[] = [];
  #resolve: (result: RunResult) => void = () => undefined;
  #broken: StepwireError | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.runId = parts.runId;
    this.log = parts.log;
    this.definition = parts.definition;
    this.stubs = parts.stubs;
    this.#records = recordsOf(parts.earlier ?? []);
    this.result = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    // What cannot be written any more must not go on being done.
    parts.log.onBroken = (error) => {
      this.#broken = error;
      this.#controller.abort(error);
    };
  }

  /** Fires when the run is to stop. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  cancel(): void {
    this.#controller.abort();
  }

  /** Another process has taken it over. */
  lose(error: StepwireError): void {
    this.log.settle(error);
  }

  begin(): void {
    const { signal } = this.#parts.watch;
    const stop = (): void => this.cancel();
    if (signal?.aborted === true) stop();
    else signal?.addEventListener("abort", stop, { once: true });
    void this.#run().then((result) => {
      signal?.removeEventListener("abort", stop);
      this.#resolve(result);
    });
  }

  async #run(): Promise<RunResult> {
    const end = await this.#toEnd();
    const finished = Date.now();
    const { status, ...outcome } = await this.#write(end, finished);
    this.#parts.over(this);
    // A run is over when all that it started is: nothing must go on unseen.
    const others = (await Promise.all(this.#started.map(({ result }) => result))).flatMap(
      ({ started = [], ...one }) => [one, ...started],
    );
    const { plan, request } = this.#parts;
    return {
      runId: this.runId,
      workflow: plan.name,
      status,
      startedAt: iso(request.created),
      finishedAt: iso(finished),
      durationMs: finished - request.created,
      ...outcome,
      steps: this.#records.list(),
      ...(others.length === 0 ? {} : { started: others }),
    };
  }

  async #toEnd(): Promise<End> {
    const { project, logger, plan, request, stubs, turn } = this.#parts;
    const { signal } = this;
    try {
      this.#parts.watch.onStart?.(this.runId);
      if (turn !== undefined) {
        await this.log.commit();
        const decision = await turn.slots.turn(this.runId, turn.rules, request.created, signal);
        if (decision.kind === "skip") return { status: "skipped", reason: decision.reason };
        if (decision.kind === "stop") this.cancel();
      }
      const host = createStepHost({
        project,
        runId: this.runId,
        journal: this.log,
        log: logger,
        observe: (event) => this.#observe(event),
        onAttempt: (path, attempt) => this.#records.attempt(path, project.mask(attempt)),
        submit: async (submission) => {
          if (this.#broken !== undefined) throw this.#broken;
          const { run, answer } = this.#parts.submit(this, submission);
          this.#started.push(run);
          await this.log.commit();
          return answer;
        },
      });
      const { inputs, event, created, parent } = request;
      const whole = {
        runId: this.runId,
        inputs,
        event,
        startedAt: created,
        signal,
        ...(parent === undefined ? {} : { parent }),
      };
      const { status, outputs, error } = await runPlan(plan, whole, host, { stubs });
      return {
        status,
        ...(outputs === undefined ? {} : { outputs: project.mask(outputs) }),
        ...(error === undefined ? {} : { error: project.mask(error) }),
      };
    } catch (error) {
      return { status: "failed", error: StepwireError.from(error).toJSON() };
    }
  }

  /** How the run ended, when that is on the disk. A run whose end cannot be written has not ended: it is interrupted. */
  async #write(end: End, finished: number): Promise<End> {
    const { status, ...outcome } = end;
    if (this.#broken !== undefined) return { status: "failed", error: this.#broken.toJSON() };
    try {
      await this.log.end({ status, outcome: JSON.stringify(outcome), finished });
      return end;
    } catch (error) {
      return { status: "failed", error: StepwireError.from(error).toJSON() };
    }
  }

  #observe(event: StepEvent): void {
    const { project, watch } = this.#parts;
    const masked = project.mask(event);
    if (this.log.replay.knows(event)) {
      // What an earlier process has seen is in the log, and was told; but what goes on is news to whoever watches now.
      const goesOn = event.kind === "started" && this.log.ended(event.path, event.attempt) === undefined;
      if (goesOn) watch.onStep?.(masked, this.#records.take(masked, Date.now()));
      return;
    }
    const now = Date.now();
    this.log.note(["step", now, masked]);
    const record = this.#records.take(masked, now);
    watch.onStep?.(masked, record);
  }
}

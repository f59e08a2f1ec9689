import { createHash, randomUUID } from "node:crypto";
import path from "node:path";
import type { DatabaseSync } from "node:sqlite";

import { StepwireError, type Logger } from "@stepwire/core";
import type { Project, RuntimeSettings } from "@stepwire/host";
import { concurrencyKey, NOT_HERE, readStubs, type Plan, type StepHost, type Stubs } from "@stepwire/workflow";

import { checkFile } from "../check-file.ts";
import type {
  Engine,
  Handle,
  NotResumed,
  ResumeOptions,
  RetryOptions,
  RunResult,
  RunStatus,
  RunSummary,
  Submission,
  Watch,
} from "../engine.ts";
import { definitionOf, DefinitionSources, type Definition } from "../sources.ts";
import { countedOf } from "./again.ts";
import { ActiveRun, type Request } from "./active-run.ts";
import { cannot } from "./cannot.ts";
import { makeDataFolder, openDatabase } from "./database.ts";
import type { Again, Entry } from "./entries.ts";
import { failedSteps } from "./failures.ts";
import { Owner } from "./owner.ts";
import { forgetOldRuns } from "./retention.ts";
import { RunLog } from "./run-log.ts";
import { Runs, type Outcome, type RunRow } from "./runs.ts";
import { Slots } from "./slots.ts";
import { storageError } from "./storage-error.ts";
import { resultOf, statusOf, summaryOf } from "./view.ts";
import { takenOver, Writer } from "./writer.ts";

/** How often a process looks whether another one asked it to stop a run. */
const LOOK_EVERY_MS = 50;
const DEFAULT_LIMIT = 100;
/** In runs: seldom enough to cost nothing, often enough for each time to be short. */
const FORGET_EVERY = 500;

export interface EmbeddedOptions extends RuntimeSettings {
  project: Project;
  log: Logger;
}

/** Keeps runs in a file, without any other program. Several processes may share the folder. Throws `storage`. */
export function createEmbeddedEngine(options: EmbeddedOptions): Engine {
  return new EmbeddedEngine(options);
}

class EmbeddedEngine implements Engine {
  readonly #options: EmbeddedOptions;
  readonly #file: string;
  readonly #db: DatabaseSync;
  readonly #owner: Owner;
  readonly #runs: Runs;
  readonly #writer: Writer;
  readonly #slots: Slots;
  readonly #active = new Map<string, ActiveRun>();
  #watch: NodeJS.Timeout | undefined;
  #version = -1;
  #closed: Promise<void> | undefined;
  #ended = 0;
  /** What every run of this process has around it. */
  readonly #shared: Pick<ConstructorParameters<typeof ActiveRun>[0], "project" | "logger" | "submit" | "over">;

  constructor(options: EmbeddedOptions) {
    this.#options = options;
    const { dataDir, durability } = options;
    makeDataFolder(dataDir);
    this.#file = path.join(dataDir, "runs.db");
    this.#db = openDatabase(this.#file, { durability });
    try {
      this.#owner = new Owner(dataDir);
    } catch (error) {
      this.#db.close();
      throw error;
    }
    this.#shared = {
      project: options.project,
      logger: options.log,
      submit: (from, submission) => this.#submitFrom(from, submission),
      over: (run) => this.#over(run),
    };
    this.#runs = new Runs(this.#db);
    this.#writer = new Writer(this.#db, this.#file);
    const isAlive = (owner: string): boolean => this.#owner.isAlive(owner);
    this.#slots = new Slots({ db: this.#db, runs: this.#runs, isAlive, cancel: (row) => this.#stop(row) });
  }

  async submit(submission: Submission, watch: Watch = {}): Promise<Handle> {
    const { plan, variables, stubs, inputs, event, parent } = submission;
    const { project } = this.#options;
    // Secrets are taken out before the first step sees them, so that a run which goes on sees the same.
    const request: Request = project.mask({
      inputs,
      event,
      created: Date.now(),
      ...(parent === undefined ? {} : { parent }),
    });
    const run = this.#begin(plan, preparedOf(plan, variables, stubs), request, watch);
    await run.log.commit();
    return { runId: run.runId, result: run.result };
  }

  async resume(id: string, { takeOver = false, ...watch }: ResumeOptions = {}): Promise<Handle | NotResumed> {
    const row = this.#row(id);
    const status = this.#statusOf(row);
    const isTaken = takeOver && (status === "running" || status === "queued") && row.owner !== this.#owner.token;
    if (status !== "interrupted" && status !== "cancelled" && status !== "timed_out" && !isTaken) {
      throw cannot("resume", row, status);
    }
    const after = status === "cancelled" ? "cancelled" : status === "timed_out" ? "timeout" : undefined;
    return this.#goOn(row, [{ kind: "resume", ...(after === undefined ? {} : { after }) }], watch);
  }

  async retry(id: string, { from, ...watch }: RetryOptions = {}): Promise<Handle | NotResumed> {
    const row = this.#row(id);
    const status = this.#statusOf(row);
    if (row.finished === null || (status === "completed" && from === undefined) || status === "skipped") {
      throw cannot("retry", row, status);
    }
    const { entries } = this.#read(() => this.#runs.log(row.n));
    return this.#goOn(row, from === undefined ? fromFailure(row, entries) : fromStep(row, entries, from), watch);
  }

  async cancel(id: string): Promise<void> {
    const row = this.#row(id);
    const status = this.#statusOf(row);
    if (row.finished !== null) throw cannot("cancel", row, status);
    if (status !== "interrupted") return this.#read(() => this.#stop(row));
    const error = new StepwireError("cancelled", "The run was cancelled.").toJSON();
    const end = { status: "cancelled" as const, outcome: JSON.stringify({ error }), finished: Date.now() };
    if (!this.#read(() => this.#runs.endAbandoned(row.n, row.fence, end))) throw cannot("cancel", row, "running");
  }

  async get(id: string): Promise<RunResult> {
    const row = this.#row(id);
    const { entries } = this.#read(() => this.#runs.log(row.n));
    return resultOf(row, entries, this.#isAlive());
  }

  async list({ limit = DEFAULT_LIMIT, status }: { limit?: number; status?: RunStatus } = {}): Promise<RunSummary[]> {
    const isAlive = this.#isAlive();
    const rows = this.#read(() =>
      status === "interrupted" || status === "running" || status === "queued"
        ? this.#runs.open().toReversed()
        : this.#runs.list(limit, status),
    );
    const all = rows.map((row) => summaryOf(this.#seen(row), isAlive));
    return (status === undefined ? all : all.filter((run) => run.status === status)).slice(0, limit);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    while (this.#active.size > 0) await Promise.all([...this.#active.values()].map(({ result }) => result));
    this.#writer.flush();
    clearInterval(this.#watch);
    this.#forget();
    this.#db.close();
    this.#owner.close();
  }

  #forget(): void {
    try {
      forgetOldRuns(this.#db, this.#options.retention, Date.now());
    } catch {
      // Another process may hold the file; it is tried again, if only by the next one to close.
    }
  }

  /** A new run, on its way to the disk. */
  #begin(
    plan: Plan,
    { definition, stored, stubs }: Prepared,
    request: Request,
    watch: Watch,
    startedBy?: RunLog,
  ): ActiveRun {
    const { concurrency } = plan;
    const runId = randomUUID();
    const slot = slotOf(plan, runId, request);
    const start = {
      id: runId,
      workflow: plan.name,
      status: slot === undefined ? ("running" as const) : ("queued" as const),
      definition: stored,
      request: JSON.stringify(request),
      created: request.created,
      owner: this.#owner.token,
      ...(request.parent === undefined ? {} : { parent: request.parent.executionId }),
      ...(slot === undefined ? {} : { slot }),
    };
    const { schedule } = this.#writer;
    const log = new RunLog({ schedule, start, fence: 1, ...(startedBy === undefined ? {} : { startedBy }) });
    const turn =
      slot === undefined || concurrency === undefined ? undefined : { rules: concurrency, slots: this.#slots };
    return this.#activate(
      new ActiveRun({ ...this.#shared, runId, plan, request, stubs, log, watch, turn, definition }),
    );
  }

  /** A run that was there already, made this process's own and taken up again. */
  async #goOn(row: RunRow, again: readonly Again[], watch: Watch): Promise<Handle | NotResumed> {
    const text = this.#read(() => this.#runs.definition(row.definition));
    if (text === undefined)
      throw new StepwireError("storage", `The workflow of run ${row.id} is not in the file any more.`);
    const definition = JSON.parse(text) as Definition;
    const stubs = readStubs(definition.stubs);
    const { plan, findings } = await checkFile(this.#options.project, definition.files[0]?.file ?? "", {
      sources: new DefinitionSources(definition),
      variables: definition.variables,
      stubs,
    });
    if (plan === undefined || findings.some(({ rule }) => rule === NOT_HERE)) return { status: "refused", findings };

    if (!this.#read(() => this.#runs.takeOver(row.n, row.fence, this.#owner.token))) {
      throw cannot(again[0]?.kind ?? "resume", row, "running");
    }
    // Only now nobody else writes to it.
    const { entries, rows } = this.#read(() => this.#runs.log(row.n));
    const now = Date.now();
    const earlier: Entry[] = [...entries, ...again.map((how): Entry => ["again", now, how])];
    const log = new RunLog({
      schedule: this.#writer.schedule,
      number: row.n,
      fence: row.fence + 1,
      rows,
      entries: earlier,
    });
    for (const entry of earlier.slice(entries.length)) log.note(entry);
    const request = JSON.parse(row.request) as Request;
    const run = new ActiveRun({
      ...this.#shared,
      runId: row.id,
      plan,
      request,
      stubs,
      log,
      watch,
      definition,
      earlier,
    });
    this.#activate(run);
    await log.commit();
    return { runId: row.id, result: run.result };
  }

  /** A run that a step of another one starts: both, or neither, are on the disk. */
  #submitFrom(from: ActiveRun, { path: at, plan, inputs, parent }: Parameters<StepHost["submit"]>[0]) {
    const created = Date.now();
    const { variables, stubs } = from.definition;
    const request: Request = { inputs, event: {}, created, parent };
    const { signal } = from;
    // The step's word of it is written first, whatever the run does at once.
    this.#writer.schedule(from.log);
    const run = this.#begin(plan, preparedOf(plan, variables, stubs), request, { signal }, from.log);
    const answer = { runId: run.runId, startedAt: created };
    from.log.decide(`${at}?`, answer);
    return { run, answer };
  }

  #activate(run: ActiveRun): ActiveRun {
    this.#active.set(run.runId, run);
    this.#watch ??= setInterval(() => this.#look(), LOOK_EVERY_MS);
    run.begin();
    return run;
  }

  #over(run: ActiveRun): void {
    this.#active.delete(run.runId);
    this.#ended += 1;
    // A process that never ends would keep all that it ever ran.
    if (this.#ended % FORGET_EVERY === 0) this.#forget();
    if (this.#active.size > 0) return;
    clearInterval(this.#watch);
    this.#watch = undefined;
  }

  /** Stops the runs that another process asked to stop, or has taken over. */
  #look(): void {
    try {
      const version = this.#runs.version();
      if (version === this.#version) return;
      this.#version = version;
      for (const id of this.#runs.toCancel(this.#owner.token)) this.#active.get(id)?.cancel();
      const own = this.#runs.ownedBy(this.#owner.token);
      for (const run of this.#active.values())
        if (run.log.number !== undefined && !own.has(run.runId)) run.lose(takenOver());
    } catch {
      // What is wrong with the file is told by the next commit.
    }
  }

  #stop(row: RunRow): void {
    this.#runs.askToCancel(row.n);
    this.#active.get(row.id)?.cancel();
  }

  /** A run whose end this process could not write has nobody who goes on with it. */
  #seen(row: RunRow): RunRow {
    const isLeft = row.owner === this.#owner.token && !this.#active.has(row.id);
    return isLeft ? { ...row, owner: null } : row;
  }

  #row(id: string): RunRow {
    return this.#read(() => {
      const exact = this.#runs.byId(id);
      if (exact !== undefined) return this.#seen(exact);
      const [like, ...more] = id === "" ? [] : this.#runs.idsLike(id);
      const row = like === undefined ? undefined : this.#runs.byId(like);
      if (row === undefined) throw new StepwireError("run-not-found", `There is no run ${JSON.stringify(id)}.`);
      if (more.length > 0)
        throw new StepwireError("run-not-found", `Several runs have an id that begins with ${id}. Write more of it.`);
      return this.#seen(row);
    });
  }

  #statusOf(row: RunRow): RunStatus {
    return statusOf(row, this.#isAlive());
  }

  /** Asks for each owner once. */
  #isAlive(): (owner: string) => boolean {
    const known = new Map<string, boolean>();
    return (owner) => {
      const alive = known.get(owner) ?? this.#owner.isAlive(owner);
      known.set(owner, alive);
      return alive;
    };
  }

  #read<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw storageError(this.#file, error);
    }
  }
}

/** What all runs of a plan share. */
interface Prepared {
  definition: Definition;
  stored: { hash: string; text: string };
  stubs: Stubs;
}

const prepared = new WeakMap<Plan, Prepared>();

/** Made once for a plan that is run with the same variables and stubs again and again. */
function preparedOf(plan: Plan, variables: Definition["variables"], stubs: Definition["stubs"]): Prepared {
  const known = prepared.get(plan);
  if (known?.definition.variables === variables && known.definition.stubs === stubs) return known;
  const definition = definitionOf(plan, { variables, stubs });
  const text = JSON.stringify(definition);
  const hash = createHash("sha256").update(text).digest("hex");
  const made = { definition, stored: { hash, text }, stubs: readStubs(stubs) };
  prepared.set(plan, made);
  return made;
}

/** What a run shares with runs that it must not run beside: workflow and key. */
function slotOf(plan: Plan, runId: string, { inputs, event, created }: Request): string | undefined {
  const key = concurrencyKey(plan, { runId, inputs, event, startedAt: created });
  return key === "" ? undefined : `${plan.name}/${key}`;
}

function fromFailure(row: RunRow, entries: readonly Entry[]): Again[] {
  const { error } = JSON.parse(row.outcome ?? "{}") as Outcome;
  const failed = failedSteps(countedOf(entries), row.status === "failed" ? error : undefined);
  if (failed.length > 0) return failed.map(({ path, attempt }) => ({ kind: "retry", path, attempt }));
  throw new StepwireError(
    "run-state",
    `No step of run ${row.id} failed, so there is none to begin with. Name one: --from STEP.`,
  );
}

function fromStep(row: RunRow, entries: readonly Entry[], from: string): Again[] {
  const names = new Map<string, string>();
  for (const [kind, , event] of entries) {
    if (kind !== "step" || event.kind !== "started") continue;
    if (!names.has(event.path)) names.set(event.path, event.path);
    if (!names.has(event.name)) names.set(event.name, event.path);
  }
  const path = names.get(from);
  if (path !== undefined) return [{ kind: "retry", path }];
  throw new StepwireError("usage-invalid", `Run ${row.id} has begun no step ${JSON.stringify(from)}.`);
}

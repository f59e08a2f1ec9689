import { randomUUID } from "node:crypto";

import type { ErrorJson, Finding, Logger } from "@stepwire/core";
import { Project, type ProjectOptions } from "@stepwire/host";
import {
  checkInputs,
  dryRun,
  NOT_HERE,
  readStubs,
  requestInputs,
  runPlan,
  type ParentRun,
  type Plan,
  type StepEvent,
} from "@stepwire/workflow";

import { checkFile, type Checked } from "./check-file.ts";
import { requestOf, type DryRunStep } from "./dry-run.ts";
import { MemoryJournal } from "./journal.ts";
import { StepRecords, type StepRecord } from "./records.ts";
import { createStepHost } from "./step-host.ts";

export interface RunnerOptions extends ProjectOptions {
  /** Where console steps and connectors write; silent unless given. */
  log?: Logger;
  /** Values for the placeholders of published templates: `<%= name %>`, `__install__.name`, `REPLACE_WITH_…`. */
  variables?: Record<string, unknown>;
  /** Answers in place of steps, by name or type: `{ output }` or `{ error: { message, type?, status? } }`. */
  stubs?: Record<string, unknown>;
}

export interface RunOptions {
  inputs?: Record<string, unknown>;
  signal?: AbortSignal;
  /** Called for every change of a step, with its record as it is then. */
  onStep?: (event: StepEvent, record: StepRecord | undefined) => void;
  /** Called once, when the workflow was found good and its first step is about to begin. */
  onStart?: (run: { runId: string; workflow: string; warnings: Finding[] }) => void;
}

/** A run that is over. Times are ISO 8601, durations milliseconds; statuses are Kibana's. */
export interface RunResult {
  runId: string;
  workflow: string;
  status: "completed" | "failed" | "cancelled" | "timed_out";
  startedAt: string;
  finishedAt: string;
  durationMs: number;
  outputs?: Record<string, unknown>;
  error?: ErrorJson;
  steps: StepRecord[];
  /** Runs that its `workflow.executeAsync` steps started, and those that these started, in the order of their start. */
  started?: RunResult[];
}

/** A workflow that was not begun, with everything that is wrong with it. */
export interface Refused {
  status: "refused";
  findings: Finding[];
}

/** The requests of a dry run, masked. A step shows its first request: later ones depend on the answer. */
export interface DryRunResult {
  status: "dry-run";
  workflow: string;
  findings: Finding[];
  steps: DryRunStep[];
}

export interface Runner {
  /** Everything that is wrong with a workflow file, and its plan where nothing is. Sends nothing. */
  check(file: string): Promise<Checked>;
  /** Runs a workflow file with an event. Never throws for what is in the files or what the run meets. */
  run(file: string, event?: Record<string, unknown>, options?: RunOptions): Promise<RunResult | Refused>;
  /** What a run would send, without sending it. The runner must have been made with a dry-run transport. */
  dryRun(
    file: string,
    event?: Record<string, unknown>,
    options?: Pick<RunOptions, "inputs">,
  ): Promise<DryRunResult | Refused>;
  readonly project: Promise<Project>;
  /** Waits for calls under way and closes every connection. */
  close(): Promise<void>;
}

interface Execution {
  plan: Plan;
  inputs: Record<string, unknown>;
  event?: Record<string, unknown>;
  /** The run that started it. */
  parent?: ParentRun;
}

const SILENT: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const NEVER = new AbortController().signal;

/** Runs workflows of one project with the connector packages installed in it. Throws `usage-invalid` for stubs that are none. */
export function createRunner(options: RunnerOptions = {}): Runner {
  const project = Project.open(options);
  const { log = SILENT, variables = {} } = options;
  const stubs = readStubs(options.stubs ?? {});

  const check = async (file: string): Promise<Checked> =>
    checkFile(await project, file, { cwd: options.cwd ?? ".", variables, stubs });

  /** A workflow file that can run with this event and these inputs, or why it cannot. */
  async function prepare(file: string, event: Record<string, unknown>, given: Pick<RunOptions, "inputs">) {
    const { plan, findings } = await check(file);
    if (plan === undefined) return refused(findings);
    const notHere = findings.filter(({ rule }) => rule === NOT_HERE);
    if (notHere.length > 0)
      return refused(findings.map((one) => (one.rule === NOT_HERE ? { ...one, severity: "error" } : one)));
    if (!plan.enabled) return refused([...findings, disabled(plan, file)]);
    const { inputs, problems } = checkInputs(plan, requestInputs({ ...given, event }));
    const all = [...findings, ...problems.map((problem) => ({ ...problem, file }))];
    if (problems.some(isError)) return refused(all);
    return { status: "ready", plan, inputs, findings: all } as const;
  }

  async function run(
    file: string,
    event: Record<string, unknown> = {},
    runOptions: RunOptions = {},
  ): Promise<RunResult | Refused> {
    const prepared = await prepare(file, event, runOptions);
    if (prepared.status === "refused") return prepared;
    const { plan, inputs, findings } = prepared;
    return execute(await project, { plan, inputs, event }, runOptions, findings);
  }

  async function preview(file: string, event: Record<string, unknown> = {}, given: Pick<RunOptions, "inputs"> = {}) {
    const prepared = await prepare(file, event, given);
    if (prepared.status === "refused") return prepared;
    const { plan, inputs, findings } = prepared;
    const opened = await project;
    const steps: DryRunStep[] = [];
    for (const step of dryRun(plan, { runId: "dry-run", inputs, event, startedAt: Date.now() }, { stubs })) {
      steps.push(opened.mask(step.stubbed === true ? step : await requestOf(opened, step)));
    }
    return { status: "dry-run", workflow: plan.name, findings, steps } as const;
  }

  async function execute(
    opened: Project,
    { plan, inputs, event, parent }: Execution,
    { signal = NEVER, onStep, onStart }: RunOptions,
    warnings: Finding[],
  ): Promise<RunResult> {
    const runId = randomUUID();
    const startedAt = Date.now();
    const records = new StepRecords();
    const started: Promise<RunResult>[] = [];
    const observe = (stepEvent: StepEvent) => {
      const masked = opened.mask(stepEvent);
      const record = records.take(masked, Date.now());
      onStep?.(masked, record);
    };
    onStart?.({ runId, workflow: plan.name, warnings });
    const host = createStepHost({
      project: opened,
      runId,
      onAttempt: (path, attempt) => records.attempt(path, opened.mask(attempt)),
      journal: new MemoryJournal(),
      log: maskedLog(opened, log),
      observe,
      submit: (submission) =>
        new Promise((resolve) => {
          const onStart = (begun: { runId: string }): void => resolve({ runId: begun.runId, startedAt: Date.now() });
          started.push(execute(opened, submission, { signal, onStart }, []));
        }),
    });
    const request = {
      runId,
      inputs,
      startedAt,
      signal,
      event: event ?? {},
      ...(parent === undefined ? {} : { parent }),
    };
    const outcome = await runPlan(plan, request, host, { stubs });
    const finishedAt = Date.now();
    // A run is over when all that it started is: nothing must go on unseen.
    const others = (await Promise.all(started)).flatMap(({ started: theirs = [], ...one }) => [one, ...theirs]);
    return {
      runId,
      workflow: plan.name,
      status: outcome.status,
      startedAt: new Date(startedAt).toISOString(),
      finishedAt: new Date(finishedAt).toISOString(),
      durationMs: finishedAt - startedAt,
      ...(outcome.outputs === undefined ? {} : { outputs: opened.mask(outcome.outputs) }),
      ...(outcome.error === undefined ? {} : { error: opened.mask(outcome.error) }),
      steps: records.list(),
      ...(others.length === 0 ? {} : { started: others }),
    };
  }

  return { check, run, dryRun: preview, project, close: async () => (await project).close() };
}

const refused = (findings: Finding[]): Refused => ({ status: "refused", findings });

/** A log without the secrets of any connector: a console step, or a plugin's own step, may have been given one. */
function maskedLog(project: Project, log: Logger): Logger {
  const mask =
    (level: keyof Logger): Logger["info"] =>
    (message, fields) =>
      log[level](project.mask(message), fields === undefined ? undefined : project.mask(fields));
  return { debug: mask("debug"), info: mask("info"), warn: mask("warn"), error: mask("error") };
}

function disabled(plan: Plan, file: string): Finding {
  return {
    code: "workflow-invalid",
    severity: "error",
    message: `The workflow ${plan.name} is switched off (enabled: false).`,
    file,
    path: "enabled",
    hint: "Set enabled: true to run it.",
  };
}

const isError = (finding: Finding) => finding.severity === "error";

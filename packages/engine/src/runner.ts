import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";

import { StepwireError, type ErrorJson, type Finding, type Logger } from "@stepwire/core";
import { decodeUtf8, Project, UTF8_HINT, type ProjectOptions } from "@stepwire/host";
import {
  checkInputs,
  dryRun,
  NOT_HERE,
  planWorkflow,
  readStubs,
  readWorkflow,
  requestInputs,
  runPlan,
  type Plan,
  type StepEvent,
} from "@stepwire/workflow";

import { ProjectCatalog } from "./catalog.ts";
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
  check(file: string): Promise<{ plan?: Plan; findings: Finding[] }>;
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

const SILENT: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const NEVER = new AbortController().signal;

/** Runs workflows of one project with the connector packages installed in it. Throws `usage-invalid` for stubs that are none. */
export function createRunner(options: RunnerOptions = {}): Runner {
  const project = Project.open(options);
  const { log = SILENT, variables = {} } = options;
  const stubs = readStubs(options.stubs ?? {});

  async function check(file: string): Promise<{ plan?: Plan; findings: Finding[] }> {
    const opened = await project;
    const read = await readText(path.resolve(options.cwd ?? ".", file));
    if ("finding" in read) return { findings: [read.finding] };
    const draft = readWorkflow(read.text, file, { variables });
    const catalog = new ProjectCatalog(opened);
    const { plan, findings } = await planWorkflow(draft, catalog, { stubs });
    // Of a connectors file that cannot be read nothing is known; that a connector is not in it would mislead.
    const { file: connectorsFile } = opened.connectorsFile;
    const unread = opened.findings.some((finding) => isError(finding) && finding.file === connectorsFile);
    const own = unread ? findings.filter(({ code }) => code !== "connector-not-found") : findings;
    const all = [...opened.findings, ...own, ...catalog.connectorFindings];
    return plan === undefined || all.some(isError) ? { findings: all } : { plan, findings: all };
  }

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
    return execute(await project, prepared.plan, prepared.inputs, event, runOptions, prepared.findings);
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
    plan: Plan,
    inputs: Record<string, unknown>,
    event: Record<string, unknown>,
    { signal = NEVER, onStep, onStart }: RunOptions,
    warnings: Finding[],
  ): Promise<RunResult> {
    const runId = randomUUID();
    const startedAt = Date.now();
    const records = new StepRecords();
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
    });
    const outcome = await runPlan(plan, { runId, inputs, event, startedAt, signal }, host, { stubs });
    const finishedAt = Date.now();
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

async function readText(file: string): Promise<{ text: string } | { finding: Finding }> {
  try {
    const text = decodeUtf8(await readFile(file));
    if (text !== undefined) return { text };
    const message = "The workflow file is not UTF-8 text.";
    return { finding: { code: "usage-invalid", severity: "error", message, file, hint: UTF8_HINT } };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const message =
      code === "ENOENT"
        ? "The workflow file does not exist."
        : `The workflow file cannot be read (${code ?? StepwireError.from(error).message}).`;
    const hint = "Paths are relative to the folder the command runs in.";
    return { finding: { code: "usage-invalid", severity: "error", message, file, hint } };
  }
}

import { StepwireError, type Finding, type Logger } from "@stepwire/core";
import { Project, type ProjectOptions } from "@stepwire/host";
import { checkInputs, dryRun, NOT_HERE, readStubs, requestInputs, type Plan, type StepEvent } from "@stepwire/workflow";

import { checkFile, type Checked } from "./check-file.ts";
import { requestOf, type DryRunStep } from "./dry-run.ts";
import { createEmbeddedEngine } from "./embedded/embedded-engine.ts";
import type { Engine, RunResult } from "./engine.ts";
import type { StepRecord } from "./records.ts";
import { FileSources } from "./sources.ts";

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
  /** Keeps the runs; made when it is first asked for. Rejects with `storage`. */
  engine(): Promise<Engine>;
  /** Waits for calls under way and closes every connection. */
  close(): Promise<void>;
}

const SILENT: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** Runs workflows of one project with the connector packages installed in it. Throws `usage-invalid` for stubs that are none. */
export function createRunner(options: RunnerOptions = {}): Runner {
  const project = Project.open(options);
  const { log = SILENT, variables = {}, stubs: givenStubs = {} } = options;
  const stubs = readStubs(givenStubs);
  let started: Promise<Engine> | undefined;
  const engine = (): Promise<Engine> => {
    started ??= project.then((opened) =>
      createEmbeddedEngine({ ...opened.settings.runtime, project: opened, log: maskedLog(opened, log) }),
    );
    return started;
  };

  const check = async (file: string): Promise<Checked> =>
    checkFile(await project, file, { sources: new FileSources(options.cwd ?? "."), variables, stubs });

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
    { onStart, ...watch }: RunOptions = {},
  ): Promise<RunResult | Refused> {
    const prepared = await prepare(file, event, watch);
    if (prepared.status === "refused") return prepared;
    const { plan, inputs, findings } = prepared;
    const submission = { plan, inputs, event, variables, stubs: givenStubs };
    const follow = {
      ...watch,
      onStart: (runId: string) => onStart?.({ runId, workflow: plan.name, warnings: findings }),
    };
    try {
      return await (
        await (await engine()).submit(submission, follow)
      ).result;
    } catch (error) {
      // What keeps the runs cannot be used: no step has begun.
      const { code, message } = StepwireError.from(error);
      return refused([...findings, { code, severity: "error", message }]);
    }
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

  return {
    check,
    run,
    dryRun: preview,
    project,
    engine,
    async close() {
      await started?.then(
        (open) => open.close(),
        () => undefined,
      );
      await (await project).close();
    },
  };
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

import { parseArgs } from "node:util";

import { nearest } from "@stepwire/core";
import type { Engine, RunStatus, RunSummary } from "@stepwire/engine";

import { COMMON, outputFormat, parseCommand } from "../args.ts";
import { EXIT } from "../exit-codes.ts";
import { cleanLine } from "../output/clean.ts";
import { RUN_STATUSES, paintStatus, statusText } from "../output/run-status.ts";
import { printRuns } from "../output/runs-table.ts";
import { showRun } from "../output/show-run.ts";
import { note, printJson, printLine } from "../output/terminal.ts";
import { waysOn } from "../output/ways-on.ts";
import { usage } from "../refusal.ts";
import { RESUME_OPTIONS, resume, RETRY_OPTIONS, retry } from "./runs-again.ts";
import { idOf, withEngine } from "./runs-engine.ts";

const LIST_OPTIONS = { ...COMMON, status: { type: "string" }, limit: { type: "string" } } as const;
const SHOW_OPTIONS = { ...COMMON, verbose: { type: "boolean" } } as const;

const COMMANDS: Record<string, (args: string[]) => Promise<number>> = { list, show, resume, retry, cancel };

export async function runs(args: string[]): Promise<number> {
  // Which options there are depends on the command; here only its name is looked for.
  const options = { ...LIST_OPTIONS, ...SHOW_OPTIONS, ...RESUME_OPTIONS, ...RETRY_OPTIONS };
  const [what = "list"] = parseArgs({ args, options, strict: false, allowPositionals: true }).positionals;
  const command = Object.hasOwn(COMMANDS, what) ? COMMANDS[what] : undefined;
  if (command !== undefined) return command(args);
  const names = Object.keys(COMMANDS);
  const close = nearest(what, names);
  const hint = `There are ${names.slice(0, -1).join(", ")} and ${names.at(-1)}.`;
  throw usage(`There is no runs ${what}.`, close === undefined ? hint : `Did you mean ${close}?`);
}

async function list(args: string[]): Promise<number> {
  const { values, positionals } = parseCommand(args, LIST_OPTIONS);
  if (positionals.length > 1) throw usage(`runs list does not take ${positionals[1]}.`, "See stepwire help runs.");
  const output = outputFormat(values.output);
  const status = values.status === undefined ? undefined : statusOf(values.status);
  const limit = values.limit === undefined ? undefined : limitOf(values.limit);
  return withEngine(values, {}, async ({ engine, folder }) => {
    const found = await engine.list({
      ...(status === undefined ? {} : { status }),
      ...(limit === undefined ? {} : { limit }),
    });
    if (output === "json") printJson({ runs: found });
    else if (found.length > 0) printRuns(found);
    else printLine(`No ${status === undefined ? "" : `${statusText(status)} `}runs in ${cleanLine(folder)}.`);
    return EXIT.done;
  });
}

async function show(args: string[]): Promise<number> {
  const { values, positionals } = parseCommand(args, SHOW_OPTIONS);
  const id = idOf("show", positionals);
  const output = outputFormat(values.output);
  return withEngine(values, {}, async ({ engine }) => {
    const run = await engine.get(id);
    if (output === "json") printJson(run);
    else {
      showRun(run, values.verbose === true);
      for (const line of waysOn(run)) note(line);
    }
    return EXIT.done;
  });
}

/** How long a run is waited for, and how often it is looked at. */
const LONGEST_WAIT_MS = 10_000;
const LOOK_EVERY_MS = 100;

async function cancel(args: string[]): Promise<number> {
  const { values, positionals } = parseCommand(args, COMMON);
  const id = idOf("cancel", positionals);
  const output = outputFormat(values.output);
  return withEngine(values, {}, async ({ engine }) => {
    await engine.cancel(id);
    const run = await untilOver(engine, id);
    if (output === "json") printJson(run);
    else printLine(`${paintStatus(run.status)}  ${cleanLine(run.workflow)}  run ${run.runId}`);
    if (run.finishedAt !== undefined) return EXIT.done;
    note(
      `It was asked to stop ${LONGEST_WAIT_MS / 1000} s ago, and has not ended yet. It does when its process listens.`,
    );
    note(`If that hangs, end it, then: stepwire runs cancel ${run.runId}`);
    return EXIT.failed;
  });
}

async function untilOver(engine: Engine, id: string): Promise<RunSummary> {
  const until = Date.now() + LONGEST_WAIT_MS;
  for (;;) {
    const { runId, workflow, status, startedAt, finishedAt } = await engine.get(id);
    const run = { runId, workflow, status, startedAt, ...(finishedAt === undefined ? {} : { finishedAt }) };
    if (finishedAt !== undefined || Date.now() >= until) return run;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

function statusOf(text: string): RunStatus {
  const known = RUN_STATUSES.find((status) => status === text.replace(" ", "_"));
  if (known !== undefined) return known;
  const close = nearest(text, RUN_STATUSES);
  throw usage(
    `No run can be ${text}.`,
    close === undefined ? `--status takes ${RUN_STATUSES.join(", ")}.` : `Did you mean ${close}?`,
  );
}

function limitOf(text: string): number {
  const limit = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
  if (limit === undefined) throw usage(`--limit takes a whole number from 1, not ${text}.`);
  return limit;
}

import { createDryRunTransport } from "@stepwire/host";
import { createRunner, type Runner } from "@stepwire/engine";

import { COMMON, parseCommand, projectOptions } from "../args.ts";
import { EXIT } from "../exit-codes.ts";
import { FOLLOW_OPTIONS, followOf, report, watchOf, type Follow } from "../follow.ts";
import { MOST_COUNTED, noteInterrupted } from "../output/interrupted.ts";
import { printPreview } from "../output/preview.ts";
import { noteFindings, noteRefused } from "../output/result.ts";
import { printJson } from "../output/terminal.ts";
import { readMapFile, TEMPLATE_OPTIONS, templateOptions } from "../read-data.ts";
import { usage } from "../refusal.ts";
import { keepSecretsOf } from "../secrets.ts";

const OPTIONS = {
  ...COMMON,
  event: { type: "string" },
  input: { type: "string", multiple: true },
  inputs: { type: "string" },
  ...TEMPLATE_OPTIONS,
  "dry-run": { type: "boolean" },
  ...FOLLOW_OPTIONS,
} as const;

interface Begin {
  file: string;
  event: Record<string, unknown>;
  given: { inputs?: Record<string, unknown> };
}

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseCommand(args, OPTIONS);
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0)
    throw usage("run takes one workflow file.", "Example: stepwire run workflows/notify.yaml");
  const follow = followOf(values, file);
  const fromStdin = (["event", "inputs", "var-file", "stub"] as const).filter((option) => values[option] === "-");
  if (fromStdin.length > 1)
    throw usage(
      `Only one of ${fromStdin.map((option) => `--${option}`).join(" and ")} can read standard input.`,
      "Name a file for the other one.",
    );
  const event = values.event === undefined ? {} : await readMapFile(values.event, "--event");
  const begin = { file, event, given: await readInputs(values.inputs, values.input) };
  const runner = createRunner({
    ...projectOptions(values),
    ...(await templateOptions(values)),
    log: follow.progress.logger(),
    ...(values["dry-run"] === true ? { transport: createDryRunTransport } : {}),
  });
  try {
    keepSecretsOf(await runner.project);
    return values["dry-run"] === true ? await preview(runner, begin, follow) : await begun(runner, begin, follow);
  } finally {
    follow.progress.end();
    await runner.close();
  }
}

async function begun(runner: Runner, { file, event, given }: Begin, follow: Follow): Promise<number> {
  const { progress, format } = follow;
  const result = await runner.run(file, event, {
    ...given,
    ...watchOf(progress),
    onStart: ({ workflow, runId, warnings }) => {
      if (!format.quiet) noteFindings(warnings, format);
      progress.begun({ runId, workflow });
      if (!format.quiet) void tellInterrupted(runner, format.logFormat);
    },
  });
  return report(result, follow);
}

/** A run that was broken off is not taken up by the next one; somebody has to know of it. */
async function tellInterrupted(runner: Runner, logFormat: Follow["format"]["logFormat"]): Promise<void> {
  try {
    const engine = await runner.engine();
    noteInterrupted(await engine.list({ status: "interrupted", limit: MOST_COUNTED }), logFormat);
  } catch {
    // What is wrong with the data folder ends the run itself.
  }
}

async function preview(runner: Runner, { file, event, given }: Begin, { format, output }: Follow): Promise<number> {
  const result = await runner.dryRun(file, event, given);
  if (output === "json") printJson(result);
  else if (result.status === "refused") noteRefused(result, format);
  else {
    noteFindings(result.findings, format);
    printPreview(result);
  }
  return result.status === "refused" ? EXIT.refused : EXIT.done;
}

async function readInputs(
  file: string | undefined,
  pairs: string[] = [],
): Promise<{ inputs?: Record<string, unknown> }> {
  if (file === undefined && pairs.length === 0) return {};
  const inputs = new Map(Object.entries(file === undefined ? {} : await readMapFile(file, "--inputs")));
  for (const pair of pairs) {
    const equals = pair.indexOf("=");
    if (equals < 1) throw usage(`--input ${pair}: write it as NAME=VALUE.`);
    inputs.set(pair.slice(0, equals), pair.slice(equals + 1));
  }
  return { inputs: Object.fromEntries(inputs) };
}

import { createDryRunTransport } from "@stepwire/host";
import { createRunner, type Refused, type RunResult } from "@stepwire/engine";

import { COMMON, outputFormat, parseCommand, projectOptions } from "../args.ts";
import { EXIT } from "../exit-codes.ts";
import { printPreview } from "../output/preview.ts";
import { Progress, type LogFormat } from "../output/progress.ts";
import { noteEnd, noteFindings, noteRefused, printResult } from "../output/result.ts";
import { printJson } from "../output/terminal.ts";
import { readMapFile, TEMPLATE_OPTIONS, templateOptions } from "../read-data.ts";
import { usage } from "../refusal.ts";
import { keepSecretsOf } from "../secrets.ts";
import { STOPPING, stopOnSignals } from "../signals.ts";

const OPTIONS = {
  ...COMMON,
  event: { type: "string" },
  input: { type: "string", multiple: true },
  inputs: { type: "string" },
  ...TEMPLATE_OPTIONS,
  "dry-run": { type: "boolean" },
  verbose: { type: "boolean" },
  quiet: { type: "boolean" },
  "log-format": { type: "string", default: "text" },
} as const;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseCommand(args, OPTIONS);
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0)
    throw usage("run takes one workflow file.", "Example: stepwire run workflows/notify.yaml");
  const output = outputFormat(values.output);
  const logFormat = logFormatOf(values["log-format"]);
  const fromStdin = (["event", "inputs", "var-file", "stub"] as const).filter((option) => values[option] === "-");
  if (fromStdin.length > 1)
    throw usage(
      `Only one of ${fromStdin.map((option) => `--${option}`).join(" and ")} can read standard input.`,
      "Name a file for the other one.",
    );
  const event = values.event === undefined ? {} : await readMapFile(values.event, "--event");
  const inputs = await readInputs(values.inputs, values.input);

  const format = { file, quiet: values.quiet === true, logFormat };
  const progress = new Progress({ ...format, verbose: values.verbose === true });
  const runner = createRunner({
    ...projectOptions(values),
    ...(await templateOptions(values)),
    log: progress.logger(),
    ...(values["dry-run"] === true ? { transport: createDryRunTransport } : {}),
  });
  try {
    keepSecretsOf(await runner.project);
    if (values["dry-run"] === true) {
      const preview = await runner.dryRun(file, event, inputs);
      if (output === "json") printJson(preview);
      else if (preview.status === "refused") noteRefused(preview, format);
      else {
        noteFindings(preview.findings, format);
        printPreview(preview);
      }
      return preview.status === "refused" ? EXIT.refused : EXIT.done;
    }
    const signal = stopOnSignals(
      () => progress.line(STOPPING, "cancelling", {}, "warn"),
      () => progress.end(),
    );
    const result = await runner.run(file, event, {
      ...inputs,
      signal,
      onStart: ({ workflow, runId, warnings }) => {
        if (!format.quiet) noteFindings(warnings, format);
        progress.begun({ runId, workflow });
      },
      onStep: (stepEvent, record) => {
        if (record === undefined) return;
        if (stepEvent.kind === "started") progress.started(record);
        else if (stepEvent.kind === "finished") progress.finished(record);
        else progress.retrying(record, stepEvent.delayMs);
      },
    });
    progress.end();
    if (output === "json") printJson(result);
    if (result.status === "refused") {
      if (output === "text" || logFormat === "json") noteRefused(result, format);
    } else if (output === "text") printResult(result, format);
    else noteEnd(result, format);
    return exitCode(result);
  } finally {
    progress.end();
    await runner.close();
  }
}

function logFormatOf(value: string): LogFormat {
  if (value === "text" || value === "json") return value;
  throw usage(`--log-format is text or json, not ${value}.`);
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

function exitCode(result: RunResult | Refused): number {
  switch (result.status) {
    case "completed":
      return EXIT.done;
    case "failed":
      return result.error?.code === "internal" ? EXIT.fault : EXIT.failed;
    case "cancelled":
    case "timed_out":
      return EXIT.stopped;
    case "refused":
      return EXIT.refused;
  }
}

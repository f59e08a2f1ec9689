import { createDryRunTransport } from "@stepwire/host";
import { createRunner, type DryRunResult, type Refused, type RunResult } from "@stepwire/engine";

import { COMMON, outputFormat, parseCommand, projectOptions, usage } from "../args.ts";
import { EXIT } from "../exit-codes.ts";
import { formatFindings } from "../output/findings.ts";
import { Progress } from "../output/progress.ts";
import { formatDuration, note, paint, printJson, printLine } from "../output/terminal.ts";
import { readMapFile } from "../read-data.ts";

const OPTIONS = {
  ...COMMON,
  event: { type: "string" },
  input: { type: "string", multiple: true },
  inputs: { type: "string" },
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
  const logFormat = values["log-format"];
  if (logFormat !== "text" && logFormat !== "json") throw usage(`--log-format is text or json, not ${logFormat}.`);
  const event = values.event === undefined ? {} : await readMapFile(values.event, "--event");
  const inputs = await readInputs(values.inputs, values.input);

  const progress = new Progress({ quiet: values.quiet === true, verbose: values.verbose === true, logFormat });
  const runner = createRunner({
    ...projectOptions(values),
    log: progress.logger(),
    ...(values["dry-run"] === true ? { transport: createDryRunTransport } : {}),
  });
  try {
    if (values["dry-run"] === true) {
      const preview = await runner.dryRun(file, event, inputs);
      if (output === "json") printJson(preview);
      else printPreview(preview);
      return preview.status === "refused" ? EXIT.refused : EXIT.done;
    }
    const stop = stopOnSignals();
    const result = await runner.run(file, event, {
      ...inputs,
      signal: stop.signal,
      onStart: ({ workflow, runId, warnings }) => {
        if (warnings.length > 0) progress.line(formatFindings(warnings));
        progress.line(`${paint("bold", workflow, process.stderr)}  ${paint("dim", `run ${runId}`, process.stderr)}`);
      },
      onStep: (stepEvent, record) => {
        if (record === undefined) return;
        if (stepEvent.kind === "started") progress.started(record);
        else if (stepEvent.kind === "finished") progress.finished(record);
        else progress.retrying(record, stepEvent.delayMs, stepEvent.error.message);
      },
    });
    stop.release();
    progress.end();
    if (output === "json") printJson(result);
    else printResult(result);
    return exitCode(result);
  } finally {
    progress.end();
    await runner.close();
  }
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

/** The first Ctrl-C cancels the running step cleanly, the second one ends the process at once. */
function stopOnSignals(): { signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(EXIT.stopped);
    note("Cancelling; once more to stop at once.");
    controller.abort();
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  return { signal: controller.signal, release: () => void process.off("SIGINT", onSignal).off("SIGTERM", onSignal) };
}

function printResult(result: RunResult | Refused): void {
  if (result.status === "refused") {
    note(formatFindings(result.findings));
    note(`${paint("red", "refused", process.stderr)}: nothing was sent`);
    return;
  }
  const color = result.status === "completed" ? "green" : result.status === "failed" ? "red" : "yellow";
  printLine(`${paint(color, result.status.replace("_", " "))} in ${formatDuration(result.durationMs)}`);
  if (result.error !== undefined) note(`${paint("red", result.error.code, process.stderr)}  ${result.error.message}`);
  if (result.outputs !== undefined) printLine(JSON.stringify(result.outputs, null, 2));
}

function printPreview(preview: DryRunResult | Refused): void {
  if (preview.findings.length > 0) note(formatFindings(preview.findings));
  if (preview.status === "refused") return;
  printLine(`${paint("bold", preview.workflow)}  dry run: nothing is sent`);
  for (const step of preview.steps) {
    printLine(
      `\n${paint("cyan", step.path)}  ${step.type}${step.connectorId === undefined ? "" : `  ${step.connectorId}`}`,
    );
    for (const condition of step.when) printLine(paint("dim", `  if ${condition}`));
    if (step.error !== undefined) printLine(`  ${paint("red", step.error.code)}  ${step.error.message}`);
    if (step.request === undefined) continue;
    printLine(`  ${step.request.method} ${step.request.url}`);
    for (const [name, value] of Object.entries(step.request.headers)) printLine(paint("dim", `  ${name}: ${value}`));
    if (step.request.body !== undefined) printLine(indent(JSON.stringify(step.request.body, null, 2)));
  }
}

const indent = (text: string) => text.replaceAll(/^/gm, "  ");

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

import { parseArgs } from "node:util";

import { nearest } from "@stepwire/core";
import { Project, type ConnectorEntry } from "@stepwire/host";

import { ADD_OPTIONS } from "../add/options.ts";
import { COMMON, outputFormat, parseCommand, projectOptions, takeAtMost } from "../args.ts";
import { callConnector, exitCodeOf } from "../connector-call.ts";
import { asWritten } from "../as-written.ts";
import { EXIT } from "../exit-codes.ts";
import { cleanLine, safeJson, shellWord } from "../output/clean.ts";
import { formatFindings, hasErrors } from "../output/findings.ts";
import { refuse } from "../output/refused.ts";
import { note, paint, printJson, printLine, table } from "../output/terminal.ts";
import { readParams } from "../read-data.ts";
import { problemRefusal, refusal, usage } from "../refusal.ts";
import { keepSecretsOf } from "../secrets.ts";
import { STOPPING, stopOnSignals } from "../signals.ts";

const OPTIONS = { ...COMMON, params: { type: "string" } } as const;
type Format = "text" | "json";

export async function connectors(args: string[]): Promise<number> {
  if (isAdd(args)) return (await import("./add.ts")).add(args);
  const { values, positionals } = parseCommand(args, OPTIONS);
  const [what = "list", name, action] = positionals;
  takeAtMost(what === "list" ? 1 : what === "exec" ? 3 : 2, positionals, "connectors");
  const output = outputFormat(values.output);
  const project = await Project.open(projectOptions(values));
  try {
    keepSecretsOf(project);
    if (hasErrors(project.findings)) return refuse([...project.findings], output);
    switch (what) {
      case "list":
        return list(project, output);
      case "show":
        return await show(project, entryOf(project, name), output);
      case "test":
        return await test(project, entryOf(project, name), values.params, output);
      case "exec":
        return await exec(project, name, action, values.params, output);
      default: {
        const close = nearest(what, ["list", "show", "test", "add", "exec"]);
        throw usage(
          `There is no connectors ${what}.`,
          close === undefined ? "There are list, show, test, add and exec." : `Did you mean ${close}?`,
        );
      }
    }
  } finally {
    await project.close();
  }
}

/** `add` has options of its own; which of them there are is judged there. */
function isAdd(args: string[]): boolean {
  const { positionals } = parseArgs({ args, options: ADD_OPTIONS, strict: false, allowPositionals: true });
  return positionals[0] === "add";
}

function list(project: Project, output: Format): number {
  const entries = project.connectorsFile.connectors.map(({ id, name, type }) => {
    const found = project.registry.connectorType(type);
    return { id, name, type, installed: !("code" in found), ...("code" in found ? { reason: found.message } : {}) };
  });
  if (output === "json") printJson({ connectors: entries });
  else if (entries.length === 0) printLine(`No connectors in ${cleanLine(project.connectorsFile.file)}.`);
  else
    printLine(
      table(
        entries.map((entry) => [
          cleanLine(entry.name),
          cleanLine(entry.type),
          cleanLine(entry.id),
          entry.installed ? "" : paint("red", cleanLine(entry.reason ?? "")),
        ]),
      ),
    );
  return EXIT.done;
}

async function show(project: Project, entry: ConnectorEntry, output: Format): Promise<number> {
  const shown = asWritten(entry);
  const findings = await project.checkConnector(entry);
  if (output === "json") printJson({ ...shown, findings });
  else {
    printJson(shown);
    if (findings.length > 0) note(formatFindings(findings));
  }
  return hasErrors(findings) ? EXIT.refused : EXIT.done;
}

/** A type without a test that only reads is tested by its default action, for real, which therefore takes `--params`. */
async function test(
  project: Project,
  entry: ConnectorEntry,
  params: string | undefined,
  output: Format,
): Promise<number> {
  const findings = await project.checkConnector(entry);
  if (hasErrors(findings)) return refuse(findings, output);
  const found = project.registry.connectorType(entry.type);
  if ("code" in found) throw problemRefusal(found);
  const { testable, defaultAction } = found.type;
  const connector = await project.connector(entry.id);
  if (testable) {
    if (params !== undefined)
      throw usage(`${cleanLine(entry.name)} is tested by reading alone.`, "Leave --params out.");
    return settle(entry.id, (options) => connector.test(options), output, `${cleanLine(entry.name)} works`);
  }
  if (params === undefined || defaultAction === undefined) {
    const exec = `stepwire connectors exec ${shellWord(entry.name)} ACTION --params JSON`;
    throw usage(
      `${entry.type} has nothing that can be tested by reading alone.`,
      defaultAction === undefined
        ? `Run one of its actions instead: ${exec}`
        : `Give --params to run ${defaultAction} for real, or run another of its actions: ${exec}`,
    );
  }
  const input = await readParams(params);
  return settle(entry.id, (options) => connector.run(defaultAction, input, options), output);
}

async function exec(
  project: Project,
  name: string | undefined,
  action: string | undefined,
  params: string | undefined,
  output: Format,
): Promise<number> {
  if (name === undefined || action === undefined)
    throw usage(
      "connectors exec takes a connector and an action.",
      'Example: stepwire connectors exec my-slack postMessage --params \'{"message": "hello"}\'',
    );
  const input = params === undefined ? {} : await readParams(params);
  if (name === "-") {
    const resolved = project.registry.resolve(action);
    if ("code" in resolved) throw problemRefusal(resolved);
    if (resolved.kind !== "action" || !resolved.type.optional)
      throw usage(`${action} needs a connector.`, "stepwire connectors list shows those that are configured.");
    const connector = await project.withoutConnector(resolved.type.id);
    return settle("-", (options) => connector.run(resolved.action, input, options), output);
  }
  const entry = entryOf(project, name);
  const findings = await project.checkConnector(entry);
  if (hasErrors(findings)) return refuse(findings, output);
  const resolved = project.registry.resolve(action.includes(".") ? action : `${entry.type}.${action}`);
  if ("code" in resolved) throw problemRefusal(resolved);
  const own = project.registry.connectorType(entry.type);
  if (resolved.kind !== "action" || "code" in own || own.type.id !== resolved.type.id) {
    throw refusal("connector-type-mismatch", `${name} is of the type ${entry.type} and has no action ${action}.`, {
      hint: `stepwire types ${entry.type} lists its actions.`,
    });
  }
  const connector = await project.connector(entry.id);
  return settle(entry.id, (options) => connector.run(resolved.action, input, options), output);
}

/** Runs one call and says how it ended. Params that do not fit were refused before anything was sent. */
async function settle(
  connectorId: string,
  call: Parameters<typeof callConnector>[1],
  output: Format,
  done?: string,
): Promise<number> {
  const signal = stopOnSignals(() => note(STOPPING));
  const outcome = await callConnector(signal, call);
  const { status, ...rest } = outcome;
  if (output === "json") printJson({ status, connectorId, ...rest });
  else if (outcome.status === "ok") printLine(done ?? safeJson(outcome.data, 2));
  else note(`${paint("red", outcome.error.code, process.stderr)}  ${cleanLine(outcome.error.message)}`);
  return exitCodeOf(outcome);
}

function entryOf(project: Project, name: string | undefined): ConnectorEntry {
  if (name === undefined) throw usage("Which connector? Give its name or id.", "stepwire connectors list shows them.");
  const found = project.findConnector(name);
  if ("entry" in found) return found.entry;
  throw problemRefusal(found.problem);
}

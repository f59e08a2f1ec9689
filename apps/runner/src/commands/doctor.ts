import { formatPath, StepwireError, type Finding } from "@stepwire/core";
import { isIdentifier, Project, splitReferences, unmaskedSecrets } from "@stepwire/host";

import { isOpenToOthers } from "../add/exposed.ts";
import { COMMON, outputFormat, parseCommand, projectOptions, takeAtMost } from "../args.ts";
import { EXIT } from "../exit-codes.ts";
import { cleanLine } from "../output/clean.ts";
import { formatFindings, hasErrors } from "../output/findings.ts";
import { note, paint, printJson, printLine, section, table } from "../output/terminal.ts";
import { keepSecretsOf } from "../secrets.ts";
import { VERSION } from "../version.ts";
import { describeRuns, examineRuns, type RunsReport } from "./doctor-runs.ts";
import { examineUrl, printUrl, type UrlReport } from "./doctor-url.ts";

interface Diagnosis {
  stepwire: string;
  node: string;
  project: string;
  connectorsFile: string;
  settingsFile: string | null;
  plugins: { package: string; version: string; types: string[]; status: "ok" | "broken"; reason?: string }[];
  connectors: { id: string; name: string; type: string; status: "ok" | "broken" }[];
  runs: RunsReport;
  url?: UrlReport;
  findings: Finding[];
}

export async function doctor(args: string[]): Promise<number> {
  const { values, positionals } = parseCommand(args, { ...COMMON, url: { type: "string" } });
  takeAtMost(0, positionals, "doctor");
  const output = outputFormat(values.output);
  const project = await Project.open(projectOptions(values));
  try {
    keepSecretsOf(project);
    const findings: Finding[] = [...project.findings, ...exposedEnv(project.environment.file)];
    const diagnosis: Diagnosis = {
      stepwire: VERSION,
      node: process.versions.node,
      project: project.folder,
      connectorsFile: project.connectorsFile.file,
      settingsFile: project.settingsFile ?? null,
      plugins: await examinePlugins(project, findings),
      connectors: await examineConnectors(project, findings),
      runs: await examineRuns(project, findings),
      ...(values.url === undefined ? {} : { url: await examineUrl(project, values.url) }),
      findings,
    };
    if (output === "json") printJson(diagnosis);
    else print(diagnosis);
    return hasErrors(findings) ? EXIT.refused : EXIT.done;
  } finally {
    await project.close();
  }
}

/** Unlike a listing, this imports every package: what is broken shall be found here and not in the night. */
async function examinePlugins(project: Project, findings: Finding[]): Promise<Diagnosis["plugins"]> {
  const { registry } = project;
  for (const { id, packages } of registry.conflicts()) {
    const message = `${packages.join(" and ")} both provide ${id}.`;
    const hint = `Choose in the settings file: plugins: { prefer: { ${id}: "${packages[0]}" } }`;
    findings.push({ code: "plugin-conflict", severity: "error", message, hint });
  }
  const plugins: Diagnosis["plugins"] = [];
  for (const plugin of registry.packages) {
    const entry = { package: plugin.name, version: plugin.version };
    const { manifest } = plugin;
    const types =
      manifest === undefined
        ? []
        : [...manifest.connectorTypes.map((type) => type.id), ...manifest.steps.map((step) => step.type)];
    let problem = plugin.broken === undefined ? undefined : { code: plugin.broken.code, reason: plugin.broken.reason };
    if (manifest !== undefined) {
      try {
        await registry.load({ ...plugin, manifest });
      } catch (error) {
        const { code, message } = StepwireError.from(error);
        problem = { code: code === "contract-unsupported" ? code : "plugin-invalid", reason: message };
      }
    }
    plugins.push({
      ...entry,
      types,
      ...(problem === undefined ? { status: "ok" } : { status: "broken", reason: problem.reason }),
    });
    if (problem === undefined) continue;
    const message = problem.reason.startsWith(plugin.name) ? problem.reason : `${plugin.name}: ${problem.reason}`;
    findings.push({
      code: problem.code,
      severity: "error",
      message,
      hint: "Update or reinstall the package, or exclude it with plugins.exclude.",
    });
  }
  return plugins;
}

async function examineConnectors(project: Project, findings: Finding[]): Promise<Diagnosis["connectors"]> {
  const connectors: Diagnosis["connectors"] = [];
  const names = new Set<string>();
  for (const entry of project.connectorsFile.connectors) {
    const own: Finding[] = [];
    if (names.has(entry.name)) {
      const message = `Another connector is named ${JSON.stringify(entry.name)} too, so neither is found by its name.`;
      const hint = "Give each a name of its own, or refer to them by id.";
      own.push(entry.finding(["name"], { code: "connector-ambiguous", severity: "warning", message, hint }));
    }
    names.add(entry.name);
    try {
      own.push(...(await project.checkConnector(entry)));
    } catch (error) {
      const { code, message } = StepwireError.from(error);
      own.push(entry.finding(["type"], { code, message }));
    }
    const status = hasErrors(own) ? "broken" : "ok";
    own.push(...insecurities(entry), ...(status === "ok" ? await shortSecrets(project, entry) : []));
    connectors.push({ id: entry.id, name: entry.name, type: entry.type, status });
    findings.push(...own);
  }
  return connectors;
}

type Entry = Project["connectorsFile"]["connectors"][number];

function exposedEnv(file: string | undefined): Finding[] {
  if (file === undefined || !isOpenToOthers(file)) return [];
  const message = "Every user of this machine can read the env file.";
  return [
    { code: "secrets-invalid", severity: "warning", message, file, hint: "Take that permission away: chmod o-r" },
  ];
}

/** Secrets that stand in the file for all to read. */
function insecurities(entry: Entry): Finding[] {
  const findings: Finding[] = [];
  const walk = (value: unknown, path: (string | number)[]): void => {
    if (typeof value === "object" && value !== null) {
      for (const [key, item] of Object.entries(value)) walk(item, [...path, key]);
      return;
    }
    const inClear = isIdentifier(String(path[1])) ? "nothing" : whatIsInClear(value);
    if (inClear === "nothing") return;
    const message = `${inClear === "part" ? "A part of " : ""}${formatPath(path)} stands in the file in clear.`;
    const hint = "Put it into .env or a file and write ${env:NAME} or ${file:PATH} here.";
    findings.push(entry.finding(path, { code: "secrets-invalid", severity: "warning", message, hint }));
  };
  walk(entry.secrets, ["secrets"]);
  if (entry.network["proxyPassword"] !== undefined) walk(entry.network["proxyPassword"], ["network", "proxyPassword"]);
  return findings;
}

/** As many characters beside a reference may be a secret; fewer are the words of a path or of a header. */
const SECRET_LENGTH = 16;

function whatIsInClear(value: unknown): "all" | "part" | "nothing" {
  if (value === undefined || value === null || value === "") return "nothing";
  // A number or true, where only a text belongs, is as readable as a text.
  if (typeof value !== "string") return "all";
  const parts = splitReferences(value);
  if (parts.every((part) => part.literal)) return "all";
  // No host is secret, but a user and password before it are. NUL stands for a reference, so that it may be among them.
  const literals = parts
    .map((part) => (part.literal ? part.text : "\0"))
    .join("")
    .replace(/^[a-z][a-z\d+.-]*:\/\/(?:([^/?#\s]*)@)?[^/?#\s\0]*/i, "$1\0")
    .split("\0");
  return literals.some((text) => text.replaceAll("/", "").length >= SECRET_LENGTH) ? "part" : "nothing";
}

/** Secrets too short to be masked without blotting out harmless words. */
async function shortSecrets(project: Project, entry: Entry): Promise<Finding[]> {
  const secrets = await project.secretsOf(entry);
  return unmaskedSecrets(secrets).map((path) => {
    const message = `${formatPath(["secrets", ...path])} has fewer than 8 characters, so it is not masked in output.`;
    return entry.finding(["secrets", ...path], {
      code: "secrets-invalid",
      severity: "warning",
      message,
      hint: "Use a longer one.",
    });
  });
}

function print(diagnosis: Diagnosis): void {
  const { plugins, connectors, runs, url, findings } = diagnosis;
  printLine(
    table([
      ["stepwire", `${diagnosis.stepwire} on Node ${diagnosis.node}`],
      ["project", diagnosis.project],
      ["connectors", diagnosis.connectorsFile],
      ["settings", diagnosis.settingsFile ?? "none; defaults"],
      ["runs", describeRuns(runs)],
    ]),
  );
  section(
    "Connector packages",
    plugins.map((plugin) => [plugin.package, plugin.version, plugin.types.join(" "), mark(plugin.status)]),
  );
  section(
    "Connectors",
    connectors.map((connector) => [cleanLine(connector.name), cleanLine(connector.type), mark(connector.status)]),
  );
  if (url !== undefined) printUrl(url);
  if (findings.length > 0) note(`\n${formatFindings(findings)}`);
  if (!hasErrors(findings)) printLine(`\n${paint("green", "Nothing is broken.")}`);
}

const mark = (status: "ok" | "broken") => paint(status === "ok" ? "green" : "red", status);

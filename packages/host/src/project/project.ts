import path from "node:path";

import { StepwireError, type AnyConnectorType, type ErrorCode, type Finding } from "@stepwire/core";

import { Connector } from "../connector/connector.ts";
import { openConnector, reachOf } from "../connector/create-connector.ts";
import type { Problem } from "../connector/problem.ts";
import type { Reach } from "../connector/reach.ts";
import { setUpConnector, type ConnectorSetup } from "../connector/setup.ts";
import {
  findConnector,
  loadConnectorsFile,
  type ConnectorEntry,
  type ConnectorsFile,
} from "../files/connectors-file.ts";
import { readEnvironment, type Environment } from "../files/env-file.ts";
import { readConnectorNetwork } from "../files/network.ts";
import { defaultResolvers, resolveReferences, type Resolver, type Resolvers } from "../files/references.ts";
import { loadSettings } from "../files/settings-file.ts";
import type { Settings } from "../files/settings.ts";
import { diagnose, type RouteReport } from "../diagnose/diagnose.ts";
import type { Transport } from "../http/transport.ts";
import { chooseProxy } from "../proxy/proxy.ts";
import { combineMaskers, createMasker, isIdentifier, type Masker } from "../mask.ts";
import { discoverPlugins } from "../plugins/discover.ts";
import { codeOf, PluginRegistry } from "../plugins/registry.ts";
import { defaultFile, findProjectFolder } from "./locate.ts";

/** Where a project's files are; everything not given is looked for in the project's folder. */
export interface ProjectOptions {
  /** The project's folder; the nearest one with a `package.json` above the working folder unless given. */
  project?: string | undefined;
  connectors?: string | undefined;
  settings?: string | undefined;
  envFile?: string | undefined;
  /** The real environment; `process.env` unless given. */
  env?: Readonly<Record<string, string | undefined>> | undefined;
  cwd?: string | undefined;
  /** More kinds of `${name:argument}` beside `env` and `file`. */
  resolvers?: Resolvers | undefined;
  /** Puts something else in place of the network; used by dry runs. */
  transport?: (() => Transport) | undefined;
}

export interface ReferenceProblem {
  code: ErrorCode;
  message: string;
  hint?: string;
}

interface Checked {
  entry: ConnectorEntry;
  type: AnyConnectorType;
  setup?: ConnectorSetup;
  secretTexts?: readonly string[];
  /** What is wrong with the connector, at its places in the connectors file. */
  findings: Finding[];
  /** What was found when the file was read: the connector is without it, and must not be used so. */
  known?: Finding | undefined;
}

/** A project on disk: its settings, its installed plugins and its connectors. Nothing is imported or resolved until asked for. */
export class Project {
  readonly folder: string;
  readonly settings: Settings;
  readonly settingsFile: string | undefined;
  readonly registry: PluginRegistry;
  readonly connectorsFile: ConnectorsFile;
  readonly environment: Environment;
  /** What is wrong with the project's own files; with errors among them nothing should be run. */
  readonly findings: readonly Finding[];
  /** What the settings let this project call. */
  readonly reach: Reach;
  readonly #options: ProjectOptions;
  /** Something wrong with the settings: what it was about stands at its default, which may allow more. */
  readonly #settingsError: Finding | undefined;
  readonly #checked = new Map<string, Promise<Checked>>();
  readonly #open = new Map<string, Promise<Connector>>();
  readonly #maskers: Masker[] = [];
  #masker: Masker = combineMaskers();

  private constructor(
    parts: Pick<
      Project,
      "folder" | "settings" | "settingsFile" | "registry" | "connectorsFile" | "environment" | "findings"
    >,
    settingsError: Finding | undefined,
    options: ProjectOptions,
  ) {
    this.folder = parts.folder;
    this.settings = parts.settings;
    this.settingsFile = parts.settingsFile;
    this.registry = parts.registry;
    this.connectorsFile = parts.connectorsFile;
    this.environment = parts.environment;
    this.findings = parts.findings;
    this.reach = reachOf(parts.settings.network);
    this.#options = options;
    this.#settingsError = settingsError;
    this.#addMasker(createMasker(undefined, { extra: chooseProxy(parts.settings.network).secretTexts }));
  }

  /** Reads the project's files and manifests. Never throws for what is in them. */
  static async open(options: ProjectOptions = {}): Promise<Project> {
    const cwd = path.resolve(options.cwd ?? process.cwd());
    const given = options.project === undefined ? undefined : path.resolve(cwd, options.project);
    const projectFolder = given ?? findProjectFolder(cwd);
    const folder = projectFolder ?? cwd;
    const env = options.env ?? process.env;
    const own = (file: string | undefined) => (file === undefined ? undefined : path.resolve(cwd, file));

    const connectorsPath = own(options.connectors) ?? defaultFile(folder, "connectors").file;
    const connectorsFile = await loadConnectorsFile(connectorsPath);
    const environment = await readEnvironment({
      folder: path.dirname(connectorsPath),
      file: own(options.envFile),
      env,
    });
    const settingsDefault = defaultFile(folder, "stepwire");
    const settingsPath = own(options.settings) ?? (settingsDefault.exists ? settingsDefault.file : undefined);
    const loaded = await loadSettings(settingsPath, environment.variables, folder);
    const { settings, file: settingsFile, findings } = loaded;
    const packages = await discoverPlugins({
      projectFolder,
      exclude: settings.plugins.exclude,
      paths: settings.plugins.paths,
    });

    // Without a connectors file there are no connectors; only one that was named has to be there.
    const missing = !connectorsFile.exists && options.connectors === undefined;
    const all = [...findings, ...environment.findings, ...(missing ? [] : connectorsFile.findings)];
    const registry = new PluginRegistry(packages, settings.plugins.prefer);
    return new Project(
      { folder, settings, settingsFile, registry, connectorsFile, environment, findings: all },
      findings.find(({ severity }) => severity === "error"),
      options,
    );
  }

  /** A connector's entry by id or name. */
  findConnector(reference: string): { entry: ConnectorEntry } | { problem: ReferenceProblem } {
    const found = findConnector(this.connectorsFile, reference);
    return "problem" in found ? found : { entry: found.connector };
  }

  /** The code of an installed connector type; imports its package. Throws StepwireError. */
  async connectorType(id: string): Promise<AnyConnectorType> {
    const found = this.registry.connectorType(id);
    if ("code" in found) throw problemError(found);
    return codeOf(await this.registry.load(found.plugin), found.type.id);
  }

  /** Everything that is wrong with one connector, without the network: references, config, secrets, templates. */
  async checkConnector(entry: ConnectorEntry): Promise<Finding[]> {
    return (await this.#check(entry)).findings;
  }

  /** The resolved secrets of a connector that is in order, for checks on them; never to be shown. */
  async secretsOf(entry: ConnectorEntry): Promise<Readonly<Record<string, unknown>>> {
    return (await this.#check(entry)).setup?.secrets ?? {};
  }

  /**
   * How requests to a URL would leave: without a connector, then with each whose credentials may go there. Connects,
   * but sends no request. Connectors that are not in order are left out.
   */
  async diagnose(url: URL): Promise<RouteReport[]> {
    const reports = [await diagnose(url, this.settings.network)];
    for (const entry of this.connectorsFile.connectors) {
      const { setup, known } = await this.#check(entry).catch((): Partial<Checked> => ({}));
      if (setup === undefined || known !== undefined || !setup.trusted.includes(url)) continue;
      reports.push(await diagnose(url, this.settings.network, { name: entry.name, setup }));
    }
    return this.mask(reports);
  }

  /** The connector with this id or name, ready for calls; made once. Throws StepwireError. */
  async connector(reference: string): Promise<Connector> {
    const found = this.findConnector(reference);
    if ("problem" in found) throw problemError(found.problem);
    const { entry } = found;
    return this.#once(entry.id, async () => {
      this.#refuseBadSettings();
      const { type, setup, secretTexts = [], findings, known } = await this.#check(entry);
      const finding = findings[0] ?? known;
      if (setup === undefined || finding !== undefined) throw unusable(`The connector ${entry.name}`, finding);
      return openConnector(type, {
        name: entry.name,
        network: this.settings.network,
        setup,
        secretTexts,
        ...this.#transport(),
      });
    });
  }

  /** The bare client of a type that works without a connector (`http`). */
  async withoutConnector(typeId: string): Promise<Connector> {
    return this.#once(`-/${typeId}`, async () => {
      this.#refuseBadSettings();
      const type = await this.connectorType(typeId);
      if (type.connection.def.optional !== true)
        throw new StepwireError("connector-not-found", `The type ${typeId} needs a connector.`);
      return openConnector(type, { name: typeId, network: this.settings.network, ...this.#transport() });
    });
  }

  /** Plain data without the secrets of any connector that was opened. */
  mask<T>(value: T): T {
    return this.#masker.value(value);
  }

  /** Waits for calls under way and closes every connection. */
  async close(): Promise<void> {
    const opened = await Promise.allSettled(this.#open.values());
    await Promise.all(opened.map(async (result) => (result.status === "fulfilled" ? result.value.close() : undefined)));
  }

  #once(key: string, make: () => Promise<Connector>): Promise<Connector> {
    let connector = this.#open.get(key);
    if (connector === undefined) {
      connector = make().then((made) => {
        this.#addMasker(made.masker);
        return made;
      });
      this.#open.set(key, connector);
    }
    return connector;
  }

  #refuseBadSettings(): void {
    if (this.#settingsError !== undefined) throw unusable("The settings", this.#settingsError);
  }

  #check(entry: ConnectorEntry): Promise<Checked> {
    let checked = this.#checked.get(entry.id);
    if (checked === undefined) {
      checked = this.#checkNow(entry);
      this.#checked.set(entry.id, checked);
    }
    return checked;
  }

  async #checkNow(entry: ConnectorEntry): Promise<Checked> {
    const type = await this.connectorType(entry.type);
    const findings: Finding[] = [];
    const { resolved, secretTexts } = await this.#resolve(entry);
    this.#addMasker(createMasker(resolved.value.secrets, { extra: secretTexts }));
    for (const problem of resolved.problems) {
      const code = problem.path[0] === "secrets" ? "secrets-invalid" : "config-invalid";
      findings.push(entry.finding(problem.path, { code, message: problem.message, ...hintOf(problem) }, "value"));
    }
    const parts = resolved.value;
    let known: Finding | undefined;
    const network = readConnectorNetwork(parts.network, ["network"], (at, message, hint, of = "value", reason) => {
      const details = reason === undefined ? {} : { details: { reason } };
      const finding = entry.finding(at, { code: "config-invalid", message, ...hintOf({ hint }), ...details }, of);
      // What is wrong with the file as written was found when it was read.
      if (this.findings.some((other) => JSON.stringify(other) === JSON.stringify(finding))) known ??= finding;
      else findings.push(finding);
    });
    if (findings.length > 0) return { entry, type, findings };
    const outcome = setUpConnector(type, { ...parts, network }, this.reach);
    if ("setup" in outcome) return { entry, type, setup: outcome.setup, secretTexts, findings, known };
    return { entry, type, findings: outcome.problems.map((problem) => place(entry, problem)) };
  }

  /**
   * The connector with its references resolved, and every text that a secret's reference gave: where a token is only a
   * part of a secret URL, it must not show up alone either.
   */
  async #resolve(entry: ConnectorEntry) {
    const { baseDir } = this.connectorsFile;
    const resolvers = { ...defaultResolvers(this.environment.variables), ...this.#options.resolvers };
    const secretTexts: string[] = [];
    const noting = Object.fromEntries(
      Object.entries(resolvers).map(([name, resolver]): [string, Resolver] => [
        name,
        async (argument, context) => {
          const text = await resolver(argument, context);
          secretTexts.push(text);
          return text;
        },
      ]),
    );
    const [identifiers, secrets] = partition(entry.secrets, isIdentifier);
    const plain = await resolveReferences(
      { config: entry.config, secrets: identifiers, network: entry.network },
      { baseDir, resolvers },
    );
    const secret = await resolveReferences({ secrets }, { baseDir, resolvers: noting });
    const parts = plain.value as { config: unknown; secrets: object; network: unknown };
    const value = { ...parts, secrets: { ...parts.secrets, ...(secret.value as { secrets: object }).secrets } };
    return { resolved: { value, problems: [...plain.problems, ...secret.problems] }, secretTexts };
  }

  #addMasker(masker: Masker): void {
    this.#maskers.push(masker);
    this.#masker = combineMaskers(...this.#maskers);
  }

  #transport(): { transport?: Transport } {
    return this.#options.transport === undefined ? {} : { transport: this.#options.transport() };
  }
}

function place(entry: ConnectorEntry, problem: Problem): Finding {
  const details = problem.details === undefined ? {} : { details: problem.details };
  return entry.finding(problem.path, { code: problem.code, message: problem.message, ...hintOf(problem), ...details });
}

function partition(map: Readonly<Record<string, unknown>>, test: (key: string) => boolean) {
  const entries = Object.entries(map);
  return [
    Object.fromEntries(entries.filter(([key]) => test(key))),
    Object.fromEntries(entries.filter(([key]) => !test(key))),
  ] as const;
}

function unusable(what: string, finding: Finding | undefined): StepwireError {
  const hint = finding?.hint === undefined ? "" : ` ${finding.hint}`;
  return new StepwireError(
    finding?.code ?? "config-invalid",
    `${what} cannot be used: ${finding?.message ?? ""}${hint}`,
    finding?.details === undefined ? {} : { details: finding.details },
  );
}

const hintOf = (problem: { hint?: string | undefined }) => (problem.hint === undefined ? {} : { hint: problem.hint });

function problemError(problem: ReferenceProblem): StepwireError {
  return new StepwireError(
    problem.code,
    problem.hint === undefined ? problem.message : `${problem.message} ${problem.hint}`,
  );
}

/**
 * One round of `stepwire-kit dev`, in a process of its own so that the package is imported anew: its manifest, the request
 * as it would be sent, and what came of it. Options come as JSON
 * on stdin, where no list of processes shows them; the outcome goes to stdout as JSON.
 */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";

import { nearest, StepwireError, type ErrorJson, type ManifestConnectorType } from "@stepwire/core";
import { buildManifest } from "@stepwire/core/build-manifest";
import { createDryRunTransport, dryRunRequest, Project, type Connector, type DryRunRequest } from "@stepwire/host";

import { tempFolder } from "../kit/temp-folder.ts";

export interface DevOptions {
  readonly folder: string;
  readonly connectors: string;
  readonly envFile?: string;
  readonly type?: string;
  readonly action?: string;
  readonly connector?: string;
  readonly params: unknown;
  readonly dryRun: boolean;
}

/** Masked throughout. `refused`: nothing was sent, since something before it is wrong. */
export type DevOutcome =
  | { readonly status: "refused"; readonly error: ErrorJson }
  | {
      readonly status: "ok" | "error" | "dry-run";
      readonly action: string;
      readonly connector: string;
      /** Absent where the action sends nothing. */
      readonly request?: DryRunRequest;
      readonly output?: unknown;
      readonly error?: ErrorJson;
      readonly durationMs?: number;
    };

const usage = (message: string) => new StepwireError("usage-invalid", message);

async function round(options: DevOptions): Promise<DevOutcome> {
  const { manifest, path: target } = await buildManifest(options.folder);
  writeFileSync(target, `${JSON.stringify(manifest, null, 2)}\n`);
  const type = choose("connector type", manifest.connectorTypes, ({ id }) => id, options.type);
  const action = actionOf(type, options.action);
  // A project that has this package and nothing else, so that no installed one stands in for it.
  const { folder: project, remove } = tempFolder();
  try {
    writeFileSync(path.join(project, "package.json"), JSON.stringify({ name: "dev", private: true }));
    writeFileSync(path.join(project, "stepwire.yaml"), JSON.stringify({ plugins: { paths: [options.folder] } }));
    const request = await using(project, options, type, true, async (connector) => {
      try {
        await connector.run(action, options.params);
        return undefined;
      } catch (error) {
        const shown = dryRunRequest(error);
        if (shown === undefined) throw error;
        return shown;
      }
    });
    const about = {
      action: `${type.id}.${action}`,
      connector: request.name,
      ...(request.value === undefined ? {} : { request: request.value }),
    };
    if (options.dryRun) return { status: "dry-run", ...about };
    const start = performance.now();
    const took = () => Math.round(performance.now() - start);
    try {
      const { value: output } = await using(project, options, type, false, (connector) =>
        connector.run(action, options.params),
      );
      return { status: "ok", ...about, output, durationMs: took() };
    } catch (error) {
      return { status: "error", ...about, error: StepwireError.from(error).toJSON(), durationMs: took() };
    }
  } finally {
    remove();
  }
}

/** Opens the project, and in it the connector that is asked for, or the only one of the type. */
async function using<T>(
  folder: string,
  { connectors, envFile, connector }: DevOptions,
  type: ManifestConnectorType,
  isDry: boolean,
  work: (connector: Connector) => Promise<T>,
): Promise<{ name: string; value: T }> {
  const project = await Project.open({
    project: folder,
    connectors,
    envFile,
    ...(isDry ? { transport: createDryRunTransport } : {}),
  });
  try {
    const finding = project.findings.find(({ severity }) => severity === "error");
    if (finding !== undefined)
      throw new StepwireError(
        finding.code,
        `${finding.file ?? connectors}: ${[finding.message, finding.hint].filter(Boolean).join(" ")}`,
      );
    if (connector === "-") return { name: "-", value: await work(await project.withoutConnector(type.id)) };
    const own = project.connectorsFile.connectors.filter((entry) =>
      [type.id, ...type.aliases].includes(entry.type.replace(/^\./, "")),
    );
    if (own.length === 0)
      throw usage(
        `${connectors} has no connector of the type ${type.id}. Add one: npx stepwire connectors add ${type.id} --connectors ${connectors}`,
      );
    const entry = choose("connector", own, ({ name }) => name, connector);
    return { name: entry.name, value: await work(await project.connector(entry.id)) };
  } finally {
    await project.close();
  }
}

/** The one with this name, or the only one. */
function choose<T>(what: string, items: readonly T[], nameOf: (item: T) => string, wanted: string | undefined): T {
  const names = items.map(nameOf);
  const [first] = items;
  if (wanted === undefined && first !== undefined && items.length === 1) return first;
  if (wanted === undefined)
    throw usage(
      `There is more than one ${what}: ${names.join(", ")}. Say which with --${what === "connector" ? "connector" : "type"}.`,
    );
  const found = items.find((item) => nameOf(item) === wanted);
  if (found !== undefined) return found;
  const close = nearest(wanted, names);
  throw usage(
    `There is no ${what} ${wanted}. ${close === undefined ? `There are: ${names.join(", ")}.` : `Did you mean ${close}?`}`,
  );
}

function actionOf({ id, actions, defaultAction }: ManifestConnectorType, given: string | undefined): string {
  const wanted = given?.startsWith(`${id}.`) === true ? given.slice(id.length + 1) : (given ?? defaultAction);
  const names = Object.keys(actions);
  if (wanted === undefined) throw usage(`${id} has no default action. Name one of: ${names.join(", ")}.`);
  if (names.includes(wanted)) return wanted;
  const close = nearest(wanted, names);
  throw usage(
    `${id} has no action ${wanted}. ${close === undefined ? `It has: ${names.join(", ")}.` : `Did you mean ${close}?`}`,
  );
}

// In order, so that the folder goes with it.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit());

const options = JSON.parse(await text(process.stdin)) as DevOptions;
const outcome = await round(options).catch((error: unknown): DevOutcome => ({
  status: "refused",
  error: StepwireError.from(error).toJSON(),
}));
process.stdout.write(`${JSON.stringify(outcome)}\n`);

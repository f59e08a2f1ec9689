import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import type { Manifest, ManifestConnectorType } from "@stepwire/core";
import { onTestFinished } from "vitest";

/** A folder of its own for one test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), "stepwire-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function writeFiles(folder: string, files: Record<string, string | object>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
  }
}

export function connectorType(id: string, changes: Partial<ManifestConnectorType> = {}): ManifestConnectorType {
  const schema = { type: "object" };
  return {
    id,
    title: id,
    description: id,
    aliases: [],
    optional: false,
    auth: [{ kind: "none" }],
    hosts: [],
    config: schema,
    secrets: schema,
    testable: false,
    defaultAction: "do",
    subActions: {},
    actions: { do: { summary: "Does", effect: "read", idempotency: "natural", input: schema, output: schema } },
    ...changes,
  };
}

/**
 * What a package with `connectorType(id)` exports, written without any of our packages, as another copy of them would
 * make it: objects are known by their mark alone.
 */
export function entryOf(id: string, { effect = "read", contract = 1 } = {}): string {
  return `
    const mark = (value, brand) => Object.defineProperty(value, Symbol.for("stepwire.brand"), { value: brand });
    const schema = {
      "~standard": {
        version: 1, vendor: "test",
        validate: (value) => typeof value === "object" && value !== null ? { value } : { issues: [{ message: "Not a map" }] },
        jsonSchema: { input: () => ({ type: "object" }), output: () => ({ type: "object" }) },
      },
    };
    const connection = mark({ def: { config: schema, secrets: schema, auth: [{ kind: "none" }], hosts: [], baseUrl: (config) => config.url ?? "http://127.0.0.1:1" } }, "connection");
    const action = mark({
      summary: "Does", effect: ${JSON.stringify(effect)}, idempotency: "natural", input: schema, output: schema,
      run: async (ctx) => ({ config: ctx.config }),
    }, "action");
    const type = mark({ id: ${JSON.stringify(id)}, title: "T", description: "D", connection, actions: { do: action }, defaultAction: "do" }, "connector-type");
    export default mark({ contract: ${contract}, connectorTypes: [type], steps: [] }, "plugin");
  `;
}

export interface PackageParts {
  name: string;
  version?: string;
  /** The connector type it provides; made from its name unless given. */
  id?: string;
  type?: ManifestConnectorType;
  manifest?: Partial<Manifest> | string;
  stepwire?: unknown;
  /** The code; throws when it is imported unless given. */
  entry?: string;
  packageJson?: object | string;
}

const THROWS = 'throw new Error("it was imported");';

/** The files of a plugin package. */
export function pluginFiles({
  name,
  version = "1.2.3",
  entry = THROWS,
  ...parts
}: PackageParts): Record<string, string | object> {
  const id = parts.id ?? name.split("connector-").at(-1) ?? name;
  const manifest = {
    contract: 1,
    name,
    version,
    entry: "./dist/index.js",
    digest: "sha256-x",
    connectorTypes: [parts.type ?? connectorType(id)],
    steps: [],
  };
  const packageJson = {
    name,
    version,
    type: "module",
    exports: { ".": "./dist/index.js" },
    stepwire: "stepwire" in parts ? parts.stepwire : { contract: 1, manifest: "./dist/stepwire.json" },
  };
  return {
    "package.json": parts.packageJson ?? packageJson,
    "dist/index.js": entry,
    "dist/stepwire.json": typeof parts.manifest === "string" ? parts.manifest : { ...manifest, ...parts.manifest },
  };
}

/** A project with these packages installed and among its dependencies, but for what `dependencies` says otherwise. */
export async function projectWith(packages: readonly PackageParts[], packageJson: object = {}): Promise<string> {
  const folder = await temporaryFolder();
  const dependencies = Object.fromEntries(packages.map(({ name }) => [name, "*"]));
  await writeFiles(folder, { "package.json": { name: "project", dependencies, ...packageJson } });
  for (const parts of packages) await writeFiles(path.join(folder, "node_modules", parts.name), pluginFiles(parts));
  return folder;
}

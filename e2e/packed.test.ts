/** The packages as npm would publish them: packed, installed into an empty folder far from this repository, and used. */
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { execute, npm } from "./support/npm.ts";

const root = path.resolve(import.meta.dirname, "..");
const PACKED = [
  "packages/core",
  "packages/yaml",
  "packages/host",
  "packages/workflow",
  "packages/engine",
  "packages/connector-http",
  "packages/connector-slack",
  "packages/connector-jira",
  "packages/connector-cases-webhook",
  "packages/testkit",
  "packages/create-connector",
  "apps/runner",
];
const MESSAGE = 'Disk "C:\\" is full: {{ no template }} <b>äöü</b> 🚨';
const WEBHOOK_PATH = "/services/T00000000/B00000000/a-secret-of-some-length";
const BIN = "node_modules/stepwire/bin/stepwire.js";

interface Tarball {
  name: string;
  file: string;
  files: string[];
}

let temp: string;
let tarballs: Tarball[];
let slack: Server;
let webhookUrl: string;
const received: { method: string | undefined; url: string | undefined; body: unknown }[] = [];

/** Installs tarballs together: none of these packages is looked for in a registry, only what they depend on. */
async function install(folder: string, ...names: string[]): Promise<void> {
  const files = names.map((name) => tarball(name).file);
  await npm(["install", "--no-audit", "--no-fund", "--prefer-offline", ...files], folder);
}

function tarball(name: string): Tarball {
  const found = tarballs.find((packed) => packed.name === name);
  if (found === undefined) throw new Error(`${name} was not packed.`);
  return found;
}

/** The installed command, run in the project's folder. */
const stepwire = (folder: string, ...args: string[]) => execute(process.execPath, [BIN, ...args], folder);

async function typesOf(folder: string): Promise<{ id: string; package: string; status: string }[]> {
  const { status, stdout, stderr } = await stepwire(folder, "types", "--output", "json");
  expect(status, stderr).toBe(0);
  return (JSON.parse(stdout) as { types: { id: string; package: string; status: string }[] }).types;
}

/** A project of a user, with nothing of this repository but what was packed. */
async function newProject(name: string, ...packages: string[]): Promise<string> {
  const folder = path.join(temp, name);
  mkdirSync(folder);
  write(folder, {
    "package.json": JSON.stringify({ name, private: true, type: "module" }),
    ".env": `SLACK_WEBHOOK_URL=${webhookUrl}\n`,
    "connectors.yaml":
      "connectors:\n  - name: alerts\n    type: slack\n    secrets:\n      webhookUrl: ${env:SLACK_WEBHOOK_URL}\n",
    "notify.yaml":
      'name: notify\nsteps:\n  - name: notify\n    type: slack\n    connector-id: alerts\n    with:\n      message: "{{ event.text }}"\n',
    "event.json": JSON.stringify({ text: MESSAGE }),
  });
  await install(folder, ...packages);
  return folder;
}

function write(folder: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
}

async function expectNotified(folder: string): Promise<void> {
  const { status, stdout, stderr } = await stepwire(folder, "run", "notify.yaml", "--event", "event.json");
  expect(status, stdout + stderr).toBe(0);
  expect(received).toEqual([{ method: "POST", url: WEBHOOK_PATH, body: { text: MESSAGE } }]);
}

beforeAll(async () => {
  for (const folder of PACKED) {
    if (!existsSync(path.join(root, folder, "dist"))) throw new Error(`${folder} is not built. Run npm run build.`);
  }
  temp = realpathSync(mkdtempSync(path.join(tmpdir(), "stepwire-packed-")));
  slack = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as unknown;
      received.push({ method: request.method, url: request.url, body });
      response.end("ok");
    });
  });
  await new Promise<void>((resolve) => slack.listen(0, "127.0.0.1", resolve));
  webhookUrl = `http://127.0.0.1:${(slack.address() as AddressInfo).port}${WEBHOOK_PATH}`;

  mkdirSync(path.join(temp, "tarballs"));
  const workspaces = PACKED.flatMap((folder) => ["--workspace", folder]);
  const packed = await npm(["pack", "--json", "--pack-destination", path.join(temp, "tarballs"), ...workspaces], root);
  const listed = JSON.parse(packed) as Packed[] | Record<string, Packed>;
  tarballs = Object.values(listed).map(({ name, filename, files }) => ({
    name,
    file: path.join(temp, "tarballs", filename),
    files: files.map((file) => file.path),
  }));
});

/** What npm tells of a tarball; some versions give a list of them, some a map by name. */
interface Packed {
  name: string;
  filename: string;
  files: { path: string }[];
}

beforeEach(() => {
  received.length = 0;
});

afterAll(() => {
  slack.closeAllConnections();
  slack.close();
  rmSync(temp, { recursive: true, force: true });
});

describe("the tarballs", () => {
  it("are those that were asked for", () => {
    expect(tarballs.map((packed) => packed.name).toSorted()).toEqual(
      PACKED.map((folder) => readName(path.join(root, folder))).toSorted(),
    );
  });

  it("hold what runs, and neither tests nor paths of the machine that built them", () => {
    for (const { name, file, files } of tarballs) {
      expect(files, name).toContain("package.json");
      expect(files.filter((entry) => entry.startsWith("dist/")).length, name).toBeGreaterThan(0);
      expect(
        // What is written into other packages has tests, of course.
        files.filter((entry) =>
          /^(?!templates\/)(?:.*\/)?(?:(?:test|tests|e2e)\/|.*\.test[.-]|tsconfig|tsup)/.test(entry),
        ),
        name,
      ).toEqual([]);
      expect(gunzipSync(readFileSync(file)).includes(root), `${name} holds the path ${root}`).toBe(false);
    }
  });

  it("carry a manifest where they are connectors", () => {
    for (const { name, files } of tarballs.filter((packed) => packed.name.includes("/connector-"))) {
      expect(files, name).toContain("dist/stepwire.json");
    }
  });
});

function readName(folder: string): string {
  return (JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as { name: string }).name;
}

describe("a project with the command and one connector", () => {
  let project: string;
  beforeAll(async () => {
    project = await newProject("alerts", "stepwire", "@stepwire/connector-slack", "@stepwire/core");
  });

  it("gets a command without any dependency of its own", async () => {
    const installed = JSON.parse(
      readFileSync(path.join(project, "node_modules/stepwire/package.json"), "utf8"),
    ) as object;
    for (const kind of ["dependencies", "peerDependencies", "optionalDependencies"]) {
      expect(Object.keys((installed as Record<string, object | undefined>)[kind] ?? {}), kind).toEqual([]);
    }
    const scoped = readdirSync(path.join(project, "node_modules/@stepwire"));
    expect(scoped.toSorted()).toEqual(["connector-slack", "core"]);
    const others = readdirSync(path.join(project, "node_modules")).filter((name) => !name.startsWith("."));
    expect(others.toSorted()).toEqual(["@stepwire", "stepwire", "zod"]);
    const { status, stdout } = await execute("npm", ["exec", "--no", "--", "stepwire", "--version"], project);
    expect({ status, stdout: stdout.trim() }).toEqual({
      status: 0,
      stdout: (installed as { version: string }).version,
    });
  });

  it("lists what is installed and nothing else, and runs it", async () => {
    const types = await typesOf(project);
    const ok = (id: string) => ({ id, status: "ok" });
    expect(types.map(({ id, status }) => ({ id, status }))).toEqual(["slack", "slack_api", "slack2"].map(ok));
    await expectNotified(project);
  });

  it("lists a connector that is added, with no other change", async () => {
    expect((await typesOf(project)).map((type) => type.id)).not.toContain("jira");
    await install(project, "@stepwire/connector-jira");
    expect((await typesOf(project)).map((type) => type.id)).toEqual([
      "jira",
      "jira-cloud",
      "slack",
      "slack_api",
      "slack2",
    ]);
    await expectNotified(project);
  });
});

describe("a project with a plugin that cannot be imported", () => {
  const BROKEN = "stepwire-connector-pager";
  let project: string;
  beforeAll(async () => {
    project = await newProject("broken", "stepwire", "@stepwire/connector-slack", "@stepwire/core");
    write(path.join(project, "node_modules", BROKEN), {
      "package.json": JSON.stringify({
        name: BROKEN,
        version: "3.2.1",
        type: "module",
        exports: "./index.js",
        stepwire: { contract: 1, manifest: "./stepwire.json" },
      }),
      "stepwire.json": JSON.stringify(pagerManifest(BROKEN)),
      "index.js": 'throw new Error("the pager library is missing");\n',
    });
    const file = path.join(project, "package.json");
    const own = JSON.parse(readFileSync(file, "utf8")) as { dependencies: Record<string, string> };
    own.dependencies[BROKEN] = "^3.0.0";
    writeFileSync(file, JSON.stringify(own));
  });

  it("still lists it, from its manifest", async () => {
    expect(await typesOf(project)).toMatchObject([
      { id: "slack", status: "ok" },
      { id: "slack_api", status: "ok" },
      { id: "slack2", status: "ok" },
      { id: "acme/pager", package: BROKEN, version: "3.2.1", title: "Pager", actions: ["page"] },
    ]);
  });

  it("names it and its reason in doctor", async () => {
    const { status, stdout } = await stepwire(project, "doctor", "--output", "json");
    expect(status, stdout).toBe(2);
    const { plugins, findings } = JSON.parse(stdout) as Record<"plugins" | "findings", { [key: string]: unknown }[]>;
    expect(plugins.find((plugin) => plugin["package"] === BROKEN)).toMatchObject({
      status: "broken",
      reason: expect.stringContaining("the pager library is missing") as string,
    });
    expect(plugins.filter((plugin) => plugin["status"] === "broken")).toHaveLength(1);
    expect(findings.filter((finding) => finding["severity"] === "error")).toMatchObject([
      { code: "plugin-invalid", message: expect.stringContaining(BROKEN) as string },
    ]);
  });

  it("runs a workflow that does not use it", async () => {
    await expectNotified(project);
  });
});

/** Written by hand after the contract, as a publisher without our build would. */
function pagerManifest(name: string): object {
  const anything = { type: "object", properties: {}, additionalProperties: false };
  const page = { summary: "Pages someone", effect: "write", idempotency: "none", input: anything, output: anything };
  return {
    contract: 1,
    name,
    version: "3.2.1",
    entry: "./index.js",
    digest: `sha256-${Buffer.alloc(32).toString("base64")}`,
    connectorTypes: [
      {
        id: "acme/pager",
        title: "Pager",
        description: "Pages people",
        aliases: [],
        optional: false,
        auth: [{ kind: "none" }],
        hosts: [],
        config: anything,
        secrets: anything,
        testable: false,
        defaultAction: "page",
        subActions: {},
        actions: { page },
      },
    ],
    steps: [],
  };
}

describe("stepwire init", () => {
  let sample: string;
  beforeAll(async () => {
    const tools = path.join(temp, "tools");
    write(tools, { "package.json": JSON.stringify({ name: "tools", private: true }) });
    await install(tools, "stepwire");
    sample = path.join(temp, "sample");
    const { status, stdout, stderr } = await stepwire(tools, "init", sample);
    if (status !== 0) throw new Error(`stepwire init ended with exit code ${status}:\n${stderr}${stdout}`);
    await install(sample, "stepwire", "@stepwire/connector-http", "@stepwire/connector-slack", "@stepwire/core");
    write(sample, { ".env": `SLACK_WEBHOOK_URL=${webhookUrl}\n` });
  });

  it("writes a workflow that is valid once its connectors are installed", async () => {
    const { status, stdout } = await stepwire(sample, "validate", "workflows/hello.yaml", "--output", "json");
    expect({ status, stdout: JSON.parse(stdout) as unknown }).toEqual({ status: 0, stdout: { findings: [] } });
  });

  it("writes a workflow whose requests a dry run shows, masked and unsent", async () => {
    const args = ["run", "workflows/hello.yaml", "--event", "event.json", "--dry-run", "--output", "json"];
    const { status, stdout, stderr } = await stepwire(sample, ...args);
    expect(status, stdout + stderr).toBe(0);
    const { steps } = JSON.parse(stdout) as { steps: { path: string; request?: { method: string; body: unknown } }[] };
    const notify = steps.find((step) => step.path === "notify");
    expect(notify?.request).toMatchObject({
      method: "POST",
      url: "[masked]",
      body: { text: "High-priority alert: Suspicious login for sam. Please investigate." },
    });
    expect(stdout + stderr).not.toContain(WEBHOOK_PATH);
    expect(received).toEqual([]);
  });
});

describe("under a Node that is too old", () => {
  const old = findOldNode();

  it.runIf(old !== undefined)("says so in one line", async () => {
    const bin = path.join(root, "apps/runner/bin/stepwire.js");
    const { status, stdout, stderr } = await execute(old?.file ?? "", [bin, "types"], temp);
    expect({ status, stdout, stderr }).toEqual({
      status: 2,
      stdout: "",
      stderr: `stepwire needs Node 22.18 or later; this is Node ${old?.version}.\n`,
    });
  });
});

/** A Node of this machine that the command refuses; many a system brings one. */
function findOldNode(): { file: string; version: string } | undefined {
  for (const file of ["/usr/bin/node", "/usr/local/bin/node"]) {
    const version = spawnSync(file, ["-p", "process.versions.node"], { encoding: "utf8" }).stdout?.trim() ?? "";
    const [major = 0, minor = 0] = version.split(".").map(Number);
    if (version !== "" && (major < 22 || (major === 22 && minor < 18))) return { file, version };
  }
  return undefined;
}

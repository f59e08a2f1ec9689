import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { expect, it } from "vitest";

import { bin, stepwire, stepwireJson } from "./support/command.ts";
import { makeFolder, makeProject, root, startVendor } from "./support/project.ts";

type Schema = Record<string, unknown>;

it.each(["workflow", "connectors", "settings"])("publishes the %s schema that the command prints", async (kind) => {
  const { stdout } = await stepwire(["schema", kind], { cwd: makeFolder().folder });
  const published = readFileSync(path.resolve(bin, `../../dist/schemas/${kind}.json`), "utf8");
  expect(JSON.parse(published)).toEqual(JSON.parse(stdout));
  expect(JSON.parse(published)).toMatchObject({ $schema: expect.stringContaining("json-schema.org") as unknown });
});

/** Every `$ref` inside a document, and whether what it points to is there. */
function danglingReferences(schema: Schema): string[] {
  const dangling: string[] = [];
  const walk = (value: unknown, base: Schema): void => {
    if (Array.isArray(value)) for (const item of value) walk(item, base);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return;
    const node = value as Schema;
    const inner = typeof node["$id"] === "string" ? node : base;
    const reference = node["$ref"];
    if (typeof reference === "string" && pointed(inner, reference) === undefined) dangling.push(reference);
    for (const item of Object.values(node)) walk(item, inner);
  };
  walk(schema, schema);
  return dangling;
}

function pointed(base: Schema, reference: string): unknown {
  if (reference === "#") return base;
  if (!reference.startsWith("#/")) return undefined;
  const keys = reference.slice(2).split("/");
  return keys.reduce<unknown>(
    (value, key) => (value as Schema | undefined)?.[key.replaceAll("~1", "/").replaceAll("~0", "~")],
    base,
  );
}

it("prints a workflow schema with the installed types and connectors, whose references all lead somewhere", async () => {
  const { folder: cwd } = makeProject({
    "connectors.yaml": "connectors: [{ name: my-alerts, type: slack, secrets: {} }]",
  });
  const { status, stdout } = await stepwire(["schema", "workflow"], { cwd });
  expect(status).toBe(0);
  const schema = JSON.parse(stdout) as Schema & { properties: Schema };
  expect(danglingReferences(schema)).toEqual([]);
  expect(stdout).toContain('"my-alerts"');
  for (const type of ["slack", "slack.postMessage", "jira", "http", "cases-webhook", "console", "foreach", "if"]) {
    expect(stdout).toContain(`"${type}"`);
  }
  // Every top-level key of the README's workflows is one the schema knows.
  const readme = readFileSync(path.join(root, "README.md"), "utf8");
  const workflows = [...readme.matchAll(/^```yaml workflows\/\S+\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? "");
  expect(workflows.length).toBeGreaterThan(1);
  const keys = workflows.flatMap((text) => [...text.matchAll(/^(\w[\w-]*):/gm)].map((match) => match[1]));
  for (const key of keys) expect(Object.keys(schema.properties)).toContain(key);
});

it("refuses a schema that does not exist", async () => {
  const { status, stderr } = await stepwire(["schema", "workflows"], { cwd: makeFolder().folder });
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: expect.stringContaining("workflow, connectors and settings") as unknown,
  });
});

const SAMPLE = [".env.example", ".gitignore", "connectors.yaml", "event.json", "package.json", "workflows"];

it("writes a sample that is right as it stands", async () => {
  const home = makeFolder();
  const { status, stdout } = await stepwire(["init", "My Workflows"], { cwd: home.folder });
  expect(status).toBe(0);
  for (const line of ["npm install", "cp .env.example .env", "--dry-run"]) expect(stdout).toContain(line);
  const cwd = home.file("My Workflows");
  expect(readdirSync(cwd).toSorted()).toEqual(SAMPLE);
  expect(stdout).toContain("cd 'My Workflows' &&");

  const manifest = JSON.parse(readFileSync(path.join(cwd, "package.json"), "utf8")) as {
    name: string;
    dependencies: object;
  };
  expect(manifest.name).toBe("my-workflows");
  for (const name of Object.keys(manifest.dependencies).filter((dependency) => dependency.startsWith("@"))) {
    expect(existsSync(path.join(root, "packages", path.basename(name))), name).toBe(true);
  }
  expect(readFileSync(path.join(cwd, ".gitignore"), "utf8").split("\n")).toEqual(
    expect.arrayContaining(["node_modules/", ".env"]),
  );

  // With the packages installed it runs, against a server in Slack's place.
  const vendor = await startVendor((_request, response) => response.end("ok"));
  const files = Object.fromEntries(
    ["connectors.yaml", "event.json", "workflows/hello.yaml"].map((name) => [
      name,
      readFileSync(path.join(cwd, name), "utf8"),
    ]),
  );
  const project = makeProject(files);
  const run = ["run", "workflows/hello.yaml", "--event", "event.json"];
  const options = { cwd: project.folder, env: { SLACK_WEBHOOK_URL: `${vendor.url}/services/T1/B1/secretpart` } };
  const { json } = await stepwireJson(run, options);
  expect(json).toMatchObject({ status: "completed", steps: [{ name: "log" }, { name: "notify" }] });
  expect(vendor.requests.map((request) => request.path)).toEqual(["/services/T1/B1/secretpart"]);
  expect(await stepwire(["validate", "workflows/hello.yaml"], options)).toMatchObject({ status: 0, stderr: "" });
});

it("writes into the folder it runs in, beside what a fresh repository holds", async () => {
  const home = makeFolder({ ".git/HEAD": "ref: x\n", ".gitignore": "mine\n" });
  const { status, stdout } = await stepwire(["init"], { cwd: home.folder });
  expect(status).toBe(0);
  expect(stdout).not.toContain("cd ");
  expect(readFileSync(home.file(".gitignore"), "utf8")).toBe("mine\n");
  expect(stdout).toContain(".gitignore  kept as it was");
});

it("refuses a folder that holds something, names it, and writes nothing", async () => {
  const home = makeFolder({ "notes.txt": "mine", "a.yaml": "b" });
  const { status, stderr } = await stepwire(["init"], { cwd: home.folder });
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining("a.yaml, notes.txt") as unknown });
  expect(readdirSync(home.folder).toSorted()).toEqual(["a.yaml", "notes.txt"]);
});

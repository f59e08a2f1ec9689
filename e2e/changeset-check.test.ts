/** The check of changesets, in a made-up repository of one package. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { packageDigest } from "@stepwire/core/build-manifest";
import { expect, it, onTestFinished } from "vitest";

const root = path.resolve(import.meta.dirname, "..");
const NAME = "@acme/stepwire-connector-pager";

const PAGE = {
  summary: "Pages",
  effect: "write",
  idempotency: "none",
  input: { type: "object", properties: { text: { type: "string" } } },
  output: {},
};
const READ = { ...PAGE, effect: "read" };
const type = (actions: object) => ({
  id: "acme/pager",
  title: "Pager",
  description: "Pages",
  aliases: [],
  optional: false,
  auth: [{ kind: "none" }],
  hosts: [],
  config: {},
  secrets: {},
  testable: false,
  subActions: {},
  actions,
});

interface Repository {
  version?: string;
  /** The package's actions as they are now, and as they were published. */
  now: object;
  published?: object;
  /** What changesets say of it. */
  changesets?: string[];
}

async function makeRepository({ version = "1.0.0", now, published, changesets = [] }: Repository): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), "stepwire-changesets-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  };
  const home = "packages/pager";
  const stepwire = { contract: 1, manifest: "./dist/stepwire.json" };
  write(`${home}/package.json`, JSON.stringify({ name: NAME, version, files: ["dist"], stepwire }));
  write(`${home}/dist/index.js`, "");
  write("packages/library/package.json", JSON.stringify({ name: "library", version: "1.0.0" }));
  const manifest = {
    contract: 1,
    name: NAME,
    version,
    entry: "./dist/index.js",
    digest: await packageDigest(path.join(folder, home)),
    steps: [],
  };
  const of = (actions: object) => JSON.stringify({ ...manifest, connectorTypes: [type(actions)] });
  write(`${home}/dist/stepwire.json`, of(now));
  write(".changeset/config.json", "{}");
  if (published !== undefined) write(`.changeset/published/${NAME}.json`, of(published));
  changesets.forEach((bump, index) => write(`.changeset/c${index}.md`, `---\n"${NAME}": ${bump}\n---\n\nText.\n`));
  return folder;
}

function check(cwd: string, ...args: string[]) {
  const script = path.join(root, "scripts/changeset-check.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--conditions=@stepwire/source", script, ...args], {
    cwd,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

it.each<[string, Repository]>([
  ["a package that was never published", { now: { page: PAGE } }],
  ["nothing that changed", { now: { page: PAGE }, published: { page: PAGE } }],
  [
    "an addition that is called one",
    { now: { page: PAGE, read: READ }, published: { page: PAGE }, changesets: ["minor"] },
  ],
  [
    "the highest of several",
    { now: { read: READ }, published: { page: PAGE }, changesets: ["patch", "major", "minor"] },
  ],
  [
    "a break on 0.x that is a minor",
    { version: "0.1.0", now: { read: READ }, published: { page: PAGE }, changesets: ["minor"] },
  ],
  ["more than is due", { now: { page: PAGE }, published: { page: PAGE }, changesets: ["major"] }],
])("passes: %s", async (_, repository) => {
  expect(check(await makeRepository(repository))).toMatchObject({ status: 0, stderr: "" });
});

it.each<[string, Repository, string]>([
  [
    "a break that is called an addition",
    { now: { read: READ }, published: { page: PAGE }, changesets: ["minor"] },
    "major is due after 1.0.0, and its changesets say minor",
  ],
  [
    "an addition that nothing announces",
    { now: { page: PAGE, read: READ }, published: { page: PAGE } },
    "minor is due after 1.0.0, and no changeset raises it",
  ],
  [
    "a changeset that says none",
    { now: { page: { ...PAGE, summary: "P" } }, published: { page: PAGE }, changesets: ["none"] },
    "patch is due",
  ],
  [
    "a break on 0.x that is called a patch",
    { version: "0.1.0", now: { read: READ }, published: { page: PAGE }, changesets: ["patch"] },
    "minor is due after 0.1.0",
  ],
])("fails: %s", async (_, repository, says) => {
  const { status, stderr } = check(await makeRepository(repository));
  expect(status).toBe(1);
  expect(stderr).toContain(`${NAME}: ${says}`);
  expect(stderr).toMatch(/^ {2}(?:major|minor|patch) {2}acme\/pager\.\w+: /m);
});

it("fails for a manifest that is older than its package, and for a version that was raised by hand", async () => {
  const stale = await makeRepository({ now: { page: PAGE } });
  writeFileSync(path.join(stale, "packages/pager/dist/index.js"), "changed");
  expect(check(stale)).toMatchObject({ status: 1, stderr: expect.stringContaining("npm run build") as unknown });

  const raised = await makeRepository({ now: { page: PAGE }, published: { page: PAGE } });
  const snapshot = path.join(raised, `.changeset/published/${NAME}.json`);
  writeFileSync(snapshot, readFileSync(snapshot, "utf8").replace('"1.0.0"', '"0.9.0"'));
  expect(check(raised)).toMatchObject({ status: 1, stderr: expect.stringContaining("version-packages") as unknown });
});

it("keeps the manifests that are about to be published", async () => {
  const folder = await makeRepository({ now: { page: PAGE, read: READ }, published: { page: PAGE } });
  expect(check(folder).status).toBe(1);
  expect(check(folder, "--write")).toMatchObject({ status: 0, stderr: "" });
  expect(check(folder)).toMatchObject({
    status: 0,
    stdout: "1 packages compared with what is published, 0 are new\n",
  });
});

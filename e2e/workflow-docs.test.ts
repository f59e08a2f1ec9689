/** Every workflow in docs/workflow that names its file, validated as a reader would, with what stands beside it on its page. */
import { execFile } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect, it, onTestFinished } from "vitest";

const root = path.resolve(import.meta.dirname, "..");
const bin = path.join(root, "apps/runner/bin/stepwire.js");
const PACKAGES = ["connector-http", "connector-slack", "connector-jira", "connector-cases-webhook"];
const DATA = new Set(["connectors.yaml", "vars.yaml", "stubs.yaml", "stepwire.yaml"]);
const docs = path.join(root, "docs/workflow");
const pages = readdirSync(docs).filter((name) => name.endsWith(".md"));

function filesOf(page: string): Map<string, string> {
  const text = readFileSync(path.join(docs, page), "utf8");
  return new Map(
    [...text.matchAll(/^```yaml (\S+\.yaml)\n([\s\S]*?)^```$/gm)].map((match) => [match[1] ?? "", match[2] ?? ""]),
  );
}

function makeFolder(files: Map<string, string>): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "stepwire-docs-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(path.join(folder, "node_modules/@stepwire"), { recursive: true });
  for (const name of [...PACKAGES, "core"])
    symlinkSync(path.join(root, "packages", name), path.join(folder, "node_modules/@stepwire", name));
  symlinkSync(path.join(root, "node_modules/zod"), path.join(folder, "node_modules/zod"));
  const dependencies = Object.fromEntries(PACKAGES.map((name) => [`@stepwire/${name}`, "*"]));
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name: "reader", dependencies }));
  for (const [name, text] of files) writeFileSync(path.join(folder, name), text);
  return folder;
}

const validate = (cwd: string, files: string[]) =>
  new Promise<{ status: number; stderr: string }>((resolve) => {
    const env = {
      PATH: process.env["PATH"],
      NO_COLOR: "1",
      SLACK_WEBHOOK_URL: "https://hooks.slack.com/services/T1/B1/secret-1",
    };
    execFile(process.execPath, [bin, "validate", ...files], { cwd, env }, (error, _stdout, stderr) => {
      resolve({ status: typeof error?.code === "number" ? error.code : error === null ? 0 : 99, stderr });
    });
  });

const withWorkflows = pages.filter((page) => [...filesOf(page).keys()].some((name) => !DATA.has(name)));

it.each(withWorkflows)("%s: its workflows are valid, without a warning", async (page) => {
  const files = filesOf(page);
  const workflows = [...files.keys()].filter((name) => !DATA.has(name));
  expect(await validate(makeFolder(files), workflows)).toEqual({ status: 0, stderr: "" });
});

it("is about pages that have workflows", () => {
  expect(withWorkflows).toContain("moving-from-kibana.md");
});

/** Every example of the README and of docs/templates.md, executed as a reader would. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "..");
const bin = path.join(root, "apps/runner/bin/stepwire.js");
const readme = blocksOf("README.md");

let folder: string;
let server: Server;
let base: string;
const received: { method: string; path: string; headers: Record<string, unknown>; body: string }[] = [];

/** Fenced blocks whose info string names a file (or a purpose) after the language. */
function blocksOf(page: string): Map<string, string> {
  const text = readFileSync(path.join(root, page), "utf8");
  return new Map(
    [...text.matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm)].map((match) => [match[1] ?? "", match[2] ?? ""]),
  );
}

interface Result {
  status: number;
  stdout: string;
  stderr: string;
}

function exec(file: string, args: string[], cwd = folder, env: Record<string, string> = {}): Promise<Result> {
  return new Promise((resolve) => {
    const all = { ...process.env, NO_COLOR: "1", SLACK_WEBHOOK_URL: `${base}/services/T1/B1/secretpart`, ...env };
    execFile(file, args, { cwd, env: all }, (error, stdout, stderr) => {
      resolve({ status: typeof error?.code === "number" ? error.code : error === null ? 0 : 99, stdout, stderr });
    });
  });
}

const stepwire = (...args: string[]) => exec(process.execPath, [bin, ...args]);

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      received.push({ method, path: url, headers, body: Buffer.concat(chunks).toString() });
      const json = url.startsWith("/hosts")
        ? {
            disks: [
              { name: "sda", used: 95 },
              { name: "sdb", used: 10 },
            ],
          }
        : { id: "p-1" };
      if (url.startsWith("/services")) response.end("ok");
      else response.setHeader("content-type", "application/json").end(JSON.stringify(json));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  base = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;

  folder = mkdtempSync(path.join(tmpdir(), "stepwire-docs-"));
  const packages = ["core", "host", "engine", "connector-slack", "connector-http"];
  mkdirSync(path.join(folder, "node_modules/@stepwire"), { recursive: true });
  for (const name of packages)
    symlinkSync(path.join(root, "packages", name), path.join(folder, "node_modules/@stepwire", name));
  symlinkSync(path.join(root, "node_modules/zod"), path.join(folder, "node_modules/zod"));
  const dependencies = Object.fromEntries(packages.map((name) => [`@stepwire/${name}`, "*"]));
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name: "reader", type: "module", dependencies }));
  for (const [name, text] of readme) {
    if (!/\.\w+$/.test(name)) continue;
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

it("runs the commands of the first workflow", async () => {
  const commands = (readme.get("run") ?? "").trim().split("\n");
  expect(commands.length).toBeGreaterThanOrEqual(3);
  for (const command of commands) {
    const [npx, name, ...args] = command.split(" ");
    expect([npx, name]).toEqual(["npx", "stepwire"]);
    const { status, stdout, stderr } = await stepwire(...args);
    expect(status, stderr).toBe(0);
    expect(stdout + stderr).not.toContain("secretpart");
  }
  expect(received.map((request) => JSON.parse(request.body) as unknown)).toEqual([
    { text: 'High-priority alert: Suspicious "PowerShell" on host C:\\7. Please investigate immediately.' },
  ]);
});

it("uses a connector from a program", async () => {
  received.length = 0;
  expect(await exec(process.execPath, ["notify.ts"])).toMatchObject({ status: 0, stdout: "ok\n" });
  expect(JSON.parse(received[0]?.body ?? "")).toEqual({ text: "Deployed <https://example.com|example>" });
});

it("runs a workflow from a program", async () => {
  const { status, stdout, stderr } = await exec(process.execPath, ["run.ts"]);
  expect(status, stderr).toBe(0);
  expect(stdout).toContain("notify_security_channel completed");
});

it("runs the longer workflow", async () => {
  received.length = 0;
  writeFileSync(path.join(folder, "triage.json"), JSON.stringify({ inventory: base, host: "a b" }));
  const { status, stderr } = await stepwire("run", "workflows/triage.yaml", "--event", "triage.json");
  expect(status, stderr).toBe(0);
  expect(received.map((request) => request.path)).toEqual(["/hosts?name=a+b", "/services/T1/B1/secretpart"]);
  expect(JSON.parse(received[1]?.body ?? "")).toEqual({ text: "team-a: sda is at 95 %" });
});

it("makes, lists and runs the connector of 40 lines", async () => {
  const source = readme.get("connector/index.js") ?? "";
  expect(source.split("\n").filter((line) => line.trim() !== "").length).toBeLessThanOrEqual(40);
  const home = path.join(folder, "connector");
  const made = await exec(process.execPath, [path.join(root, "packages/core/bin/stepwire-manifest.js")], home);
  expect(made).toMatchObject({ status: 0, stdout: "stepwire.json written\n" });

  writeFileSync(path.join(folder, "stepwire.yaml"), "plugins: { paths: [./connector] }\n");
  const shown = await stepwire("types", "acme/pager", "--output", "json");
  expect(JSON.parse(shown.stdout)).toMatchObject({ id: "acme/pager", package: "stepwire-connector-pager" });

  received.length = 0;
  const pager = `connectors: [{ name: p, type: acme/pager, config: { url: "${base}" }, secrets: { token: a-long-token } }]`;
  writeFileSync(path.join(folder, "pager.yaml"), pager);
  const params = JSON.stringify({ text: "wake up", urgent: "true" });
  const call = await stepwire("connectors", "exec", "p", "page", "--params", params, "--connectors", "pager.yaml");
  expect(call, call.stderr).toMatchObject({ status: 0 });
  expect(received[0]).toMatchObject({ path: "/pages", headers: { authorization: "Bearer a-long-token" } });
  expect(JSON.parse(received[0]?.body ?? "")).toEqual({ text: "wake up", urgent: true });
});

it("runs the workflow of the templates page", async () => {
  writeFileSync(path.join(folder, "liquid.yaml"), blocksOf("docs/templates.md").get("liquid") ?? "");
  writeFileSync(path.join(folder, "items.json"), JSON.stringify({ items: ["a", "b"] }));
  const { status, stdout } = await stepwire("run", "liquid.yaml", "--event", "items.json", "--output", "json");
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    steps: [{ output: { count: 2 } }, { output: "There are 2 items, 3 with this one" }],
  });
});

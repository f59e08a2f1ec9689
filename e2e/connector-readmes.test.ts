/** The example of every connector's README, run as a reader would, against a server that answers like the system. */
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
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect, it, onTestFinished } from "vitest";

const root = path.resolve(import.meta.dirname, "..");
const bin = path.join(root, "apps/runner/bin/stepwire.js");
const connectors = readdirSync(path.join(root, "packages")).filter((name) => name.startsWith("connector-"));

const EVENT = {
  title: 'Mail "from" C:\\7',
  name: 'Mail "from" C:\\7',
  host: "h-1",
  details: "two\nlines <b>&",
  agent: { id: "a-1" },
  rule: { name: "Rule" },
};
const ENV = {
  API_PASSWORD: "pass-word-1",
  CASES_PASSWORD: "pass-word-2",
  SLACK_BOT_TOKEN: "xoxb-token-1",
  SLACK_WEBHOOK_URL: "https://hooks.slack.com/services/T1/B1/secret-part-1",
  JIRA_EMAIL: "bot@example.com",
  JIRA_API_TOKEN: "token-of-jira-1",
};

interface Received {
  method: string;
  path: string;
  body: string;
}

/** Answers that hold what any of the four connectors needs. */
function answer({ method, path: url }: Received): { status: number; type: string; body: string } {
  const json = (body: unknown, status = 200) => ({ status, type: "application/json", body: JSON.stringify(body) });
  if (url.startsWith("/services/")) return { status: 200, type: "text/plain", body: "ok" };
  if (url.includes("chat.postMessage"))
    return json({ ok: true, channel: "C012345678", ts: "1.2", message: { text: "x" } });
  if (url.includes("/rest/api/")) return json({ id: "10000", key: "ENG-7" }, method === "POST" ? 201 : 200);
  if (url.includes("/issues"))
    return method === "PUT" ? { status: 204, type: "", body: "" } : json({ issue: { id: 7, subject: "s" } });
  return json({ action_id: "act-1" });
}

async function startSystem() {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "" } = request;
      const seen = { method, path: url, body: Buffer.concat(chunks).toString() };
      received.push(seen);
      const { status, type, body } = answer(seen);
      response.writeHead(status, type === "" ? {} : { "content-type": type }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

/** Fenced blocks whose info string names a file. */
function filesOf(name: string): Map<string, string> {
  const text = readFileSync(path.join(root, "packages", name, "README.md"), "utf8");
  return new Map(
    [...text.matchAll(/^```\w+ (\S+\.\w+)\n([\s\S]*?)^```$/gm)].map((match) => [match[1] ?? "", match[2] ?? ""]),
  );
}

function makeFolder(name: string, files: Map<string, string>): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "stepwire-readme-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(path.join(folder, "node_modules/@stepwire"), { recursive: true });
  for (const linked of [name, "core"])
    symlinkSync(path.join(root, "packages", linked), path.join(folder, "node_modules/@stepwire", linked));
  symlinkSync(path.join(root, "node_modules/zod"), path.join(folder, "node_modules/zod"));
  const dependencies = { [`@stepwire/${name}`]: "*" };
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name: "reader", dependencies }));
  for (const [file, text] of files) writeFileSync(path.join(folder, file), text);
  writeFileSync(path.join(folder, "event.json"), JSON.stringify(EVENT));
  return folder;
}

const stepwire = (args: string[], cwd: string) =>
  new Promise<{ status: number; stdout: string; stderr: string }>((resolve) => {
    const env = { PATH: process.env["PATH"], NO_COLOR: "1", ...ENV };
    execFile(process.execPath, [bin, ...args], { cwd, env }, (error, stdout, stderr) => {
      resolve({ status: typeof error?.code === "number" ? error.code : error === null ? 0 : 99, stdout, stderr });
    });
  });

it.each(connectors)("%s: the README's workflow is valid as it stands, and runs", async (name) => {
  const files = filesOf(name);
  const workflows = [...files.keys()].filter((file) => file !== "connectors.yaml");
  expect([...files.keys()]).toContain("connectors.yaml");
  expect(workflows.length).toBeGreaterThan(0);

  const folder = makeFolder(name, files);
  for (const workflow of workflows) {
    const validated = await stepwire(["validate", workflow], folder);
    expect(validated, validated.stderr).toMatchObject({ status: 0 });
  }

  // The one thing that is changed is where the system is.
  const system = await startSystem();
  const text = files.get("connectors.yaml") ?? "";
  const moved = text.replaceAll(/https:\/\/[\w.-]+\.example\.com/g, system.url);
  const withBase =
    moved === text ? text.replaceAll(/^( +)type: .*$/gm, `$&\n$1network: { baseUrl: "${system.url}" }`) : moved;
  writeFileSync(path.join(folder, "connectors.yaml"), withBase);
  for (const workflow of workflows) {
    const before = system.received.length;
    const run = await stepwire(["run", workflow, "--event", "event.json"], folder);
    expect(run, run.stderr).toMatchObject({ status: 0 });
    expect(system.received.length).toBeGreaterThan(before);
  }
  for (const secret of [ENV.API_PASSWORD, ENV.SLACK_BOT_TOKEN])
    expect(JSON.stringify(system.received)).not.toContain(secret);
});

import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { expect, it, onTestFinished } from "vitest";

import { startLoopback, type LoopbackHandler } from "../../src/loopback.ts";
import { plant, type Change } from "../kit/faulty.ts";
import { kit, printed, start } from "./support.ts";

const TOKEN = "tok-4f7c21ab93de";
const PARAMS = ["--params", '{"text": "Disk full"}'];

/** The sample with a connector that leads to a server on this machine. */
async function project(handler: LoopbackHandler, ...changes: Change[]) {
  const server = await startLoopback(handler);
  onTestFinished(() => server.close());
  const { folder } = await plant(changes);
  const connector = (name: string) =>
    `  - name: ${name}\n    type: acme/pager\n    config: { team: night }\n    secrets: { token: "\${env:PAGER_TOKEN}" }\n    network: { baseUrl: ${server.url} }\n`;
  writeFileSync(path.join(folder, "connectors.yaml"), `connectors:\n${connector("night")}`);
  writeFileSync(path.join(folder, ".env"), `PAGER_TOKEN=${TOKEN}\n`);
  return { folder, server, more: () => appendFileSync(path.join(folder, "connectors.yaml"), connector("day")) };
}

const echo: LoopbackHandler = ({ headers }) => ({ json: { id: "P-1", status: `for ${headers.authorization}` } });

it("shows the request masked, sends it, and shows the answer", async () => {
  const { folder, server } = await project(echo);
  const { code, stdout, stderr } = await kit(["dev", "--once", ...PARAMS], folder);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("acme/pager.page with night");
  expect(stdout).toContain(`POST ${server.url}/pages`);
  expect(stdout).toMatch(/authorization: Bearer \[masked\]/i);
  expect(stdout).toContain('"text": "Disk full"');
  expect(stdout).toContain('"status": "for Bearer [masked]"');
  expect(stdout).not.toContain(TOKEN);
  expect(server.requests).toMatchObject([
    { method: "POST", path: "/pages", headers: { authorization: `Bearer ${TOKEN}` } },
  ]);
});

it("sends nothing in a dry run", async () => {
  const { folder, server } = await project(echo);
  const { code, stdout } = await kit(
    ["dev", "getPage", "--params", "-", "--dry-run", "--output", "json"],
    folder,
    {},
    '{"id": "P 1"}',
  );
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    status: "dry-run",
    action: "acme/pager.getPage",
    request: { method: "GET", url: `${server.url}/pages/P%201` },
  });
  expect(server.requests).toEqual([]);
});

it("makes the manifest anew", async () => {
  const { folder } = await project(echo, ["index.js", 'title: "Pager"', 'title: "Pager of the night"']);
  writeFileSync(path.join(folder, "stepwire.json"), "{}");
  await kit(["dev", "--once", ...PARAMS], folder);
  expect(readFileSync(path.join(folder, "stepwire.json"), "utf8")).toContain("Pager of the night");
});

it("says what the vendor has against it, and ends with 1", async () => {
  const { folder } = await project(() => ({ status: 422, json: { message: `no team, ${TOKEN}` } }));
  const { code, stdout } = await kit(["dev", "--once", ...PARAMS], folder);
  expect(code).toBe(1);
  expect(stdout).toContain("[422] Unprocessable Entity: no team, [masked]");
});

it.each<[string, string[], RegExp]>([
  ["an unknown action", ["dev", "pgae"], /has no action pgae\. Did you mean page\?/],
  ["an unknown connector", ["dev", "--connector", "nigth"], /no connector nigth\. Did you mean night\?/],
  ["wrong parameters", ["dev", "--params", '{"txt": 1}'], /params-invalid.*text/],
  ["parameters that are none", ["dev", "--params", "[1]"], /no JSON object/],
  ["two connectors to choose from", ["dev", ...PARAMS], /more than one connector: night, day/],
])("refuses %s before anything is sent", async (name, args, message) => {
  const { folder, server, more } = await project(echo);
  if (name.startsWith("two")) more();
  const { code, stdout, stderr } = await kit([...args, "--once"], folder);
  expect(code).toBe(2);
  expect(stdout + stderr).toMatch(message);
  expect(server.requests).toEqual([]);
});

it("gives the findings of what is refused in JSON, as every command does", async () => {
  const { folder } = await project(echo);
  const { code, stdout } = await kit(["dev", "pgae", "--once", "--output", "json"], folder);
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toEqual({
    status: "refused",
    findings: [
      { code: "usage-invalid", severity: "error", message: "acme/pager has no action pgae. Did you mean page?" },
    ],
  });
});

it("says why it cannot build", async () => {
  const { folder } = await project(echo, ["package.json", '"prepack"', '"build"']);
  const { code, stdout } = await kit(["dev", "--once", ...PARAMS], folder, { PATH: "/nowhere" });
  expect(code).toBe(2);
  expect(stdout).toContain("The build failed:\nspawn npm ENOENT");
});

it("does it again when a source changes, also after one that does not load", async () => {
  const { folder } = await project(echo);
  const child = start(["dev", ...PARAMS], folder);
  onTestFinished(() => void child.kill("SIGKILL"));
  await printed(child, /watching/);
  const source = path.join(folder, "index.js");
  const good = readFileSync(source, "utf8");

  const broken = printed(child, /cannot be imported[\s\S]*watching/);
  writeFileSync(source, `${good}\nconst = 1;\n`);
  await broken;

  const changed = printed(child, /"headline": "Disk full"[\s\S]*ok[\s\S]*watching/);
  writeFileSync(source, good.replace("json: { team: ctx.config.team, ...input }", "json: { headline: input.text }"));
  await changed;

  child.kill("SIGINT");
  expect(await new Promise((resolve) => child.once("close", resolve))).toBe(0);
});

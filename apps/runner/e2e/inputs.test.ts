/** Where events, inputs and the project's files come from. */
import { mkdirSync } from "node:fs";

import { expect, it } from "vitest";

import { stepwire, stepwireJson, type StartOptions } from "./support/command.ts";
import { makeFolder, makeProject, startVendor } from "./support/project.ts";
import { call } from "./support/workflows.ts";

const ECHO = `inputs:
  - { name: a, type: number }
  - { name: b, type: string, default: from-default }
  - { name: c, type: boolean, default: false }
steps:
  - { name: echo, type: console, with: { message: "\${{ inputs }}" } }
  - { name: event, type: console, with: { message: "\${{ event }}" } }
`;

async function seen(args: string[], options: StartOptions) {
  const { result, json } = await stepwireJson(["run", ...args], options);
  expect(result.status, result.stdout + result.stderr).toBe(0);
  const [inputs, event] = (json as { steps: { output: unknown }[] }).steps;
  return { inputs: inputs?.output, event: event?.output };
}

it("takes inputs from options over a file over the event over the defaults", async () => {
  const { folder: cwd } = makeProject({
    "echo.yaml": ECHO,
    "inputs.yaml": "a: 1\nb: from-file\n",
    "event.json": JSON.stringify({ inputs: { a: 9, b: "from-event" } }),
  });
  expect((await seen(["echo.yaml"], { cwd })).inputs).toEqual({ b: "from-default", c: false });
  const event = ["echo.yaml", "--event", "event.json"];
  expect((await seen(event, { cwd })).inputs).toEqual({ a: 9, b: "from-event", c: false });
  const file = [...event, "--inputs", "inputs.yaml"];
  expect((await seen(file, { cwd })).inputs).toEqual({ a: 1, b: "from-file", c: false });
  const options = [...file, "--input", "a=2", "--input", "b=x=y", "--input", "c=true", "--input", "a=3"];
  expect((await seen(options, { cwd })).inputs).toEqual({ a: 3, b: "x=y", c: true });
});

it("reads the event from a file or standard input, as JSON or YAML", async () => {
  const big = { text: "x".repeat(2_000_000) };
  const { folder: cwd } = makeProject({
    "a flow with spaces.yaml": ECHO,
    "tabs and spaces.json": '\uFEFF{\n\t"host":\t"h1",\n\t"n": [1, 2]\n}\n',
    "event.yaml": "host: h1\nn: [1, 2]\n",
    "big.json": JSON.stringify(big),
  });
  const event = { host: "h1", n: [1, 2] };
  const run = (file: string, stdin = "") => seen(["a flow with spaces.yaml", "--event", file], { cwd, stdin });
  expect((await run("tabs and spaces.json")).event).toEqual(event);
  expect((await run("event.yaml")).event).toEqual(event);
  expect((await run("-", JSON.stringify(event))).event).toEqual(event);
  expect((await run("-", "host: h1\nn: [1, 2]\n")).event).toEqual(event);
  expect((await run("big.json")).event).toEqual(big);
});

it.each([
  [["--input", "a"], "NAME=VALUE"],
  [["--input", "=1"], "NAME=VALUE"],
  [["--input", "a=many"], "must be a number"],
  [["--inputs", "nowhere.yaml"], "nowhere.yaml"],
  [["--event", "-", "--inputs", "-"], "Only one of --event and --inputs"],
])("refuses %j", async (args, says) => {
  const { folder: cwd } = makeProject({ "echo.yaml": ECHO });
  const { status, stderr } = await stepwire(["run", "echo.yaml", ...args], { cwd, stdin: "{}" });
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(says) as unknown });
});

const LATIN = Buffer.from("message: gr\u00FC\u00DFe\n", "latin1");

it.each([
  [["run", "echo.yaml", "--event", "latin.yaml"], "--event: latin.yaml is not UTF-8 text."],
  [["run", "echo.yaml", "--inputs", "latin.yaml"], "--inputs: latin.yaml is not UTF-8 text."],
  [["connectors", "exec", "-", "http", "--params", "@latin.yaml"], "--params: latin.yaml is not UTF-8 text."],
])("refuses what is not UTF-8 in %j", async (args, says) => {
  const { folder: cwd } = makeProject({ "echo.yaml": ECHO, "latin.yaml": LATIN });
  const { status, stdout, stderr } = await stepwire(args, { cwd });
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain(says);
  expect(stderr).toContain("Save it as UTF-8.");
});

it("takes a byte order mark off every file", async () => {
  const vendor = await startVendor();
  const files = {
    "connectors.yaml": connectors(vendor.url),
    ".env": "WHERE=marked\n",
    "stepwire.yaml": "network: { responseTimeout: 5s }\n",
    "w.yaml": WORKFLOW,
    "event.yaml": "host: h1\n",
  };
  const marked = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, `\uFEFF${text}`]));
  const { folder: cwd } = makeProject(marked);
  const result = await stepwire(["run", "w.yaml", "--event", "event.yaml"], { cwd });
  expect(result, result.stderr).toMatchObject({ status: 0 });
  expect(vendor.requests.map((request) => request.path)).toEqual(["/marked/x"]);
});

const connectors = (url: string) =>
  `connectors: [{ name: api, type: http, config: { url: "${url}/\${env:WHERE}", hasAuth: false } }]\n`;
const WORKFLOW = `steps:\n${call("a", "/x")}`;

it("finds the project above the folder it runs in, and .env beside its connectors", async () => {
  const vendor = await startVendor();
  const project = makeProject({ "connectors.yaml": connectors(vendor.url), ".env": "WHERE=from-env\n" });
  project.write({ "a/b/w.yaml": WORKFLOW });
  expect(await stepwire(["run", "w.yaml"], { cwd: project.file("a/b") })).toMatchObject({ status: 0 });
  expect(await stepwire(["run", "b/w.yaml"], { cwd: project.file("a"), env: { WHERE: "real" } })).toMatchObject({
    status: 0,
  });
  expect(vendor.requests.map((request) => request.path)).toEqual(["/from-env/x", "/real/x"]);
});

it("takes the project and its files from anywhere, relative to the folder it runs in", async () => {
  const vendor = await startVendor();
  const project = makeProject({
    "conf dir/my connectors.yaml": connectors(vendor.url),
    "conf dir/.env": "WHERE=beside\n",
    "conf dir/other.env": "WHERE=other\n",
    "conf dir/strict.yaml": "network: { allowedHosts: [] }\n",
    "flows/w.yaml": WORKFLOW,
  });
  const elsewhere = makeFolder();
  mkdirSync(elsewhere.file("here"));
  const up = "../".repeat(elsewhere.file("here").split("/").length - 1);
  const at = (name: string) => `${up}${project.file(name).slice(1)}`;
  const args = ["run", at("flows/w.yaml"), "--project", at("."), "--connectors", at("conf dir/my connectors.yaml")];
  const run = (...more: string[]) => stepwire([...args, ...more], { cwd: elsewhere.file("here") });
  expect(await run()).toMatchObject({ status: 0 });
  expect(await run("--env-file", at("conf dir/other.env"))).toMatchObject({ status: 0 });
  expect(vendor.requests.map((request) => request.path)).toEqual(["/beside/x", "/other/x"]);
  const strict = await run("--settings", at("conf dir/strict.yaml"));
  expect(strict).toMatchObject({ status: 2, stderr: expect.stringContaining("allowedHosts") as unknown });
  expect(vendor.requests).toHaveLength(2);
});

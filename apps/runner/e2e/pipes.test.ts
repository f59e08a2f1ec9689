/** Readers that leave, standard input that is closed, and output that is long. */
import { spawn } from "node:child_process";

import { expect, it } from "vitest";

import { bin, cleanEnv, startProcess, stepwireJson } from "./support/command.ts";
import { makeProject, onCleanup, sendJson, startVendor } from "./support/project.ts";
import { API, call, SECRET_ENV } from "./support/workflows.ts";

const LONG = "x".repeat(900_000);

async function project() {
  const vendor = await startVendor((_request, response) => sendJson(response, 200, { long: LONG }));
  const files = { "connectors.yaml": API(vendor.url), "w.yaml": `steps:\n${call("a", "/a")}${call("b", "/b")}` };
  return { vendor, cwd: makeProject(files).folder };
}

it.each([["types"], ["schema", "workflow"], ["run", "w.yaml", "--output", "json"], ["doctor"]])(
  "says nothing when the reader of its output leaves: %s",
  async (...args) => {
    const { cwd } = await project();
    const child = spawn(process.execPath, [bin, ...args], { cwd, env: cleanEnv(SECRET_ENV) });
    onCleanup(() => void child.kill("SIGKILL"));
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
    // Nothing was written yet: every write meets a pipe without a reader.
    child.stdout.destroy();
    const status = await new Promise((resolve) => child.on("close", resolve));
    expect(stderr).not.toMatch(/EPIPE|at .*:\d+:\d+/);
    expect(status).toBe(0);
  },
);

it("finishes its run though nobody reads its progress any more", async () => {
  const { vendor, cwd } = await project();
  const child = spawn(process.execPath, [bin, "run", "w.yaml", "--verbose"], { cwd, env: cleanEnv(SECRET_ENV) });
  onCleanup(() => void child.kill("SIGKILL"));
  child.stderr.destroy();
  const status = await new Promise((resolve) => child.on("close", resolve));
  expect(status).toBe(0);
  expect(vendor.requests.map((request) => request.path)).toEqual(["/a", "/b"]);
});

it("writes long output whole", async () => {
  const { cwd } = await project();
  const { json } = await stepwireJson(["run", "w.yaml"], { cwd, env: SECRET_ENV });
  expect(json).toMatchObject({ steps: [{ output: { data: { long: LONG } } }, { output: { data: { long: LONG } } }] });
});

it("runs with every stream closed, and refuses an event from a closed standard input", async () => {
  const { vendor, cwd } = await project();
  const shell = (line: string) => startProcess("sh", ["-c", line], { cwd, env: SECRET_ENV }).done;
  const command = `'${process.execPath}' '${bin}' run w.yaml`;
  expect(await shell(`${command} <&- >&- 2>&-`)).toMatchObject({ status: 0 });
  expect(vendor.requests).toHaveLength(2);
  const refused = await shell(`${command} --event - <&-`);
  expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining("standard input") as unknown });
  expect(vendor.requests).toHaveLength(2);
});

it("does not wait for a standard input that nobody closes", async () => {
  const { cwd } = await project();
  const child = spawn(process.execPath, [bin, "run", "w.yaml"], { cwd, env: cleanEnv(SECRET_ENV) });
  onCleanup(() => void child.kill("SIGKILL"));
  child.stdout.resume();
  child.stderr.resume();
  expect(await new Promise((resolve) => child.on("close", resolve))).toBe(0);
});

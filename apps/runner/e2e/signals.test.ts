import { expect, it } from "vitest";

import { start } from "./support/command.ts";
import { addPlugin, makeProject, startVendor } from "./support/project.ts";
import { API, call, SECRET_ENV } from "./support/workflows.ts";

/** A type with one action that says when it began. */
const plugin = (rest: string) => `import { defineConnection, defineConnectorType, definePlugin } from "@stepwire/core";
import { z } from "zod";
const connection = defineConnection({ config: z.strictObject({ url: z.string() }), secrets: z.strictObject({}),
  auth: [{ kind: "none" }], hosts: [], baseUrl: (config) => config.url });
const act = connection.action({ summary: "Acts", effect: "read", idempotency: "natural", input: z.strictObject({}), output: z.unknown(),
  async run(ctx) { console.error("action begun"); ${rest} } });
export const type = defineConnectorType({ id: "test/own", title: "Own", description: "Own", connection, actions: { act }, defaultAction: "act" });
export default definePlugin({ connectorTypes: [type] });
`;
const STUBBORN = "await new Promise(() => setInterval(() => undefined, 1000));";
const TIDY =
  'await new Promise((resolve) => ctx.signal.addEventListener("abort", () => setTimeout(resolve, 50))); console.error("tidied up");';

function startOwn(rest: string) {
  const project = makeProject({
    "stepwire.yaml": "plugins: { paths: [./own] }\n",
    "connectors.yaml": `connectors: [{ name: s, type: test/own, config: { url: "http://h.example" } }]`,
    "w.yaml": "steps: [{ name: a, type: test/own, connector-id: s, with: {} }]\n",
  });
  addPlugin(project, "own", plugin(rest));
  return start(["run", "w.yaml"], { cwd: project.folder });
}

it.each(["SIGINT", "SIGTERM"] as const)("%s cancels the running step, and says how to go on", async (signal) => {
  const vendor = await startVendor(() => undefined);
  const workflow = `steps:\n${call("slow", "/slow")}${call("next", "/next")}`;
  const { folder } = makeProject({ "connectors.yaml": API(vendor.url), "my flow.yaml": workflow });
  const run = start(["run", "my flow.yaml"], { cwd: folder, env: SECRET_ENV });
  await vendor.arrived("/slow");
  run.child.kill(signal);
  const [result] = await Promise.all([run.done, vendor.dropped("/slow")]);
  expect(result).toMatchObject({ status: 3, signal: null });
  expect(result.stdout).toMatch(/^cancelled in /);
  expect(result.stderr).toContain("Cancelling; once more to stop at once.");
  expect(result.stderr).toContain("Whether slow was carried out is not known");
  expect(result.stderr).toContain("stepwire run 'my flow.yaml'");
  expect(vendor.requests.map((request) => request.path)).toEqual(["/slow"]);
});

it("gives the result of a cancelled run as JSON too", async () => {
  const vendor = await startVendor(() => undefined);
  const { folder } = makeProject({ "connectors.yaml": API(vendor.url), "w.yaml": `steps:\n${call("slow", "/slow")}` });
  const run = start(["run", "w.yaml", "--output", "json", "--log-format", "json"], { cwd: folder, env: SECRET_ENV });
  await vendor.arrived("/slow");
  run.child.kill("SIGINT");
  const { status, stdout, stderr } = await run.done;
  expect(status).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({ status: "cancelled", steps: [{ name: "slow", status: "cancelled" }] });
  for (const line of stderr.trimEnd().split("\n")) expect(JSON.parse(line)).toHaveProperty("level");
});

it("cancels during the pause before another attempt", async () => {
  const vendor = await startVendor((_request, response) => response.writeHead(500).end());
  const workflow = `steps:\n${call("a", "/a", ", on-failure: { retry: { max-attempts: 3, delay: 1h } }")}`;
  const { folder } = makeProject({ "connectors.yaml": API(vendor.url), "w.yaml": workflow });
  const run = start(["run", "w.yaml"], { cwd: folder, env: SECRET_ENV });
  await run.shows("again in 60 m 0 s");
  run.child.kill("SIGINT");
  expect(await run.done).toMatchObject({ status: 3, stdout: expect.stringMatching(/^cancelled/) as unknown });
});

it("takes one press that arrives twice for one, as under npx, and lets a package tidy up", async () => {
  const run = startOwn(TIDY);
  await run.shows("action begun");
  run.child.kill("SIGINT");
  // Another signal, because two of a kind that wait for the same process are delivered as one.
  run.child.kill("SIGTERM");
  const { status, stdout, stderr } = await run.done;
  expect({ status, stdout }).toEqual({ status: 3, stdout: expect.stringMatching(/^cancelled in /) as unknown });
  expect(stderr).toContain("tidied up");
});

it("ends at once at the second signal, though a package does not stop", async () => {
  const run = startOwn(STUBBORN);
  await run.shows("action begun");
  run.child.kill("SIGINT");
  // The run is over, but the process waits for the action that is still under way.
  await run.shows("cancelled in");
  expect(run.child.exitCode).toBeNull();
  // Pressed until it is heard: the first presses may still count as the first signal.
  const pressing = setInterval(() => run.child.kill("SIGINT"), 50);
  const { status } = await run.done;
  clearInterval(pressing);
  expect(status).toBe(3);
});

it("cancels a single action", async () => {
  const vendor = await startVendor(() => undefined);
  const { folder } = makeProject({ "connectors.yaml": API(vendor.url) });
  const exec = ["connectors", "exec", "api", "request", "--params", '{"path": "/slow"}', "--output", "json"];
  const run = start(exec, { cwd: folder, env: SECRET_ENV });
  await vendor.arrived("/slow");
  run.child.kill("SIGINT");
  const [{ status, stdout }] = await Promise.all([run.done, vendor.dropped("/slow")]);
  expect(status).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({ status: "error", error: { code: "cancelled" } });
});

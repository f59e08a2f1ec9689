import { expect, it } from "vitest";

import { start } from "./support/command.ts";
import { addPlugin, makeProject, startVendor } from "./support/project.ts";
import { API, call, SECRET_ENV } from "./support/workflows.ts";

/** An action that never listens to anybody. */
const STUBBORN = `import { defineConnection, defineConnectorType, definePlugin } from "@stepwire/core";
import { z } from "zod";
const connection = defineConnection({ config: z.strictObject({ url: z.string() }), secrets: z.strictObject({}), auth: [{ kind: "none" }], hosts: [], baseUrl: (config) => config.url });
const hang = connection.action({ summary: "Hangs", effect: "read", idempotency: "natural", input: z.strictObject({}), output: z.unknown(),
  async run(ctx) { await ctx.request({ method: "GET", path: "/begun" }); await new Promise(() => setInterval(() => undefined, 1000)); } });
export const type = defineConnectorType({ id: "test/stubborn", title: "S", description: "S", connection, actions: { hang }, defaultAction: "hang" });
export default definePlugin({ connectorTypes: [type] });
`;

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

it("takes one press that arrives twice for one, as under npx", async () => {
  const vendor = await startVendor(() => undefined);
  const { folder } = makeProject({ "connectors.yaml": API(vendor.url), "w.yaml": `steps:\n${call("slow", "/slow")}` });
  const run = start(["run", "w.yaml"], { cwd: folder, env: SECRET_ENV });
  await vendor.arrived("/slow");
  run.child.kill("SIGINT");
  run.child.kill("SIGINT");
  expect(await run.done).toMatchObject({ status: 3, stdout: expect.stringMatching(/^cancelled in /) as unknown });
});

it("ends at once at the second signal, though a package does not stop", async () => {
  const vendor = await startVendor();
  const project = makeProject({
    "stepwire.yaml": "plugins: { paths: [./stubborn] }\n",
    "connectors.yaml": `connectors: [{ name: s, type: test/stubborn, config: { url: "${vendor.url}" } }]`,
    "w.yaml": "steps: [{ name: a, type: test/stubborn, connector-id: s, with: {} }]\n",
  });
  addPlugin(project, "stubborn", STUBBORN);
  const run = start(["run", "w.yaml"], { cwd: project.folder });
  await vendor.arrived("/begun");
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

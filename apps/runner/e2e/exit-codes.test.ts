import { expect, it } from "vitest";

import { stepwire, stepwireJson } from "./support/command.ts";
import { addPlugin, makeProject, sendJson, startVendor } from "./support/project.ts";
import { API, call, CREDENTIALS, PASSWORD, SECRET_ENV, SECRET_FORMS } from "./support/workflows.ts";

/** A step that fails by a fault of its own. */
const FAULTY = `import { definePlugin, defineStep } from "@stepwire/core";
import { z } from "zod";
const step = (type, run, output = z.unknown()) => defineStep({ type, summary: "For tests", effect: "read", input: z.strictObject({}), output, run });
export default definePlugin({ connectorTypes: [], steps: [
  step("test/fault", async () => { throw new TypeError("x is not a function"); }),
  step("test/stray", () => new Promise(() => setTimeout(() => { throw new Error("nobody waits for this"); }))),
  step("test/wrong", async () => ({ n: "no number" }), z.object({ n: z.number() })),
  step("test/exit", async () => process.exit(0)),
  step("test/never", () => new Promise(() => undefined)),
  step("test/chatty", async () => { console.log("noise"); return 1; }),
  step("test/leftover", async () => { setInterval(() => undefined, 1000); return 1; }),
] });
`;

function faultyProject(type: string) {
  const project = makeProject({
    "stepwire.yaml": "plugins: { paths: [./faulty] }\n",
    "workflow.yaml": `steps: [{ name: a, type: ${type}, with: {} }]\n`,
  });
  addPlugin(project, "faulty", FAULTY);
  return { cwd: project.folder };
}

it("ends with 0 when it is done, 1 when it failed, 2 when it was refused, 3 when it ran out of time", async () => {
  const vendor = await startVendor((request, response) => {
    if (request.path === "/bad") sendJson(response, 422, { message: "no such host" });
    else if (request.path !== "/slow") sendJson(response, 200, {});
  });
  const project = makeProject({
    "connectors.yaml": API(vendor.url),
    "done.yaml": `steps:\n${call("a", "/ok")}`,
    "failed.yaml": `steps:\n${call("a", "/bad")}`,
    "refused.yaml": "steps: []\nnmae: x\n",
    "late.yaml": `settings: { timeout: 300ms }\nsteps:\n${call("a", "/slow")}`,
  });
  const options = { cwd: project.folder, env: SECRET_ENV };
  const run = (name: string) => stepwire(["run", `${name}.yaml`], options);
  expect(await run("done")).toMatchObject({ status: 0, stdout: expect.stringMatching(/^completed in /) as unknown });
  const failed = await run("failed");
  expect(failed).toMatchObject({ status: 1, stdout: expect.stringMatching(/^failed in /) as unknown });
  expect(failed.stderr).toContain("[422] Unprocessable Entity: no such host");
  expect(await run("refused")).toMatchObject({ status: 2, stdout: "" });
  expect(await run("late")).toMatchObject({ status: 3, stdout: expect.stringMatching(/^timed out in /) as unknown });
});

it("ends with 4 for a fault of a package, and says so", async () => {
  const options = faultyProject("test/fault");
  const { result, json } = await stepwireJson(["run", "workflow.yaml"], options);
  expect(result.status).toBe(4);
  expect(json).toMatchObject({ status: "failed", error: { code: "internal", message: "x is not a function" } });
});

it("ends with 4 for what is thrown where nobody waits for it", async () => {
  const { status, stderr } = await stepwire(["run", "workflow.yaml"], faultyProject("test/stray"));
  expect({ status, stderr }).toEqual({
    status: 4,
    stderr: expect.stringContaining("nobody waits for this") as unknown,
  });
});

it("ends when the run has ended, whatever timers a package has left behind", async () => {
  expect(await stepwire(["run", "workflow.yaml"], faultyProject("test/leftover"))).toMatchObject({ status: 0 });
});

it("keeps the vendor's words and shows the secret nowhere, in no encoding", async () => {
  const echo = `rejected: ${SECRET_FORMS.join(" | ")}`;
  const vendor = await startVendor((request, response) => {
    const { authorization = "" } = request.headers;
    if (request.path === "/ok") sendJson(response, 200, { echo, authorization });
    else sendJson(response, 400, { message: `${echo} ${authorization}`, errors: { field: echo } });
  });
  const project = makeProject({
    "connectors.yaml": API(vendor.url),
    "workflow.yaml": `steps:
  - { name: said, type: console, with: { message: '${PASSWORD}' } }
${call("good", "/ok")}  - { name: repeated, type: console, with: { message: "{{ steps.good.output.data | json }}" } }
  - { name: again, type: http, connector-id: api, with: { path: "/ok?q={{ event.given | url_encode }}" } }
${call("bad", "/bad")}`,
    "event.json": JSON.stringify({ given: CREDENTIALS }),
  });
  const options = { cwd: project.folder, env: SECRET_ENV };
  const variants = [[], ["--verbose"], ["--log-format", "json", "--verbose"], ["--output", "json"], ["--quiet"]];
  for (const extra of variants) {
    const run = await stepwire(["run", "workflow.yaml", "--event", "event.json", ...extra], options);
    expect(run.status, run.stderr).toBe(1);
    const all = run.stdout + run.stderr;
    expect(all).toContain("[400] Bad Request: rejected:");
    for (const form of SECRET_FORMS) expect(all).not.toContain(form);
  }
  const received = vendor.requests.length;
  for (const extra of [[], ["--output", "json"]]) {
    const dry = await stepwire(["run", "workflow.yaml", "--event", "event.json", "--dry-run", ...extra], options);
    expect(dry, dry.stderr).toMatchObject({ status: 0 });
    expect(dry.stdout).toContain("[masked]");
    for (const form of SECRET_FORMS) expect(dry.stdout + dry.stderr).not.toContain(form);
  }
  const exec = ["connectors", "exec", "api", "request", "--params", '{"path": "/bad"}'];
  for (const extra of [[], ["--output", "json"]]) {
    const called = await stepwire([...exec, ...extra], options);
    expect(called.status).toBe(1);
    for (const form of SECRET_FORMS) expect(called.stdout + called.stderr).not.toContain(form);
  }
  expect(vendor.requests).toHaveLength(received + 2);
  expect(vendor.requests[0]?.headers.authorization).toBe(`Basic ${Buffer.from(CREDENTIALS).toString("base64")}`);
});

it("ends with 4 where a package ends the process, so that it cannot look like success", async () => {
  const { status, stdout, stderr } = await stepwire(["run", "workflow.yaml"], faultyProject("test/exit"));
  expect({ status, stdout }).toEqual({ status: 4, stdout: "" });
  expect(stderr).toContain("ended by a connector package");
});

it("ends in time although a step that is out of time never settles", async () => {
  const options = faultyProject("test/never");
  const project = makeProject({
    "stepwire.yaml": `plugins: { paths: [${JSON.stringify(`${options.cwd}/faulty`)}] }\n`,
    "workflow.yaml":
      "steps: [{ name: a, type: test/never, timeout: 50ms, on-failure: { continue: true }, with: {} }]\n",
  });
  expect(await stepwire(["run", "workflow.yaml"], { cwd: project.folder })).toMatchObject({ status: 0 });
});

it("keeps what a package prints out of the document on stdout", async () => {
  const { result, json } = await stepwireJson(["run", "workflow.yaml"], faultyProject("test/chatty"));
  expect(json).toMatchObject({ status: "completed" });
  expect(result.stderr).toContain("noise");
});

it("holds what a package's step returns to its own schema", async () => {
  const { result, json } = await stepwireJson(["run", "workflow.yaml"], faultyProject("test/wrong"));
  expect(result.status).toBe(1);
  expect(json).toMatchObject({ status: "failed", error: { code: "output-invalid" } });
});

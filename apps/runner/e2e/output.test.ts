/** What goes to stdout and stderr, and that nothing there steers a terminal. */
import { expect, it } from "vitest";

import { stepwire, stepwireJson } from "./support/command.ts";
import { makeProject, sendJson, startVendor } from "./support/project.ts";
import { API, call, HOSTILE, SECRET_ENV, STEERING } from "./support/workflows.ts";

const ERROR = {
  code: expect.any(String) as unknown,
  type: expect.any(String) as unknown,
  message: expect.any(String) as unknown,
  retryable: expect.any(Boolean) as unknown,
};
const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown;

async function project() {
  const vendor = await startVendor((request, response) => {
    if (request.path === "/bad") sendJson(response, 400, { message: HOSTILE });
    else if (request.path === "/busy") response.writeHead(429, { "retry-after": "70" }).end();
    else sendJson(response, 200, { text: HOSTILE });
  });
  const { folder } = makeProject({
    "connectors.yaml": API(vendor.url),
    "good.yaml": `steps:
  - { name: skipped, type: console, if: "event.no: true", with: { message: x } }
  - name: each
    type: foreach
    foreach: [1]
    steps:
      - { name: call, type: http, connector-id: api, with: { path: /ok } }
  - { name: say, type: console, with: { message: "{{ steps.call.output.data.text }}" } }
`,
    "bad.yaml": `steps:\n${call("call", "/bad", ", on-failure: { retry: { max-attempts: 1, delay: 10ms } }")}`,
    "busy.yaml": `steps:\n${call("call", "/busy")}`,
  });
  return { vendor, options: { cwd: folder, env: SECRET_ENV } };
}

it("gives a run as one document of the promised shape, with progress on stderr only", async () => {
  const { options } = await project();
  const { result, json } = await stepwireJson(["run", "good.yaml"], options);
  expect(result.status).toBe(0);
  expect(result.stderr).toContain("✓ each[0].call  http");
  const step = (name: string, path: string, type: string, status: string, attempts: number, more: object = {}) => ({
    name,
    path,
    type,
    status,
    attempts,
    startedAt: TIME,
    durationMs: expect.any(Number) as unknown,
    ...more,
  });
  const anything = expect.anything() as unknown;
  expect(json).toEqual({
    runId: expect.stringMatching(/^[\w-]{20,}$/) as unknown,
    workflow: "good",
    status: "completed",
    startedAt: TIME,
    finishedAt: TIME,
    durationMs: expect.any(Number) as unknown,
    steps: [
      step("skipped", "skipped", "console", "skipped", 0),
      step("each", "each", "foreach", "completed", 1),
      step("call", "each[0].call", "http", "completed", 1, { input: { path: "/ok" }, output: anything }),
      step("say", "say", "console", "completed", 1, { input: anything, output: anything }),
    ],
  });
});

it("gives errors in the one shape, with status, attempts and the pause that was asked for", async () => {
  const { options } = await project();
  const failed = await stepwireJson(["run", "bad.yaml", "--quiet"], options);
  expect(failed.result.stderr).toContain("[400]");
  const error = { ...ERROR, code: "http-status", status: 400, details: expect.any(Object) as unknown };
  expect(failed.json).toMatchObject({ status: "failed", error, steps: [{ status: "failed", attempts: 2, error }] });
  const { json } = await stepwireJson(
    ["connectors", "exec", "api", "request", "--params", '{"path":"/busy"}'],
    options,
  );
  expect(json).toEqual({
    status: "error",
    connectorId: "api",
    error: {
      ...ERROR,
      code: "rate-limited",
      retryable: true,
      retryAfterMs: 70_000,
      status: 429,
      details: expect.any(Object) as unknown,
    },
  });
});

it("gives the shapes of the other commands", async () => {
  const { options } = await project();
  const json = async (...args: string[]) => (await stepwireJson(args, options)).json;
  expect(await json("validate", "good.yaml", "bad.yaml")).toEqual({ findings: [] });
  expect(await json("connectors", "list")).toEqual({
    connectors: [{ id: "api", name: "api", type: "http", installed: true }],
  });
  expect(await json("connectors", "exec", "api", "request", "--params", '{"path":"/ok"}')).toEqual({
    status: "ok",
    connectorId: "api",
    data: expect.objectContaining({ status: 200 }) as unknown,
  });
  const types = (await json("types")) as { types: object[]; steps: object[] };
  expect(Object.keys(types)).toEqual(["types", "steps"]);
  expect(types.types).toContainEqual({
    id: "slack",
    package: "@stepwire/connector-slack",
    version: expect.any(String) as unknown,
    title: "Slack",
    actions: ["postMessage"],
    status: "ok",
  });
  expect(types.steps).toContainEqual(expect.objectContaining({ type: "foreach", package: "stepwire" }));
  expect(await json("types", "slack")).toMatchObject({ id: "slack", actions: { postMessage: { effect: "write" } } });
  expect(Object.keys((await json("doctor")) as object)).toEqual([
    "stepwire",
    "node",
    "project",
    "connectorsFile",
    "settingsFile",
    "plugins",
    "connectors",
    "runs",
    "findings",
  ]);
});

it("writes every line of stderr as JSON when asked to, the end and findings included", async () => {
  const { options } = await project();
  const lines = async (...args: string[]) => {
    const { stderr } = await stepwire([...args, "--log-format", "json"], options);
    return stderr
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { time: string; level: string; message: string });
  };
  const run = await lines("run", "bad.yaml", "--verbose");
  expect(run.map(({ level, message }) => [level, message])).toEqual([
    ["info", "run started"],
    ["debug", expect.stringMatching(/^GET 127\.0\.0\.1:\d+ 400 in \d+ ms \(attempt 1\)$/)],
    ["error", "step finished"],
    ["warn", "step again"],
    ["debug", expect.stringMatching(/^GET .* 400 /)],
    ["error", "step finished"],
    ["error", "run finished"],
  ]);
  for (const line of run) expect(line.time).toEqual(TIME);
  expect(run.at(-1)).toMatchObject({ status: "failed", error: { code: "http-status" } });
  expect(await lines("run", "good.yaml", "--input", "extra=1")).toContainEqual(
    expect.objectContaining({ level: "warning", path: "inputs.extra" }),
  );
  expect(await lines("run", "missing.yaml")).toMatchObject([{ level: "error", code: "usage-invalid" }]);
  expect(await lines("run", "good.yaml", "--evnt", "x")).toMatchObject([{ level: "error", code: "usage-invalid" }]);
});

it("keeps to itself what is no error when it shall be quiet", async () => {
  const { options } = await project();
  expect(await stepwire(["run", "good.yaml", "--quiet"], options)).toMatchObject({
    stdout: expect.stringMatching(/^completed in .*\n$/) as unknown,
    stderr: "",
  });
  expect((await stepwire(["run", "bad.yaml", "--quiet"], options)).stderr).toMatch(/^http-status {2}\[400\] /);
});

it("lets nothing through that steers a terminal, and no line that looks like its own", async () => {
  const { options } = await project();
  const exec = ["connectors", "exec", "api", "request", "--params"];
  const commands = [
    ["run", "good.yaml", "--verbose"],
    ["run", "bad.yaml", "--verbose"],
    ["run", "bad.yaml", "--quiet"],
    ["run", "bad.yaml", "--output", "json"],
    ["run", "bad.yaml", "--log-format", "json"],
    [...exec, '{"path":"/bad"}'],
    [...exec, '{"path":"/ok"}'],
    ["run", `\u001B[31mno.yaml`],
    [`\u001B[31m`],
    ["connectors", "show", `a\u001B[31m`],
  ];
  for (const args of commands) {
    const { stdout, stderr } = await stepwire(args, options);
    expect(stdout + stderr, args.join(" ")).not.toMatch(STEERING);
    expect(stdout + stderr).not.toMatch(/^faked/m);
  }
});

it("colours nothing in a pipe, and only with FORCE_COLOR", async () => {
  const { options } = await project();
  const forced = await stepwire(["run", "good.yaml"], { ...options, env: { ...SECRET_ENV, FORCE_COLOR: "1" } });
  expect(forced.stderr).toContain("\u001B[32m✓\u001B[39m");
  for (const args of [["types"], ["doctor"], ["connectors", "list"], ["help"]]) {
    const { stdout, stderr } = await stepwire(args, options);
    expect(stdout + stderr).not.toContain("\u001B");
  }
});

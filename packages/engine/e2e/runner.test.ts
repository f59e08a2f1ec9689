import { writeFileSync } from "node:fs";

import { afterEach, expect, it } from "vitest";

import { createRunner, type RunResult } from "../src/index.ts";
import { makeProject, sendJson, startServer } from "./project.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

type Answer = Parameters<typeof startServer>[0];

async function setUp(
  workflow: (url: string) => string,
  answer: Answer,
  connectors: (url: string) => string = () => "connectors: []",
) {
  const server = await startServer(answer);
  cleanups.push(server.close);
  const project = makeProject(["connector-http", "connector-slack", "connector-cases-webhook"], {
    "workflow.yaml": workflow(server.url),
    "connectors.yaml": connectors(server.url),
  });
  cleanups.push(project.remove);
  const runner = createRunner({ project: project.folder, env: { TOKEN: "a-very-secret-token" } });
  cleanups.push(() => runner.close());
  return { server, project, runner, file: project.file("workflow.yaml") };
}

async function completed(run: Promise<unknown>): Promise<RunResult> {
  const result = (await run) as RunResult;
  expect(result.status, JSON.stringify(result)).toBe("completed");
  return result;
}

const http = (name: string, url: string, rest = "") => `  - name: ${name}
    type: http
    with: { url: "${url}" }
${rest}`;

it("records every step in order, with nested paths, attempts, inputs and outputs", async () => {
  let calls = 0;
  const { runner, file } = await setUp(
    (url) => `steps:
${http("flaky", `${url}/flaky`, "    on-failure: { retry: { max-attempts: 2, delay: 1ms } }")}
  - name: each
    type: foreach
    foreach: "\${{ event.list }}"
    steps:
      - { name: say, type: console, with: { message: "{{ foreach.item }}" } }
  - { name: never, type: console, if: "event.no: true", with: { message: x } }
`,
    (_request, response) => sendJson(response, ++calls === 1 ? 409 : 200, { calls }),
  );
  const result = await completed(runner.run(file, { list: ["a", "b"] }));
  expect(result.steps.map(({ path, status, attempts }) => [path, status, attempts])).toEqual([
    ["flaky", "completed", 2],
    ["each", "completed", 1],
    ["each[0].say", "completed", 1],
    ["each[1].say", "completed", 1],
    ["never", "skipped", 0],
  ]);
  expect(result.steps[0]).toMatchObject({ type: "http", input: {}, output: { status: 200, data: { calls: 2 } } });
  expect(result.steps[0]).not.toHaveProperty("error");
  expect(result.steps[3]).toMatchObject({ output: "b" });
});

it("shows the attempts of a request that was sent more than once, and logs each", async () => {
  let calls = 0;
  const { runner, file } = await setUp(
    (url) => `steps:\n${http("flaky", url)}${http("good", url)}`,
    (_request, response) => sendJson(response, ++calls === 1 ? 503 : 200, {}),
  );
  const { steps } = await completed(runner.run(file));
  expect(steps.map(({ attempts }) => attempts)).toEqual([1, 1]);
  expect(steps[0]?.requests).toMatchObject([
    {
      request: 1,
      attempt: 1,
      method: "GET",
      status: 503,
      code: "http-status",
      retryInMs: expect.any(Number) as unknown,
    },
    { request: 1, attempt: 2, method: "GET", status: 200 },
  ]);
  expect(steps[1]).not.toHaveProperty("requests");
});

it("keeps the vendor's message and status of a failing step, and the step's own record", async () => {
  const { runner, file } = await setUp(
    (url) => `steps:\n${http("broken", url)}`,
    (_request, response) => sendJson(response, 422, { message: "the field is wrong" }),
  );
  const result = await runner.run(file);
  expect(result).toMatchObject({
    status: "failed",
    error: { code: "http-status", status: 422, message: "[422] Unprocessable Entity: the field is wrong" },
    steps: [{ name: "broken", status: "failed", error: { status: 422 } }],
  });
});

it("cancels the request that is under way and frees its socket", async () => {
  let closed: () => void = () => undefined;
  const socketClosed = new Promise<void>((resolve) => (closed = resolve));
  const controller = new AbortController();
  const { runner, file } = await setUp(
    (url) => `steps:\n${http("slow", url)}\n${http("after", url)}`,
    (_request, _response, raw) => {
      raw.socket.on("close", closed);
      controller.abort();
    },
  );
  const result = await runner.run(file, {}, { signal: controller.signal });
  await socketClosed;
  expect(result).toMatchObject({ status: "cancelled", steps: [{ name: "slow", status: "cancelled" }] });
});

it("ends a step at its timeout and hands it to on-failure", async () => {
  const { runner, file, server } = await setUp(
    (url) =>
      `steps:\n${http("slow", `${url}/slow`, "    timeout: 50ms\n    on-failure: { continue: true }")}\n${http("next", `${url}/next`)}`,
    (request, response) => {
      if (request.path === "/next") sendJson(response, 200, {});
    },
  );
  const result = await completed(runner.run(file));
  expect(result.steps.map(({ name, status }) => [name, status])).toEqual([
    ["slow", "timed_out"],
    ["next", "completed"],
  ]);
  expect(result.steps[0]?.error).toMatchObject({ code: "timeout", type: "TimeoutError" });
  expect(server.requests.map((request) => request.path)).toEqual(["/slow", "/next"]);
});

const CASES = (url: string) => `connectors:
  - name: cases
    type: cases-webhook
    config:
      hasAuth: false
      createIncidentUrl: ${url}/issues
      createIncidentJson: '{"title": {{{case.title}}}, "text": {{{case.description}}}}'
      createIncidentResponseKey: id
      getIncidentUrl: ${url}/issues/{{{external.system.id}}}
      getIncidentResponseExternalTitleKey: title
      viewIncidentUrl: ${url}/view/{{{external.system.id}}}
      updateIncidentUrl: ${url}/issues/{{{external.system.id}}}
      updateIncidentJson: '{"title": {{{case.title}}}, "text": {{{case.description}}}}'
      createCommentUrl: ${url}/issues/{{{external.system.id}}}/comments
      createCommentJson: '{"text": {{{case.comment}}}}'
    secrets: {}
`;

it("does the parts of an action once, though the step is retried", async () => {
  let comments = 0;
  const { runner, file, server } = await setUp(
    () => `steps:
  - name: push
    type: cases-webhook
    connector-id: cases
    with: { title: "T", comments: [{ comment: one }, { comment: two }] }
    on-failure: { retry: { max-attempts: 1 } }
`,
    (request, response) => {
      if (request.path.endsWith("/comments") && ++comments === 2) return sendJson(response, 500, { message: "later" });
      sendJson(response, 200, { id: 7, title: "T" });
    },
    CASES,
  );
  const result = await completed(runner.run(file));
  expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "POST /issues",
    "GET /issues/7",
    "PUT /issues/7/comments",
    "PUT /issues/7/comments",
    "PUT /issues/7/comments",
  ]);
  expect(server.requests.slice(2).map((request) => request.body)).toEqual([
    '{"text":"one"}',
    '{"text":"two"}',
    '{"text":"two"}',
  ]);
  expect(result.steps[0]).toMatchObject({ attempts: 2, output: { id: "7", title: "T" } });
});

it("does everything again where a loop around a finished step is retried", async () => {
  let looks = 0;
  const { runner, file, server } = await setUp(
    (url) => `steps:
  - name: each
    type: foreach
    foreach: "[1]"
    iteration-on-failure: { retry: { max-attempts: 1 } }
    steps:
      - { name: look, type: http, with: { url: "${url}/look" } }
      - name: push
        type: cases-webhook
        connector-id: cases
        with: { title: T, externalId: "{{ steps.look.output.data.id }}" }
      - { name: flaky, type: http, with: { url: "${url}/flaky" } }
`,
    (request, response) => {
      if (request.path === "/look") return sendJson(response, 200, { id: `C${++looks}` });
      if (request.path === "/flaky" && looks === 1) return sendJson(response, 500, {});
      sendJson(response, 200, { title: "T" });
    },
    CASES,
  );
  const result = await completed(runner.run(file));
  const updates = server.requests.filter((request) => request.method === "PUT").map((request) => request.path);
  expect(updates).toEqual(["/issues/C1", "/issues/C2"]);
  expect(result.steps.find((step) => step.name === "push")).toMatchObject({ output: { id: "C2" } });
});

const SLACK = (url: string) => `connectors:
  - { name: alerts, type: slack, secrets: { webhookUrl: "${url}/services/\${env:TOKEN}" } }
  - { name: twin, type: slack, secrets: { webhookUrl: "${url}/services/x" } }
  - { name: twin, type: slack, secrets: { webhookUrl: "${url}/services/y" } }
  - { name: unset, type: slack, secrets: { webhookUrl: "\${env:NOT_THERE}" } }
`;

it("shows a secret nowhere, not even when the workflow or the other system repeats it", async () => {
  const { runner, file } = await setUp(
    () => `steps:
  - { name: say, type: slack, connector-id: alerts, with: { message: "token a-very-secret-token" } }
`,
    (request, response) => response.writeHead(500).end(`no: ${request.path}`),
    SLACK,
  );
  const result = await runner.run(file);
  expect(result.status).toBe("failed");
  expect(JSON.stringify(result)).not.toContain("a-very-secret-token");
});

const refusals: [string, string, object][] = [
  ["an ambiguous name", "connector-id: twin", { code: "connector-ambiguous" }],
  [
    "an unknown name",
    "connector-id: alert",
    { code: "connector-not-found", hint: expect.stringContaining('"alerts"') },
  ],
  [
    "an unset variable",
    "connector-id: unset",
    { code: "secrets-invalid", line: 5, message: expect.stringContaining("NOT_THERE") },
  ],
];
it.each(refusals)("refuses %s before anything is sent", async (_what, reference, finding) => {
  const { runner, file, server } = await setUp(
    (url) => `steps:\n${http("first", url)}\n  - { name: say, type: slack, ${reference}, with: { message: x } }\n`,
    (_request, response) => sendJson(response, 200, {}),
    SLACK,
  );
  const result = await runner.run(file);
  expect(result).toMatchObject({ status: "refused", findings: [finding] });
  expect(server.requests).toEqual([]);
});

it("refuses a connector of another type, and fails the step where the name is known only at run time", async () => {
  const step = (reference: string) =>
    `steps:\n  - { name: call, type: http, connector-id: ${reference}, with: { path: /x } }\n`;
  const { runner, file, project, server } = await setUp(
    () => step("alerts"),
    (_request, response) => sendJson(response, 200, {}),
    SLACK,
  );
  expect(await runner.run(file)).toMatchObject({
    status: "refused",
    findings: [{ code: "connector-type-mismatch", line: 2 }],
  });

  writeFileSync(project.file("templated.yaml"), step('"{{ event.which }}"'));
  const result = await runner.run(project.file("templated.yaml"), { which: "alerts" });
  expect(result).toMatchObject({ status: "failed", error: { code: "connector-type-mismatch" } });
  expect(server.requests).toEqual([]);
});

it("takes inputs from the event as Kibana does, and refuses wrong ones", async () => {
  const { runner, file } = await setUp(
    () => `inputs:
  - { name: count, type: number, required: true }
steps:
  - { name: say, type: console, with: { message: "\${{ inputs.count }}" } }
`,
    (_request, response) => sendJson(response, 200, {}),
  );
  expect((await completed(runner.run(file, { inputs: { count: "3" } }))).steps[0]?.output).toBe(3);
  expect(await runner.run(file)).toMatchObject({
    status: "refused",
    findings: [{ path: "inputs.count", severity: "error" }],
  });
});

it("never imports a package, nor resolves a connector, that the workflow does not use", async () => {
  const { runner, file } = await setUp(
    () => "steps:\n  - { name: say, type: console, with: { message: hi } }\n",
    (_request, response) => sendJson(response, 200, {}),
    SLACK,
  );
  const { registry } = await runner.project;
  const loaded: string[] = [];
  const load = registry.load.bind(registry);
  registry.load = (plugin) => {
    loaded.push(plugin.name);
    return load(plugin);
  };
  await completed(runner.run(file));
  expect(loaded).toEqual([]);
});

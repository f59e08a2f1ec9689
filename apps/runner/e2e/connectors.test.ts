import { expect, it } from "vitest";

import { stepwire, stepwireJson } from "./support/command.ts";
import { makeProject, sendJson, startVendor } from "./support/project.ts";

const CONNECTORS = (url: string) => `connectors:
  - name: api
    type: http
    config:
      url: ${url}
      hasAuth: true
      authType: webhook-authentication-basic
      headers: { X-Api-Key: literal-header-key, X-Plain: plain, Authorization: "Bearer \${env:TOKEN}" }
    secrets: { user: bob, password: literal-password }
  - { name: alerts, type: slack, secrets: { webhookUrl: "${url}/services/literal-hook" } }
  - name: unquoted
    type: http
    config:
      url: ${url}
      hasAuth: true
      authType: webhook-authentication-basic
      headers: { Accept: text/plain, X-Routing: literal-routing, X-Number: 8765432109876 }
    secrets: { user: bob, password: 1234567890123, more: { on: true, none: null } }
  - name: mixed
    type: http
    config:
      url: https://bob:literal-pw\${env:TOKEN}@h.example/x
      headers: { X-Auth: "literal-\${env:TOKEN}-literal", Authorization: "Bearer literal-\${env:TOKEN}" }
    secrets: { user: "bob-\${env:TOKEN}", password: "Bearer literal-secret\${env:TOKEN}", open: "\${env:literal-open" }
  - { name: by-env, type: slack, secrets: { webhookUrl: "\${env:HOOK}" } }
  - name: jira
    type: jira
    config: { apiUrl: "${url}", projectKey: ENG }
    secrets: { email: a@b.example, apiToken: literal-token }
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
    secrets: {}
`;

async function project() {
  const vendor = await startVendor((request, response) => {
    if (request.path.startsWith("/services")) response.end("ok");
    else sendJson(response, 200, { id: 7, title: "T", key: "ENG" });
  });
  const files = {
    "connectors.yaml": CONNECTORS(vendor.url),
    "params.json": '{ "path": "/from-file" }',
    "params.yaml": "path: /yaml",
  };
  return { vendor, options: { cwd: makeProject(files).folder, env: { TOKEN: "t".repeat(12) } } };
}

it("runs one action with parameters from the line, a file or standard input", async () => {
  const { vendor, options } = await project();
  const exec = (params: string, stdin = "") =>
    stepwire(["connectors", "exec", "api", "request", "--params", params], { ...options, stdin });
  for (const [params, stdin] of [
    ['{"path": "/line"}'],
    ["@params.json"],
    ["@params.yaml"],
    ["-", '{"path": "/stdin"}'],
  ] as const) {
    const result = await exec(params, stdin);
    expect(result, result.stderr).toMatchObject({ status: 0, stderr: "" });
    expect(JSON.parse(result.stdout)).toMatchObject({ status: 200, data: { id: 7 } });
  }
  expect(vendor.requests.map((request) => request.path)).toEqual(["/line", "/from-file", "/yaml", "/stdin"]);
});

it("runs a type that needs no connector, and an action by the name Kibana has for it", async () => {
  const { vendor, options } = await project();
  const params = JSON.stringify({ url: `${vendor.url}/bare` });
  const bare = await stepwireJson(["connectors", "exec", "-", "http", "--params", params], options);
  expect(bare.json).toMatchObject({ status: "ok", connectorId: "-" });
  const push = JSON.stringify({ incident: { title: "T" }, comments: [] });
  const pushed = await stepwireJson(["connectors", "exec", "cases", "pushToService", "--params", push], options);
  expect(pushed.json).toMatchObject({ status: "ok", connectorId: "cases", data: { id: "7" } });
  expect(vendor.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "GET /bare",
    "POST /issues",
    "GET /issues/7",
  ]);
});

it.each([
  [["exec", "api", "reqest"], "Did you mean http.request?"],
  [["exec", "api", "slack.postMessage"], "is of the type http"],
  [["exec", "-", "slack"], "needs a connector"],
  [["exec", "api"], "Example: stepwire connectors exec"],
  [["exec", "api", "request", "--params", "nope"], "--params"],
  [["exec", "api", "request", "--params", "@nowhere.json"], "nowhere.json does not exist"],
  [["exec", "api", "request", "--params", '{"pth": "/x"}'], "Did you mean path?"],
  [["exec", "by-env", "postMessage"], "HOOK"],
  [["show", "apii"], 'Did you mean "api"?'],
  [["show"], "stepwire connectors list"],
  [["lst"], "Did you mean list?"],
  [["test", "by-env"], "HOOK"],
  [["test", "alerts"], "connectors exec"],
])("refuses %j and says what to do", async (args, says) => {
  const { vendor, options } = await project();
  const [text, { result, json }] = await Promise.all([
    stepwire(["connectors", ...args], options),
    stepwireJson(["connectors", ...args], options),
  ]);
  expect(text).toMatchObject({ status: 2, stdout: "", stderr: expect.stringContaining(says) as unknown });
  expect(result).toMatchObject({ status: 2, stderr: "" });
  expect(json).toEqual({ status: "refused", findings: expect.any(Array) as unknown });
  expect(vendor.requests).toEqual([]);
});

it("tests a connector by reading", async () => {
  const { vendor, options } = await project();
  expect(await stepwire(["connectors", "test", "jira"], options)).toMatchObject({ status: 0, stdout: "jira works\n" });
  const { json } = await stepwireJson(["connectors", "test", "jira"], options);
  expect(json).toEqual({ status: "ok", connectorId: "jira" });
  expect(vendor.requests.length).toBeGreaterThan(0);
  expect(new Set(vendor.requests.map((request) => request.method))).toEqual(new Set(["GET"]));
});

it("fails a test that the other system fails", async () => {
  const vendor = await startVendor((_request, response) => sendJson(response, 401, { errorMessages: ["who are you"] }));
  const { folder: cwd } = makeProject({ "connectors.yaml": CONNECTORS(vendor.url) });
  const { status, stderr } = await stepwire(["connectors", "test", "jira"], { cwd });
  expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining("who are you") as unknown });
});

it("shows a connector as it is written, without what is secret", async () => {
  const { options } = await project();
  for (const name of ["api", "alerts", "jira", "unquoted", "mixed"]) {
    for (const extra of [[], ["--output", "json"]]) {
      const { stdout, stderr } = await stepwire(["connectors", "show", name, ...extra], options);
      expect(stdout).toContain("[masked]");
      expect(stdout + stderr).not.toMatch(/literal-|1234567890123|8765432109876/);
    }
  }
  const { json } = await stepwireJson(["connectors", "show", "api"], options);
  expect(json).toMatchObject({
    id: "api",
    config: { headers: { "X-Api-Key": "[masked]", "X-Plain": "[masked]", Authorization: "Bearer ${env:TOKEN}" } },
    secrets: { user: "bob", password: "[masked]" },
    findings: [],
  });
  const unquoted = await stepwireJson(["connectors", "show", "unquoted"], options);
  expect(unquoted.json).toMatchObject({
    config: { headers: { Accept: "text/plain", "X-Routing": "[masked]", "X-Number": "[masked]" } },
    secrets: { user: "bob", password: "[masked]", more: { on: "[masked]", none: null } },
  });
  const mixed = await stepwireJson(["connectors", "show", "mixed"], options);
  expect(mixed.json).toMatchObject({
    config: {
      url: "https://[masked]${env:TOKEN}@h.example/x",
      headers: { "X-Auth": "[masked]${env:TOKEN}[masked]", Authorization: "[masked]${env:TOKEN}" },
    },
    secrets: { user: "bob-${env:TOKEN}", password: "[masked]${env:TOKEN}", open: "[masked]" },
  });
});

it("says with its exit code whether a connector that it shows is in order", async () => {
  const { options } = await project();
  expect((await stepwire(["connectors", "show", "api"], options)).status).toBe(0);
  const { status, stdout, stderr } = await stepwire(["connectors", "show", "by-env"], options);
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining("HOOK") as unknown });
  expect(JSON.parse(stdout)).toMatchObject({ secrets: { webhookUrl: "${env:HOOK}" } });
  const { result, json } = await stepwireJson(["connectors", "show", "by-env"], options);
  expect(result).toMatchObject({ status: 2, stderr: "" });
  expect(json).toMatchObject({ secrets: { webhookUrl: "${env:HOOK}" }, findings: [{ code: "secrets-invalid" }] });
});

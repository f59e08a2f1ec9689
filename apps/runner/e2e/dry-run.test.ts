import { expect, it } from "vitest";

import { stepwire, stepwireJson } from "./support/command.ts";
import { makeProject, startVendor } from "./support/project.ts";
import { API, call, CREDENTIALS, SECRET_ENV, SECRET_FORMS } from "./support/workflows.ts";

const WORKFLOW = `inputs: [{ name: who, type: string, required: true }]
steps:
  - name: create
    type: http
    connector-id: api
    with: { method: POST, path: "/a/{{ inputs.who }}", body: { given: "{{ event.given }}" } }
  - { name: read, type: http, connector-id: api, with: { path: "/b/{{ steps.create.output.data.id }}" } }
  - name: maybe
    type: if
    condition: "steps.create.output.status: 201"
    steps:
${call("then", "/c").replace(/^/, "    ")}    else:
${call("otherwise", "/d").replace(/^/, "    ")}  - { name: never, type: http, if: "event.given: nothing", connector-id: api, with: { path: /e } }
  - name: each
    type: foreach
    foreach: "\${{ steps.read.output.data.items }}"
    steps:
${call("item", "/f").replace(/^/, "    ")}`;

async function project() {
  const vendor = await startVendor();
  const files = {
    "connectors.yaml": API(vendor.url),
    "w.yaml": WORKFLOW,
    "event.json": JSON.stringify({ given: CREDENTIALS }),
  };
  return { vendor, options: { cwd: makeProject(files).folder, env: SECRET_ENV } };
}
const ARGS = ["run", "w.yaml", "--dry-run", "--event", "event.json", "--input", "who=me"];

it("shows the requests that would be sent, masked, and sends nothing", async () => {
  const { vendor, options } = await project();
  const { status, stdout, stderr } = await stepwire(ARGS, options);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toMatch(/^w {2}dry run: nothing is sent\n/);
  expect(stdout).toContain(`POST ${vendor.url}/a/me\n`);
  expect(stdout).toContain("Authorization: Basic [masked]");
  expect(stdout).toContain('"given": "bob:[masked]"');
  expect(stdout).toContain(`GET ${vendor.url}/b/<steps.create.output.data.id>\n`);
  expect(stdout).toContain("maybe.then  http  api\n  if steps.create.output.status: 201\n");
  expect(stdout).toContain("maybe.otherwise  http  api\n  if not (steps.create.output.status: 201)\n");
  expect(stdout).toContain("each[0].item  http  api\n  if each of ");
  expect(stdout).not.toContain("never");
  for (const form of SECRET_FORMS) expect(stdout).not.toContain(form);
  expect(vendor.requests).toEqual([]);
});

it("gives the same as one document", async () => {
  const { vendor, options } = await project();
  const { result, json } = await stepwireJson(ARGS, options);
  expect(result).toMatchObject({ status: 0, stderr: "" });
  const { steps, ...rest } = json as { steps: Record<string, unknown>[] };
  expect(rest).toEqual({ status: "dry-run", workflow: "w", findings: [] });
  expect(steps.map(({ path, when }) => [path, (when as string[]).length])).toEqual([
    ["create", 0],
    ["read", 0],
    ["maybe.then", 1],
    ["maybe.otherwise", 1],
    ["each[0].item", 1],
  ]);
  expect(steps[0]).toMatchObject({
    path: "create",
    name: "create",
    type: "http",
    connectorId: "api",
    input: { method: "POST", path: "/a/me" },
    request: {
      method: "POST",
      url: `${vendor.url}/a/me`,
      headers: { Authorization: "Basic [masked]" },
      body: { given: "bob:[masked]" },
    },
  });
  expect(vendor.requests).toEqual([]);
});

it("shows a text as it goes out, and marks a line of it as the body's", async () => {
  const vendor = await startVendor();
  const step = (name: string, body: string, type: string) =>
    `  - { name: ${name}, type: http, with: { url: "${vendor.url}", method: POST, body: ${body}, headers: { Content-Type: ${type} } } }\n`;
  const text = `steps:\n${step("a", '"say \\"hi\\"\\ntwice\\u001b[2J"', "text/plain")}${step("b", '"\\"json\\""', "application/json")}`;
  const { folder: cwd } = makeProject({ "w.yaml": text });
  const { status, stdout, stderr } = await stepwire(["run", "w.yaml", "--dry-run"], { cwd });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toContain('\n  say "hi"\n  twice\uFFFD[2J\n');
  expect(stdout).toContain('\n  "json"\n');
  expect(vendor.requests).toEqual([]);
});

it("refuses what a run would refuse", async () => {
  const { vendor, options } = await project();
  const { status, stdout, stderr } = await stepwire(["run", "w.yaml", "--dry-run"], options);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain('Input "who" is required.');
  const { json } = await stepwireJson(["run", "w.yaml", "--dry-run"], options);
  expect(json).toMatchObject({ status: "refused", findings: [{ path: "inputs.who" }] });
  expect(vendor.requests).toEqual([]);
});

it("refuses a workflow that is switched off, as a run does", async () => {
  const { folder: cwd } = makeProject({
    "w.yaml": "enabled: false\nsteps: [{ name: a, type: console, with: { message: x } }]\n",
  });
  expect((await stepwire(["run", "w.yaml", "--dry-run"], { cwd })).status).toBe(2);
});

import { expect, it } from "vitest";

import { stepwire, stepwireJson } from "./support/command.ts";
import { makeProject, startVendor } from "./support/project.ts";
import { API, SECRET_ENV } from "./support/workflows.ts";

const CHILD = `name: create-ticket
inputs: [{ name: title, type: string, required: true }]
outputs: [{ name: id, type: number, required: true }]
steps:
  - { name: post, type: http, connector-id: api, with: { method: POST, path: /tickets, body: { title: "{{ inputs.title }}" } } }
  - { name: done, type: workflow.output, with: { id: 7 } }
`;
const PARENT = `name: caller
steps:
  - name: ticket
    type: workflow.execute
    with: { workflow-id: create-ticket, inputs: { title: "{{ event.title }}" } }
  - { name: tell, type: http, connector-id: api, with: { path: "/told/{{ steps.ticket.output.id }}" } }
`;

async function project(files: Record<string, string>) {
  const vendor = await startVendor();
  const all = { "connectors.yaml": API(vendor.url), "event.json": `{ "title": "no disk" }`, ...files };
  return { vendor, options: { cwd: makeProject(all).folder, env: SECRET_ENV } };
}
const RUN = ["run", "flows/parent.yaml", "--event", "event.json"];

it("calls the workflow of that name in the folder of its caller", async () => {
  const { vendor, options } = await project({ "flows/parent.yaml": PARENT, "flows/any-name.yaml": CHILD });
  const { result, json } = await stepwireJson(RUN, options);
  expect(result).toMatchObject({ status: 0 });
  expect(json).toMatchObject({
    status: "completed",
    steps: [
      { path: "ticket", type: "workflow.execute", output: { id: 7 } },
      { path: "ticket!workflow.post", status: "completed" },
      { path: "ticket!workflow.done", status: "completed" },
      { path: "tell" },
    ],
  });
  expect(vendor.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(["POST /tickets", "GET /told/7"]);
});

it("shows the requests of both in a dry run", async () => {
  const { vendor, options } = await project({ "flows/parent.yaml": PARENT, "flows/child.yaml": CHILD });
  const { status, stdout } = await stepwire([...RUN, "--dry-run"], options);
  expect(status).toBe(0);
  expect(stdout).toContain(`POST ${vendor.url}/tickets`);
  expect(stdout).toContain(`GET ${vendor.url}/told/<steps.ticket.output.id>`);
  expect(vendor.requests).toEqual([]);
});

it("lets a run that was started end before the command does, and tells how it ended", async () => {
  const parent = PARENT.replace("workflow.execute", "workflow.executeAsync").replace(
    "steps.ticket.output.id",
    "steps.ticket.output.status",
  );
  const files = { "flows/parent.yaml": parent, "flows/child.yaml": CHILD };
  const { vendor, options } = await project(files);
  const text = await stepwire(RUN, options);
  expect(text.status).toBe(0);
  expect(text.stderr).toContain("create-ticket, started by a step, completed\n");
  expect(vendor.requests.map(({ path }) => path).toSorted()).toEqual(["/tickets", "/told/running"]);

  const { json } = await stepwireJson(RUN, options);
  const { runId, started, steps } = json as { runId: string; started: { runId: string }[]; steps: object[] };
  expect(started).toMatchObject([{ workflow: "create-ticket", status: "completed", outputs: { id: 7 } }]);
  expect(started[0]?.runId).not.toBe(runId);
  expect(steps[0]).toMatchObject({ output: { executionId: started[0]?.runId, awaited: false } });

  const failing = await project({ ...files, "flows/child.yaml": CHILD.replace("id: 7", 'id: "{{ 1 }}x"') });
  const failed = await stepwire([...RUN, "--quiet"], failing.options);
  expect(failed.status).toBe(0);
  expect(failed.stderr).toMatch(/^create-ticket, started by a step, failed: Step "done" gives outputs/);
});

it.each([
  [
    "unknown",
    { "flows/parent.yaml": PARENT.replace("create-ticket", "crate-ticket") },
    'Did you mean "create-ticket"?',
  ],
  ["twice there", { "flows/parent.yaml": PARENT, "flows/z.yml": CHILD }, "child.yaml, z.yml"],
  ["itself", { "flows/parent.yaml": PARENT.replace("create-ticket", "caller") }, "caller → caller"],
  [
    "one that calls back",
    {
      "flows/parent.yaml": PARENT,
      "flows/child.yaml": CHILD.replace(
        "steps:",
        "steps:\n  - { name: back, type: workflow.execute, with: { workflow-id: caller } }",
      ),
    },
    "caller → create-ticket → caller",
  ],
  ["switched off", { "flows/parent.yaml": PARENT, "flows/child.yaml": `enabled: false\n${CHILD}` }, "enabled: true"],
  [
    "broken",
    { "flows/parent.yaml": PARENT, "flows/child.yaml": CHILD.replace("connector-id: api", "connector-id: apj") },
    "flows/child.yaml:5",
  ],
  [
    "only for Kibana",
    {
      "flows/parent.yaml": PARENT,
      "flows/child.yaml": CHILD.replace("type: http, connector-id: api", "type: cases.createCase"),
    },
    "flows/child.yaml:5",
  ],
])("refuses a workflow that calls one that is %s, and sends nothing", async (_case, files, words) => {
  const { vendor, options } = await project({ "flows/child.yaml": CHILD, ...files });
  const { status, stderr } = await stepwire(RUN, options);
  expect(status).toBe(2);
  expect(stderr).toContain(words);
  expect(vendor.requests).toEqual([]);
});

it("refuses workflows that call each other too deep", async () => {
  const files = Object.fromEntries(
    Array.from({ length: 12 }, (_, level) => [
      `flows/l${level}.yaml`,
      `name: l${level}\nsteps:\n  - { name: down, type: workflow.execute, with: { workflow-id: l${level + 1} } }\n`,
    ]),
  );
  const last = "name: l12\nsteps:\n  - { name: end, type: console }\n";
  const { options } = await project({ ...files, "flows/l12.yaml": last });
  expect(await stepwire(["validate", "flows/l2.yaml"], options)).toMatchObject({ status: 0 });
  const { status, stderr } = await stepwire(["validate", "flows/l1.yaml"], options);
  expect(status).toBe(2);
  expect(stderr).toContain("more than 10 levels deep");
});

/** Workflows as Kibana's library publishes them: placeholders from a file, and steps that only Kibana can run. */
import { expect, it } from "vitest";

import { stepwire, stepwireJson } from "./support/command.ts";
import { makeProject, startVendor } from "./support/project.ts";

const WORKFLOW = `template-metadata:
  slug: look-up
  version: "1.0.0"
  install:
    form:
      - { name: slack-connector, inputType: connector, connectorType: .slack, required: true }
      - { name: days, inputType: number, default: 90 }
name: Look up
triggers:
  - type: manual
steps:
  - name: search
    type: elasticsearch.search
    with:
      index: logs
      days: __install__.days
    on-failure:
      continue: true
  - name: tell
    type: slack
    connector-id: __install__.slack-connector
    with:
      message: "{{ steps.search.output.hits.total }} in __install__.days days for <%= team %>"
`;

async function project() {
  const vendor = await startVendor((_request, response) => void response.end("ok"));
  const made = makeProject({
    "connectors.yaml": `connectors: [{ name: ops, type: slack, secrets: { webhookUrl: "${vendor.url}/services/secret" } }]\n`,
    "look-up.yaml": WORKFLOW,
    "vars.yaml": "slack-connector: ops\nteam: SOC\n",
    "stubs.yaml": "search: { output: { hits: { total: 3 } } }\n",
  });
  return { vendor, options: { cwd: made.folder }, made };
}

it("runs once its placeholders have values and a stub stands in for what cannot run here", async () => {
  const { vendor, options } = await project();
  const { json } = await stepwireJson(
    ["run", "look-up.yaml", "--var-file", "vars.yaml", "--stub", "stubs.yaml"],
    options,
  );
  expect(json).toMatchObject({ status: "completed", steps: [{ output: { hits: { total: 3 } } }, {}] });
  expect(vendor.requests.map(({ body }) => body)).toEqual(['{"text":"3 in 90 days for SOC"}']);
});

it("says what it would need, and is refused before anything is sent", async () => {
  const { vendor, options } = await project();
  const validated = await stepwire(["validate", "look-up.yaml", "--var-file", "vars.yaml"], options);
  expect(validated).toMatchObject({ status: 0 });
  expect(validated.stderr).toContain("look-up.yaml:13:11  warning  ");
  expect(validated.stderr).toContain("need an Elasticsearch cluster");
  expect(validated.stderr).toContain("--stub FILE");
  for (const args of [
    ["run", "look-up.yaml"],
    ["run", "look-up.yaml", "--dry-run"],
  ]) {
    const { json } = await stepwireJson([...args, "--var-file", "vars.yaml"], options);
    expect(json).toMatchObject({ status: "refused", findings: [{ severity: "error", rule: "stepNotHere", line: 13 }] });
  }
  expect(vendor.requests).toEqual([]);
});

it("names every placeholder without a value at its place", async () => {
  const { options } = await project();
  const { status, stderr } = await stepwire(["validate", "look-up.yaml", "--stub", "stubs.yaml"], options);
  expect(status).toBe(2);
  expect(stderr).toContain('look-up.yaml:21:19  error  The placeholder "slack-connector" has no value.');
  expect(stderr).toContain('look-up.yaml:23:16  error  The placeholder "team" has no value');
  expect(stderr).not.toContain("connectorNotFound");
});

it.each([
  ["--var-file", "- a", "holds a list"],
  ["--stub", "search: 1", "The stub of"],
  ["--stub", "search: { ouput: 1 }", "needs one key, output or error"],
])("%s with %j is refused", async (option, text, said) => {
  const { options, made } = await project();
  made.write({ "given.yaml": text });
  const { status, stderr } = await stepwire(["run", "look-up.yaml", option, "given.yaml"], options);
  expect(status, stderr).toBe(2);
  expect(stderr).toContain(said);
});

it("reads one of its files from standard input", async () => {
  const { vendor, options } = await project();
  const args = ["run", "look-up.yaml", "--stub", "stubs.yaml", "--var-file", "-"];
  const piped = await stepwire(args, { ...options, stdin: '{"slack-connector": "ops", "team": "A"}' });
  expect(piped, piped.stderr).toMatchObject({ status: 0 });
  expect(vendor.requests).toHaveLength(1);
  const both = await stepwire([...args.slice(0, 2), "--stub", "-", "--var-file", "-"], options);
  expect(both.stderr).toContain("Only one of --var-file and --stub can read standard input.");
});

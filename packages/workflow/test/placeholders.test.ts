import { describe, expect, it } from "vitest";

import { planWorkflow, readWorkflow, runPlan } from "../src/index.ts";
import { FakeHost, START } from "./fake-host.ts";
import { catalog } from "./kit.ts";

const plan = async (text: string, variables: Record<string, unknown> = {}) =>
  planWorkflow(readWorkflow(text, "w.yaml", { variables }), catalog);

/** The calls of a workflow whose placeholders are filled. */
async function callsOf(text: string, variables: Record<string, unknown>) {
  const { plan: made, findings } = await plan(text, variables);
  if (made === undefined) throw new Error(JSON.stringify(findings));
  const host = new FakeHost();
  await runPlan(made, { runId: "r", startedAt: START, signal: new AbortController().signal }, host);
  return host.calls;
}
const step = (params: string) => `steps:\n  - name: a\n    type: any\n    with: ${params}\n`;

describe("placeholders", () => {
  it.each([
    ["<%= max-age %>", { "max-age": 90 }, 90],
    ["__install__.max-age", { "max-age": 90 }, 90],
    ["__install__.on", { on: false }, false],
    ["__install__.list", { list: ["a"] }, ["a"]],
    ["REPLACE_WITH_TEAM", { REPLACE_WITH_TEAM: "soc" }, "soc"],
    ['"  <%= x %> "', { x: 5 }, 5],
    ['"of <%= x %>, <%=x%> and __install__.y!"', { x: "a", y: 2 }, "of a, a and 2!"],
    ['"{{ event.z }}-__install__.y"', { y: "{{ event.w }}" }, "-"],
  ])("%s with %j is %j", async (text, variables, expected) => {
    expect(await callsOf(step(`{ value: ${text} }`), variables)).toMatchObject([{ input: { value: expected } }]);
  });

  it("may stand anywhere but in keys", async () => {
    const text = `consts: { team: __install__.team }
steps:
  - name: a
    type: slack
    connector-id: <%= slack-connector-id %>
    if: \${{ consts.team == "REPLACE_WITH_TEAM" }}
    with: { message: "<%= team %>: hi" }
`;
    const variables = { team: "soc", REPLACE_WITH_TEAM: "soc", "slack-connector-id": "alerts" };
    expect(await callsOf(text, variables)).toMatchObject([{ connectorId: "alerts", input: { message: "soc: hi" } }]);
  });

  it("take the default of the template's own form", async () => {
    const text = `template-metadata:
  install:
    form:
      - { name: days, inputType: number, default: 90 }
${step("{ days: __install__.days }")}`;
    expect(await callsOf(text, {})).toMatchObject([{ input: { days: 90 } }]);
    expect(await callsOf(text, { days: 7 })).toMatchObject([{ input: { days: 7 } }]);
  });

  it("can have another value for each step, by its name or type", async () => {
    const text = `steps:
  - { name: a, type: slack, connector-id: REPLACE_WITH_CONNECTOR_ID, with: { message: m } }
  - { name: b, type: jira, connector-id: REPLACE_WITH_CONNECTOR_ID, with: { projectKey: E, summary: s } }
`;
    const calls = await callsOf(text, { REPLACE_WITH_CONNECTOR_ID: { slack: "alerts", b: "alerts" } });
    expect(calls.map(({ connectorId }) => connectorId)).toEqual(["alerts", "alerts"]);
    const { findings } = await plan(text, { REPLACE_WITH_CONNECTOR_ID: { slack: "alerts" } });
    expect(findings).toMatchObject([{ line: 3, rule: "placeholder", message: expect.stringContaining('in step "b"') }]);
  });

  it("without a value are findings at their places, with the nearest name that there is", async () => {
    const text = `steps:\n  - name: a\n    type: any\n    with:\n      x: __install__.region\n      y: "in <%= zone %>"\n`;
    const { plan: made, findings } = await plan(text, { reggion: "eu" });
    expect(made).toBeUndefined();
    expect(findings).toMatchObject([
      { line: 5, column: 10, rule: "placeholder", severity: "error", hint: expect.stringContaining("reggion") },
      { line: 6, column: 10, rule: "placeholder", hint: expect.stringContaining('--var-file vars.yaml, with "zone"') },
    ]);
  });

  it("inside of a text cannot be lists or maps", async () => {
    const { findings } = await plan(step('{ x: "a <%= y %>" }'), { y: [1] });
    expect(findings).toMatchObject([{ rule: "placeholder", message: expect.stringContaining("a list") }]);
  });

  it("are looked for among the variables' own names only", async () => {
    const { findings } = await plan(step("{ x: __install__.constructor, y: __install__.toString }"));
    expect(findings).toHaveLength(2);
  });

  it("leave a template's own description of them alone", async () => {
    const text = `template-metadata: { description: "replaces __install__.x" }\n${step("{ x: 1 }")}`;
    expect((await plan(text)).findings).toEqual([]);
  });
});

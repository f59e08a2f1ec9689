import { describe, expect, it } from "vitest";

import { dryRun, planWorkflow, readStubs, readWorkflow, runPlan } from "../src/index.ts";
import { FakeHost, START } from "./fake-host.ts";
import { catalog } from "./kit.ts";

const plan = async (text: string, stubs: Record<string, unknown> = {}) =>
  planWorkflow(readWorkflow(text, "w.yaml"), catalog, { stubs: readStubs(stubs) });

async function run(text: string, stubs: Record<string, unknown>) {
  const host = new FakeHost();
  const planned = await plan(text, stubs);
  if (planned.plan === undefined) throw new Error(JSON.stringify(planned.findings));
  const request = { runId: "r", startedAt: START, signal: new AbortController().signal };
  const result = await runPlan(planned.plan, request, host, { stubs: readStubs(stubs) });
  return { result, host };
}

describe("a step that only Kibana can run", () => {
  it.each([
    ["kibana.request", "Kibana"],
    ["elasticsearch.esql.query", "an Elasticsearch cluster"],
    ["cases.createCase", "cases-webhook"],
    ["ai.prompt", "AI connectors"],
    ["security.anything", "Elastic Security"],
    ["waitForInput", "answers"],
    ["waitForApproval", "approves"],
    ["merge", "Kibana's own engine"],
  ])("of type %s is read, and a warning says what it needs", async (type, need) => {
    const { plan: made, findings } = await plan(
      `steps:\n  - name: a\n    type: ${type}\n    agent-id: x\n    with: { x: 1 }\n`,
    );
    expect(made).toBeDefined();
    expect(findings).toMatchObject([
      { line: 3, column: 11, severity: "warning", rule: "stepNotHere", code: "unknown-step-type" },
    ]);
    expect(findings[0]?.message).toContain(need);
    expect(findings[0]?.hint).toContain("--stub");
  });

  it.each(["kibana", "cases", "waitForInput.x", "data.nothing", "workflow.nothing"])(
    "is none of type %s",
    async (type) => {
      const { findings } = await plan(`steps:\n  - { name: a, type: ${type} }\n`);
      expect(findings).toMatchObject([{ severity: "error", message: expect.stringContaining(type) }]);
    },
  );

  it("has its templates, references and wrappers checked like any other", async () => {
    const { findings } = await plan(`steps:
  - name: a
    type: kibana.request
    if: "event.x:"
    with: { path: "{{ steps.nobody.output }}", body: "{{ x | nofilter }}" }
`);
    expect(findings.filter(({ severity }) => severity === "error").map(({ rule }) => rule)).toEqual([
      "invalidIfConditionSyntax",
      "invalidVariableReference",
      "liquidSyntaxError",
    ]);
  });

  it("is seen by later steps", async () => {
    const { findings } = await plan(
      `steps:\n  - { name: a, type: kibana.request }\n  - { name: b, type: console, with: { message: "{{ steps.a.output.id }}" } }\n`,
    );
    expect(findings.map(({ severity }) => severity)).toEqual(["warning"]);
  });
});

describe("a stub", () => {
  const TEXT = `steps:
  - name: look_up
    type: kibana.request
    with: { path: "/api/{{ event.id }}" }
  - name: tell
    type: any
    with: { text: "\${{ steps.look_up.output.items }}" }
`;

  it("answers a step by its name, before its type", async () => {
    const stubs = {
      look_up: { output: { items: [1] } },
      "kibana.request": { output: { items: [2] } },
      any: { output: 1 },
    };
    const { host } = await run(TEXT, stubs);
    expect(host.calls).toEqual([]);
    expect((await plan(TEXT, stubs)).findings).toEqual([]);
    const finished = host.events.filter(({ kind }) => kind === "finished");
    expect(finished).toMatchObject([
      { name: "look_up", output: { items: [1] } },
      { name: "tell", output: 1 },
    ]);
  });

  it("gives each step a value of its own", async () => {
    const output = { list: [1] };
    const stubs = readStubs({ any: { output } });
    const text = "steps:\n  - { name: a, type: any }\n  - { name: b, type: any }\n";
    const host = new FakeHost();
    const { plan: made } = await planWorkflow(readWorkflow(text, "w.yaml"), catalog, { stubs });
    if (made === undefined) throw new Error("no plan");
    await runPlan(made, { runId: "r", startedAt: START, signal: new AbortController().signal }, host, { stubs });
    const outputs = host.events.flatMap((event) => (event.kind === "finished" ? [event.output] : []));
    expect(outputs).toEqual([output, output]);
    expect(outputs[0]).not.toBe(outputs[1]);
  });

  it("can fail, and goes through on-failure like any failure", async () => {
    const text = `steps:
  - name: look_up
    type: kibana.request
    on-failure: { continue: true }
  - name: tell
    type: any
    with: { status: "\${{ steps.look_up.error.status }}", type: "{{ steps.look_up.error.type }}" }
`;
    const stubs = { look_up: { error: { message: "gone", status: 404, type: "KibanaApiError" } } };
    const { result, host } = await run(text, stubs);
    expect(result.status).toBe("completed");
    expect(host.calls).toMatchObject([{ input: { status: 404, type: "KibanaApiError" } }]);
  });

  it("makes a connector and a package unnecessary", async () => {
    const text = "steps:\n  - { name: a, type: pager.page, connector-id: nobody, with: { x: 1 } }\n";
    expect((await plan(text)).findings).not.toEqual([]);
    expect((await plan(text, { a: { output: null } })).findings).toEqual([]);
  });

  it("shows in a dry run, and what it gives is known there", async () => {
    const stubs = readStubs({ look_up: { output: { items: ["i"] } } });
    const { plan: made } = await planWorkflow(readWorkflow(TEXT, "w.yaml"), catalog, { stubs });
    if (made === undefined) throw new Error("no plan");
    const steps = [...dryRun(made, { runId: "r", startedAt: START, event: { id: 7 } }, { stubs })];
    expect(steps).toMatchObject([
      { name: "look_up", stubbed: true, input: { path: "/api/7" } },
      { name: "tell", input: { text: ["i"] } },
    ]);
    expect(steps[1]).not.toHaveProperty("stubbed");
  });

  it.each([
    [{ a: 1 }, "is no map"],
    [{ a: {} }, "needs one key"],
    [{ a: { output: 1, error: { message: "x" } } }, "needs one key"],
    [{ a: { outputs: 1 } }, "needs one key"],
    [{ a: { error: "x" } }, "an error that is no map"],
    [{ a: { error: {} } }, "without a message"],
    [{ a: { error: { message: "x", status: "404" } } }, "status"],
    [{ a: { error: { message: "x", typ: "y" } } }, "typ"],
  ])("%j is refused", (map, said) => {
    expect(() => readStubs(map as Record<string, unknown>)).toThrow(said);
  });
});

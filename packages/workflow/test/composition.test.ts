import { describe, expect, test } from "vitest";
import { dryRun, type StepCall } from "../src/index.ts";
import { FakeHost, START } from "./fake-host.ts";
import { findingsOf, planOf, run, told, withWorkflows } from "./kit.ts";

const greet = `
name: greet
inputs:
  - { name: who, type: string, required: true }
  - { name: times, type: number, default: 1 }
outputs:
  - { name: text, type: string, required: true }
  - { name: length, type: number }
steps:
  - { name: say, type: any, with: { value: "hello {{ inputs.who }}", by: "{{ parent.workflowId }}/{{ parent.executionId }}/{{ parent.depth }}" } }
  - name: result
    type: workflow.output
    with: { text: "{{ steps.say.output.said }}", length: "{{ steps.say.output.said | size }}" }
  - { name: never, type: any, with: {} }
`;
const fails = `
name: fails
steps:
  - { name: stop, type: workflow.fail, with: { message: "nobody is at home", reason: empty } }
`;
const catalog = withWorkflows({ greet, fails });
const say = ({ input }: StepCall): unknown => ({ said: input["value"] });

function caller(step: string, rest = ""): string {
  return `
name: caller
steps:
  - name: call
${step.replaceAll(/^/gm, "    ")}
${rest}`;
}
const call = (inputs: string, rest = ""): string =>
  caller(`type: workflow.execute\nwith: { workflow-id: greet, inputs: ${inputs} }`, rest);

const ran = (text: string, host?: FakeHost, handler = say) =>
  run(text, handler, {}, host ?? new FakeHost(handler), catalog);

describe("workflow.output", () => {
  test("ends a workflow with its outputs", async () => {
    const { result, host } = await run(greet, say, { inputs: { who: "ann" } });
    expect(result).toEqual({ status: "completed", outputs: { text: "hello ann", length: 9 } });
    expect(host.ends).toEqual(["say:completed", "result:completed"]);
    expect(host.calls[0]?.input["by"]).toBe("//");
  });

  test("ends it from inside branches, loops and fallbacks", async () => {
    const end = "{ name: end, type: workflow.output, with: { at: here } }";
    for (const steps of [
      `- { name: if, type: if, condition: true, steps: [${end}] }`,
      `- { name: each, type: foreach, foreach: "[1, 2]", steps: [${end}] }`,
      `- { name: bad, type: any, with: { fail: true }, on-failure: { fallback: [${end}], continue: true } }`,
    ]) {
      const text = `steps:\n  ${steps}\n  - { name: never, type: any, with: {} }\n`;
      const { result, host } = await run(text, ({ input }) => {
        if (input["fail"] === true) throw new Error("broken");
        return {};
      });
      expect(result, steps).toEqual({ status: "completed", outputs: { at: "here" } });
      expect(host.calls.map(({ name }) => name)).not.toContain("never");
    }
  });

  test("ends it where a branch of a parallel step falls back on it", async () => {
    for (const [mode, others] of [
      ["fail-fast", []],
      ["settled", ["other"]],
    ] as const) {
      const { result, host } = await run(
        `
settings: { on-failure: { fallback: [{ name: end, type: workflow.output, with: { at: here } }] } }
steps:
  - name: side
    type: parallel
    concurrency: 1
    mode: ${mode}
    branches:
      - { name: a, steps: [{ name: bad, type: any, with: { fail: true } }] }
      - { name: b, steps: [{ name: other, type: any, with: {} }] }
  - { name: never, type: any, with: {} }
`,
        ({ input }) => {
          if (input["fail"] === true) throw new Error("broken");
          return {};
        },
      );
      expect(result).toEqual({ status: "completed", outputs: { at: "here" } });
      expect(host.calls.map(({ name }) => name)).toEqual(["bad", ...others]);
    }
  });

  test("does nothing if its condition does not hold", async () => {
    const { result, host } = await run(`
steps:
  - { name: end, type: workflow.output, if: false, with: { a: 1 } }
  - { name: after, type: any, with: {} }
`);
    expect(result).toEqual({ status: "completed" });
    expect(host.calls).toHaveLength(1);
  });

  test("ends it as cancelled or failed", async () => {
    const end = (status: string, values: string) =>
      run(`steps:\n  - { name: end, type: workflow.output, status: ${status}, with: ${values} }\n`);
    expect((await end("cancelled", "{ a: 1 }")).result).toEqual({ status: "cancelled", outputs: { a: 1 } });
    expect((await end("failed", "{ message: no disk, reason: disk }")).result).toMatchObject({
      status: "failed",
      outputs: { message: "no disk" },
      error: { code: "workflow-failed", type: "WorkflowFailedError", message: "no disk", details: { reason: "disk" } },
    });
    expect((await end("failed", "{}")).result.error?.message).toBe('Step "end" ended the workflow as failed.');
  });

  test("fails a run whose outputs are other than declared", async () => {
    const text = `
outputs:
  - { name: count, type: number, required: true }
steps:
  - { name: get, type: any, with: {} }
  - { name: end, type: workflow.output, with: { count: "{{ steps.get.output.count }}" } }
`;
    const { result } = await run(text, () => ({ count: "many" }));
    expect(result).toMatchObject({
      status: "failed",
      error: {
        code: "output-invalid",
        message:
          'Step "end" gives outputs that the workflow does not declare so: Output "count" must be a number, not a text.',
      },
    });
    expect((await run(text, () => ({ count: "12" }))).result.outputs).toEqual({ count: 12 });
  });

  test("is checked before the run", async () => {
    expect(
      await told(`
outputs:
  - { name: count, type: number, required: true }
  - { name: list, type: array, items: { type: number } }
steps:
  - { name: a, type: workflow.output, with: { conut: 1, list: [1, x] }, status: completed }
  - { name: b, type: workflow.output, status: done }
  - { name: c, type: workflow.output, if: true }
  - { name: d, type: workflow.fail, with: { massage: no } }
  - { name: e, type: workflow.output, with: { count: "{{ event.count }}" } }
  - { name: f, type: workflow.output, status: cancelled }
`),
    ).toMatchInlineSnapshot(`
      [
        "6:39 Output "count" is required.",
        "6:47 Output "conut" is not known.",
        "6:67 Output "list[1]" must be a number, not a text.",
        "7:47 "status" must be one of completed, cancelled, failed.",
        "8:5 Output "count" is required.",
        "9:45 "massage" is not a key of "with" of a step of type "workflow.fail".",
      ]
    `);
    expect(
      await told(`
outputs: { type: object, properties: { a: { type: string } }, required: [b] }
steps:
  - { name: a, type: workflow.output, with: { a: 1 } }
`),
    ).toMatchInlineSnapshot(`
      [
        "2:74 There is no output "b" to be required.",
        "4:39 Output "b" is required.",
        "4:47 Output "a" must be a text, not a number.",
      ]
    `);
    expect(await told(`outputs: 3\nsteps:\n  - { name: a, type: workflow.output }\n`)).toMatchInlineSnapshot(`
      [
        "1:10 "outputs" must be a list of fields or a JSON Schema, not a number.",
      ]
    `);
    const [finding] = await findingsOf(`outputs: []\nsteps:\n  - { name: a, type: workflow.output, with: { a: 1 } }\n`);
    expect(finding).toMatchObject({ rule: "invalidWorkflowOutput", line: 3 });
  });
});

describe("workflow.execute", () => {
  test("runs the other workflow inside the run and gives its outputs", async () => {
    const { result, host } = await ran(
      call("{ who: ann }", `  - { name: use, type: any, with: { value: "{{ steps.call.output.text }}" } }\n`),
    );
    expect(result).toEqual({ status: "completed" });
    expect(host.calls.map(({ path, input }) => [path, input])).toEqual([
      ["call!workflow.say", { value: "hello ann", by: "caller/run-1/0" }],
      ["use", { value: "hello ann" }],
    ]);
    expect(host.ends).toEqual([
      "call!workflow.say:completed",
      "call!workflow.result:completed",
      "call:completed",
      "use:completed",
    ]);
    const started = host.events.find((event) => event.kind === "started" && event.path === "call");
    expect(started).toMatchObject({ input: { "workflow-id": "greet", inputs: { who: "ann" } } });
  });

  test("keeps the steps and variables of both apart", async () => {
    const child = `
name: greet
steps:
  - { name: set, type: data.set, with: { x: child } }
  - { name: out, type: workflow.output, with: { steps: "\${{ steps }}" } }
`;
    const text = `
steps:
  - { name: set, type: data.set, with: { x: caller } }
  - { name: call, type: workflow.execute, with: { workflow-id: greet } }
  - { name: probe, type: any, with: { x: "{{ variables.x }}", seen: "\${{ steps.call.output.steps }}" } }
`;
    const { host } = await run(text, say, {}, new FakeHost(say), withWorkflows({ greet: child }));
    expect(host.calls[0]?.input).toMatchObject({ x: "caller", seen: { set: { output: { x: "child" } } } });
    expect(Object.keys(host.calls[0]?.input["seen"] as object)).toEqual(["set"]);
  });

  test("fails as the other workflow fails, and can be tried again", async () => {
    const text = caller(
      `type: workflow.execute\nwith: { workflow-id: fails }\non-failure: { retry: { max-attempts: 1 }, continue: true }`,
      `  - { name: tell, type: any, with: { why: "{{ steps.call.error.message }} ({{ steps.call.error.details.reason }})" } }\n`,
    );
    const { result, host } = await ran(text);
    expect(result.status).toBe("completed");
    expect(host.calls[0]?.input["why"]).toBe("nobody is at home (empty)");
    expect(host.ends.slice(0, 4)).toEqual([
      "call!workflow.stop:completed",
      "call:failed",
      "call!workflow#2.stop:completed",
      "call:failed",
    ]);
  });

  test("fails where the other workflow ends as cancelled", async () => {
    const child = `steps:\n  - { name: end, type: workflow.output, status: cancelled }\n`;
    const text = caller(`type: workflow.execute\nwith: { workflow-id: quits }`);
    const { result } = await run(text, say, {}, new FakeHost(say), withWorkflows({ quits: child }));
    expect(result).toMatchObject({ status: "failed", error: { code: "workflow-failed" } });
    expect(result.error?.message).toMatch(/was cancelled by a step of its own/);
  });

  test("keeps the timeout of the other workflow, and ends it with its own", async () => {
    const slow = (settings: string) => `
name: slow
settings: { timeout: ${settings} }
steps:
  - { name: pause, type: wait, with: { duration: 1h } }
`;
    const text = caller(`type: workflow.execute\ntimeout: 30s\nwith: { workflow-id: slow }`);
    const short = await run(text, say, {}, new FakeHost(say), withWorkflows({ slow: slow("5s") }));
    expect(short.result.error).toMatchObject({
      code: "timeout",
      message: 'The workflow "slow" took longer than its timeout of 5 s.',
    });
    expect(short.host.time).toBe(START + 5000);
    const long = await run(text, say, {}, new FakeHost(say), withWorkflows({ slow: slow("2h") }));
    expect(long.result.error).toMatchObject({
      code: "timeout",
      message: 'Step "call" took longer than its timeout of 30 s.',
    });
    expect(long.result.status).toBe("failed");
  });

  test("is cancelled with its run", async () => {
    const controller = new AbortController();
    const handler = (): never => {
      controller.abort();
      throw new Error("late");
    };
    const { result, host } = await run(
      call("{ who: ann }"),
      handler,
      { signal: controller.signal },
      new FakeHost(handler),
      catalog,
    );
    expect(result.status).toBe("cancelled");
    expect(host.ends).toEqual(["call!workflow.say:failed", "call:failed"]);
  });

  test("runs once for each item", async () => {
    const text = caller(
      `type: workflow.execute\nforeach: '["ann", "bob"]'\nwith: { workflow-id: greet, inputs: { who: "{{ foreach.item }}" } }`,
    );
    const { host } = await ran(text);
    expect(host.calls.map(({ path }) => path)).toEqual(["call[0]!workflow.say", "call[1]!workflow.say"]);
  });

  test("goes through several levels", async () => {
    const middle = `
name: middle
steps:
  - { name: inner, type: workflow.execute, with: { workflow-id: greet, inputs: { who: bob } } }
`;
    const text = caller(`type: workflow.execute\nwith: { workflow-id: middle }`);
    const { host } = await run(text, say, {}, new FakeHost(say), withWorkflows({ greet, middle }));
    expect(host.calls[0]).toMatchObject({
      path: "call!workflow.inner!workflow.say",
      input: { by: "middle/run-1/call!workflow/1" },
    });
  });

  test("checks inputs that only the run knows", async () => {
    const { result } = await ran(call(`{ who: ann, times: "{{ event.times }}" }`));
    expect(result.error).toMatchObject({
      code: "params-invalid",
      message: 'Workflow "greet": Input "times" must be a number, not a text.',
    });
  });

  test("is answered by a stub, without the other workflow", async () => {
    const { readStubs, planWorkflow, readWorkflow, runPlan } = await import("../src/index.ts");
    const { catalog: none } = await import("./kit.ts");
    const stubs = readStubs({ call: { output: { text: "hi" } } });
    const text = call("{}", `  - { name: use, type: any, with: { value: "{{ steps.call.output.text }}" } }\n`);
    const { plan } = await planWorkflow(readWorkflow(text, "flow.yaml"), none, { stubs });
    if (plan === undefined) throw new Error("no plan");
    const host = new FakeHost(say);
    const request = { runId: "run-1", startedAt: START, signal: new AbortController().signal };
    expect(await host.drive(runPlan(plan, request, host, { stubs }))).toEqual({ status: "completed" });
    expect(host.calls[0]?.input["value"]).toBe("hi");
  });

  test("is checked before the run", async () => {
    const text = `
steps:
  - { name: a, type: workflow.execute, with: { workflow-id: great } }
  - { name: b, type: workflow.execute, with: { workflow-id: greet } }
  - { name: c, type: workflow.execute, with: { workflow-id: greet, inputs: { who: "{{ event.who }}", tmes: 3, times: x } } }
  - { name: d, type: workflow.execute, with: { workflow-id: "{{ event.flow }}" } }
  - { name: e, type: workflow.execute, with: { inputs: {} } }
  - { name: f, type: workflow.execute }
  - { name: g, type: workflow.execute, with: { workflow-id: greet, inputs: { who: 3 }, input: {} } }
  - { name: h, type: workflow.execute, with: { workflow-id: broken } }
`;
    const broken = `steps:\n  - { name: x, type: nothing }\n`;
    expect(await told(text, withWorkflows({ greet, broken }))).toMatchInlineSnapshot(`
      [
        "3:61 There is no workflow "great".",
        "4:40 Input "who" is required.",
        "5:102 (warning) The workflow "greet" has no input "tmes".",
        "5:111 Input "times" must be a number, not a text.",
        "6:61 "workflow-id" must be a name, not a template: which workflow is called has to be known before the run.",
        "7:40 Step "e" has no "workflow-id".",
        "8:5 Step "f" has no "with".",
        "9:78 Input "who" must be a text, not a number.",
        "9:88 "input" is not a key of "with" of a step of type "workflow.execute".",
        "10:61 The workflow "broken" cannot run.",
        "2:22 No package provides "nothing".",
      ]
    `);
    const rules = (await findingsOf(text, withWorkflows({ greet, broken }))).map(({ rule, file }) => `${file} ${rule}`);
    expect(rules).toMatchInlineSnapshot(`
      [
        "flow.yaml targetWorkflowNotFound",
        "flow.yaml missingRequiredInput",
        "flow.yaml unknownInputKey",
        "flow.yaml invalidInputType",
        "flow.yaml schemaViolation",
        "flow.yaml schemaViolation",
        "flow.yaml schemaViolation",
        "flow.yaml invalidInputType",
        "flow.yaml schemaViolation",
        "flow.yaml targetWorkflowNotFound",
        "broken.yaml schemaViolation",
      ]
    `);
  });

  test("shows the steps of the other workflow in a dry run", async () => {
    const plan = await planOf(
      call("{ who: ann }", `  - { name: end, type: workflow.output }\n  - { name: never, type: any, with: {} }\n`),
      catalog,
    );
    const steps = [...dryRun(plan, { runId: "dry", startedAt: START })];
    expect(steps).toEqual([
      {
        path: "call!workflow.say",
        name: "say",
        type: "any",
        input: { value: "hello ann", by: "caller/dry/0" },
        when: [],
      },
    ]);
  });
});

describe("workflow.executeAsync", () => {
  const text = caller(
    `type: workflow.executeAsync\nwith: { workflow-id: greet, inputs: { who: ann } }`,
    `  - { name: use, type: any, with: { value: "\${{ steps.call.output }}" } }\n`,
  );

  test("starts a run of its own and goes on", async () => {
    const { result, host } = await ran(text);
    expect(result).toEqual({ status: "completed" });
    const [submission] = host.submissions;
    expect(submission).toMatchObject({
      path: "call!workflow",
      inputs: { who: "ann", times: 1 },
      parent: { workflowId: "caller", executionId: "run-1", depth: 0 },
    });
    expect(submission?.plan.name).toBe("greet");
    expect(host.calls.map(({ path }) => path)).toEqual(["use"]);
    expect(host.calls[0]?.input["value"]).toEqual({
      workflowId: "greet",
      executionId: "submitted-1",
      awaited: false,
      status: "running",
      startedAt: "2026-01-15T12:00:00.000Z",
    });
  });
});

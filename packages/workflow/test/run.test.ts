import { describe, expect, test } from "vitest";
import { runPlan, type StepEvent } from "../src/index.ts";
import { FakeHost, START } from "./fake-host.ts";
import { planOf, run } from "./kit.ts";

describe("steps one after the other", () => {
  test("pass on what they made", async () => {
    const { result, host } = await run(
      `name: flow
steps:
  - name: create
    type: jira
    connector-id: alerts
    with: { projectKey: OPS, summary: "{{ event.name }}" }
  - name: say
    type: console
    with: { message: "made {{ steps.create.output.key }} from {{ steps.create.input.summary }}" }
  - name: keep
    type: data.set
    with: { key: "\${{ steps.create.output.key }}", n: 1 }
  - name: keep more
    type: data.set
    with: { n: "\${{ variables.n | plus: 1 }}" }
  - name: notify
    type: slack
    connector-id: "{{ consts.channel }}"
    with: { message: "{{ steps.say.output }} / {{ variables.key }} / {{ variables.n }}" }
consts: { channel: alerts }
`,
      (call) => ({ key: `${call.input["projectKey"] as string}-1` }),
      { event: { name: "Alert" } },
    );
    expect(result).toEqual({ status: "completed" });
    expect(host.logs).toEqual(["made OPS-1 from Alert"]);
    expect(host.calls.map(({ signal: _signal, ...call }) => call)).toEqual([
      {
        path: "create",
        name: "create",
        type: "jira",
        connectorId: "alerts",
        input: { projectKey: "OPS", summary: "Alert" },
        attempt: 1,
        maxOutputBytes: 10 * 1024 ** 2,
      },
      {
        path: "notify",
        name: "notify",
        type: "slack",
        connectorId: "alerts",
        input: { message: "made OPS-1 from Alert / OPS-1 / 2" },
        attempt: 1,
        maxOutputBytes: 10 * 1024 ** 2,
      },
    ]);
    expect(host.events.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      "started create",
      "finished create",
      "started say",
      "finished say",
      "started keep",
      "finished keep",
      'started "keep more"',
      'finished "keep more"',
      "started notify",
      "finished notify",
    ]);
    const started = host.events[0] as StepEvent & { kind: "started" };
    expect(started.input).toEqual({ projectKey: "OPS", summary: "Alert" });
    expect(host.events[1]).toMatchObject({ status: "completed", output: { key: "OPS-1" } });
  });

  test("console writes any value and its output is the message", async () => {
    const { host } = await run(
      `steps:
  - { name: a, type: console, with: { message: { n: "\${{ event.n }}" } } }
  - { name: b, type: console }
  - { name: c, type: console, with: { message: "{{ steps.a.output.n }}{{ steps.b.output }}" } }
`,
      undefined,
      { event: { n: 1 } },
    );
    expect(host.logs).toEqual(['{"n":1}', "", "1"]);
  });

  test("a connector-id that renders to nothing fails its step", async () => {
    const { result } = await run(
      "steps:\n  - { name: a, type: slack, connector-id: '{{ event.missing }}', with: { message: x } }\n",
    );
    expect(result.error).toMatchObject({ code: "params-invalid", message: expect.stringContaining("an empty text") });
  });
});

describe("if", () => {
  const flow = (condition: string): string => `steps:
  - name: check
    type: if
    condition: ${condition}
    steps:
      - { name: x, type: any }
    else:
      - { name: y, type: any }
  - name: last
    type: any
    with: { x: "\${{ steps.x }}", check: "\${{ steps.check }}" }
`;
  test.each([
    ['"event.n: 5"', true],
    ['"event.n > 5"', false],
    ['"${{ event.n == 5 }}"', true],
    ['"${{ event.missing }}"', false],
    ['"${{ event.nothing }}"', false],
    ['"{{ event.n | minus: 5 }}"', false],
    ['"{% if event.n == 5 %}true{% else %}false{% endif %}"', true],
    ['"{{ event.kql }}"', true],
    ['"event.n: {{ event.n }}"', true],
    ["true", true],
    ['"false"', false],
    ['"event.list.length > 0"', false],
    ['"not steps.check.error: *"', true],
  ])("%s is %s", async (condition, taken) => {
    const text = flow(condition).replaceAll("steps.check.error", "event.missing");
    const { host, result } = await run(text, undefined, {
      event: { n: 5, nothing: null, kql: "event.n: 5", list: [] },
    });
    expect(result.status).toBe("completed");
    expect(host.calls.map(({ path }) => path)).toEqual([taken ? "check.x" : "check.y", "last"]);
    expect(host.ends).toEqual([`${taken ? "check.x" : "check.y"}:completed`, "check:completed", "last:completed"]);
    expect("x" in (host.calls[1]?.input ?? {})).toBe(taken);
  });

  test.each([
    ['"${{ event.list }}"', "gives a list"],
    ['"${{ event.n }}"', "gives a number"],
    ['"{{ event.broken }}"', "is no KQL once it is rendered"],
  ])("%s fails", async (condition, message) => {
    const { result } = await run(flow(condition), undefined, { event: { n: 5, list: [1], broken: "a: (" } });
    expect(result).toMatchObject({
      status: "failed",
      error: { code: "template-error", message: expect.stringContaining(message) },
    });
    expect(result.error?.message).toContain('step "check" (condition)');
  });

  test("a step whose own condition is false leaves nothing behind", async () => {
    const { host } = await run(
      `steps:
  - { name: a, type: any, if: "event.n: 6", with: { v: 1 } }
  - { name: b, type: any, with: { a: "\${{ steps.a }}", text: "[{{ steps.a.output }}]" } }
  - { name: c, type: any, if: "steps.a: *" }
`,
      undefined,
      { event: { n: 5 } },
    );
    expect(host.calls.map(({ input }) => input)).toEqual([{ text: "[]" }]);
    expect(host.ends).toEqual(["a:skipped", "b:completed", "c:skipped"]);
    expect(host.events[0]).toEqual({ kind: "started", path: "a", name: "a", type: "any", attempt: 1 });
  });
});

describe("foreach", () => {
  test("gives each item its own path and state", async () => {
    const { host } = await run(
      `steps:
  - name: each
    type: foreach
    foreach: "{{ event.groups }}"
    steps:
      - name: inner
        type: foreach
        foreach: "\${{ foreach.item.users }}"
        steps:
          - name: tell
            type: any
            with: { who: "{{ foreach.item }}", at: "{{ steps.each.index }}.{{ foreach.index }} of {{ foreach.total }}", group: "{{ steps.each.item.name }}" }
  - { name: last, type: any, with: { who: "{{ steps.tell.input.who }}", index: "\${{ steps.each.index }}" } }
`,
      undefined,
      {
        event: {
          groups: [
            { name: "g", users: ["ann", "bob"] },
            { name: "h", users: ["cid"] },
            { name: "i", users: [] },
          ],
        },
      },
    );
    expect(host.calls.map(({ path, input }) => [path, input])).toEqual([
      ["each[0].inner[0].tell", { who: "ann", at: "0.0 of 2", group: "g" }],
      ["each[0].inner[1].tell", { who: "bob", at: "0.1 of 2", group: "g" }],
      ["each[1].inner[0].tell", { who: "cid", at: "1.0 of 1", group: "h" }],
      ["last", { who: "cid", index: 2 }],
    ]);
    expect(host.decisions.map(([path]) => path)).toEqual([
      "each!items",
      "each[0].inner!items",
      "each[1].inner!items",
      "each[2].inner!items",
    ]);
  });

  test.each([
    ['"{{ event.list }}"', ["a", "b"]],
    ['"${{ event.list }}"', ["a", "b"]],
    ["event.list", ["a", "b"]],
    ["\"event.map['the list']\"", ["a", "b"]],
    ["'{{ event.json }}'", ["a", "b"]],
    ['\'["a", "b"]\'', ["a", "b"]],
    ['\'["{{ event.x }}", "b"]\'', ["a", "b"]],
    ['["{{ event.x }}", "b"]', ["a", "b"]],
    ['"{{ event.list | reverse }}"', ["b", "a"]],
    ["[]", []],
  ])("%s", async (source, items) => {
    const event = { list: ["a", "b"], map: { "the list": ["a", "b"] }, json: '["a","b"]', x: "a" };
    const loop = await run(
      `steps:\n  - name: each\n    type: foreach\n    foreach: ${source}\n    steps:\n      - { name: s, type: any, with: { v: "{{ foreach.item }}" } }\n`,
      undefined,
      { event },
    );
    expect(loop.host.calls.map(({ input }) => input["v"])).toEqual(items);
    const step = await run(
      `steps:\n  - { name: s, type: any, foreach: ${source}, with: { v: "{{ foreach.item }}" } }\n`,
      undefined,
      { event },
    );
    expect(step.host.calls.map(({ path, input }) => [path, input["v"]])).toEqual(
      items.map((item, i) => [`s[${i}]`, item]),
    );
    expect(step.host.ends).toEqual([...items.map((_, i) => `s[${i}]:completed`), "s:completed"]);
  });

  test.each([["1"], ["text"], [{ a: 1 }], [undefined], [null], [7]])("%j is no list", async (value) => {
    const { result } = await run(
      `steps:\n  - name: each\n    type: foreach\n    foreach: "{{ event.v }}"\n    steps: [{ name: s, type: any }]\n`,
      undefined,
      { event: { v: value } },
    );
    expect(result.error).toMatchObject({ code: "params-invalid", details: { reason: "foreach-not-a-list" } });
  });

  const capped = (cap: string): string =>
    `steps:\n  - name: each\n    type: foreach\n    foreach: "{{ event.list }}"\n${cap}    steps: [{ name: s, type: any }]\n`;
  const event = { list: Array.from({ length: 2001 }, (_, index) => index) };

  test("stops quietly at 2000 items", async () => {
    const { result, host } = await run(capped(""), undefined, { event });
    expect(result.status).toBe("completed");
    expect(host.calls.length).toBe(2000);
  });

  test("stops at its own cap, failing if it says so", async () => {
    const quiet = await run(capped("    max-iterations: 3\n"), undefined, { event });
    expect([quiet.result.status, quiet.host.calls.length]).toEqual(["completed", 3]);
    const loud = await run(capped("    max-iterations: { limit: 3, on-limit: fail }\n"), undefined, { event });
    expect([loud.result.status, loud.host.calls.length]).toEqual(["failed", 3]);
    expect(loud.result.error).toMatchObject({ type: "LoopLimitExceeded", details: { limit: 3, total: 2001 } });
  });

  test("the latest execution of a step is the one that is read", async () => {
    const { host } = await run(
      `steps:
  - name: each
    type: foreach
    foreach: [1, 2]
    steps:
      - { name: s, type: any, if: "\${{ foreach.item == 1 }}", with: { v: "\${{ foreach.item }}" } }
      - { name: t, type: any, with: { v: "\${{ steps.s.input.v }}" } }
`,
    );
    expect(host.calls.map(({ name, input }) => [name, input["v"]])).toEqual([
      ["s", 1],
      ["t", 1],
      ["t", 1],
    ]);
  });
});

describe("sizes", () => {
  test.each([
    ["max-step-size: 20b", "0123456789012345678", 21],
    ["max-step-size: 20b", "ééééééééé🚀", 24],
  ])("%s", async (size, output, actualBytes) => {
    const { result, host } = await run(`steps:\n  - { name: a, type: any, ${size} }\n`, () => output);
    expect(result.error).toMatchObject({
      code: "step-output-too-large",
      type: "StepSizeLimitExceeded",
      details: { limitBytes: 20, actualBytes, suggestedLimitBytes: 32 },
    });
    expect(host.calls[0]?.maxOutputBytes).toBe(20);
    const fits = await run(`steps:\n  - { name: a, type: any, ${size} }\n`, () => "012345678901234567");
    expect(fits.result.status).toBe("completed");
  });

  test("a step's own size is over the workflow's", async () => {
    const { host } = await run(
      "settings: { max-step-size: 1kb }\nsteps:\n  - { name: a, type: any }\n  - { name: b, type: any, max-step-size: 1.5kb }\n",
    );
    expect(host.calls.map(({ maxOutputBytes }) => maxOutputBytes)).toEqual([1024, 1536]);
  });

  test("console and data.set are held to it too, and what is no JSON is refused", async () => {
    const { result } = await run(
      "steps:\n  - { name: a, type: console, max-step-size: 5b, with: { message: hello } }\n",
    );
    expect(result.error?.code).toBe("step-output-too-large");
    const cyclic: Record<string, unknown> = {};
    cyclic["self"] = cyclic;
    expect((await run("steps:\n  - { name: a, type: any }\n", () => cyclic)).result.error?.code).toBe("output-invalid");
  });
});

describe("replay", () => {
  const flow = `steps:
  - name: each
    type: foreach
    foreach: "\${{ event.list | sample: 2 }}"
    on-failure: { retry: { max-attempts: 1, condition: "error.code: internal" } }
    steps:
      - { name: s, type: any, if: "now > now-1s", with: { v: "{{ foreach.item }}" } }
`;
  test("takes the same decisions under the same paths", async () => {
    let failures = 1;
    const event = { list: [1, 2, 3, 4, 5, 6] };
    const first = await run(
      flow,
      () => {
        if (failures-- > 0) throw new Error("once");
        return {};
      },
      { event },
    );
    expect(first.result.status).toBe("completed");
    expect(first.host.calls.map(({ path, attempt }) => `${path}#${attempt}`)).toEqual([
      "each[0].s#1",
      "each[0].s#2",
      "each[1].s#1",
    ]);
    expect(first.host.decisions.map(([path]) => path)).toEqual([
      "each!items",
      "each[0].s!if",
      "each!retry",
      "each!items#2",
      "each[0].s!if#2",
      "each[1].s!if",
    ]);

    failures = 1;
    const again = new FakeHost(() => {
      if (failures-- > 0) throw new Error("once");
      return {};
    }, first.host.decisions);
    again.time = START + 1e9;
    again.randomValue = 0.99;
    const second = await run(flow, undefined, { event }, again);
    expect(second.host.calls.map(({ path, input }) => [path, input])).toEqual(
      first.host.calls.map(({ path, input }) => [path, input]),
    );
  });

  test("a plan keeps nothing from one run to the next", async () => {
    const plan = await planOf("steps:\n  - { name: a, type: data.set, with: { n: '${{ variables.n | plus: 1 }}' } }\n");
    const once = async (): Promise<unknown> => {
      const host = new FakeHost();
      await host.drive(runPlan(plan, { runId: "r", startedAt: START, signal: new AbortController().signal }, host));
      return (host.events[1] as { output?: unknown }).output;
    };
    expect([await once(), await once()]).toEqual([{ n: 1 }, { n: 1 }]);
  });
});

/** Mistakes that people make in workflows, each told where it stands and once; and values that templates must not bend. */
import { describe, expect, test } from "vitest";
import { findingsOf, inputOf, planOf, run, told, withWorkflows } from "./kit.ts";
import { dryRun } from "../src/index.ts";
import { START } from "./fake-host.ts";

const condition = (text: string): string => `steps:\n  - name: a\n    type: any\n    if: ${JSON.stringify(text)}\n`;
const message = (text: string): string =>
  `steps:\n  - name: a\n    type: console\n    with: { message: ${JSON.stringify(text)} }\n`;

describe("Liquid's words for nothing", () => {
  test.each([
    ["${{ nil }}", null],
    ["${{ event.x | default: nil }}", null],
    ["${{ event.list | push: nil }}", [1, null]],
    ["${{ empty }}", ""],
  ])("%s is a value", async (template, expected) => {
    expect(await inputOf(JSON.stringify(template), { event: { list: [1] } })).toEqual(expected);
  });

  test("decide conditions and choose cases", async () => {
    const { host, result } = await run(
      'steps:\n  - { name: a, type: any, if: "${{ nil }}" }\n' +
        '  - { name: b, type: switch, expression: "${{ nil }}", cases: [{ match: "", steps: [{ name: c, type: any }] }] }\n',
    );
    expect([result.status, host.calls.map(({ name }) => name)]).toEqual(["completed", ["c"]]);
  });
});

test("a data.set step that fails sets nothing", async () => {
  const { host } = await run(
    `steps:
  - { name: a, type: data.set, with: { v: kept } }
  - { name: b, type: data.set, max-step-size: 10b, with: { v: "far too much for this step" }, on-failure: { continue: true } }
  - { name: c, type: any, with: { v: "{{ variables.v }} {{ steps.b.error.type }}" } }
`,
  );
  expect(host.calls[0]?.input).toEqual({ v: "kept StepSizeLimitExceeded" });
});

describe("conditions", () => {
  test.each([
    ["event.n => 5", 18, '"=" is no operator'],
    ["event.n =: 5", 18, '"=" is no operator'],
    ["event.n && event.m: 5", 18, '"&&" is no operator'],
    ["event.n: 5 && event.m: 5", 21, '"&&" is no operator'],
    ["event.n > 5 || event.m", 22, '"||" is no operator'],
  ])("with operators of other languages: %s", async (text, column, words) => {
    expect(await told(condition(text))).toEqual([
      `4:${column} This is no condition: A condition is KQL, where ${words}.`,
    ]);
  });

  test.each(["event.a: b==", 'event.a: "x && y"', "event.a: x&&y", 'event["a=b"]: 5', "event.a: x = y"])(
    "with such characters in names and values are right: %s",
    async (text) => {
      expect(await told(condition(text))).toEqual([]);
    },
  );

  test.each([
    ["event.a: null", "Nothing is equal to null in KQL."],
    ["event.b: 1 or not event.a: null", "Nothing is equal to null in KQL."],
    ["${{ event.a }} > 4", "This is text with a $ in it, and no expression: ${{ }} has to be the whole condition."],
    ["${{ event.a }}\n", "This is text with a $ in it, and no expression: ${{ }} has to be the whole condition."],
  ])("that hardly mean what they say: %j", async (text, words) => {
    expect(await told(condition(text))).toEqual([`4:9 (warning) ${words}`]);
  });

  test('that ask for the text "null" are right', async () => {
    expect(await told(condition('event.a: "null"'))).toEqual([]);
  });
});

test("a condition may get such operators from data", async () => {
  const { host } = await run(condition("event.cmd: {{ event.cmd }}"), undefined, {
    event: { cmd: "make && make test" },
  });
  expect(host.calls).toHaveLength(1);
});

describe("expressions with what does not belong there", () => {
  test.each([
    ["${{ event.a = 1 }}", 35, '"=" is not expected here', "Compare with ==."],
    ["${{ event.a && event.b }}", 35, '"&" is not expected here', "Write and."],
    ["{{ event.a + 1 }}", 34, '"+" is not expected here', 'A filter begins with "|".'],
    ["{% if event.a = 1 %}x{% endif %}", 37, '"=" is not expected here', "Compare with ==."],
  ])("%s", async (text, column, words, hint) => {
    const [finding, ...more] = await findingsOf(message(text));
    expect(finding).toMatchObject({
      line: 4,
      column,
      hint,
      message: `This template cannot be used: ${words}.`,
    });
    expect(more).toEqual([]);
  });
});

describe("names that a root does not have", () => {
  test.each([
    ["execution.ide", 'There is no "execution.ide".'],
    ["workflow.nam", 'There is no "workflow.nam".'],
    ["parent.dpth", 'There is no "parent.dpth".'],
    ["steps.z.error.mesage", 'There is no "error.mesage".'],
  ])("%s", async (path, words) => {
    const text = `steps:\n  - { name: z, type: any }\n  - { name: a, type: any, with: { v: "{{ ${path} }}" } }\n`;
    expect(await told(text)).toEqual([`3:42 (warning) ${words}`]);
  });

  test("error, where there is one", async () => {
    expect(await told(condition("event.a: 1").concat('    on-failure: { continue: "error.sttus: 404" }\n'))).toEqual([
      '5:30 (warning) There is no "error.sttus".',
    ]);
  });
});

describe("misspelt keys are told once", () => {
  test.each([
    ["steps: [{ name: a, typ: console }]", '1:20 "typ" is not a key of a step.'],
    ["steps: [{ nme: a, type: console }]", '1:11 "nme" is not a key of a step.'],
    ["steps: [{ nme: a, type: kibana.request }]", '1:11 "nme" is not a key of a step.'],
    ["inputs: [{ nam: x, type: string }]\nsteps: [{ name: a, type: console }]", '1:12 "nam" is not a key of an input.'],
    ["inputs: [{ name: x, typ: string }]\nsteps: [{ name: a, type: console }]", '1:21 "typ" is not a key of an input.'],
    [
      "settings: { concurrency: { key: x, strateg: drop } }\nsteps: [{ name: a, type: console }]",
      '1:36 "strateg" is not a key of "concurrency".',
    ],
    [
      "steps: [{ name: l, type: foreach, foreach: [1], max-iterations: { limt: 3 }, steps: [{ name: a, type: console }] }]",
      '1:67 "limt" is not a key of "max-iterations".',
    ],
  ])("%s", async (text, expected) => {
    expect((await told(text)).filter((line) => !line.includes("(warning)"))).toEqual([expected]);
  });

  test("a cap without its limit says so", async () => {
    expect(
      await told(
        "steps: [{ name: l, type: while, condition: 'event.a: 1', max-iterations: { on-limit: fail }, steps: [{ name: a, type: console }] }]",
      ),
    ).toEqual(['1:58 "max-iterations" has no "limit".']);
  });

  test("`if` where there can be none is not taken for `id`", async () => {
    const [finding] = await findingsOf(
      "steps: [{ name: l, type: if, if: 'event.a: 1', condition: 'event.a: 1', steps: [{ name: a, type: console }] }]",
    );
    expect(finding?.hint).not.toContain('"id"');
  });
});

describe("types of declared inputs", () => {
  test.each([
    ["{ type: object, properties: { n: { type: int } } }", '1:50 "int" is no type of JSON Schema.'],
    ["[{ name: l, type: array, items: { type: text } }]", '1:49 "text" is no type of JSON Schema.'],
  ])("%s", async (inputs, expected) => {
    expect(await told(`inputs: ${inputs}\nsteps: [{ name: a, type: console }]`)).toEqual([expected]);
  });
});

test("a dry run shows no requests of a workflow that would refuse its inputs", async () => {
  const child =
    "name: child\ninputs: [{ name: n, type: number }]\nsteps: [{ name: send, type: any, with: { n: '${{ inputs.n }}' } }]\n";
  const text = (value: string): string =>
    `steps: [{ name: call, type: workflow.execute, with: { workflow-id: child, inputs: { n: "{{ ${value} }}" } } }]\n`;
  const shown = async (value: string) => {
    const plan = await planOf(text(value), withWorkflows({ child }));
    const request = { runId: "r", startedAt: START, event: { good: "5", bad: "five" } };
    return [...dryRun(plan, request)].map(({ path, error }) => [path, error?.message]);
  };
  expect(await shown("event.good")).toEqual([["call!workflow.send", undefined]]);
  expect(await shown("event.bad")).toEqual([["call", 'Workflow "child": Input "n" must be a number, not a text.']]);
});

test("a dry run shows a call whose inputs cannot be rendered, and goes on", async () => {
  const child = "name: child\ninputs: [{ name: n, type: string }]\nsteps: [{ name: send, type: any }]\n";
  const plan = await planOf(
    `steps:
  - { name: call, type: workflow.execute, with: { workflow-id: child, inputs: { n: "{{ event.n }}{% assign x = (1..900000000) %}" } } }
  - { name: after, type: any }
`,
    withWorkflows({ child }),
  );
  const shown = [...dryRun(plan, { runId: "r", startedAt: START })];
  expect(shown.map(({ path, error }) => [path, error?.code])).toEqual([
    ["call", "template-error"],
    ["after", undefined],
  ]);
});

test("a step whose condition cannot be decided has a record that says so", async () => {
  const { host, result } = await run(
    condition("${{ event.n }}").concat("    on-failure: { continue: true }\n"),
    undefined,
    {
      event: { n: 1 },
    },
  );
  expect(result.status).toBe("completed");
  const ends = host.events.flatMap((event) =>
    event.kind === "finished" ? [[event.name, event.status, event.error?.code]] : [],
  );
  expect(ends).toEqual([["a", "failed", "template-error"]]);
});

test("an input that a workflow without inputs reads is warned of", async () => {
  expect(await told(condition("inputs.x: 1"))).toEqual(['4:10 (warning) There is no "inputs.x".']);
});

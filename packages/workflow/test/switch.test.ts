import { describe, expect, test } from "vitest";
import { dryRun } from "../src/index.ts";
import { FakeHost, START } from "./fake-host.ts";
import { planOf, run, told } from "./kit.ts";

const flow = (expression: string, cases: readonly string[], otherwise = true): string => `steps:
  - name: route
    type: switch
    expression: ${expression}
    cases:
${cases.map((match, i) => `      - { match: ${match}, steps: [{ name: c${i}, type: any }] }\n`).join("")}${
  otherwise ? "    default: [{ name: d, type: any }]\n" : ""
}`;

const event = {
  kind: "disk",
  n: 5,
  half: 2.5,
  yes: true,
  nothing: null,
  list: [1],
  map: {},
  spaced: " disk ",
  at: "{{ event.kind }}",
};

describe("switch", () => {
  test.each([
    ['"{{ event.kind }}"', ["cpu", "disk"], "c1"],
    ['"${{ event.kind }}"', ["disk", "disk"], "c0"],
    ['"{{ event.kind }}"', ["Disk"], "d"],
    ['"{{ event.n }}"', ["5"], "c0"],
    ['"${{ event.n }}"', ["5"], "c0"],
    ['"${{ event.n }}"', ['"5"'], "c0"],
    ['"${{ event.n }}"', ['"5.0"', "5.0"], "c1"],
    ['"${{ event.half }}"', ["2.5"], "c0"],
    ['"${{ event.yes }}"', ['"true"'], "c0"],
    ['"{{ event.yes }}"', ["false", "true"], "c1"],
    ['"${{ event.n > 3 }}"', ["true"], "c0"],
    // Not trimmed.
    ['"{{ event.spaced }}"', ["disk", '" disk "'], "c1"],
    ['"disk "', ["disk"], "d"],
    // Nothing is the empty text, in both forms.
    ['"{{ event.none }}"', ["undefined", '""'], "c1"],
    ['"${{ event.none }}"', ["undefined", '""'], "c1"],
    ['"${{ event.nothing }}"', ['"null"', '""'], "c1"],
    // A match can be a template; what it gives is compared, not rendered again.
    ['"disk"', ['"{{ event.kind }}"'], "c0"],
    ['"${{ event.n }}"', ['"${{ event.half | times: 2 }}"'], "c0"],
    ['"{{ event.at }}"', ["disk"], "d"],
    ["constructor", ["__proto__", "constructor"], "c1"],
  ])("%s with the cases %j runs %s", async (expression, cases, name) => {
    const { result, host } = await run(flow(expression, cases), undefined, { event });
    expect(result.status).toBe("completed");
    expect(host.calls.map(({ path }) => path)).toEqual([`route.${name}`]);
  });

  test("an expression of several lines with tags, as they are mostly written", async () => {
    const expression = `|-
      {%- assign level = event.n | times: 2 -%}
      {%- if level >= 10 -%}
      high
      {%- else -%}
      low
      {%- endif -%}`;
    const { host } = await run(flow(expression, ["low", "high"]), undefined, { event });
    expect(host.calls.map(({ name }) => name)).toEqual(["c1"]);
  });

  test("without a match and a default it goes on", async () => {
    const text = `${flow('"{{ event.kind }}"', ["cpu"], false)}  - { name: last, type: any, with: { r: "\${{ steps.route }}" } }\n`;
    const { result, host } = await run(text, undefined, { event });
    expect(result.status).toBe("completed");
    expect(host.calls.map(({ path, input }) => [path, input])).toEqual([
      ["last", { r: { input: { expression: "disk" } } }],
    ]);
    expect(host.events.slice(0, 2)).toEqual([
      { kind: "started", path: "route", name: "route", type: "switch", attempt: 1, input: { expression: "disk" } },
      { kind: "finished", path: "route", name: "route", type: "switch", attempt: 1, status: "completed" },
    ]);
  });

  test("`case` is read as `match`", async () => {
    const text = flow('"{{ event.kind }}"', ["cpu", "disk"]).replaceAll("match:", "case:");
    expect((await run(text, undefined, { event })).host.calls.map(({ name }) => name)).toEqual(["c1"]);
  });

  test("is decided once in a run", async () => {
    const text = flow('"{{ event.kind }}"', ["cpu", "disk"]);
    const first = await run(text, undefined, { event });
    expect(first.host.decisions).toEqual([["route!case", { value: "disk", taken: 1 }]]);
    const other = await run(text, undefined, { event: { kind: "cpu" } }, new FakeHost(undefined, first.host.decisions));
    expect(other.host.calls.map(({ name }) => name)).toEqual(["c1"]);
  });

  test.each([
    ['"${{ event.map }}"', ["x"], "gives a map"],
    ['"${{ event.list }}"', ["x"], "gives a list"],
    ['"x"', ['"${{ event.list }}"'], "gives a list"],
  ])("%s and %j fail", async (expression, cases, message) => {
    const { result } = await run(flow(expression, cases), undefined, { event });
    expect(result.error).toMatchObject({ code: "template-error", message: expect.stringContaining(message) });
  });

  test("`if` skips it, and `timeout` bounds the steps of the case", async () => {
    const wrapped = (more: string): string =>
      flow('"x"', ["x"]).replace("    expression", `    ${more}\n    expression`);
    expect((await run(wrapped("if: false"))).host.ends).toEqual(["route:skipped"]);
    const { result, host } = await run(wrapped("timeout: 5s"), async (call, own) => own.wait(9000, call.signal));
    expect(result.error?.code).toBe("timeout");
    expect(host.ends).toEqual(["route.c0:failed", "route:failed"]);
  });
});

describe("findings", () => {
  const one = (rest: string): string => `steps:\n  - { name: a, type: switch${rest} }\n`;
  const steps = "steps: [{ name: s, type: any }]";
  test.each([
    [one(""), ['2:5 Step "a" has no "expression".', '2:5 Step "a" has no "cases".']],
    [one(`, expression: 5, cases: [{ match: 1, ${steps} }]`), ['2:42 "expression" must be a text, not a number.']],
    [one(", expression: x, cases: {}"), ['2:52 "cases" must be a list, not a map.']],
    [one(", expression: x, cases: []"), ['2:52 "cases" is empty.']],
    [one(", expression: x, cases: [5]"), ["2:53 A case must be a map, not a number."]],
    [one(", expression: x, cases: [{}]"), ['2:53 A case has no "match".', '2:53 A case has no "steps".']],
    [one(`, expression: x, cases: [{ match: 1, case: 1, ${steps} }]`), ['2:65 A case has both "match" and "case".']],
    [
      one(`, expression: x, cases: [{ match: [1], ${steps} }]`),
      ['2:62 "match" must be a text, a number or a boolean, not a list.'],
    ],
    [one(`, expression: x, cases: [{ mtch: 1, ${steps} }]`), ['2:55 "mtch" is not a key of a case.']],
    [
      one(`, expression: x, cases: [{ match: 1, ${steps} }, { match: "1", steps: [{ name: t, type: any }] }]`),
      ['2:100 (warning) Case 1 matches "1" already, so this one never runs.'],
    ],
    [
      one(`, expression: "{{ steps.zz.output }}", cases: [{ match: "{{ consts.x }}", ${steps} }]`),
      ['2:46 There is no step "zz".', '2:88 There is no "consts.x".'],
    ],
    [
      one(`, expression: x, cases: [{ match: 1, ${steps} }], on-failure: { continue: true }`),
      [expect.stringContaining('"on-failure" is not a key of a step of type "switch".')],
    ],
    [
      `steps:\n  - name: a\n    type: switch\n    expression: x\n    cases: [{ match: 1, ${steps} }]\n    default: [{ name: d, type: any, with: { v: "{{ x | nofilter }}" } }]\n`,
      [expect.stringContaining("6:56 This template cannot be used")],
    ],
  ])("%s", async (text, expected) => expect(await told(text)).toEqual(expected));
});

test("a mistake in a default is told with the step it belongs to", async () => {
  const text = flow('"x"', ["y"]).replace("name: d, type: any", 'name: d, type: any, with: { v: "{{ event.evil }}" }');
  const { result } = await run(text, undefined, { event: { evil: { toString: 1 } } });
  expect(result.error?.message).toContain('step "d" (with.v)');
});

describe("a dry run", () => {
  const shown = async (text: string): Promise<unknown> =>
    [...dryRun(await planOf(text), { runId: "dry", startedAt: START, event })].map(({ path, when }) => [path, when]);
  const after = (text: string): string => text.replace("steps:\n", "steps:\n  - { name: a, type: any }\n");

  test("takes a known case", async () => {
    expect(await shown(flow('"{{ event.kind }}"', ["cpu", "disk"]))).toEqual([["route.c1", []]]);
    expect(await shown(flow('"{{ event.kind }}"', ["cpu"], false))).toEqual([]);
  });

  test.each(["{{ steps.a.output.kind }}", "{{ steps.a.error.type }}"])(
    "shows all where only a run can tell: %s",
    async (text) => {
      expect(await shown(after(flow(JSON.stringify(text), ["cpu", "disk"])))).toEqual([
        ["a", []],
        ["route.c0", [`${text} is "cpu"`]],
        ["route.c1", [`${text} is "disk"`]],
        ["route.d", [`${text} is none of its cases`]],
      ]);
    },
  );
});

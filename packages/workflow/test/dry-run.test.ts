import { expect, test } from "vitest";
import { dryRun } from "../src/index.ts";
import { START } from "./fake-host.ts";
import { planOf } from "./kit.ts";

const dry = async (text: string, event: Record<string, unknown> = {}): Promise<unknown[]> =>
  [...dryRun(await planOf(text), { runId: "dry", startedAt: START, event })].map(({ when, ...step }) =>
    when.length === 0 ? step : { ...step, when },
  );

test("shows what would be sent, with a placeholder for what only a run knows", async () => {
  const text = `steps:
  - { name: create, type: jira, connector-id: alerts, with: { projectKey: OPS, summary: "{{ event.name }}" } }
  - { name: keep, type: data.set, with: { key: "{{ steps.create.output.key }}", fixed: "\${{ event.name }}" } }
  - { name: say, type: console, with: { message: hi } }
  - name: tell
    type: any
    with:
      text: "made {{ steps.create.output.key }} at {{ steps.create.output.links[0].url }}"
      typed: "\${{ steps.create.output }}"
      filtered: "{{ steps.create.output.key | upcase }} {{ steps.create.output | json }}"
      sent: "{{ steps.create.input.summary }}"
      assigned: "{% assign o = steps.create.output %}{{ o.key }}"
      looped: "{% for i in steps.create.output.list %}[{{ i }}]{% endfor %}"
      variable: "{{ variables.key }} {{ variables.fixed }}"
      id: "{{ execution.id }} {{ now | date: '%Y' }}"
`;
  expect(await dry(text, { name: "Alert" })).toEqual([
    {
      path: "create",
      name: "create",
      type: "jira",
      connectorId: "alerts",
      input: { projectKey: "OPS", summary: "Alert" },
    },
    {
      path: "tell",
      name: "tell",
      type: "any",
      input: {
        text: "made <steps.create.output.key> at <steps.create.output.links[0].url>",
        typed: "<steps.create.output>",
        filtered: '<STEPS.CREATE.OUTPUT.KEY> "<steps.create.output>"',
        sent: "Alert",
        assigned: "<steps.create.output.key>",
        looped: "[<steps.create.output.list>]",
        variable: "<variables.key> <variables.fixed>",
        id: "dry 2026",
      },
    },
  ]);
});

test("takes conditions it can decide one way, others both ways", async () => {
  const branch = (condition: string): string => `steps:
  - { name: a, type: any }
  - name: check
    type: if
    condition: ${JSON.stringify(condition)}
    steps: [{ name: x, type: any }]
    else: [{ name: y, type: any }]
`;
  const paths = async (condition: string): Promise<unknown> =>
    (await dry(branch(condition), { n: 5 }))
      .slice(1)
      .map((step) => [(step as { path: string }).path, (step as { when?: string[] }).when]);
  expect(await paths("event.n: 5")).toEqual([["check.x", undefined]]);
  expect(await paths("event.n: 6")).toEqual([["check.y", undefined]]);
  for (const condition of [
    "steps.a.output.ok: true",
    "${{ steps.a.output.ok == true }}",
    "not steps.a.error: *",
    "{{ steps.a.output.ok }}",
  ]) {
    expect(await paths(condition)).toEqual([
      ["check.x", [condition]],
      ["check.y", [`not (${condition})`]],
    ]);
  }
});

test("goes through known lists, and once through others; shows fallbacks and their condition", async () => {
  const text = `steps:
  - { name: a, type: any, foreach: "{{ event.list }}", with: { v: "{{ foreach.item }}" } }
  - name: each
    type: foreach
    foreach: "\${{ steps.a.output.items }}"
    steps:
      - name: b
        type: any
        if: "foreach.item.id: 7"
        with: { v: "{{ foreach.item.id }} {{ foreach.index }}" }
        on-failure: { fallback: [{ name: page, type: any, with: { e: "{{ error.message }}" } }] }
  - { name: c, type: any, if: "event.list: z" }
  - { name: d, type: any, with: { v: "{{ event.evil }}" } }
`;
  expect(await dry(text, { list: ["x", "y"], evil: { toString: 1 } })).toEqual([
    { path: "a[0]", name: "a", type: "any", input: { v: "x" } },
    { path: "a[1]", name: "a", type: "any", input: { v: "y" } },
    {
      path: "each[0].b",
      name: "b",
      type: "any",
      input: { v: "<foreach.item.id> <foreach.index>" },
      when: ["each of ${{ steps.a.output.items }}", "foreach.item.id: 7"],
    },
    {
      path: "each[0].b!fallback.page",
      name: "page",
      type: "any",
      input: { e: "<error.message>" },
      when: ["each of ${{ steps.a.output.items }}", "foreach.item.id: 7", "b fails"],
    },
    { path: "d", name: "d", type: "any", error: expect.objectContaining({ code: "template-error" }) },
  ]);
});

/**
 * What published workflows are made of: every key, filter, tag, root and form that a count over Elastic's library of
 * workflows (126 files, 1,241 steps) found in them, each in a small workflow of our own.
 */
import { StepwireError } from "@stepwire/core";
import { describe, expect, test } from "vitest";
import { readWorkflow } from "../src/index.ts";
import { FakeHost, START } from "./fake-host.ts";
import { findingsOf, inputOf, planOf, run, told } from "./kit.ts";

const STEPS = "steps: [{ name: a, type: console }]\n";
const event = {
  alerts: [
    { _id: "a1", severity: "high", host: { name: "web-1" }, tags: ["auth", "vpn"], score: 73 },
    { _id: "a2", severity: "low", host: { name: "web-2" }, tags: ["auth"], score: 21 },
  ],
  rule: { id: "r1", name: "Many failed logins", tags: ["auth"] },
  text: "  One, two,  three ",
  csv: "web-1,web-2,web-1,",
  page: "a\nb\n",
  json: '{"k": [1, 2]}',
  none: null,
};

describe("a file", () => {
  test("has any of the keys that files have", async () => {
    const plan =
      await planOf(`template-metadata: { slug: look-up, version: "1.0.0", availability: ">=9.5.0", categories: [triage] }
version: "1"
name: Look up a host
description: |
  Several lines
  about what it does.
enabled: true
tags: [triage, "host lookup"]
consts:
  base: https://intel.example.test
  days: 30
  on: false
  list: [a, b]
  map: { k: v }
settings: { timeout: 10m, max-step-size: 20mb }
triggers:
  - type: alert
  - type: scheduled
    with: { every: 15m }
  - type: manual
    inputs:
      - { name: host, type: string, required: true, description: Which host }
      - { name: depth, type: number, default: 2 }
      - { name: tags, type: array, default: [] }
      - { name: mode, type: choice, options: [fast, full], default: fast }
      - { name: notify, type: boolean, default: true }
steps:
  - { name: log, type: console, with: { message: "{{ inputs.host }}" } }
`);
    expect(plan).toMatchObject({
      name: "Look up a host",
      enabled: true,
      tags: ["triage", "host lookup"],
      timeoutMs: 600_000,
    });
    expect(plan.steps[0]?.maxOutputBytes).toBe(20 * 1024 ** 2);
    expect(plan.consts).toEqual({
      base: "https://intel.example.test",
      days: 30,
      on: false,
      list: ["a", "b"],
      map: { k: "v" },
    });
    expect(Object.keys(plan.inputs["properties"] as object)).toEqual(["host", "depth", "tags", "mode", "notify"]);
  });

  test("needs no version, no description and no name", async () => {
    expect(await told("triggers: [{ type: manual }]\nsteps: [{ name: a, type: console }]\n")).toEqual([]);
  });

  test("may nest steps seven levels deep", async () => {
    const open = "{ type: foreach, foreach: [1], steps: [ { type: if, condition: 'foreach.item: 1', steps: [ ";
    let count = 0;
    const text = `steps: [${open.repeat(3)}{ type: any }${" ] } ] }".repeat(3)}]\n`.replace(
      /\{ type/g,
      () => `{ name: s${(count += 1)}, type`,
    );
    const { host } = await run(text);
    expect(host.calls.map(({ path }) => path)).toEqual(["s1[0].s2.s3[0].s4.s5[0].s6.s7"]);
  });
});

describe("the key of a step", () => {
  test.each([
    ["with", "{ name: s, type: any, with: { v: 1 } }"],
    [
      "steps, condition and else",
      "{ name: s, type: if, condition: 'event.rule: *', steps: [{ name: a, type: any }], else: [{ name: b, type: any }] }",
    ],
    ["on-failure", "{ name: s, type: any, on-failure: { continue: true } }"],
    ["connector-id", "{ name: s, type: http, connector-id: alerts, with: { path: /x } }"],
    ["foreach", "{ name: s, type: any, foreach: '${{ event.alerts }}' }"],
    ["source", "{ name: s, type: data.parseJson, source: '${{ event.json }}' }"],
    ["items", "{ name: s, type: data.map, items: '${{ event.alerts }}', with: { fields: { id: '${{ item._id }}' } } }"],
    ["if", "{ name: s, type: any, if: '${{ event.alerts.size > 0 }}' }"],
    ["timeout", "{ name: s, type: any, timeout: 30s }"],
    [
      "expression, cases and default",
      "{ name: s, type: switch, expression: '{{ event.rule.id }}', cases: [{ match: r1, steps: [{ name: a, type: any }] }], default: [{ name: b, type: any }] }",
    ],
    [
      "max-iterations",
      "{ name: s, type: while, condition: 'steps.a.output.more: true', max-iterations: 3, steps: [{ name: a, type: any }] }",
    ],
  ])("%s is read", async (_key, text) => expect(await told(`steps: [${text}]\n`)).toEqual([]));

  test("agent-id or create-conversation belongs to a step of Kibana's, which keeps it", async () => {
    const text =
      "steps: [{ name: s, type: ai.agent, agent-id: a1, create-conversation: true, with: { message: hi } }]\n";
    expect((await findingsOf(text)).map(({ rule, severity }) => [rule, severity])).toEqual([
      ["stepNotHere", "warning"],
    ]);
  });

  test("type is one of those in use, which run here or say what they need", async () => {
    const here = ["console", "any"];
    const kibana = [
      "kibana.request",
      "elasticsearch.esql.query",
      "cases.createCase",
      "ai.prompt",
      "security.isolateHost",
    ];
    const text = `steps:\n${[...here, ...kibana].map((type, i) => `  - { name: s${i}, type: ${type} }\n`).join("")}`;
    expect((await findingsOf(text)).map(({ line, rule }) => [line, rule])).toEqual(
      kibana.map((_, i) => [i + 4, "stepNotHere"]),
    );
  });
});

describe("a filter", () => {
  test.each([
    ["json", "{{ event.alerts[0].tags | json }}", '["auth","vpn"]'],
    ["json with an indent", "{{ event.rule.tags | json: 2 }}", '[\n  "auth"\n]'],
    ["split", "{{ event.csv | split: ',' | size }}", "3"],
    ["append", "{{ event.rule.id | append: '-' | append: event.rule.name }}", "r1-Many failed logins"],
    ["plus", "{{ event.alerts[0].score | plus: 1 }} {{ '4' | plus: '2' }}", "74 6"],
    ["strip", "[{{ event.text | strip }}]", "[One, two,  three]"],
    [
      "default",
      "{{ event.nothing | default: 'none' }} {{ event.none | default: 5 }} {{ '' | default: 'empty' }}",
      "none 5 empty",
    ],
    ["first", "{{ event.csv | split: ',' | first }}", "web-1"],
    ["push", "${{ event.alerts[0].tags | push: 'new' }}", ["auth", "vpn", "new"]],
    ["compact", "${{ event.alerts | map: 'nothing' | push: 'x' | compact }}", ["x"]],
    ["uniq", "${{ event.csv | split: ',' | uniq }}", ["web-1", "web-2"]],
    ["downcase", "{{ event.rule.name | downcase }}", "many failed logins"],
    ["where", "${{ event.alerts | where: 'severity', 'low' | map: '_id' }}", ["a2"]],
    ["replace", "{{ event.csv | replace: ',', ' ' }}", "web-1 web-2 web-1 "],
    ["map", "${{ event.alerts | map: 'host.name' }}", ["web-1", "web-2"]],
    ["last", "{{ event.alerts | map: 'score' | last }}", "21"],
    [
      "date",
      "{{ 'now' | date: '%Y-%m-%d %H:%M' }} {{ execution.startedAt | date: '%s' }}",
      `2026-01-15 12:00 ${START / 1000}`,
    ],
    ["size", "{{ event.alerts | size }} {{ event.text | size }} {{ event.nothing | size }}", "2 19 0"],
    ["join", "{{ event.alerts | map: '_id' | join: ', ' }}", "a1, a2"],
    ["concat", "${{ event.alerts[0].tags | concat: event.rule.tags }}", ["auth", "vpn", "auth"]],
    ["minus", "{{ event.alerts[0].score | minus: 3 }}", "70"],
    ["divided_by", "{{ 7 | divided_by: 2 }} {{ 7.0 | divided_by: 2 }}", "3.5 3.5"],
    ["floor", "{{ 7 | divided_by: 2 | floor }}", "3"],
    ["times", "{{ 3 | times: 1.5 }}", "4.5"],
    ["url_encode", "{{ 'a b&c/d' | url_encode }}", "a+b%26c%2Fd"],
    ["remove_first", "{{ event.csv | remove_first: 'web-1,' }}", "web-2,web-1,"],
    ["json_parse", "${{ event.json | json_parse }}", { k: [1, 2] }],
    ["reverse", "${{ event.alerts | map: '_id' | reverse }}", ["a2", "a1"]],
    ["strip_newlines", "{{ event.page | strip_newlines }}", "ab"],
    ["round", "{{ 7.456 | round: 1 }}", "7.5"],
    [
      "slice, remove, truncate and strip_html",
      "{{ '<b>One</b> [x] of many words' | strip_html | remove: '[x] ' | slice: 0, 11 | truncate: 9 }}",
      "One of...",
    ],
  ])("%s does what published workflows use it for", async (_filter, template, expected) => {
    expect(await inputOf(JSON.stringify(template), { event })).toEqual(expected);
  });
});

test("a list that may be missing defaults to an empty one", async () => {
  const template =
    "{% assign tags = event.nothing | default: [] | join: ',' %}[{{ tags }}]{% for l in event.none %}{% else %}none{% endfor %}";
  expect(await inputOf(JSON.stringify(template), { event })).toBe("[]none");
  expect(await told(`steps: [{ name: a, type: any, with: { v: ${JSON.stringify(template)} } }]\n`)).toEqual([]);
});

describe("a tag", () => {
  test.each([
    ["assign", "{% assign name = event.rule.name | downcase %}{{ name }}", "many failed logins"],
    [
      "if, elsif and else",
      "{% for a in event.alerts %}{% if a.score > 50 %}high{% elsif a.score > 20 %}mid{% else %}low{% endif %} {% endfor %}",
      "high mid ",
    ],
    [
      "if with and, or, contains, blank and nil",
      "{% if event.rule.name contains 'failed' and event.nothing == nil and event.csv != blank %}yes{% endif %}{% if event.nothing or event.rule %}yes{% endif %}",
      "yesyes",
    ],
    [
      "for with else, limit, offset and forloop",
      "{% for a in event.alerts limit: 1 offset: 1 %}{{ forloop.index }}:{{ a._id }}{% unless forloop.last %},{% endunless %}{% endfor %}{% for a in event.nothing %}{% else %}none{% endfor %}",
      "1:a2none",
    ],
    ["unless", "{% unless event.rule.tags contains 'vpn' %}no vpn{% endunless %}", "no vpn"],
    ["break", "{% for a in event.alerts %}{{ a._id }}{% break %}{% endfor %}", "a1"],
    ["capture", "{% capture line %}{{ event.rule.id }}!{% endcapture %}{{ line | append: line }}", "r1!r1!"],
    [
      "with dashes takes the blanks around it away",
      "a  {%- if event.rule -%}  b  {%- endif -%}  c {{- event.rule.id -}} d",
      "abcr1d",
    ],
  ])("%s", async (_tag, template, expected) => {
    expect(await inputOf(JSON.stringify(template), { event })).toBe(expected);
  });

  test("in a text of many lines keeps its lines", async () => {
    const text = `|
        {% assign lines = '' %}
        {% for a in event.alerts %}
        - {{ a._id }}: {{ a.host.name }}
        {% endfor %}
`;
    expect(await inputOf(text, { event })).toBe("\n\n- a1: web-1\n\n- a2: web-2\n\n");
  });

  test("that builds JSON piece by piece, as lists are made without data steps", async () => {
    const template = "[{% for a in event.alerts %}{{ a | json }}{% unless forloop.last %},{% endunless %}{% endfor %}]";
    const { host } = await run(
      `steps:
  - { name: build, type: data.set, with: { list: ${JSON.stringify(template)} } }
  - { name: parse, type: data.parseJson, source: "{{ steps.build.output.list }}" }
  - { name: use, type: any, with: { v: "\${{ steps.parse.output }}" } }
`,
      undefined,
      { event },
    );
    expect(host.calls[0]?.input["v"]).toEqual(event.alerts);
  });
});

test("every root that templates use has its value", async () => {
  const { host, result } = await run(
    `name: roots
consts: { base: https://intel.example.test }
inputs: [{ name: owner, type: string, default: soc }]
steps:
  - { name: look-up, type: any }
  - { name: count, type: data.set, with: { hits: 3, label: "{{ inputs.owner }}" } }
  - name: each alert
    type: foreach
    foreach: "{{ event.alerts }}"
    steps:
      - name: tell
        type: any
        with:
          steps: "{{ steps.look-up.output.id }} {{ steps['count'].output.hits }}"
          inputs: "{{ inputs.owner }}"
          foreach: "{{ foreach.item._id }} {{ foreach.index }}/{{ foreach.total }} {{ foreach.items | size }}"
          outer: "{{ steps['each alert'].item._id }}"
          event: "{{ event.rule.name }} {{ event.alerts[0].host.name }}"
          consts: "{{ consts.base }}/x"
          variables: "{{ variables.hits | plus: 1 }} {{ variables.label }}"
          execution: "{{ execution.id }} {{ execution.startedAt | date: '%Y' }}"
          workflow: "{{ workflow.name }}"
          kibanaUrl: "[{{ kibanaUrl }}]"
          now: "{{ now | date: '%d.%m.%Y' }}"
  - name: items
    type: data.map
    items: "\${{ event.alerts }}"
    with: { fields: { who: "{{ item.host.name }}", at: "\${{ index }}" } }
  - { name: last, type: any, with: { v: "\${{ steps.items.output }}" } }
`,
    () => ({ id: "x7" }),
    { event },
  );
  expect(result.status).toBe("completed");
  expect(host.calls[2]?.input).toEqual({
    steps: "x7 3",
    inputs: "soc",
    foreach: "a2 1/2 2",
    outer: "a2",
    event: "Many failed logins web-1",
    consts: "https://intel.example.test/x",
    variables: "4 soc",
    execution: "run-1 2026",
    workflow: "roots",
    kibanaUrl: "[]",
    now: "15.01.2026",
  });
  expect(host.calls.at(-1)?.input).toEqual({
    v: [
      { who: "web-1", at: 0 },
      { who: "web-2", at: 1 },
    ],
  });
});

test("a root that workflows do not have is read as nothing, and a warning says so", async () => {
  expect(await told(`steps: [{ name: a, type: any, with: { v: "{{ context.kibanaUrl }}" } }]\n`)).toEqual([
    '1:46 (warning) Nothing is called "context" in a workflow; it is read as nothing.',
  ]);
});

describe("a condition", () => {
  test.each([
    ["not", "not steps.look.error: *", true],
    ["exists", "steps.look.output.owner: *", true],
    ["a range", "steps.look.output.score >= 50 and steps.look.output.score < 80", true],
    ["and, or", "steps.look.output.owner: soc and (event.rule.id: r2 or event.rule.id: r1)", true],
    ["an empty text", 'steps.look.output.note: ""', true],
    ["a wildcard", "event.rule.name: *failed*", true],
    ["the length of a list", "steps.look.output.values.length > 0", true],
    ["the length of an empty list", "steps.look.output.empty.length > 0", false],
    ["the length of what is not there", "steps.look.output.nothing.length > 0", false],
    ["an expression", "${{ steps.look.output.score > 50 and event.rule.name contains 'failed' }}", true],
    ["an error", "steps.look.error: *", false],
    ["an error in an expression", "${{ steps.look.error == nil }}", true],
  ])("with %s", async (_feature, condition, expected) => {
    const { host } = await run(
      `steps:
  - { name: look, type: any }
  - { name: then, type: any, if: ${JSON.stringify(condition)} }
`,
      () => ({ owner: "soc", score: 73, note: "", values: [[1, 2]], empty: [] }),
      { event },
    );
    expect(host.calls.length === 2).toBe(expected);
  });

  test.each([
    ["steps.look.error: *", "yes"],
    ["not steps.look.error: *", "no"],
    ["${{ steps.look.error != nil }}", "yes"],
    ["${{ steps.look.error.status == 404 }}", "yes"],
  ])("on the error of a step that the workflow goes on after: %s", async (condition, taken) => {
    const { host } = await run(
      `steps:
  - { name: look, type: any, on-failure: { continue: true } }
  - name: choose
    type: if
    condition: ${JSON.stringify(condition)}
    steps: [{ name: "yes", type: any }]
    else: [{ name: "no", type: any }]
`,
      (call) => {
        if (call.name === "look") throw new StepwireError("http-status", "[404] Not Found", { status: 404 });
        return {};
      },
    );
    expect(host.calls[1]?.name).toBe(taken);
  });
});

describe("on-failure", () => {
  test.each([
    ["continue", "{ continue: true }", 9, ["s", "after"]],
    ["continue and retry", "{ continue: true, retry: { max-attempts: 2, delay: 2s } }", 9, ["s", "s", "s", "after"]],
    ["continue and fallback", "{ continue: true, fallback: [{ name: f, type: any }] }", 9, ["s", "f", "after"]],
    ["retry", "{ retry: { max-attempts: 1, delay: 10s } }", 1, ["s", "s", "after"]],
    [
      "continue, fallback and retry",
      "{ continue: true, fallback: [{ name: f, type: any }], retry: { max-attempts: 3, delay: 5s } }",
      9,
      ["s", "s", "s", "s", "f", "after"],
    ],
  ])("with %s", async (_what, policy, failures, names) => {
    let left = failures;
    const { host, result } = await run(
      `steps:\n  - { name: s, type: any, on-failure: ${policy} }\n  - { name: after, type: any }\n`,
      (call) => {
        if (call.name === "s" && left-- > 0) throw new Error("broke");
        return {};
      },
    );
    expect(result.status).toBe("completed");
    expect(host.calls.map(({ name }) => name)).toEqual(names);
  });
});

test.each([
  ["30s", 30_000],
  ["10m", 600_000],
  ["900s", 900_000],
  ["60s", 60_000],
  ["4h", 14_400_000],
  ["600s", 600_000],
])("a step's timeout of %s", async (timeout, ms) => {
  const host = new FakeHost((call, clock) => clock.wait(ms + 1, call.signal));
  const { result } = await run(`steps: [{ name: a, type: any, timeout: ${timeout} }]\n`, undefined, {}, host);
  expect(result.error).toMatchObject({ code: "timeout", type: "TimeoutError", details: { timeoutMs: ms } });
});

test.each([
  ["20s", 20_000],
  ["30s", 30_000],
  ["2s", 2000],
  ["5s", 5000],
  ["3s", 3000],
])("a wait of %s", async (duration, ms) => {
  const { host } = await run(`steps: [{ name: w, type: wait, with: { duration: ${duration} } }]\n`);
  expect(host.slept.map(([, slept]) => slept)).toEqual([ms]);
});

describe("a loop over", () => {
  test.each([
    ["a template", '"{{ steps.find.output.hits }}"'],
    ["an expression", '"${{ steps.find.output.hits }}"'],
    ["a bare path", "steps.find.output.hits"],
    ["JSON in a text", `'[{"id": "x"}, {"id": "y"}]'`],
    ["a list", "[{ id: x }, { id: y }]"],
    [
      "a text that a template makes",
      "'[{% for h in steps.find.output.hits %}{{ h | json }}{% unless forloop.last %},{% endunless %}{% endfor %}]'",
    ],
    ["what a filter makes", "'${{ steps.find.output.hits | where: \"id\" }}'"],
  ])("%s", async (_what, source) => {
    const { host } = await run(
      `steps:
  - { name: find, type: any }
  - name: loop
    type: foreach
    foreach: ${source}
    steps: [{ name: a, type: any, with: { v: "{{ foreach.item.id }}" } }]
`,
      () => ({ hits: [{ id: "x" }, { id: "y" }] }),
    );
    expect(host.calls.slice(1).map(({ input }) => input)).toEqual([{ v: "x" }, { v: "y" }]);
  });

  test("rows of a table, whose columns are read by number", async () => {
    const { host } = await run(
      `steps:
  - { name: query, type: any }
  - name: rows
    type: foreach
    foreach: "{{ steps.query.output.values }}"
    steps: [{ name: a, type: any, with: { v: "{{ foreach.item[1] }}@{{ foreach.item[0] }}" } }]
`,
      () => ({
        columns: [],
        values: [
          ["web-1", "ann"],
          ["web-2", "bob"],
        ],
      }),
    );
    expect(host.calls.slice(1).map(({ input }) => input["v"])).toEqual(["ann@web-1", "bob@web-2"]);
  });
});

test("lists that grow from one round of a loop to the next, as reports are collected", async () => {
  const { host } = await run(
    `steps:
  - { name: start, type: data.set, with: { lines: [], count: 0 } }
  - name: each
    type: foreach
    foreach: "{{ event.alerts }}"
    steps:
      - name: add
        type: data.set
        with:
          lines: "\${{ variables.lines | push: foreach.item._id }}"
          count: "\${{ variables.count | plus: 1 }}"
  - { name: tell, type: any, with: { v: "{{ variables.lines | join: ', ' }} ({{ variables.count }})" } }
`,
    undefined,
    { event },
  );
  expect(host.calls[0]?.input["v"]).toBe("a1, a2 (2)");
});

test("a placeholder of either kind is filled where it stands", () => {
  const text = `template-metadata:
  install: { form: [{ name: days, inputType: number, default: 90 }, { name: on, inputType: boolean, default: false }] }
consts: { days: __install__.days, on: __install__.on, text: "within __install__.days days" }
steps:
  - { name: a, type: http, connector-id: <%= intel-stack-connector-id %>, with: { path: /x } }
  - { name: b, type: http, connector-id: REPLACE_WITH_CONNECTOR_ID, with: { path: /x } }
`;
  const { parts, findings } = readWorkflow(text, "flow.yaml", {
    variables: { "intel-stack-connector-id": "intel", REPLACE_WITH_CONNECTOR_ID: { b: "other" } },
  });
  expect(findings).toEqual([]);
  expect(parts?.plan.consts).toEqual({ days: 90, on: false, text: "within 90 days" });
  expect(parts?.steps.map(({ external }) => external?.connectorId?.text)).toEqual(["intel", "other"]);
});

test("a placeholder that stands in braces by mistake is filled with them, where Kibana would read nothing", () => {
  const text = `template-metadata: { install: { form: [{ name: job-id, inputType: text, required: true }] } }
consts: { a: "/jobs/{{ __install__.job-id }}/run", b: "{{__install__.job-id}}" }
${STEPS}`;
  const { parts, findings } = readWorkflow(text, "flow.yaml", { variables: { "job-id": "disk usage" } });
  expect(findings).toEqual([]);
  expect(parts?.plan.consts).toMatchObject({ a: "/jobs/disk usage/run", b: "disk usage" });
  const missing = readWorkflow(text, "flow.yaml").findings;
  expect(missing.map(({ rule, line }) => [rule, line])).toEqual([
    ["placeholder", 2],
    ["placeholder", 2],
  ]);
});

test("an input whose schema is one of Kibana's own definitions takes any value", async () => {
  const text = `triggers:
  - type: manual
    inputs:
      properties: { payload: { $ref: "#/kibana/definitions/alertingV2NotificationGroup" } }
      required: [payload]
      additionalProperties: false
steps:
  - { name: a, type: any, with: { v: "{% for e in inputs.payload.episodes %}{{ inputs.payload.rules[e.rule].name }};{% endfor %}" } }
`;
  const payload = { episodes: [{ rule: "r1" }, { rule: "r2" }], rules: { r1: { name: "one" }, r2: { name: "two" } } };
  const { host } = await run(text, undefined, { inputs: { payload } });
  expect(host.calls[0]?.input["v"]).toBe("one;two;");
  expect((await run(text)).result.error?.message).toBe('Input "payload" is required.');
});

import { describe, expect, test } from "vitest";
import { catalog, findingsOf, told } from "./kit.ts";
import { planWorkflow, readWorkflow } from "../src/index.ts";

const step = (text: string): string => `steps:\n  - name: a\n    type: any\n${text}`;
const slack = (params: string): string =>
  `steps:\n  - name: a\n    type: slack\n    connector-id: alerts\n    with: ${params}\n`;

describe("a file that is no workflow", () => {
  test.each<[string, string, string[]]>([
    ["empty", "", ["1:1 The file is empty."]],
    ["a list", "- a\n", ["1:1 A workflow must be a map with a list of steps."]],
    [
      "bad YAML",
      "steps:\n  - name: [a\n",
      ["3:1 Flow sequence in block collection must be sufficiently indented and end with a ]"],
    ],
    ["a key twice", "name: a\nname: b\nsteps: []\n", ["2:1 This key stands twice in the same map."]],
    [
      "an alias bomb",
      `a: &a [x, x, x, x, x, x, x, x, x, x]\n${["b", "c", "d", "e", "f"].map((name, i) => `${name}: &${name} [${Array(10).fill(`*${"abcde"[i]}`).join(", ")}]`).join("\n")}\nsteps: []\n`,
      ["1:1 Its aliases (*name) expand to too much data."],
    ],
    ["no steps", "name: x\n", [`1:1 The workflow has no "steps".`]],
    ["no steps in steps", "steps: []\n", [`1:8 "steps" is empty.`]],
    ["steps of another kind", "steps: {}\n", [`1:8 "steps" must be a list, not a map.`]],
    ["a step of another kind", "steps: [go]\n", ["1:9 A step must be a map, not a text."]],
  ])("%s", async (_what, text, expected) => expect(await told(text)).toEqual(expected));
});

describe("the structure", () => {
  const steps = "steps: [{ name: a, type: any }]\n";
  test.each<[string, string[]]>([
    [`version: 1\n${steps}`, [`1:10 "version" must be the text "1".`]],
    [`version: "2"\n${steps}`, [`1:10 "version" must be the text "1".`]],
    [`version: "1"\nname: ""\n${steps}`, [`2:7 "name" must not be empty.`]],
    [`name: 12\n${steps}`, [`1:7 "name" must be a text, not a number.`]],
    [`enabled: "yes"\n${steps}`, [`1:10 "enabled" must be true or false, not a text.`]],
    [`tags: [a, 1]\n${steps}`, ["1:11 A tag must be a text, not a number."]],
    [`stepz: []\n`, [`1:1 "stepz" is not a key of a workflow.`]],
    [`template-metadata: { slug: x }\nid: 3\n${steps}`, []],
    [`consts: [1]\n${steps}`, [`1:9 "consts" must be a map, not a list.`]],
    [`triggers: []\n${steps}`, [`1:1 "triggers" is empty.`]],
    [`triggers: [{ type: manuel }]\n${steps}`, [`1:20 There is no trigger "manuel".`]],
    [`triggers: [{ typ: manual }]\n${steps}`, [`1:12 A trigger has no "type".`]],
    [`triggers: [{ type: manual, input: [] }]\n${steps}`, [`1:28 "input" is not a key of a trigger of type "manual".`]],
    [
      `triggers: [{ type: alert }, { type: scheduled, with: { every: 5m } }, { type: workflows.failed, on: { condition: x } }]\n${steps}`,
      [],
    ],
    [`settings: { timeout: 90 }\n${steps}`, [`1:22 "timeout" must be a duration, not a number.`]],
    [`settings: { timeout: 1m30h }\n${steps}`, [`1:22 "timeout" must be a duration, not "1m30h".`]],
    [`settings: { timeout: 0s }\n${steps}`, [`1:22 "timeout" must be longer than nothing.`]],
    [`settings: { max-step-size: 10 mib }\n${steps}`, [`1:28 "max-step-size" must be a size, not "10 mib".`]],
    [`settings: { timezone: Mars/Base }\n${steps}`, [`1:23 There is no timezone "Mars/Base".`]],
    [`settings: { liquid: { renderLimit: 9999 } }\n${steps}`, [`1:36 "renderLimit" must be at most 2000.`]],
    [`settings: { retries: 1 }\n${steps}`, [`1:13 "retries" is not a key of "settings".`]],
    ["steps:\n  - type: any\n", [`2:5 A step has no "name".`]],
    ["steps:\n  - name: a\n", [`2:5 Step "a" has no "type".`]],
    ["steps:\n  - name: 7\n    type: any\n", [`2:11 "name" of a step must be a text, not a number.`]],
    [step("    retry: 3\n"), [`4:5 "retry" is not a key of a step.`]],
    [step("    on_failure: {}\n"), [`4:5 "on_failure" is not a key of a step.`]],
    [step("    id: x\n"), []],
    [step("    with: [1]\n"), [`4:11 "with" must be a map, not a list.`]],
    [step("    timeout: soon\n"), [`4:14 "timeout" must be a duration, not "soon".`]],
    [step("    max-step-size: 0b\n"), [`4:20 "max-step-size" must be a size, not "0b".`]],
    [step("    on-failure: { retries: 3 }\n"), [`4:19 "retries" is not a key of "on-failure".`]],
    [step("    on-failure: { retry: {} }\n"), [`4:19 "retry" needs "max-attempts".`]],
    [
      step("    on-failure: { retry: { max-attempts: 0 } }\n"),
      [`4:42 "max-attempts" must be a whole number of at least 1, not 0.`],
    ],
    [
      step("    on-failure: { retry: { max-attempts: 1, multiplier: 0.5 } }\n"),
      [`4:57 "multiplier" must be a number of at least 1, not 0.5.`],
    ],
    [
      step("    on-failure: { retry: { max-attempts: 1, strategy: linear } }\n"),
      [`4:55 "strategy" must be one of fixed, exponential.`],
    ],
    [step("    on-failure: { fallback: [] }\n"), [`4:29 "fallback" is empty.`]],
    ["steps:\n  - { name: x, type: if, steps: [{ name: a, type: any }] }\n", [`2:5 Step "x" has no "condition".`]],
    [
      "steps:\n  - { name: x, type: if, condition: true, then: [] }\n",
      [`2:5 Step "x" has no "steps".`, `2:43 "then" is not a key of a step of type "if".`],
    ],
    ["steps:\n  - { name: x, type: foreach, steps: [{ name: a, type: any }] }\n", [`2:5 Step "x" has no "foreach".`]],
    [
      "steps:\n  - { name: x, type: foreach, foreach: hello world, steps: [{ name: a, type: any }] }\n",
      [`2:40 "foreach" is a text that is no list: "hello world".`],
    ],
    [
      "steps:\n  - { name: x, type: foreach, foreach: 5, steps: [{ name: a, type: any }] }\n",
      [`2:31 "foreach" must be a list or a text that gives one, not a number.`],
    ],
    [
      "steps:\n  - { name: x, type: foreach, foreach: [1], max-iterations: { limit: 0, on-limit: stop }, steps: [{ name: a, type: any }] }\n",
      [`2:70 "limit" must be a whole number of at least 1, not 0.`, `2:83 "on-limit" must be one of continue, fail.`],
    ],
    [
      "steps:\n  - { name: x, type: console, with: { mesage: hi } }\n",
      [`2:39 "mesage" is not a key of "with" of a step of type "console".`],
    ],
    ["steps:\n  - { name: x, type: data.set }\n", [`2:5 Step "x" has no "with".`]],
  ])("%s", async (text, expected) => expect(await told(text)).toEqual(expected));

  test("names are unique over the whole tree", async () => {
    const text = `steps:
  - name: a
    type: any
    on-failure:
      fallback:
        - { name: b, type: any }
  - name: c
    type: if
    condition: true
    steps: [{ name: b, type: any }]
    else: [{ name: a, type: any }]
`;
    expect(await told(text)).toEqual([
      `10:21 Two steps are called "b"; the other is in line 6.`,
      `11:20 Two steps are called "a"; the other is in line 2.`,
    ]);
    expect((await findingsOf(text))[0]?.rule).toBe("duplicateStepName");
  });

  test("a long file is searched once", async () => {
    const many = Array.from(
      { length: 400 },
      (_, i) => `  - { name: s${i}, type: any, with: { v: "{{ steps.s${i - 1}.output }} {{ nope }}" } }\n`,
    );
    const findings = await findingsOf(`steps:\n${many.join("")}`);
    expect(findings.length).toBe(401);
    expect(findings.at(-1)).toMatchObject({ line: 401, severity: "warning" });
  });
});

/** Takes the mark `‸` out of a text and says where it stood. */
function marked(text: string): { text: string; place: string } {
  const at = text.indexOf("‸");
  const before = text.slice(0, at).split("\n");
  return { text: text.replace("‸", ""), place: `${before.length}:${(before.at(-1) ?? "").length + 1}` };
}

describe("templates", () => {
  test.each<[string, string]>([
    [`"‸{{ event.x "`, `This template cannot be used: output "{{ event.x " not closed.`],
    [`"{{ event.x | ‸upcse }}"`, `This template cannot be used: There is no filter "upcse".`],
    [`"{{ event.x | upcase | ‸upcse }}"`, `This template cannot be used: There is no filter "upcse".`],
    [`"a ‸{% include 'x' %}"`, `This template cannot be used: There is no tag "include" in workflows.`],
    [`"‸{% if event.x %}"`, `This template cannot be used: tag {% if event.x %} not closed.`],
    ["‸${{ }}", "This template cannot be used: An expression is missing."],
    [
      `"\${{ event.a ‸}} \${{ event.b }}"`,
      "This template cannot be used: A text that starts with ${{ and ends with }} is one expression, and this one ends too early.",
    ],
    [`"\${{ event.a ‸) }}"`, `This template cannot be used: ")" does not belong to one expression.`],
    [`"\${{ event.a‸, event.b }}"`, `This template cannot be used: ", event.b" does not belong to one expression.`],
    [`"{{ ‸evnt.x }}"`, `(warning) Nothing is called "evnt" in a workflow; it is read as nothing.`],
    [`"{{ ‸steps.nope.output }}"`, `There is no step "nope".`],
    [`"{{ ‸steps.a.output }}"`, `Step "a" reads its own result.`],
    [`"{{ ‸steps.b.output }}"`, `Step "b" comes later, so it has no result yet.`],
    [`"{{ ‸steps['b'].output }}"`, `Step "b" comes later, so it has no result yet.`],
    [`"{{ steps[event.name].output }}"`, ""],
    [`"{% assign s = ‸steps.nope %}{{ s.output }}"`, `There is no step "nope".`],
    [`"{% for x in ‸steps.b.output %}{{ x.name }}{% endfor %}"`, `Step "b" comes later, so it has no result yet.`],
    [`"{% assign x = 1 %}{{ x }}{% capture y %}z{% endcapture %}{{ y }}"`, ""],
    [`"{{ ‸consts.chanel }}"`, `There is no "consts.chanel".`],
    [`"{{ consts.channel }}{{ inputs.owner }}"`, ""],
    [`"{{ ‸inputs.ownr }}"`, `There is no "inputs.ownr".`],
    [`"{{ variables.v }}"`, ""],
    [`"{{ ‸variables.w }}"`, `(warning) There is no "variables.w".`],
    [`"{{ ‸foreach.item }}"`, `(warning) "foreach" has a value inside a loop only.`],
    [`"{{ ‸error.message }}"`, `(warning) "error" has a value in fallbacks and on-failure conditions only.`],
    ["|\n        line one\n        and {{ ‸steps.nope.output }}", `There is no step "nope".`],
    [
      "|\n        {{ event.x }}\n        {{ event.x |\n        ‸upcse }}",
      `This template cannot be used: There is no filter "upcse".`,
    ],
    [
      ">\n        folded\n        {{ event.x }} {{ event.x | ‸upcse }}",
      `This template cannot be used: There is no filter "upcse".`,
    ],
    [`'{{ event.x }} it''s {{ ‸steps.nope.output }}'`, `There is no step "nope".`],
    [`"{{ event.x }} \\"\\u0041\\" {{ ‸steps.nope.output }}"`, `There is no step "nope".`],
  ])("%s", async (value, message) => {
    const { text, place } = marked(`consts: { channel: x }
inputs: [{ name: owner, type: string }]
steps:
  - name: a
    type: any
    with:
      v: ${value}
  - { name: b, type: data.set, with: { v: 1 } }
`);
    expect(await told(text)).toEqual(message === "" ? [] : [`${place} ${message}`]);
  });

  test("each of several equal mistakes has its own place", async () => {
    const text = `steps:\n  - name: a\n    type: any\n    with:\n      v: "{{ nope }} {{ nope }}"\n      w: |\n        {{ nope }}\n        {{ nope }}\n`;
    expect((await told(text)).map((line) => line.split(" ")[0])).toEqual(["5:14", "5:25", "7:12", "8:12"]);
  });

  test("what may be read from where", async () => {
    expect(
      await told(`steps:
  - name: first
    type: any
    on-failure:
      retry: { max-attempts: 1, condition: "steps.first.error.status: 503 and error.code: x" }
      fallback:
        - { name: page, type: any, with: { v: "{{ steps.first.error.message }} {{ error.message }}" } }
      continue: "\${{ steps.first.error.status == 404 }}"
  - name: loop
    type: foreach
    foreach: "{{ steps.first.output }}"
    steps:
      - { name: in loop, type: any, with: { v: "{{ steps.loop.index }} {{ foreach.item }}" } }
  - { name: each, type: any, foreach: [1], if: "foreach.item: 1", with: { v: "{{ foreach.item }}" } }
  - { name: last, type: any, if: "steps.in loop.output: * and steps.page.error: *" }
`),
    ).toEqual([`14:49 (warning) "foreach" has a value inside a loop only.`]);
  });

  test("conditions are checked like templates", async () => {
    const text = (condition: string): string => step(`    if: ${JSON.stringify(condition)}\n`);
    expect(await told(text("event.a == 1"))).toEqual([
      `4:18 This is no condition: A condition is KQL, where "==" is no operator.`,
    ]);
    expect((await findingsOf(text("event.a == 1")))[0]?.rule).toBe("invalidEqualityOperator");
    expect(await told(text("steps.zz.output: *"))).toEqual([`4:10 There is no step "zz".`]);
    expect(await told(text("event.a: 1 and (steps.zz.x: 1)"))).toEqual([`4:26 There is no step "zz".`]);
    expect(await told(text("event.a"))).toEqual([
      "4:9 (warning) This condition names no field to compare, so it is always false.",
    ]);
    expect(await told(text("event.a: 'x'"))).toEqual([
      "4:9 (warning) In KQL only double quotes quote; these single quotes are compared as they are.",
    ]);
    expect(await told(step("    if: 5\n"))).toEqual([`4:5 A condition ("if") is a number.`]);
    expect(await told(step("    if: false\n"))).toEqual([]);
  });
});

describe("step types, connectors and params", () => {
  test.each<[string, string[]]>([
    ["steps: [{ name: a, type: slak }]\n", [`1:26 No package provides "slak".`]],
    ["steps: [{ name: a, type: consol }]\n", [`1:26 No package provides "consol".`]],
    [
      "steps: [{ name: a, type: slack, with: { message: x } }]\n",
      [`1:9 Step "a" has no "connector-id", which steps of type "slack" need.`],
    ],
    [
      "steps: [{ name: a, type: slack, connector_id: alerts, with: { message: x } }]\n",
      [`1:33 "connector_id" is not a key of a step.`],
    ],
    [
      "steps: [{ name: a, type: slack, connector_id: alerts, with: { mesage: x } }]\n",
      [
        `1:33 "connector_id" is not a key of a step.`,
        `1:55 Step "a" has no "message" in "with", which "slack" needs.`,
        `1:63 "mesage" is not a parameter of "slack".`,
      ],
    ],
    [
      "steps: [{ name: a, type: slack, with: { connector-id: alerts, message: x } }]\n",
      [`1:41 "connector-id" stands inside "with" of step "a".`],
    ],
    [
      "steps: [{ name: a, type: slack, connector-id: nobody, with: { message: x } }]\n",
      [`1:47 No connector "nobody".`],
    ],
    [
      "steps: [{ name: a, type: slack, connector-id: twice, with: { message: x } }]\n",
      [`1:47 Two connectors are called twice.`],
    ],
    [
      "steps: [{ name: a, type: slack, connector-id: 5, with: { message: x } }]\n",
      [`1:47 "connector-id" must be a text, not a number.`],
    ],
    ["steps: [{ name: a, type: slack, connector-id: '{{ event.c }}', with: { message: x } }]\n", []],
    ["steps: [{ name: a, type: any, connector-id: alerts }]\n", [`1:31 Steps of type "any" use no connector.`]],
    ["steps: [{ name: a, type: http, with: { path: /x } }]\n", [`1:38 url is needed without a connector`]],
    ["steps: [{ name: a, type: http, with: { url: '{{ event.u }}' } }]\n", []],
    ["steps: [{ name: a, type: http, connector-id: alerts, with: { path: /x } }]\n", []],
    [
      "steps: [{ name: a, type: slack, connector-id: alerts }]\n",
      [`1:9 Step "a" has no "message" in "with", which "slack" needs.`],
    ],
    [slack("{}"), [`5:5 Step "a" has no "message" in "with", which "slack" needs.`]],
    [
      slack("{ message: 5 }"),
      [`5:22 "message" of step "a" does not fit "slack": Invalid input: expected string, received number`],
    ],
    [slack("{ message: '{{ event.m }}' }"), []],
    [slack("{ message: '${{ event.m }}', chanel: x }"), [`5:40 "chanel" is not a parameter of "slack".`]],
    [slack("{ '{{ event.key }}': x, message: y }"), [`5:13 "["{{ event.key }}"]" is not a parameter of "slack".`]],
  ])("%s", async (text, expected) => expect(await told(text)).toEqual(expected));

  const jira = (params: string): string =>
    `steps:\n  - name: a\n    type: jira\n    connector-id: alerts\n    with: ${params}\n`;
  test.each<[string, string[]]>([
    [`{ projectKey: "{{ event.k }}", summary: "{{ event.this_is_longer_than_twenty }}" }`, []],
    [`{ projectKey: X, summary: "a text that is longer than twenty" }`, ["5:37"]],
    [`{ projectKey: X, summary: s, labels: "\${{ event.labels }}" }`, []],
    [`{ projectKey: X, summary: s, labels: ["{{ event.l }}", 5] }`, ["5:66"]],
    [`{ projectKey: X, summary: s, fields: "\${{ event.fields }}" }`, []],
    [`{ projectKey: X, summary: s, fields: { priority: "{{ event.p }}" } }`, []],
    [`{ projectKey: X, summary: s, fields: { priority: mid } }`, ["5:60"]],
    [`{ projectKey: X, summary: s, fields: { due: "{{ event.d }}" } }`, ["5:40"]],
    [`{ projectKey: X, summary: s, fields: { priority: low, du: "{{ event.d }}" } }`, ["5:65"]],
    [`{ summary: "{{ event.s }}" }`, ["5:5"]],
  ])("%s", async (params, places) => {
    expect((await told(jira(params))).map((line) => line.split(" ")[0])).toEqual(places);
  });

  test("hints name what was meant", async () => {
    const [unknown] = await findingsOf("steps: [{ name: a, type: consol }]\n");
    expect(unknown).toEqual({
      code: "unknown-step-type",
      rule: "schemaViolation",
      severity: "error",
      message: `No package provides "consol".`,
      hint: `Did you mean "console"?`,
      file: "flow.yaml",
      line: 1,
      column: 26,
      path: "steps[0].type",
    });
    const nested = await findingsOf(jira("{ projectKey: X, summary: s, fields: { priority: low, du: x } }"));
    expect(nested[0]).toMatchObject({ path: "steps[0].with.fields.du", hint: `Did you mean "due"?` });
  });

  test("everything is told at once, by line, and there is no plan", async () => {
    const text = `version: 1
steps:
  - { name: a, type: slack, connector-id: nobody, with: { message: "{{ nope }} {{ x | nope }}" } }
  - { name: a, type: nope }
  - { name: b, type: slack, connector-id: alerts, with: {} }
`;
    const planned = await planWorkflow(readWorkflow(text, "flow.yaml"), catalog);
    expect(planned.plan).toBeUndefined();
    expect(planned.findings.map(({ code, line }) => [line, code])).toEqual([
      [1, "workflow-invalid"],
      [3, "connector-not-found"],
      [3, "template-error"],
      [4, "workflow-invalid"],
      [4, "unknown-step-type"],
      [5, "params-invalid"],
    ]);
  });

  test("the name is the file's where there is none", () => {
    expect(readWorkflow("steps: []\n", "flows/notify.workflow.yaml").name).toBe("notify.workflow");
    expect(readWorkflow("name: Notify\nsteps: []\n", "x.yaml").name).toBe("Notify");
  });
});

describe("secrets in a workflow", () => {
  test.each([
    [`{ headers: { Authorization: "Bearer abcdef123456" } }`, true],
    [`{ headers: { authorization: "Basic dXNlcjpwYXNz" } }`, true],
    [`{ headers: { Authorization: "Bearer {{ consts.t }}" } }`, false],
    [`{ headers: { Authorization: "Bearer {{consts.t}}" } }`, false],
    [`{ headers: { Authorization: "Bearer XXXXXXXXXX" } }`, false],
    [`{ headers: { Authorization: "Bearer <token>" } }`, false],
    [`{ password: hunter22 }`, true],
    [`{ apiKey: "a8s7d6f8a7s6df" }`, true],
    [`{ token: "\${{ event.t }}" }`, false],
    [`{ text: "xoxb-1234567890-abcdefghijkl" }`, true],
    [`{ text: "use AKIAIOSFODNN7ABCDEFG now" }`, true],
    [`{ text: "AKIAIOSFODNN7EXAMPLE" }`, false],
    [`{ url: "https://hooks.slack.com/services/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" }`, true],
    [`{ url: "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX" }`, false],
    [`{ url: "https://hooks.example.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX" }`, false],
    [`{ tokens: 5, message: "the password is in the vault" }`, false],
  ])("%s", async (params, secret) => {
    const text = `consts: { t: x }\nsteps:\n  - { name: a, type: any, with: ${params} }\n`;
    const findings = await findingsOf(text);
    expect(findings.map(({ severity, code }) => [severity, code])).toEqual(
      secret ? [["warning", "workflow-invalid"]] : [],
    );
    for (const { message } of findings) expect(message).not.toMatch(/hunter22|xoxb|AKIA|abcdef/);
  });
});

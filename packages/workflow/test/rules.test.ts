/** The rules of findings: in the code, in their list, and in the reference. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { RULES, type Rule } from "../src/language/rules.ts";
import { findingsOf, withWorkflows } from "./kit.ts";

const greet = `
name: greet
inputs: [{ name: who, type: string, required: true }, { name: times, type: number }]
steps: [{ name: say, type: console, with: { message: hello } }]
`;

/** A step of any type around what an example is about. */
const step = (rest: string): string => `steps: [{ name: a, ${rest} }]`;
const call = (inputs: string): string =>
  step(`type: workflow.execute, with: { workflow-id: greet, inputs: ${inputs} }`);
const condition = (text: string): string => step(`type: console, if: ${JSON.stringify(text)}`);

const EXAMPLES: Record<Rule, string[]> = {
  yamlSyntaxError: ["steps: ["],
  schemaViolation: ["steps: []", `inputs: []\ntriggers: [{ type: manual, inputs: [] }]\n${step("type: console")}`],
  invalidStepProperty: [step("type: slack, with: { connector-id: alerts, message: x }")],
  duplicateStepName: ["steps: [{ name: a, type: console }, { name: a, type: console }]"],
  graphBuildError: [step("type: loop.break")],
  placeholder: [step("type: console, with: { message: REPLACE_WITH_TEXT }")],
  literalSecret: [step("type: any, with: { password: hunter22 }")],
  stepNotHere: [step("type: kibana.request")],
  connectorNotFound: [step("type: slack, connector-id: nowhere, with: { message: x }")],
  liquidSyntaxError: [step('type: console, with: { message: "{{ 1 | nothing }}" }')],
  invalidIfConditionSyntax: [condition("event.a: ("), condition("something")],
  invalidEqualityOperator: [condition("event.a == 1")],
  invalidInequalityOperator: [condition("event.a != 1")],
  invalidAssignmentOperator: [condition("event.a = 1")],
  invalidTriggerCondition: [
    `triggers: [{ type: workflows.failed, on: { condition: "event.a: (" } }]\n${step("type: console")}`,
  ],
  invalidForeachParameter: [step("type: console, foreach: two words")],
  invalidParallelMode: [step("type: parallel")],
  parallelFanOutExceedsLimit: [
    step(`type: parallel, foreach: [${"1,".repeat(101)}], steps: [{ name: b, type: console }]`),
  ],
  unboundedParallelFanOut: [step('type: parallel, foreach: "${{ event.a }}", steps: [{ name: b, type: console }]')],
  unknownVariableType: [condition("evnt.a: 1")],
  invalidVariablePath: [condition("consts.nothing: 1"), condition("foreach.item: 1")],
  invalidVariableReference: [condition("steps.nothing.output: 1")],
  invalidDefaultValue: [`inputs: [{ name: n, type: number, default: many }]\n${step("type: console")}`],
  missingRequiredInput: [call("{}")],
  invalidInputType: [call("{ who: ann, times: many }")],
  unknownInputKey: [call("{ who: ann, whom: bob }")],
  invalidWorkflowOutput: [`outputs: [{ name: n, type: number }]\n${step("type: workflow.output, with: { m: 1 }")}`],
  targetWorkflowNotFound: [step("type: workflow.execute, with: { workflow-id: nothing }")],
};

test.each(Object.keys(RULES) as Rule[])("%s is given with the severities of its list", async (rule) => {
  const all = await Promise.all(EXAMPLES[rule].map((text) => findingsOf(text, withWorkflows({ greet }))));
  const severities = all.flat().flatMap((finding) => (finding.rule === rule ? [finding.severity] : []));
  expect([...new Set(severities)].toSorted()).toEqual([...RULES[rule].severities].toSorted());
  expect(all.flat().filter((finding) => !Object.hasOwn(RULES, finding.rule ?? ""))).toEqual([]);
});

const folder = new URL("../../../", import.meta.url);
const sources = ["packages/workflow/src", "packages/yaml/src", "packages/engine/src"].flatMap((name) => {
  const base = new URL(`${name}/`, folder);
  const files = readdirSync(base, { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".ts") && !file.endsWith("rules.ts"))
    .map((file) => readFileSync(new URL(file.replaceAll("\\", "/"), base), "utf8"));
});

test("the code gives no rule that is not in the list, and the list has none that the code does not give", () => {
  const given = sources.flatMap((text) => [...text.matchAll(/\brule: "(\w+)"/g)].map((match) => match[1] ?? ""));
  expect([...new Set(given)].filter((rule) => !Object.hasOwn(RULES, rule))).toEqual([]);
  const unused = Object.keys(RULES).filter((rule) => !sources.some((text) => text.includes(`"${rule}"`)));
  expect(unused).toEqual([]);
});

test("the reference has every rule once, and no other", () => {
  const page = readFileSync(new URL("docs/workflow/reference.md", folder), "utf8");
  const [, section = ""] = /^## Rules of findings$([\s\S]*)/m.exec(page) ?? [];
  const told = [...section.matchAll(/^\| `(\w+)`\s*\|/gm)].map((match) => match[1] ?? "");
  expect(told.toSorted()).toEqual(Object.keys(RULES).toSorted());
});

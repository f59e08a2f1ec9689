import { describe, expect, test } from "vitest";
import { evaluateKql } from "../src/kql/evaluate.ts";
import { parseKql } from "../src/kql/parse.ts";
import { KqlSyntaxError } from "../src/kql/syntax.ts";
import { START } from "./fake-host.ts";

const data = {
  event: {
    severity: "high",
    name: 'He said "hi" (twice)',
    path: String.raw`C:\temp`,
    count: 12,
    text: "12",
    ok: true,
    off: false,
    nothing: null,
    empty: "",
    list: [],
    tags: ["red", "blue"],
    at: "2026-01-15T11:30:00Z",
    alerts: [
      { id: "a", score: 10, user: { name: "ann" } },
      { id: "b", score: 90, user: { name: "bob" } },
    ],
  },
  steps: { "open ticket": { output: { key: "OPS-1" } }, "a-b": { output: "x" } },
  now: new Date(START),
};

const holds = (text: string): boolean => evaluateKql(parseKql(text), data, () => START);

describe("what KQL says of data", () => {
  test.each([
    ["event.severity: high", true],
    ["event.severity: High", false],
    ['event.severity: "high"', true],
    ["event.severity: 'high'", false],
    ["event.severity : high", true],
    ["event.severity: hi*", true],
    ["event.severity: *gh", true],
    ["event.severity: *ig*", true],
    ["event.severity: h*x", false],
    ['event.severity: "hi*"', false],
    [String.raw`event.severity: hi\*`, false],
    ["event.severity: *", true],
    ["event.missing: *", false],
    ["event.nothing: *", false],
    ["event.nothing: null", false],
    ["not event.nothing: *", true],
    ['event.empty: ""', true],
    ["event.empty: *", true],
    ["event.list: *", true],
    ['event.name: "He said \\"hi\\" (twice)"', true],
    [String.raw`event.path: "C:\\temp"`, true],
    ["event.count: 12", true],
    ["event.count: 12.0", true],
    ['event.count: "12"', true],
    ["event.count: 13", false],
    ["event.count > 11", true],
    ["event.count >= 12", true],
    ["event.count < 12", false],
    ["event.count <= 12", true],
    ["event.count>11", true],
    ["event.text > 5", false],
    ["event.text: 12", true],
    ["event.ok: true", true],
    ["event.ok: false", false],
    ["event.off: false", true],
    ["event.off: banana", false],
    ["event.ok: banana", false],
    ["event.tags: red", true],
    ["event.tags: green", false],
    ["event.tags.length > 1", true],
    ["event.tags.length: 2", true],
    ["event.list.length > 0", false],
    ["event.severity.length: 4", true],
    ["event.alerts.score > 80", true],
    ["event.alerts.score > 95", false],
    ["event.alerts.user.name: bob", true],
    ["event.alerts.1.id: b", true],
    ["event.alerts[0].id: a", true],
    ["event.alerts[0].id: b", false],
    ["event.alerts: { id: a and score > 80 }", false],
    ["event.alerts: { id: b and score > 80 }", true],
    ["event.severity: (low or high)", true],
    ["event.tags: (red and blue)", true],
    ["event.tags: (red and green)", false],
    ["event.tags: (red and not green)", true],
    ["event.severity: high and event.count: 1", false],
    ["event.severity: high or event.count: 1", true],
    ["event.severity: low or event.ok: true and event.count: 12", true],
    ["(event.severity: high or event.ok: true) and event.count: 1", false],
    ["NOT event.severity: low AND event.ok: true", true],
    ["not not event.ok: true", true],
    ["not (event.ok: true or event.ok: false)", false],
    ["event.at > now-1h", true],
    ["event.at > now-10m", false],
    ["event.at < now/d", false],
    ["event.at >= now/d", true],
    ["now > now-1s", true],
    ["now <= 2026-01-15", false],
    ["event.constructor: *", false],
    ["event.__proto__: *", false],
    ["event.toString: *", false],
    ["steps.open ticket.output.key: OPS-1", true],
    ["steps['open ticket'].output.key: OPS-1", true],
    ['steps["open ticket"].output.key: OPS-1', true],
    ["steps.a-b.output: x", true],
    ["event.severity", false],
    ["android: *", false],
    ["event.ok: true and\n  event.count > 1\n", true],
  ])("%s is %s", (text, expected) => expect(holds(text)).toBe(expected));
});

describe("what is no KQL", () => {
  test.each([
    ["event.a: ", 9, "invalidIfConditionSyntax"],
    ["(event.a: 1", 11, "invalidIfConditionSyntax"],
    ["event.a: 1)", 10, "invalidIfConditionSyntax"],
    ['event.a: "open', 9, "invalidIfConditionSyntax"],
    ["event.a: b and", 14, "invalidIfConditionSyntax"],
    ["and event.a: b", 0, "invalidIfConditionSyntax"],
    ["event.a: not b", 9, "invalidIfConditionSyntax"],
    ["event.t: 10:30", 11, "invalidIfConditionSyntax"],
    ["event.*: x", 0, "invalidIfConditionSyntax"],
    ["event.a == 1", 8, "invalidEqualityOperator"],
    ["event.a != 1", 8, "invalidInequalityOperator"],
    ["event.a = 1", 8, "invalidAssignmentOperator"],
    ["event.a: 1 and event.b && c", 23, "invalidIfConditionSyntax"],
    ["(".repeat(300), 200, "invalidIfConditionSyntax"],
  ])("%s", (text, offset, rule) => {
    let thrown: unknown;
    try {
      parseKql(text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(KqlSyntaxError);
    expect(thrown).toMatchObject({ offset, rule });
  });
});

/** Triggers are read and checked like everything else. Nothing here starts a run by one: that is for whoever calls. */
import { describe, expect, test } from "vitest";
import { findingsOf, planOf, run, told } from "./kit.ts";

const STEPS = "steps:\n  - { name: a, type: any, with: { v: '${{ event }}', i: '${{ inputs }}' } }\n";
const one = (trigger: string): string => `triggers:\n  - ${trigger}\n${STEPS}`;
const schedule = (options: string): string => one(`{ type: scheduled, with: ${options} }`);
const rule = (options: string): string => schedule(`{ rrule: { freq: DAILY, interval: 1, ${options} } }`);

describe("triggers", () => {
  test.each([
    one("type: manual"),
    one("{ type: manual, inputs: [{ name: owner, type: string }] }"),
    one("{ type: manual, inputs: { properties: { owner: { type: string } } } }"),
    ...["60s", "90s", "1m", "15m", "24h", "1d"].map((every) => schedule(`{ every: ${every} }`)),
    schedule(
      "{ rrule: { freq: WEEKLY, interval: 2, tzid: Europe/Amsterdam, byweekday: [MO, FR], byhour: [9], byminute: [30] } }",
    ),
    schedule(
      "{ rrule: { freq: MONTHLY, interval: 1, tzid: UTC, dtstart: '2026-01-15T09:00:00Z', bymonthday: [1, 31] } }",
    ),
    one("type: alert"),
    one("{ type: webhook, auth: { type: none }, inputs: [{ name: owner, type: string }] }"),
    one(
      "{ type: workflows.failed, on: { condition: 'event.workflow.isErrorHandler: false', workflowEvents: avoid-loop } }",
    ),
    one("{ type: cases.caseCreated }"),
    one("{ type: slack2.messageReceived, connector-id: alerts, on: { condition: 'event.text: hello*' } }"),
    `triggers: [{ type: manual }, { type: alert }, { type: scheduled, with: { every: 15m } }]\n${STEPS}`,
    STEPS,
  ])("are read without a finding (%#)", async (text) => expect(await told(text)).toEqual([]));

  test.each([
    ["triggers: []", '1:1 "triggers" is empty.'],
    ["triggers: manual", '1:11 "triggers" must be a list, not a text.'],
    ["triggers: [manual]", "1:12 A trigger must be a map, not a text."],
    ["triggers: [{ typ: manual }]", '1:12 A trigger has no "type".'],
    ["triggers: [{ type: schedule }]", '1:20 There is no trigger "schedule".'],
    ["triggers: [{ type: alert, with: { rule: x } }]", '1:27 "with" is not a key of a trigger of type "alert".'],
    ["triggers: [{ type: manual, with: {} }]", '1:28 "with" is not a key of a trigger of type "manual".'],
    ["triggers: [{ type: scheduled }]", '1:12 A scheduled trigger has no "with".'],
    ["triggers: [{ type: scheduled, with: 15m }]", '1:37 "with" of a scheduled trigger must be a map, not a text.'],
    ["triggers: [{ type: scheduled, with: {} }]", '1:31 A schedule has neither "every" nor "rrule".'],
    ["triggers: [{ type: workflows.failed, on: alert }]", '1:42 "on" must be a map, not a text.'],
  ])("%s is told: %s", async (triggers, expected) => expect(await told(`${triggers}\n${STEPS}`)).toEqual([expected]));
});

describe("a schedule", () => {
  test.each([
    ["{ evry: 15m }", '2:32 "evry" is not a key of "with" of a scheduled trigger.'],
    ["{ every: 30s }", '2:39 "every" must be a time of at least a minute, not "30s".'],
    ["{ every: 0m }", '2:39 "every" must be a time of at least a minute, not "0m".'],
    ["{ every: 1w }", '2:39 "every" must be a time of at least a minute, not "1w".'],
    ["{ every: 1h30m }", '2:39 "every" must be a time of at least a minute, not "1h30m".'],
    ["{ every: 15 }", '2:39 "every" must be a time of at least a minute, not a number.'],
    ["{ every: 1d, rrule: { freq: DAILY, interval: 1 } }", '2:43 A schedule has both "every" and "rrule".'],
    ["{ rrule: DAILY }", '2:39 "rrule" must be a map, not a text.'],
    ["{ rrule: { freq: DAILY } }", '2:32 "rrule" has no "interval".'],
    ["{ rrule: { interval: 1 } }", '2:32 "rrule" has no "freq".'],
    ["{ rrule: { freq: HOURLY, interval: 1 } }", '2:47 "freq" must be one of DAILY, WEEKLY, MONTHLY.'],
    ["{ rrule: { freq: DAILY, interval: 0 } }", '2:64 "interval" must be a whole number of at least 1, not 0.'],
  ])("%s is told: %s", async (options, expected) => expect(await told(schedule(options))).toEqual([expected]));

  const at = schedule("{ rrule: { freq: DAILY, interval: 1, ").split("\n")[1]?.indexOf("interval: 1, ") ?? 0;
  test.each([
    ["byhours: [9]", 0, '"byhours" is not a key of "rrule".'],
    ["tzid: Mars/Base", 6, 'There is no timezone "Mars/Base".'],
    ["dtstart: soon", 9, '"dtstart" must be a date, not "soon".'],
    ["dtstart: 20260115", 9, '"dtstart" must be a text, not a number.'],
    ["byhour: 9", 8, '"byhour" must be a list, not a number.'],
    ["byhour: [9, 24]", 12, '"byhour" holds whole numbers from 0 to 23.'],
    ["byminute: [-1]", 11, '"byminute" holds whole numbers from 0 to 59.'],
    ["bymonthday: [0]", 13, '"bymonthday" holds whole numbers from 1 to 31.'],
    ["byweekday: [MO, monday]", 16, 'A day of "byweekday" must be one of MO, TU, WE, TH, FR, SA, SU.'],
  ])("with %s is told at column +%i: %s", async (options, offset, message) => {
    expect(await told(rule(options))).toEqual([`2:${at + "interval: 1, ".length + offset + 1} ${message}`]);
  });

  test("may be a placeholder of a published template", async () => {
    const findings = await findingsOf(schedule("{ every: __install__.every }"));
    expect(findings.map(({ rule: id, line, column }) => [id, line, column])).toEqual([["placeholder", 2, 39]]);
  });
});

test.each([
  ["event.severity: (high", '2:48 This is no condition: ")" is missing.'],
  ["event.severity == 1", '2:64 This is no condition: A condition is KQL, where "==" is no operator.'],
])("the condition %s of an event is told where it is wrong", async (condition, expected) => {
  const text = one(`{ type: workflows.failed, on: { condition: "${condition}" } }`);
  const findings = await findingsOf(text);
  expect(findings.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual([expected]);
  expect(findings[0]).toMatchObject({ rule: "invalidTriggerCondition", severity: "error" });
  const odd = one("{ type: workflows.failed, on: { condition: 5, workflowEvents: never, when: x } }");
  expect(await told(odd)).toHaveLength(3);
});

describe("a run", () => {
  test.each(["{ type: scheduled, with: { every: 15m } }", "type: alert", "type: workflows.failed"])(
    "is started by hand, whatever else could start it: %s",
    async (trigger) => {
      const { result, host } = await run(one(trigger));
      expect(result.status).toBe("completed");
      expect(host.calls[0]?.input).toEqual({ v: {}, i: {} });
      // It begins with its first step: there is no time to wait for.
      expect(host.slept).toEqual([]);
    },
  );

  test("has the triggers as they are written, for whoever starts runs", async () => {
    const { triggers } = await planOf(
      `triggers: [{ type: manual }, { type: scheduled, with: { rrule: { freq: DAILY, interval: 1, byhour: [9] } } }]\n${STEPS}`,
    );
    expect(triggers).toEqual([
      { type: "manual" },
      { type: "scheduled", with: { rrule: { freq: "DAILY", interval: 1, byhour: [9] } } },
    ]);
    expect((await planOf(STEPS)).triggers).toEqual([{ type: "manual" }]);
  });

  // The payloads are those that Elastic's documentation of the triggers shows.
  test.each([
    [
      "alert",
      {
        alerts: [{ _id: "a1", _index: ".alerts", "kibana.alert.severity": "high" }],
        rule: { id: "r1", name: "Many failures", tags: ["auth"] },
        spaceId: "default",
        params: {},
      },
    ],
    [
      "workflows.failed",
      {
        workflow: { id: "w1", name: "notify", spaceId: "default", isErrorHandler: false },
        execution: { id: "e1", startedAt: "2026-01-15T11:00:00Z", failedAt: "2026-01-15T11:00:05Z" },
        error: { message: "busy", stepId: "send", stepName: "send", stepExecutionId: "s1" },
        timestamp: "2026-01-15T11:00:05Z",
        spaceId: "default",
      },
    ],
  ])("reads what a trigger of type %s would have given", async (type, event) => {
    const { host } = await run(one(`type: ${type}`), undefined, { event });
    expect(host.calls[0]?.input["v"]).toEqual(event);
  });

  test("knows an alert by its alerts", async () => {
    const text = "steps:\n  - { name: a, type: any, with: { v: '{{ execution.triggeredBy }}' } }\n";
    expect((await run(text, undefined, { event: { alerts: [] } })).host.calls[0]?.input).toEqual({ v: "alert" });
    expect((await run(text)).host.calls[0]?.input).toEqual({ v: "manual" });
  });

  test("takes its inputs from the manual trigger before those of a webhook that comes after", async () => {
    const plan = await planOf(
      `triggers: [{ type: alert }, { type: manual, inputs: [{ name: a, type: string }] }, { type: webhook, inputs: [{ name: b, type: string }] }]\n${STEPS}`,
    );
    expect(Object.keys(plan.inputs["properties"] as object)).toEqual(["a"]);
  });
});

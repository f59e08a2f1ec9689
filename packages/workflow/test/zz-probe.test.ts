import { test } from "vitest";
import { findingsOf } from "./kit.ts";
test("probe", async () => {
  const text = `version: 1
name: Flow
trigers: []
consts: { chanel: x, token: "abcd1234" }
triggers:
  - type: manul
  - type: manual
    inputs:
      - { name: owner, type: strng }
      - { name: n, type: number, default: "x" }
      - { nam: z, type: choice }
settings:
  timeout: 6 hours
  max-step-size: 10
  on-failur: {}
steps:
  - name: notify
    type: slak
    connector-id: alerts
  - name: notify2
    type: slack
    connector_id: alerts
    with: { mesage: "x" }
  - name: notify3
    type: slack
    with:
      connector-id: alerts
      mesage: "{{ steps.nope.output }} {{ steps.later.output | jsn }}"
  - name: notify4
    type: slack
    connector-id: nobody
    with:
      message: >
        Hello {{ event.name }}
        and {{ steps.later.output }} and {{ steps.notify4.output }} {{ evnt.x }} {{ consts.channel }} {{ inputs.ownr }} {{ variables.x }}
        {{ foreach.item }} {{ error.message }} {{ steps.notify.outputs }}
  - name: later
    type: jira
    connector-id: twice
    timeout: 30
    if: "event.x == 1"
    on-failure:
      retry: { max-atempts: 3, delay: soon, strategy: linear, condition: "a: (" }
      continue: maybe
    with:
      projectKey: 12
      summary: "this is way too long for the limit"
      labels: ["{{ event.l }}", 3]
      fields: { priority: hi, du: x }
  - type: any
    with: { a: "{{ event.x" }
  - name: check
    type: if
    condition: "event.name"
    with: {}
    steps: []
  - name: later
    type: while
    steps:
      - { name: inside, type: any, with: { v: "{% include 'x' %}" } }
  - name: h
    type: http
    with: { path: /x, body: { Authorization: "Bearer abcdef123456", token: "{{ consts.t }}", url: "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX" } }
  - name: h2
    type: http
    with: { url: "https://hooks.slack.com/services/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" }
`;
  for (const f of await findingsOf(text))
    console.log(`${f.line}:${f.column} ${f.severity[0]} [${f.code}/${f.rule}] ${f.path}: ${f.message} -> ${f.hint}`);
});

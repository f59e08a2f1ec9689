import { expect } from "vitest";

import type { RunResult } from "../src/engine.ts";
import { hang, ok, probe, type Answers, type Effect } from "./kit.ts";

export interface Case {
  name: string;
  files: Record<string, string>;
  event?: Record<string, unknown>;
  answers?: Answers;
  /** How the run ends that nothing happens to. */
  status?: RunResult["status"];
  /** It has more commits than this. */
  moments?: number;
  /** What must hold of every run, whatever happened to it. */
  check?: (result: RunResult, effects: readonly Effect[]) => void;
}

const workflow = (name: string, steps: string): string => `name: ${name}\nsteps:\n${steps}`;
const w = (steps: string): { "w.yaml": string } => ({ "w.yaml": workflow("w", steps) });

/** Refuses these steps so many times. */
const failing =
  (times: Record<string, number>): Answers =>
  (effect, signal) =>
    effect.times <= (times[effect.step] ?? 0)
      ? { status: 400, body: { error: `no ${effect.step}` } }
      : ok(effect, signal);

export const CASES: Case[] = [
  {
    name: "one step after the other, each with what the one before gave",
    files: w(`
  - ${probe("read", "a")}
  - ${probe("keyed", "b", { note: "{{ steps.a.output.from }}" })}
  - ${probe("natural", "c", { note: "{{ steps.b.output.from }}" })}
  - { name: end, type: workflow.output, with: { all: "{{ steps.a.output.from }}{{ steps.b.output.from }}{{ steps.c.output.from }}" } }
`),
  },
  {
    name: "loops in loops, variables and conditions",
    files: w(`
  - { name: init, type: data.set, with: { trail: "" } }
  - name: outer
    type: foreach
    foreach: "[1, 2, 3]"
    steps:
      - { name: letter, type: data.set, with: { outer: "{{ foreach.item }}" } }
      - name: inner
        type: foreach
        foreach: '["x", "y"]'
        steps:
          - ${probe("keyed", "put", { step: "{{ variables.outer }}{{ foreach.item }}" })}
          - { name: add, type: data.set, with: { trail: "{{ variables.trail }}{{ steps.put.output.from }}" } }
      - name: odd
        type: if
        condition: "variables.outer: 2"
        steps: [${probe("read", "two", { step: "two" })}]
        else: [${probe("natural", "other", { step: "not{{ variables.outer }}" })}]
  - { name: end, type: workflow.output, with: { trail: "{{ variables.trail }}" } }
`),
    check: ({ outputs }) => expect(outputs).toEqual({ trail: "1x1y2x2y3x3y" }),
  },
  {
    name: "while, with a step that leaves and one that goes on",
    files: w(`
  - name: poll
    type: while
    condition: "steps.look.output.times < 5"
    steps:
      - ${probe("read", "look", { step: "look" })}
      - { name: skip, type: loop.continue, if: "steps.look.output.times: 2" }
      - ${probe("keyed", "mark", { step: "mark{{ while.iteration }}" })}
  - name: until
    type: while
    condition: "true"
    steps:
      - ${probe("keyed", "next", { step: "next{{ while.iteration }}" })}
      - { name: stop, type: loop.break, if: "while.iteration: 2" }
  - { name: end, type: workflow.output, with: { n: "{{ steps.poll.iteration }} {{ steps.until.iteration }}" } }
`),
    answers: ({ step, times }) => ({ body: { from: step, times } }),
    check: ({ outputs }) => expect(outputs).toEqual({ n: "4 2" }),
  },
  {
    name: "a loop that is retried does its steps again, as executions of their own",
    files: w(`
  - name: each
    type: foreach
    foreach: "[1, 2]"
    on-failure: { retry: { max-attempts: 2, delay: 1ms } }
    steps:
      - ${probe("keyed", "first", { step: "first{{ foreach.item }}" })}
      - ${probe("keyed", "second", { step: "second{{ foreach.item }}", rest: ", on-failure: { retry: { max-attempts: 1, delay: 1ms } }" })}
  - { name: end, type: workflow.output, with: { last: "{{ steps.second.output.from }}" } }
`),
    answers: failing({ second2: 3 }),
    moments: 10,
  },
  {
    name: "an iteration that fails falls back and goes on",
    files: w(`
  - name: each
    type: foreach
    foreach: "[1, 2, 3]"
    iteration-on-failure:
      fallback: [${probe("keyed", "repair", { step: "repair{{ foreach.item }}", note: "{{ error.message }}" })}]
      continue: true
    steps:
      - ${probe("natural", "try", { step: "try{{ foreach.item }}" })}
      - ${probe("keyed", "after", { step: "after{{ foreach.item }}" })}
  - ${probe("read", "last")}
`),
    answers: failing({ try2: 99 }),
  },
  {
    name: "retries, jitter, a fallback and a step that goes on",
    files: w(`
  - ${probe("keyed", "shaky", { rest: ", on-failure: { retry: { max-attempts: 3, strategy: exponential, delay: 2ms, jitter: true, condition: 'error.status: 400' } }" })}
  - ${probe("natural", "bad", { rest: `, on-failure: { retry: { max-attempts: 1 }, fallback: [${probe("keyed", "instead", { note: "{{ steps.bad.error.status }}" })}], continue: true }` })}
  - ${probe("read", "last", { step: "last{{ steps.bad.error.status }}" })}
`),
    answers: failing({ shaky: 2, bad: 99 }),
  },
  {
    name: "a step that fails ends the run as failed, after its fallback",
    files: w(`
  - ${probe("keyed", "before")}
  - ${probe("keyed", "bad", { rest: `, on-failure: { fallback: [${probe("keyed", "tell")}] }` })}
  - ${probe("keyed", "never")}
`),
    answers: failing({ bad: 99 }),
    status: "failed",
  },
  {
    name: "branches by name, some of which fail",
    files: w(`
  - name: fan
    type: parallel
    mode: settled
    branches:
      - { name: left, steps: [${probe("keyed", "l1")}, { name: pause, type: wait, with: { duration: 2ms } }, ${probe("keyed", "l2")}, { name: lv, type: data.set, with: { v: left } }] }
      - { name: the right, steps: [${probe("keyed", "r1")}, ${probe("natural", "r2")}] }
      - { name: third, steps: [${probe("read", "t1")}, { name: tv, type: data.set, with: { v: third } }] }
  - ${probe("keyed", "last", { note: "{{ variables.v }} {{ steps.fan.output.failed }} {{ steps.l2.output.from }}" })}
`),
    answers: failing({ r2: 99 }),
  },
  {
    name: "branches for items, two at a time, failing fast",
    files: w(`
  - name: fan
    type: parallel
    foreach: "\${{ event.items }}"
    concurrency: 2
    steps: [${probe("keyed", "one", { step: "one{{ foreach.item }}" })}, ${probe("natural", "two", { step: "two{{ foreach.item }}" })}]
  - ${probe("read", "last")}
`),
    event: { items: [1, 2, 3, 4, 5] },
  },
  {
    name: "switch, a step that is skipped and a step for each item",
    files: w(`
  - name: which
    type: switch
    expression: "{{ event.kind }}"
    cases:
      - { match: a, steps: [${probe("keyed", "ca")}] }
      - { match: b, steps: [${probe("keyed", "cb")}, ${probe("natural", "cb2")}] }
    default: [${probe("keyed", "cd")}]
  - ${probe("keyed", "not", { rest: ', if: "event.kind: a"' })}
  - ${probe("keyed", "many", { step: "many{{ foreach.item }}", rest: ', foreach: "[1, 2, 3]", on-failure: { retry: { max-attempts: 1 } }' })}
  - ${probe("read", "last")}
`),
    event: { kind: "b" },
    answers: failing({ many2: 1 }),
  },
  {
    name: "a workflow that another calls, and one that this calls",
    files: {
      ...w(`
  - ${probe("keyed", "before")}
  - { name: call, type: workflow.execute, with: { workflow-id: child, inputs: { n: 1 } }, on-failure: { retry: { max-attempts: 1 } } }
  - { name: bad, type: workflow.execute, with: { workflow-id: grandchild, inputs: { n: 9 } }, on-failure: { continue: true } }
  - { name: end, type: workflow.output, with: { got: "{{ steps.call.output.got }}", error: "{{ steps.bad.error.message }}" } }
`),
      "child.yaml": `name: child
inputs: { properties: { n: { type: number } } }
steps:
  - ${probe("keyed", "c1", { step: "c1-{{ inputs.n }}" })}
  - { name: deep, type: workflow.execute, with: { workflow-id: grandchild, inputs: { n: 2 } } }
  - ${probe("natural", "c2", { note: "{{ workflow.name }}" })}
  - { name: end, type: workflow.output, with: { got: "{{ steps.deep.output.g }}" } }
`,
      "grandchild.yaml": `name: grandchild
inputs: { properties: { n: { type: number } } }
steps:
  - ${probe("keyed", "g", { step: "g{{ inputs.n }}" })}
  - { name: fail, type: workflow.fail, if: "inputs.n: 9", with: { message: "nine" } }
  - { name: end, type: workflow.output, with: { g: "{{ steps.g.output.from }}" } }
`,
    },
    answers: failing({ c2: 1 }),
    check: ({ outputs }) => expect(outputs).toEqual({ got: "g2", error: "nine" }),
  },
  {
    name: "a workflow that is started and not waited for",
    files: {
      ...w(`
  - ${probe("keyed", "before")}
  - { name: start, type: workflow.executeAsync, with: { workflow-id: other } }
  - ${probe("keyed", "after")}
`),
      "other.yaml": workflow("other", `  - ${probe("keyed", "o1")}\n  - ${probe("natural", "o2")}\n`),
    },
  },
  {
    name: "time and chance",
    files: w(`
  - { name: id, type: data.set, with: { at: "{{ 'now' | date: '%s%N' }}", who: "\${{ event.names | sample }}" } }
  - ${probe("keyed", "first", { note: "{{ variables.at }} {{ variables.who }}" })}
  - ${probe("keyed", "second", { note: "{{ variables.at }} {{ variables.who }}" })}
  - ${probe("keyed", "third", { note: "{{ 'now' | date: '%s%N' }}" })}
  - { name: end, type: workflow.output, with: { seen: "{{ variables.at }} {{ variables.who }}" } }
`),
    event: { names: ["only"] },
    check: ({ outputs }, effects) => {
      for (const { step, note } of effects) if (step !== "third") expect(note).toBe(outputs?.["seen"]);
    },
  },
  {
    name: "what must not be sent twice, in parts and as a whole",
    files: w(`
  - ${probe("none", "post", { rest: ", on-failure: { continue: true }" })}
  - ${probe("parts", "push", { rest: ", on-failure: { continue: true }" })}
  - ${probe("keyed", "last", { step: "last" })}
`),
    moments: 8,
    check: (_result, effects) => {
      const once = effects.map(({ step }) => step).filter((step) => step !== "last");
      expect(once).toEqual([...new Set(once)]);
    },
  },
  {
    name: "a part that failed is tried again, those before it are not",
    files: w(`
  - ${probe("parts", "push", { rest: ", on-failure: { retry: { max-attempts: 2, delay: 1ms } }" })}
  - ${probe("keyed", "last", { step: "last" })}
`),
    answers: failing({ "push/b": 1 }),
    moments: 8,
  },
  {
    name: "the end of the workflow inside of a loop",
    files: w(`
  - name: each
    type: foreach
    foreach: "[1, 2, 3]"
    steps:
      - ${probe("keyed", "put", { step: "put{{ foreach.item }}" })}
      - { name: enough, type: workflow.output, if: "foreach.item: 2", with: { last: "{{ foreach.item }}" } }
  - ${probe("keyed", "never")}
`),
    moments: 2,
    check: ({ outputs }) => expect(outputs).toEqual({ last: "2" }),
  },
  {
    name: "an iteration that runs out of time, around a step that would go on",
    files: w(`
  - name: each
    type: foreach
    foreach: "[1, 2]"
    iteration-timeout: 400ms
    iteration-on-failure: { continue: true }
    steps:
      - ${probe("keyed", "slow", { step: "slow{{ foreach.item }}", rest: ", on-failure: { continue: true }" })}
      - ${probe("keyed", "then", { step: "then{{ foreach.item }}" })}
  - ${probe("keyed", "last")}
`),
    answers: (effect, signal) => (effect.step === "slow1" ? hang(signal) : ok(effect, signal)),
  },
  {
    name: "a branch that runs out of time",
    files: w(`
  - name: fan
    type: parallel
    mode: settled
    branch-timeout: 400ms
    branches:
      - { name: left, steps: [${probe("keyed", "slow")}] }
      - { name: right, steps: [${probe("keyed", "quick")}] }
  - ${probe("keyed", "last", { note: "{{ steps.fan.output.branches.left.status }}" })}
`),
    answers: (effect, signal) => (effect.step === "slow" ? hang(signal) : ok(effect, signal)),
  },
];

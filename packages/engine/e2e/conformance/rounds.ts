import { expect, test } from "vitest";

import type { RunResult } from "../../src/engine.ts";
import type { SetUp } from "./scene.ts";
import type { Effect } from "./stub.ts";

/** Every kind of step, of flow control and of effect. */
const EVERYTHING = `
name: everything
steps:
  - { name: look, type: probe/probe.read, connector-id: probe, with: { run: "{{ event.n }}", step: look } }
  - { name: mark, type: probe/probe.keyed, connector-id: probe, with: { run: "{{ event.n }}", step: mark } }
  - name: each
    type: foreach
    foreach: "[1, 2, 3]"
    steps:
      - { name: put, type: probe/probe.natural, connector-id: probe, with: { run: "{{ event.n }}", step: "put{{ foreach.item }}" } }
  - name: fan
    type: parallel
    branches:
      - { name: left, steps: [{ name: key, type: probe/probe.keyed, connector-id: probe, with: { run: "{{ event.n }}", step: key } }] }
      - { name: right, steps: [{ name: peek, type: probe/probe.read, connector-id: probe, with: { run: "{{ event.n }}", step: peek } }] }
  - { name: pause, type: wait, with: { duration: 20ms } }
  - { name: post, type: probe/probe.none, connector-id: probe, with: { run: "{{ event.n }}", step: post }, on-failure: { continue: true } }
  - { name: push, type: probe/probe.parts, connector-id: probe, with: { run: "{{ event.n }}", step: push }, on-failure: { continue: true } }
  - { name: last, type: probe/probe.keyed, connector-id: probe, with: { run: "{{ event.n }}", step: last } }
  - { name: end, type: workflow.output, with: { post: "{{ steps.post.error.code }}", push: "{{ steps.push.error.code }}" } }
`;

/** What every run of it does, if nothing happens to it: kind and step. */
const EFFECTS = [
  "read look",
  "keyed mark",
  "natural put1",
  "natural put2",
  "natural put3",
  "keyed key",
  "read peek",
  "none post",
  "none push/a",
  "none push/b",
  "none push/c",
  "keyed last",
];

/** Requests by run and step, with the keys they bore. */
function countsOf(effects: readonly Effect[]) {
  const counts = new Map<string, { times: number; keys: Set<string | undefined> }>();
  for (const { kind, run, step, key } of effects) {
    const id = `${run} ${kind} ${step}`;
    const count = counts.get(id) ?? { times: 0, keys: new Set() };
    count.times += 1;
    count.keys.add(key);
    counts.set(id, count);
  }
  return counts;
}

/** Runs of everything, killed at random moments. */
export function killsInRounds(setUp: SetUp, { rounds, runs }: { rounds: number; runs: number }): void {
  test(`${rounds} rounds of ${runs} runs killed with -9 lose nothing and repeat nothing that is done`, async () => {
    // The same in every run of the tests, and other moments in every round.
    let seed = 42;
    const random = (): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed / 2 ** 31;
    };
    const { stub, start } = await setUp({ "w.yaml": EVERYTHING }, () => random() * 30);
    let interrupted = 0;
    let repeated = 0;
    for (let round = 0; round < rounds; round += 1) {
      stub.effects.length = 0;
      const first = await start();
      const known = new Map<string, string>();
      const submit = async (n: number): Promise<void> => {
        const label = `${round}-${n}`;
        known.set(await first.submit("w.yaml", { n: label }), label);
      };
      // What is wrong with the workflow is told by the first one.
      await submit(0);
      const submitting = Promise.allSettled(Array.from({ length: runs - 1 }, (_, n) => submit(n + 1)));
      const moment = Math.floor(random() * runs * EFFECTS.length * 0.95) + 1;
      await stub.until((effects) => effects.length >= moment);
      await first.kill();
      await submitting;
      const before = countsOf(stub.effects);

      const second = await start();
      const listed = new Map((await second.list()).map(({ runId, status }) => [runId, status]));
      for (const runId of known.keys()) expect(listed.get(runId), "a run that was accepted is there").toBeDefined();
      const done = new Map<string, Set<string>>();
      const open = [...listed].filter(([, status]) => status === "interrupted").map(([runId]) => runId);
      for (const runId of open) {
        const { steps } = await second.get(runId);
        done.set(runId, new Set(steps.filter(({ status }) => status === "completed").map(({ name: step }) => step)));
      }
      interrupted += open.length;
      const results: RunResult[] = [];
      for (const runId of open) await second.resume(runId);
      for (const runId of open) results.push(await second.result(runId));
      await second.close();

      expect(results.filter(({ status }) => status !== "completed")).toEqual([]);
      const after = countsOf(stub.effects);
      for (const [id, { times, keys }] of after) {
        const [, kind] = id.split(" ");
        expect(keys.size, `${id} bears one key`).toBe(1);
        expect(times, `${id} is not sent twice by one process`).toBeLessThanOrEqual(kind === "none" ? 1 : 2);
        if (times > 1) repeated += 1;
      }
      for (const { runId, outputs } of results) {
        const label = known.get(runId);
        if (label === undefined) continue;
        const lost = EFFECTS.filter((effect) => !after.has(`${label} ${effect}`));
        // What must not be sent twice may be missing where its failure says so.
        const told = (step: string): boolean => outputs?.[step] === "interrupted";
        expect(
          lost.filter(
            (effect) => !(effect === "none post" && told("post")) && !(effect.startsWith("none push") && told("push")),
          ),
        ).toEqual([]);
        for (const step of done.get(runId) ?? []) {
          const id = (kind: string): string => `${label} ${kind} ${step}`;
          for (const kind of ["read", "keyed", "none"])
            expect(after.get(id(kind))?.times, `${id(kind)} was done and is not done again`).toBe(
              before.get(id(kind))?.times,
            );
        }
      }
    }
    // A test that never met a run in flight would prove nothing.
    expect(interrupted).toBeGreaterThan(rounds * runs * 0.3);
    expect(repeated).toBeGreaterThan(0);
  }, 600_000);
}

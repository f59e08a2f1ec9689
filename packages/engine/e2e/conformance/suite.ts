import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterEach, describe, expect, test } from "vitest";

import type { RunResult } from "../../src/engine.ts";
import { Worker } from "./crew.ts";
import { installProbe } from "./probe.ts";
import { startStub, type Effect } from "./stub.ts";

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

export interface SuiteOptions {
  /** The module whose `open` makes the engine. */
  module: string;
  rounds: number;
  runs: number;
}

/** What every engine must hold, whatever it keeps its runs in. */
export function describeEngine(name: string, { module, rounds, runs }: SuiteOptions): void {
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  });

  async function setUp(files: Record<string, string>, delayMs?: (effect: Effect) => number) {
    const stub = await startStub(delayMs);
    const folder = mkdtempSync(path.join(tmpdir(), "stepwire-conformance-"));
    cleanups.push(
      () => rmSync(folder, { recursive: true, force: true }),
      () => stub.close(),
    );
    writeFileSync(
      path.join(folder, "package.json"),
      JSON.stringify({ name: "p", dependencies: { "stepwire-connector-probe": "*" } }),
    );
    const connectors = { connectors: [{ name: "probe", type: "probe/probe", config: { url: stub.url } }] };
    writeFileSync(path.join(folder, "connectors.yaml"), JSON.stringify(connectors));
    for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, file), text);
    installProbe(folder);
    const start = async (): Promise<Worker> => {
      const worker = await Worker.start(folder, module);
      cleanups.push(() => worker.kill());
      return worker;
    };
    return { stub, folder, start };
  }

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

  describe(`engine ${name}`, () => {
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
              (effect) =>
                !(effect === "none post" && told("post")) && !(effect.startsWith("none push") && told("push")),
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

    const one = (step: string, rest = ""): string =>
      `  - { name: ${step}, type: probe/probe.${step}, connector-id: probe, with: { run: r, step: ${step} }${rest} }\n`;
    const sent = (effects: readonly Effect[]): string[] => effects.map(({ kind, step }) => `${kind} ${step}`);

    /** A run that is killed while its request is held, which has arrived, and resumed by another process. */
    async function killedInFlight(steps: string) {
      const { stub, start } = await setUp({ "w.yaml": `steps:\n${steps}` });
      stub.hold(() => true);
      const first = await start();
      const runId = await first.submit("w.yaml");
      await stub.until((effects) => effects.length === 1);
      await first.kill();
      stub.release();
      const worker = await start();
      await worker.resume(runId);
      return { stub, worker, runId, result: await worker.result(runId) };
    }

    test("a request that must not be sent twice, and whose fate nobody knows, becomes the failure interrupted", async () => {
      const { stub, worker, runId, result } = await killedInFlight(one("none"));
      expect(result).toMatchObject({ status: "failed", steps: [{ name: "none", error: { code: "interrupted" } }] });
      expect(sent(stub.effects)).toEqual(["none none"]);
      // A retry is the user's word: the step is done again.
      await worker.retry(runId);
      expect((await worker.result(runId)).status).toBe("completed");
      expect(sent(stub.effects)).toEqual(["none none", "none none"]);
    });

    test("the failure interrupted goes through on-failure like any other", async () => {
      const end = `  - { name: end, type: workflow.output, with: { code: "{{ steps.none.error.code }}" } }\n`;
      const { stub, result } = await killedInFlight(one("none", ", on-failure: { continue: true }") + end);
      expect(result).toMatchObject({ status: "completed", outputs: { code: "interrupted" } });
      expect(sent(stub.effects)).toEqual(["none none"]);
    });

    test("parts that are done are not done again, and a part in flight is not risked", async () => {
      const { stub, start } = await setUp({ "w.yaml": `steps:\n${one("parts")}` });
      stub.hold(({ step }) => step.endsWith("/b"));
      const first = await start();
      const runId = await first.submit("w.yaml");
      await stub.until((effects) => effects.length === 2);
      await first.kill();
      stub.release();
      const second = await start();
      await second.resume(runId);
      expect((await second.result(runId)).error?.code).toBe("interrupted");
      expect(sent(stub.effects)).toEqual(["none parts/a", "none parts/b"]);
      await second.retry(runId);
      expect((await second.result(runId)).status).toBe("completed");
      expect(sent(stub.effects).slice(2)).toEqual(["none parts/b", "none parts/c"]);
    });

    test("a wait ends at the time it was to end at, whoever waits", async () => {
      const { stub, start } = await setUp({
        "w.yaml": `steps:\n  - { name: pause, type: wait, with: { duration: 3s } }\n${one("read")}`,
      });
      const first = await start();
      const begun = Date.now();
      const runId = await first.submit("w.yaml");
      // A commit of its own says that the wait is on the disk.
      for (;;) {
        const { steps } = await first.get(runId);
        if (steps.some(({ name: step }) => step === "pause")) break;
      }
      await first.kill();
      const second = await start();
      const resumed = Date.now();
      await second.resume(runId);
      const { status, steps } = await second.result(runId);
      expect(status).toBe("completed");
      const read = Date.parse(steps.find(({ name: step }) => step === "read")?.startedAt ?? "");
      // Timers may fire a millisecond early.
      expect(read - begun).toBeGreaterThanOrEqual(2990);
      // A wait that began anew would end later.
      expect(read - resumed).toBeLessThan(2990);
      expect(sent(stub.effects)).toEqual(["read read"]);
    });

    test.each([
      ["when all is done", "keyed", ["keyed keyed", "keyed keyed", "natural natural", "read read"]],
      ["in the middle", "natural", ["keyed keyed", "natural natural", "natural natural", "read read"]],
    ])(
      "a process that was stopped and goes on %s, after another took its run over, writes nothing more",
      async (when, held, all) => {
        const { stub, start } = await setUp({ "w.yaml": `steps:\n${one("keyed")}${one("natural")}${one("read")}` });
        stub.hold(({ step }) => step === held);
        const first = await start();
        const runId = await first.submit("w.yaml");
        await stub.until((effects) => effects.some(({ step }) => step === held));
        first.process.kill("SIGSTOP");
        const second = await start();
        await expect(second.resume(runId)).rejects.toMatchObject({ code: "run-state" });
        await second.resume(runId, true);
        const before = when === "in the middle" ? "SIGCONT" : 0;
        await stub.until((effects) => effects.filter(({ step }) => step === held).length === 2);
        first.process.kill(before);
        stub.release();
        expect((await second.result(runId)).status).toBe("completed");
        first.process.kill("SIGCONT");
        expect((await first.result(runId)).error?.code).toBe("run-taken-over");
        // The step that was in flight was sent by both, and what came after it by the new owner alone.
        expect(sent(stub.effects).toSorted()).toEqual(all);
        expect(new Set(stub.effects.filter(({ kind }) => kind === "keyed").map(({ key }) => key)).size).toBe(1);
        expect(await second.get(runId)).toMatchObject({ status: "completed" });
      },
    );

    test("a run is cancelled in the middle of a request, from its own process and from another", async () => {
      const { stub, start } = await setUp({ "w.yaml": `steps:\n${one("keyed")}${one("read")}` });
      for (const isOther of [false, true]) {
        stub.effects.length = 0;
        stub.hold(() => true);
        const first = await start();
        const runId = await first.submit("w.yaml");
        await stub.until((effects) => effects.length === 1);
        const from = isOther ? await start() : first;
        await from.cancel(runId);
        expect((await first.result(runId)).status).toBe("cancelled");
        // The request was aborted: nobody waits for its answer.
        await expect.poll(() => stub.isAbandoned).toBe(true);
        stub.release();
        expect(sent(stub.effects)).toEqual(["keyed keyed"]);
        // It may go on afterwards, with the same key.
        await first.resume(runId);
        expect(await first.result(runId)).toMatchObject({ status: "completed" });
        expect(new Set(stub.effects.filter(({ kind }) => kind === "keyed").map(({ key }) => key)).size).toBe(1);
      }
    });

    test("a run that ran out of time goes on, and a timeout that it had dealt with stays", async () => {
      const { stub, start } = await setUp({
        "w.yaml": `settings: { timeout: 2s }
steps:
${one("keyed", "").replace("{ name: keyed,", "{ name: keyed, timeout: 300ms, on-failure: { continue: true },")}${one("natural")}${one("read")}`,
      });
      stub.hold(({ step }) => step !== "read");
      const worker = await start();
      const runId = await worker.submit("w.yaml");
      expect(await worker.result(runId)).toMatchObject({ status: "timed_out", error: { code: "timeout" } });
      stub.release();
      await worker.resume(runId);
      const { status, steps } = await worker.result(runId);
      expect(status).toBe("completed");
      expect(steps.map(({ name: step, status: how }) => [step, how])).toEqual([
        ["keyed", "timed_out"],
        ["natural", "completed"],
        ["read", "completed"],
      ]);
      expect(sent(stub.effects)).toEqual(["keyed keyed", "natural natural", "natural natural", "read read"]);
    });

    test("branches that were done stay done, whichever was faster", async () => {
      const branch = (step: string): string =>
        `      - { name: ${step}, steps: [{ name: s-${step}, type: probe/probe.keyed, connector-id: probe, with: { run: r, step: ${step} } }] }\n`;
      const { stub, start } = await setUp({
        "w.yaml": `steps:\n  - name: fan\n    type: parallel\n    branches:\n${["a", "b", "c"].map(branch).join("")}${one("read")}`,
      });
      for (const slow of ["a", "b", "c"]) {
        stub.effects.length = 0;
        stub.hold(({ step }) => step === slow);
        const first = await start();
        const runId = await first.submit("w.yaml");
        await stub.until((effects) => effects.length === 3);
        // The answers of the others are on the disk.
        for (;;) {
          const { steps } = await first.get(runId);
          if (steps.filter(({ status, name: step }) => status === "completed" && step.startsWith("s-")).length === 2)
            break;
        }
        await first.kill();
        stub.release();
        const second = await start();
        await second.resume(runId);
        expect((await second.result(runId)).status).toBe("completed");
        expect(sent(stub.effects).toSorted()).toEqual(
          ["keyed a", "keyed b", "keyed c", `keyed ${slow}`, "read read"].toSorted(),
        );
      }
    });

    test("no more runs of one key are under way than its limit says, over two processes", async () => {
      const flow = (strategy: string, rest = ""): string =>
        `settings: { concurrency: { key: "{{ event.key }}", strategy: ${strategy}, max: 2${rest} } }\nsteps:\n` +
        `  - { name: a, type: probe/probe.keyed, connector-id: probe, with: { run: "{{ event.key }}", step: "{{ event.n }}" } }\n`;
      const { stub, start } = await setUp({
        "queue.yaml": flow("queue"),
        "short.yaml": flow("queue", ", queue-size: 1"),
        "drop.yaml": flow("drop"),
        "cancel.yaml": flow("cancel-in-progress"),
      });
      const [left, right] = [await start(), await start()];

      stub.hold(() => true);
      const queued: [Worker, string][] = [];
      for (let n = 0; n < 6; n += 1) {
        const worker = n % 2 === 0 ? left : right;
        queued.push([worker, await worker.submit("queue.yaml", { key: "k", n })]);
      }
      const apart = await left.submit("queue.yaml", { key: "other", n: 9 });
      await stub.until((effects) => effects.length === 3);
      const statuses = async (): Promise<string[]> => (await right.list()).map(({ status }) => status).toSorted();
      expect(await statuses()).toEqual(["queued", "queued", "queued", "queued", "running", "running", "running"]);
      stub.release();
      for (const [worker, runId] of queued) expect((await worker.result(runId)).status).toBe("completed");
      expect((await left.result(apart)).status).toBe("completed");
      // First come, first served.
      expect(
        stub.effects
          .filter(({ run }) => run === "k")
          .map(({ step }) => step)
          .slice(0, 2)
          .toSorted(),
      ).toEqual(["0", "1"]);

      stub.effects.length = 0;
      stub.hold(() => true);
      const three = [];
      for (let n = 0; n < 3; n += 1) three.push(await left.submit("drop.yaml", { key: "k", n }));
      expect(await left.result(three[2] ?? "")).toMatchObject({
        status: "skipped",
        reason: expect.stringContaining('"k"'),
      });
      await stub.until((effects) => effects.length === 2);
      stub.release();
      expect((await left.result(three[1] ?? "")).status).toBe("completed");

      stub.effects.length = 0;
      stub.hold(() => true);
      const older = await left.submit("cancel.yaml", { key: "k", n: 1 });
      const newer = await right.submit("cancel.yaml", { key: "k", n: 2 });
      await stub.until((effects) => effects.length === 2);
      const newest = await right.submit("cancel.yaml", { key: "k", n: 3 });
      expect((await left.result(older)).status).toBe("cancelled");
      await stub.until((effects) => effects.length === 3);
      stub.release();
      for (const runId of [newer, newest]) expect((await right.result(runId)).status).toBe("completed");

      stub.effects.length = 0;
      stub.hold(() => true);
      const four = [];
      for (let n = 0; n < 4; n += 1) four.push(await left.submit("short.yaml", { key: "k", n }));
      expect(await left.result(four[3] ?? "")).toMatchObject({
        status: "skipped",
        reason: expect.stringContaining("queue-size"),
      });
      stub.release();
      expect((await left.result(four[2] ?? "")).status).toBe("completed");
    });

    test("a run that another one starts begins once", async () => {
      const { stub, start } = await setUp({
        "w.yaml": `steps:\n  - { name: call, type: workflow.executeAsync, with: { workflow-id: child } }\n${one("natural")}`,
        "child.yaml": `name: child\nsteps:\n${one("keyed")}`,
      });
      stub.hold(() => true);
      const first = await start();
      const runId = await first.submit("w.yaml");
      await stub.until((effects) => effects.length === 2);
      await first.kill();
      stub.release();
      const second = await start();
      const open = await second.list();
      expect(open.map(({ status }) => status)).toEqual(["interrupted", "interrupted"]);
      for (const run of open) await second.resume(run.runId);
      for (const run of open) expect((await second.result(run.runId)).status).toBe("completed");
      expect(open.map((run) => run.runId)).toContain(runId);
      expect(await second.list()).toHaveLength(2);
      expect(new Set(stub.effects.filter(({ kind }) => kind === "keyed").map(({ key }) => key)).size).toBe(1);
    });

    test("a retry begins with the step that failed, or with the one that is named", async () => {
      const { stub, start } = await setUp({
        "w.yaml": `steps:\n${one("keyed")}  - { name: bad, type: probe/probe.read, connector-id: "{{ event.connector }}", with: { run: r, step: bad } }\n${one("natural")}`,
      });
      const worker = await start();
      const runId = await worker.submit("w.yaml", { connector: "nobody" });
      expect((await worker.result(runId)).status).toBe("failed");
      await worker.retry(runId);
      expect((await worker.result(runId)).status).toBe("failed");
      expect(sent(stub.effects)).toEqual(["keyed keyed"]);
      await worker.retry(runId, "keyed");
      expect((await worker.result(runId)).status).toBe("failed");
      expect(sent(stub.effects)).toEqual(["keyed keyed", "keyed keyed"]);
      await expect(worker.retry(runId, "nothing")).rejects.toMatchObject({ code: "usage-invalid" });
      await expect(worker.resume(runId)).rejects.toMatchObject({ code: "run-state" });
      await expect(worker.get("nothing")).rejects.toMatchObject({ code: "run-not-found" });
      const { steps } = await worker.get(runId);
      expect(steps.map(({ name: step, status }) => [step, status])).toEqual([
        ["keyed", "completed"],
        ["bad", "failed"],
      ]);
    });
  });
}

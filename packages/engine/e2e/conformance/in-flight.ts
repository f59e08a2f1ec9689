import { expect, test } from "vitest";

import { one, sent, type SetUp } from "./scene.ts";

/** What becomes of a step that is under way when its process dies, stops, or is told to stop. */
export function stepsInFlight(setUp: SetUp): void {
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
}

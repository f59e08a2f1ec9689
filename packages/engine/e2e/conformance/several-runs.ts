import { expect, test } from "vitest";

import type { Worker } from "./crew.ts";
import { one, sent, type SetUp } from "./scene.ts";

/** Runs that share a key, that start each other, and that are tried again. */
export function severalRuns(setUp: SetUp): void {
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
}

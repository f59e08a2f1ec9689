import path from "node:path";

import { describe, expect, onTestFinished, test } from "vitest";

import type { Engine } from "../src/engine.ts";
import { copyData, makeProject, openEngine, probe, submissionOf, World, type Answer } from "./kit.ts";

const flow = (strategy: string, more = ""): string =>
  `settings: { concurrency: { key: "{{ event.key }}", max: 1, strategy: ${strategy}${more} } }\nsteps:\n  - ${probe("keyed", "step", { step: "{{ event.n }}" })}\n`;

/** Two engines on one folder, and a system that holds every request until it is told. */
async function setUp(files: Record<string, string>) {
  const at = await makeProject(files);
  const data = path.join(at.folder, "data");
  const held = new Map<string, (answer: Answer) => void>();
  let seen = (): void => undefined;
  const holding = new World(({ step }) => {
    const answer = new Promise<Answer>((resolve) => held.set(step, resolve));
    seen();
    return answer;
  });
  at.world.current = holding;
  const [left, right] = [openEngine(at.project, data), openEngine(at.project, data)];
  onTestFinished(async () => {
    await Promise.all([left.close(), right.close()]);
  });
  return {
    ...at,
    data,
    left,
    right,
    holding,
    /** Submits a run of its own number. */
    submit: async (engine: Engine, n: string, file = "w.yaml", key = "k") =>
      engine.submit(await submissionOf(at.project, at.folder, { file, event: { key, n } })),
    arrived: async (step: string): Promise<void> => {
      while (!held.has(step)) await new Promise<void>((resolve) => (seen = resolve));
    },
    answer: (step: string): void => held.get(step)?.({ body: {} }),
  };
}

const statusOf = async (engine: Engine, { runId }: { runId: string }) => (await engine.get(runId)).status;

describe("runs of one key", () => {
  test("wait for each other in the order in which they came, whichever process they came to", async () => {
    const { left, right, submit, arrived, answer, holding } = await setUp({ "w.yaml": flow("queue") });
    const runs = [];
    for (const [n, engine] of [left, right, right, left].entries()) runs.push(await submit(engine, String(n)));
    for (const n of ["0", "1", "2", "3"]) {
      await arrived(n);
      expect(holding.effects.map(({ step }) => step).at(-1)).toBe(n);
      answer(n);
      expect((await runs[Number(n)]?.result)?.status).toBe("completed");
    }
  });

  test("that wait are cancelled without having begun, from another process too", async () => {
    const { left, right, submit, arrived, answer, holding } = await setUp({ "w.yaml": flow("queue") });
    const first = await submit(left, "0");
    await arrived("0");
    const [second, third] = [await submit(left, "1"), await submit(left, "2")];
    await right.cancel(second.runId);
    expect(await second.result).toMatchObject({ status: "cancelled", steps: [] });
    await left.cancel(third.runId);
    expect(await third.result).toMatchObject({ status: "cancelled", steps: [] });
    answer("0");
    expect((await first.result).status).toBe("completed");
    expect(holding.effects).toHaveLength(1);
  });

  test("that waited for too long are skipped, with the reason", async () => {
    const { left, submit, arrived, answer } = await setUp({ "w.yaml": flow("queue", ", queue-ttl: 100ms") });
    const first = await submit(left, "0");
    await arrived("0");
    const result = await (await submit(left, "1")).result;
    expect(result).toMatchObject({ status: "skipped", reason: expect.stringContaining("queue-ttl"), steps: [] });
    answer("0");
    expect((await first.result).status).toBe("completed");
  });

  test("whose process died hold no place and are in nobody's way, whether they ran or waited", async () => {
    const { left, submit, arrived, answer, data, folder, project, world } = await setUp({ "w.yaml": flow("queue") });
    const runs = [await submit(left, "0"), await submit(left, "1")];
    await arrived("0");
    const after = openEngine(project, copyData(data, path.join(folder, "copy")));
    for (const run of runs) expect(await statusOf(after, run)).toBe("interrupted");
    answer("0");
    await arrived("1");
    answer("1");
    await Promise.all(runs.map(({ result }) => result));
    world.current = new World();
    expect((await (await submit(after, "9")).result).status).toBe("completed");
    // One that waited begins from its beginning.
    const resumed = await after.resume(runs[1]?.runId ?? "");
    if ("status" in resumed) throw new Error("refused");
    expect((await resumed.result).status).toBe("completed");
    expect(world.current.effects.map(({ step }) => step)).toEqual(["9", "1"]);
    await after.close();
  });

  test("are as many as they like under other keys, and where the key is empty", async () => {
    const { left, submit, arrived, answer } = await setUp({ "w.yaml": flow("queue") });
    const runs = [
      await submit(left, "a", "w.yaml", "one"),
      await submit(left, "b", "w.yaml", "other"),
      await submit(left, "c", "w.yaml", ""),
      await submit(left, "d", "w.yaml", ""),
    ];
    for (const n of ["a", "b", "c", "d"]) await arrived(n);
    for (const n of ["a", "b", "c", "d"]) answer(n);
    for (const { result } of runs) expect((await result).status).toBe("completed");
  });

  test("the newest of which wins ask the older ones to stop, and begin when these have", async () => {
    const { left, right, submit, arrived, answer, holding } = await setUp({ "w.yaml": flow("cancel-in-progress") });
    const older = await submit(left, "0");
    await arrived("0");
    const newer = await submit(right, "1");
    // The older one stops at once, though the other system never answers.
    expect((await older.result).status).toBe("cancelled");
    await arrived("1");
    answer("1");
    expect((await newer.result).status).toBe("completed");
    expect(holding.effects).toHaveLength(2);
  });

  test.each(["__proto__", "constructor", "%", "' OR 1=1 --", "k/../k", "\u{1f600}".repeat(400)])(
    "such as %s are keys like any other",
    async (key) => {
      const { left, submit, arrived, answer } = await setUp({ "w.yaml": flow("drop") });
      const first = await submit(left, "0", "w.yaml", key);
      await arrived("0");
      expect((await (await submit(left, "1", "w.yaml", key)).result).status).toBe("skipped");
      answer("0");
      expect((await first.result).status).toBe("completed");
    },
  );
});

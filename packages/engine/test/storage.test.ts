import path from "node:path";
import { DatabaseSync } from "node:sqlite";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { hang, makeProject, ok, openEngine, probe, submissionOf, World } from "./kit.ts";

const lost: unknown[] = [];
const keep = (error: unknown): void => void lost.push(error);
beforeEach(() => {
  lost.length = 0;
  process.on("unhandledRejection", keep).on("uncaughtException", keep);
});
afterEach(() => {
  process.off("unhandledRejection", keep).off("uncaughtException", keep);
});

const FILES = {
  "w.yaml": `name: w\nsteps:\n  - ${probe("keyed", "a")}\n  - ${probe("keyed", "b")}\n`,
  "odd.yaml": `name: odd\nsteps:\n  - ${probe("odd", "odd")}\n`,
  "parent.yaml": `name: parent\nsteps:\n  - ${probe("keyed", "a")}\n  - { name: start, type: workflow.executeAsync, with: { workflow-id: w } }\n`,
};

async function setUp() {
  const at = await makeProject(FILES);
  const data = path.join(at.folder, "data");
  const engine = openEngine(at.project, data);
  const submit = async (file = "w.yaml") => engine.submit(await submissionOf(at.project, at.folder, { file }));
  return { ...at, data, engine, submit };
}

/** Lets nothing be written to this table, until it is called off. */
function refuseWrites(data: string, to: string): () => void {
  const db = new DatabaseSync(path.join(data, "runs.db"));
  db.exec(`CREATE TRIGGER refuse BEFORE INSERT ON ${to} BEGIN SELECT RAISE(ABORT, 'refused'); END`);
  return () => {
    db.exec("DROP TRIGGER refuse");
    db.close();
  };
}

describe("what cannot be written", () => {
  test("is not called done: the run stops, is interrupted, and goes on when it can be", async () => {
    const { engine, world, data, submit } = await setUp();
    let allow = (): void => undefined;
    world.current = new World((effect, signal) => {
      if (effect.step === "a") allow = refuseWrites(data, "log");
      return ok(effect, signal);
    });
    const { runId, result } = await submit();
    expect(await result).toMatchObject({ status: "failed", error: { code: "storage" } });
    // What comes after it was never sent.
    expect(world.current.effects.map(({ step }) => step)).toEqual(["a"]);
    allow();
    const before = await engine.get(runId);
    expect(before).toMatchObject({ status: "interrupted" });
    expect(before.finishedAt).toBeUndefined();
    world.current = new World();
    const resumed = await engine.resume(runId);
    if ("status" in resumed) throw new Error("refused");
    expect((await resumed.result).status).toBe("completed");
    expect(world.current.effects.map(({ step }) => step)).toEqual(["a", "b"]);
    await engine.close();
    expect(lost).toEqual([]);
  });

  test("is no run that was accepted", async () => {
    const { engine, world, data, submit } = await setUp();
    const allow = refuseWrites(data, "runs");
    await expect(submit()).rejects.toMatchObject({ code: "storage" });
    allow();
    expect(await engine.list()).toEqual([]);
    expect(world.current.effects).toEqual([]);
    expect((await (await submit()).result).status).toBe("completed");
    await engine.close();
    expect(lost).toEqual([]);
  });

  test("of one run, since it is no JSON, fails its step and nothing else", async () => {
    const { engine, submit } = await setUp();
    const runs = await Promise.all([submit(), submit("odd.yaml"), submit()]);
    const results = await Promise.all(runs.map(({ result }) => result));
    expect(results.map(({ status }) => status)).toEqual(["completed", "failed", "completed"]);
    expect(results[1]?.error?.message).toMatch(/BigInt/);
    await engine.close();
    expect(lost).toEqual([]);
  });

  test("and was taken over, starts no run of its own", async () => {
    const { engine, project, world, data, submit } = await setUp();
    const other = openEngine(project, data);
    let answer = (): void => undefined;
    let arrived = (): void => undefined;
    const waiting = new Promise<void>((resolve) => (arrived = resolve));
    world.current = new World((effect, signal) => {
      if (effect.times > 1 || effect.step !== "a") return ok(effect, signal);
      arrived();
      return new Promise((resolve) => (answer = () => resolve({ body: {} })));
    });
    const { runId, result } = await submit("parent.yaml");
    await waiting;
    const resumed = await other.resume(runId, { takeOver: true });
    if ("status" in resumed) throw new Error("refused");
    expect((await resumed.result).status).toBe("completed");
    answer();
    expect(await result).toMatchObject({ status: "failed", error: { code: "run-taken-over" } });
    expect((await engine.list()).map(({ workflow, status }) => [workflow, status])).toEqual([
      ["w", "completed"],
      ["parent", "completed"],
    ]);
    await Promise.all([engine.close(), other.close()]);
    expect(lost).toEqual([]);
  });

  test("because the file is closed, is told", async () => {
    const { engine, submit } = await setUp();
    const submission = await submit();
    await Promise.all([engine.close(), engine.close()]);
    expect((await submission.result).status).toBe("completed");
    await expect(submit()).rejects.toMatchObject({ code: "storage" });
    await expect(engine.list()).rejects.toMatchObject({ code: "storage" });
    expect(lost).toEqual([]);
  });
});

test("a run that hangs is stopped, and waits for nothing, when it was taken over", async () => {
  const { engine, project, world, data, submit } = await setUp();
  const other = openEngine(project, data);
  let arrived = (): void => undefined;
  const waiting = new Promise<void>((resolve) => (arrived = resolve));
  world.current = new World((effect, signal) => {
    if (effect.times > 1) return ok(effect, signal);
    arrived();
    return effect.step === "a" ? hang(signal) : ok(effect, signal);
  });
  const { runId, result } = await submit();
  await waiting;
  const resumed = await other.resume(runId, { takeOver: true });
  if ("status" in resumed) throw new Error("refused");
  await resumed.result;
  expect(await result).toMatchObject({ status: "failed", error: { code: "run-taken-over" } });
  await Promise.all([engine.close(), other.close()]);
});

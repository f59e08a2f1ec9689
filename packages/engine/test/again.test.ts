import path from "node:path";

import { describe, expect, test } from "vitest";

import type { Engine, RunResult } from "../src/engine.ts";
import { hang, makeProject, ok, openEngine, probe, submissionOf, World, type Answers } from "./kit.ts";

const w = (steps: string): { "w.yaml": string } => ({ "w.yaml": `name: w\nsteps:\n${steps}` });

interface Setting {
  engine: Engine;
  world: { current: World };
  result: RunResult;
}

/** Runs a workflow whose steps `refused` are refused, and then all is well. */
async function ran(files: Record<string, string>, refused: readonly string[], event = {}): Promise<Setting> {
  const refusing: Answers = (effect, signal) =>
    effect.step.startsWith("hang")
      ? hang(signal)
      : refused.includes(effect.step)
        ? { status: 400, body: {} }
        : ok(effect, signal);
  const at = await makeProject(files);
  at.world.current = new World(refusing);
  const engine = openEngine(at.project, path.join(at.folder, "data"));
  const result = await (await engine.submit(await submissionOf(at.project, at.folder, { event }))).result;
  at.world.current = new World();
  return { engine, world: at.world, result };
}

async function again(
  { engine, world, result }: Setting,
  from?: string,
): Promise<{ result: RunResult; sent: string[] }> {
  world.current = new World();
  const handle = await engine.retry(result.runId, from === undefined ? {} : { from });
  if ("status" in handle) throw new Error(JSON.stringify(handle.findings));
  const second = await handle.result;
  return { result: second, sent: world.current.effects.map(({ step }) => step) };
}

interface Case {
  name: string;
  files: Record<string, string>;
  refused?: string[];
  event?: Record<string, unknown>;
  /** The steps that a retry sends. */
  sent: string[];
  status?: RunResult["status"];
  first?: RunResult["status"];
}

const CASES: Case[] = [
  {
    name: "a step in a loop in a loop",
    files: w(`
  - name: o
    type: foreach
    foreach: "[1, 2]"
    steps:
      - name: i
        type: foreach
        foreach: '["x", "y"]'
        steps: [${probe("keyed", "put", { step: "{{ steps.o.item }}{{ foreach.item }}" })}]
  - ${probe("keyed", "last")}
`),
    refused: ["2x"],
    sent: ["2x", "2y", "last"],
  },
  {
    name: "one of the items of a step",
    files: w(
      `  - ${probe("keyed", "many", { step: "m{{ foreach.item }}", rest: ', foreach: "[1, 2, 3]"' })}\n  - ${probe("keyed", "last")}\n`,
    ),
    refused: ["m2"],
    sent: ["m2", "m3", "last"],
  },
  {
    name: "a step that fell back before it failed: the fallback is not done again where it is not needed",
    files: w(
      `  - ${probe("keyed", "a")}\n  - ${probe("keyed", "bad", { rest: `, on-failure: { retry: { max-attempts: 1 }, fallback: [${probe("keyed", "tell")}] }` })}\n  - ${probe("keyed", "last")}\n`,
    ),
    refused: ["bad"],
    sent: ["bad", "last"],
  },
  {
    name: "a fallback that failed: the step whose fallback it is",
    files: w(
      `  - ${probe("keyed", "a")}\n  - ${probe("keyed", "bad", { rest: `, on-failure: { fallback: [${probe("keyed", "tell")}] }` })}\n  - ${probe("keyed", "last")}\n`,
    ),
    refused: ["bad", "tell"],
    sent: ["bad", "last"],
  },
  {
    name: "a step of a workflow that another calls",
    files: {
      ...w(
        `  - ${probe("keyed", "a")}\n  - { name: call, type: workflow.execute, with: { workflow-id: child } }\n  - ${probe("keyed", "last")}\n`,
      ),
      "child.yaml": `name: child\nsteps:\n  - ${probe("none", "c1")}\n  - ${probe("keyed", "c2")}\n`,
    },
    refused: ["c2"],
    sent: ["c2", "last"],
  },
  {
    name: "a branch that failed, while another was done",
    files: w(`
  - name: fan
    type: parallel
    branches:
      - { name: left, steps: [${probe("keyed", "l1")}, ${probe("keyed", "l2")}] }
      - { name: right, steps: [${probe("keyed", "r1")}, ${probe("keyed", "r2")}] }
  - ${probe("keyed", "last")}
`),
    refused: ["l2"],
    sent: ["l2", "last"],
  },
  {
    name: "a branch that failed before others could begin",
    files: w(`
  - name: fan
    type: parallel
    concurrency: 1
    branches:
      - { name: left, steps: [${probe("keyed", "l1")}] }
      - { name: right, steps: [${probe("keyed", "r1")}] }
  - ${probe("keyed", "last")}
`),
    refused: ["l1"],
    sent: ["l1", "r1", "last"],
  },
  {
    name: "two branches that failed",
    files: w(`
  - name: fan
    type: parallel
    branches:
      - { name: left, steps: [${probe("keyed", "l1")}] }
      - { name: right, steps: [${probe("keyed", "r1")}] }
  - ${probe("keyed", "last")}
`),
    refused: ["l1", "r1"],
    sent: ["l1", "r1", "last"],
  },
  {
    name: "outputs that are not as they are declared",
    files: {
      "w.yaml": `name: w
outputs: { properties: { n: { type: number } }, required: [n] }
steps:
  - ${probe("keyed", "a")}
  - { name: end, type: workflow.output, with: { n: "\${{ steps.a.output.from }}" } }
`,
    },
    sent: [],
    status: "failed",
  },
  {
    name: "a step that ran out of its time",
    files: w(`  - ${probe("keyed", "a")}\n  - ${probe("keyed", "hang", { rest: ", timeout: 300ms" })}\n`),
    sent: ["hang"],
  },
  {
    name: "a run that ran out of its time",
    files: {
      "w.yaml": `name: w\nsettings: { timeout: 500ms }\nsteps:\n  - ${probe("keyed", "a")}\n  - ${probe("keyed", "hang")}\n`,
    },
    sent: ["hang"],
    first: "timed_out",
  },
];

describe("a retry does the step again that failed, and what was not done before", () => {
  test.each(CASES)("$name", async ({ files, refused = [], event = {}, sent, status = "completed", first }) => {
    const setting = await ran(files, refused, event);
    expect(setting.result.status).toBe(first ?? "failed");
    const second = await again(setting);
    expect(second.sent).toEqual(sent);
    expect(second.result.status, JSON.stringify(second.result.error)).toBe(status);
    await setting.engine.close();
  });

  test("the end by a step of its own is no failure of a step, whatever was dealt with before", async () => {
    const setting = await ran(
      w(
        `  - ${probe("keyed", "shaky", { rest: ", on-failure: { continue: true }" })}\n  - ${probe("none", "post")}\n  - { name: no, type: workflow.fail, with: { message: enough } }\n`,
      ),
      ["shaky"],
    );
    expect(setting.result.error?.message).toBe("enough");
    await expect(again(setting)).rejects.toMatchObject({ code: "run-state" });
    expect((await again(setting, "no")).sent).toEqual([]);
    await setting.engine.close();
  });

  test("twice, and each time what is still missing", async () => {
    const setting = await ran(
      w(`  - ${probe("keyed", "a")}\n  - ${probe("keyed", "b")}\n  - ${probe("keyed", "c")}\n`),
      ["b"],
    );
    const { engine, world, result } = setting;
    world.current = new World((effect, signal) => (effect.step === "c" ? { status: 400 } : ok(effect, signal)));
    const handle = await engine.retry(result.runId);
    if ("status" in handle) throw new Error("refused");
    expect((await handle.result).status).toBe("failed");
    const second = await again(setting);
    expect(second.sent).toEqual(["c"]);
    expect(second.result.status).toBe("completed");
    expect(second.result.steps.map(({ name, status }) => [name, status])).toEqual([
      ["a", "completed"],
      ["b", "completed"],
      ["c", "completed"],
    ]);
    await engine.close();
  });

  test("from a step inside of a loop on: that iteration and those after it", async () => {
    const setting = await ran(
      w(
        `  - { name: each, type: foreach, foreach: "[1, 2, 3]", steps: [${probe("keyed", "put", { step: "p{{ foreach.item }}" })}] }\n  - ${probe("keyed", "last")}\n`,
      ),
      [],
    );
    expect((await again(setting, "each[1].put")).sent).toEqual(["p2", "p3", "last"]);
    expect((await again(setting, "last")).sent).toEqual(["last"]);
    expect((await again(setting, "each")).sent).toEqual(["p1", "p2", "p3", "last"]);
    await setting.engine.close();
  });
});

test("a retry from a step of a branch does that branch again from there, and no other", async () => {
  const setting = await ran(
    w(`
  - name: fan
    type: parallel
    branches:
      - { name: left, steps: [${probe("keyed", "l1")}, ${probe("keyed", "l2")}] }
      - { name: right, steps: [${probe("keyed", "r1")}, ${probe("none", "r2")}] }
  - ${probe("keyed", "last")}
`),
    [],
  );
  expect((await again(setting, "l1")).sent).toEqual(["l1", "l2", "last"]);
  expect((await again(setting, "r2")).sent).toEqual(["r2", "last"]);
  expect((await again(setting, "fan")).sent.toSorted()).toEqual(["l1", "l2", "last", "r1", "r2"]);
  await setting.engine.close();
});

describe("a run that was cancelled goes on where it was", () => {
  test("in the middle of branches", async () => {
    const at = await makeProject(
      w(`
  - name: fan
    type: parallel
    mode: settled
    branches:
      - { name: left, steps: [${probe("keyed", "hang-l")}, ${probe("keyed", "l2")}] }
      - { name: right, steps: [${probe("keyed", "r1")}, ${probe("keyed", "hang-r")}, ${probe("keyed", "r3")}] }
  - ${probe("keyed", "last", { note: "{{ steps.fan.output.succeeded }}" })}
`),
    );
    const engine = openEngine(at.project, path.join(at.folder, "data"));
    let inFlight: () => void = () => undefined;
    const both = new Promise<void>((resolve) => (inFlight = resolve));
    let held = 0;
    at.world.current = new World((effect, signal) => {
      if (!effect.step.startsWith("hang")) return ok(effect, signal);
      held += 1;
      if (held === 2) inFlight();
      return hang(signal);
    });
    const handle = await engine.submit(await submissionOf(at.project, at.folder));
    await both;
    await engine.cancel(handle.runId);
    expect((await handle.result).status).toBe("cancelled");
    at.world.current = new World();
    const resumed = await engine.resume(handle.runId);
    if ("status" in resumed) throw new Error("refused");
    const result = await resumed.result;
    expect(result.status).toBe("completed");
    expect(at.world.current.effects.map(({ step }) => step).toSorted()).toEqual([
      "hang-l",
      "hang-r",
      "l2",
      "last",
      "r3",
    ]);
    expect(at.world.current.effects.find(({ step }) => step === "last")?.note).toBe("2");
    await engine.close();
  });

  test("of two that resume it at once one does", async () => {
    const at = await makeProject(w(`  - ${probe("keyed", "hang")}\n  - ${probe("keyed", "last")}\n`));
    const data = path.join(at.folder, "data");
    const [one, two] = [openEngine(at.project, data), openEngine(at.project, data)];
    let arrived: () => void = () => undefined;
    const hanging = new Promise<void>((resolve) => (arrived = resolve));
    at.world.current = new World((_effect, signal) => {
      arrived();
      return hang(signal);
    });
    const { runId, result } = await one.submit(await submissionOf(at.project, at.folder));
    await hanging;
    await one.cancel(runId);
    await result;
    at.world.current = new World();
    const outcomes = await Promise.allSettled([one, two, one, two].map((engine) => engine.resume(runId)));
    const won = outcomes.filter((outcome) => outcome.status === "fulfilled");
    expect(won).toHaveLength(1);
    const reasons = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason as unknown] : []));
    expect(reasons).toEqual(Array.from({ length: 3 }, () => expect.objectContaining({ code: "run-state" })));
    await Promise.all([one.close(), two.close()]);
    expect(at.world.current.effects.map(({ step }) => step)).toEqual(["hang", "last"]);
  });
});

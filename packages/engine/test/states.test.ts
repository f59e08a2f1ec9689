import path from "node:path";

import type { StepwireError } from "@stepwire/core";
import { describe, expect, onTestFinished, test } from "vitest";

import type { Engine, RunStatus } from "../src/engine.ts";
import { copyData, hang, makeProject, ok, openEngine, probe, submissionOf, World } from "./kit.ts";

const LIMIT = "settings: { concurrency: { key: k, max: 1, strategy: drop } }";
const QUEUE = "settings: { concurrency: { key: k, max: 1, strategy: queue } }";
const one = (step: string): string => `steps:\n  - ${probe("keyed", "step", { step })}\n`;

/** A run in each status, and an engine that is not the one it runs in. */
async function runIn(status: RunStatus): Promise<{ engine: Engine; runId: string }> {
  const at = await makeProject({
    "completed.yaml": one("fine"),
    "failed.yaml": one("bad"),
    "running.yaml": one("hang"),
    "timed_out.yaml": `settings: { timeout: 300ms }\n${one("hang")}`,
    "skipped.yaml": `${LIMIT}\n${one("hang")}`,
    "queued.yaml": `${QUEUE}\n${one("hang")}`,
  });
  let arrived = (): void => undefined;
  const waiting = new Promise<void>((resolve) => (arrived = resolve));
  at.world.current = new World((effect, signal) => {
    if (effect.step === "bad") return { status: 400 };
    if (effect.step !== "hang") return ok(effect, signal);
    arrived();
    return hang(signal);
  });
  const data = path.join(at.folder, "data");
  const home = openEngine(at.project, data);
  const file = status === "cancelled" || status === "interrupted" ? "running" : status;
  const stop = new AbortController();
  const submit = async () =>
    home.submit(await submissionOf(at.project, at.folder, { file: `${file}.yaml` }), { signal: stop.signal });
  let handle = await submit();
  if (file !== "completed" && file !== "failed") await waiting;
  if (status === "skipped" || status === "queued") handle = await submit();
  if (status === "cancelled") await home.cancel(handle.runId);
  const isOver = !["running", "queued", "interrupted"].includes(status);
  if (isOver) await handle.result;
  const engine = openEngine(at.project, status === "interrupted" ? copyData(data, path.join(at.folder, "copy")) : data);
  onTestFinished(async () => {
    stop.abort();
    for (const { runId } of await engine.list()) await engine.cancel(runId).catch(() => undefined);
    await Promise.all([home.close(), engine.close()]);
  });
  return { engine, runId: handle.runId };
}

const OPS = ["resume", "retry", "cancel"] as const;
type Op = (typeof OPS)[number];

/** Which of them may be done. */
const MAY: [RunStatus, Op[]][] = [
  ["completed", []],
  ["failed", ["retry"]],
  ["running", ["cancel"]],
  ["queued", ["cancel"]],
  ["interrupted", ["resume", "cancel"]],
  ["cancelled", ["resume", "retry"]],
  ["timed_out", ["resume", "retry"]],
  ["skipped", []],
];

describe("what can be done to a run", () => {
  const rows = MAY.flatMap(([status, may]) => OPS.map((op) => ({ status, op, may: may.includes(op) })));

  test.each(rows.filter(({ may }) => may))("that is $status: $op", async ({ status, op }) => {
    const { engine, runId } = await runIn(status);
    expect((await engine.get(runId)).status).toBe(status);
    expect((await engine.list({ status })).map((run) => run.runId)).toContain(runId);
    await engine[op](runId);
  });

  test.each(rows.filter(({ may }) => !may))("that is $status: no $op", async ({ status, op }) => {
    const { engine, runId } = await runIn(status);
    const refusal = (await engine[op](runId).catch((error: unknown) => error)) as StepwireError;
    expect(refusal).toMatchObject({ code: "run-state", details: { status } });
    const said = `Run ${runId} is ${status.replace("_", " ")}`;
    const advice = op === "cancel" ? "cancelled\\.$" : "(?:resumed|retried)\\. .+";
    expect(refusal.message).toMatch(new RegExp(`^${said}.*, so that it cannot be ${advice}`));
    expect((await engine.get(runId)).status).toBe(status);
  });

  test("a run that never began cannot be retried from a step either", async () => {
    const { engine, runId } = await runIn("skipped");
    await expect(engine.retry(runId, { from: "step" })).rejects.toMatchObject({ code: "run-state" });
  });
});

describe("ids that name no run, or more than one", () => {
  test.each([
    ["nothing", ""],
    ["no id", "zzz"],
    ["SQL", "' OR 1=1 --"],
    ["a pattern", "%"],
    ["one character of a pattern", "________-____-____-____-____________"],
    ["a path", "../../owners"],
    ["a control character", "\0"],
    ["half of a character", "\ud800"],
    ["very much", "a".repeat(1_000_000)],
  ])("%s", async (_, id) => {
    const { engine } = await runIn("completed");
    for (const op of ["get", "resume", "retry", "cancel"] as const)
      await expect(engine[op](id)).rejects.toMatchObject({ code: "run-not-found" });
  });

  test("the beginning of an id names its run, as long as it names one only", async () => {
    const at = await makeProject({ "w.yaml": one("fine") });
    const engine = openEngine(at.project, path.join(at.folder, "data"));
    const submission = await submissionOf(at.project, at.folder);
    const ids: string[] = [];
    // Of 17 ids two begin with the same hexadecimal digit.
    for (let i = 0; i < 17; i += 1) {
      const handle = await engine.submit(submission);
      await handle.result;
      ids.push(handle.runId);
    }
    const firsts = ids.map((id) => id.charAt(0));
    const shared = firsts.find((first, index) => firsts.indexOf(first) !== index) ?? "";
    await expect(engine.get(shared)).rejects.toMatchObject({
      code: "run-not-found",
      message: expect.stringContaining("Several runs"),
    });
    for (const id of ids) expect((await engine.get(id.slice(0, 13))).runId).toBe(id);
    await engine.close();
  });
});

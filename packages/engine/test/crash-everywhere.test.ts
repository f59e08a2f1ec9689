import path from "node:path";
import { DatabaseSync } from "node:sqlite";

import { describe, expect, test } from "vitest";

import { decode, type Entry } from "../src/embedded/entries.ts";
import { countedOf } from "../src/embedded/again.ts";
import type { RunResult } from "../src/engine.ts";
import { CASES, type Case } from "./crash-cases.ts";
import {
  copyData,
  makeProject,
  onCommit,
  openEngine,
  submissionOf,
  temporaryFolder,
  World,
  type Effect,
} from "./kit.ts";

/** The disk after one commit, and what had been sent before the next one. */
interface Moment {
  folder: string;
  sent: Effect[];
}

/**
 * What a data folder says that was sent and answered, by step; and whether it leaves open what became of a request that
 * must not be sent twice, or left it open before, so that a run of it may end in another way.
 */
function knownIn(folder: string) {
  const db = new DatabaseSync(path.join(folder, "runs.db"));
  const done = new Map<string, number>();
  let isOpen = false;
  try {
    for (const { n } of db.prepare("SELECT n FROM runs ORDER BY n").all()) {
      const rows = db.prepare("SELECT entries FROM log WHERE at >> 32 = ? ORDER BY at").all(n ?? null);
      isOpen = count(countedOf(rows.flatMap((row) => decode(String(row["entries"])))), done) || isOpen;
    }
  } finally {
    db.close();
  }
  return { done, isOpen };
}

function count(entries: readonly Entry[], done: Map<string, number>): boolean {
  const inFlight = new Map<string, string>();
  const names = new Map<string, string>();
  let wasOpen = false;
  const end = (key: string, step: string): void => {
    inFlight.delete(key);
    done.set(step, (done.get(step) ?? 0) + 1);
  };
  for (const entry of entries) {
    if (entry[0] === "step") {
      const event = entry[2];
      const { path: at } = event;
      if (event.kind === "retrying" || !event.type.startsWith("probe.")) continue;
      if (event.kind === "started") names.set(at, String((event.input as { step?: unknown } | undefined)?.step));
      else if (event.error?.code === "interrupted") {
        wasOpen = true;
        for (const key of inFlight.keys()) if (key.startsWith(`${at}#`)) inFlight.delete(key);
      } else if (event.type === "probe.parts") {
        for (const [key, step] of inFlight) if (key.startsWith(`${at}#`)) end(key, step);
      } else if (event.status !== "skipped") end(`${at}#`, names.get(at) ?? "");
    } else if (entry[0] !== "again") {
      const [at = "", part = ""] = entry[1].split("#");
      const [key, step] = [`${at}#${part.replace(/\/?\d+$/, "")}`, `${names.get(at)}${part.replace(/\/?\d+$/, "")}`];
      if (entry[0] === "part") inFlight.set(key, step);
      else if (inFlight.has(key)) end(key, step);
    }
  }
  return wasOpen || inFlight.size > 0;
}

/** Runs what `begin` starts, and keeps the disk after each commit. */
async function watched<T>(
  folder: string,
  world: World,
  begin: () => Promise<T>,
): Promise<{ value: T; moments: Moment[] }> {
  const keep = temporaryFolder();
  const moments: Moment[] = [];
  const stop = onCommit(() => {
    const last = moments.at(-1);
    if (last !== undefined) last.sent = [...world.effects];
    moments.push({ folder: copyData(folder, path.join(keep, String(moments.length))), sent: [] });
  });
  try {
    return { value: await begin(), moments };
  } finally {
    stop();
    const last = moments.at(-1);
    if (last !== undefined) last.sent = [...world.effects];
  }
}

/** A result without what may differ between two runs: times and the ids of other runs. */
function comparable({ status, outputs, error, steps }: RunResult): unknown {
  const text = JSON.stringify({
    status,
    outputs,
    error,
    steps: steps.map(({ startedAt: _s, durationMs: _d, requests: _r, ...step }) => step),
  });
  return JSON.parse(
    text
      .replaceAll(/"(startedAt|finishedAt|durationMs)":("[^"]*"|\d+)/g, '"$1":0')
      .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "ID")
      .replaceAll(/\d{13,}(?:\.\d+)?/g, "TIME"),
  );
}

const counted = (effects: readonly Effect[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const { step } of effects) counts.set(step, (counts.get(step) ?? 0) + 1);
  return counts;
};
const present = (counts: ReadonlyMap<string, number>): Record<string, number> =>
  Object.fromEntries([...counts].filter(([, times]) => times > 0));

interface Expected {
  results: ReadonlyMap<string, unknown>;
  effects: readonly Effect[];
}

/** Goes on from one moment, holds what happens to what would have happened, and gives the moments on the way. */
async function goOn(
  { answers, check }: Case,
  at: Awaited<ReturnType<typeof makeProject>>,
  { folder, sent }: Moment,
  { results, effects }: Expected,
): Promise<Moment[]> {
  const { done, isOpen } = knownIn(folder);
  const world = new World(answers, done);
  at.world.current = world;
  const data = copyData(folder, path.join(temporaryFolder(), "data"));
  const engine = openEngine(at.project, data);
  try {
    const open = (await engine.list({ status: "interrupted" })).toReversed();
    const { value: ended, moments } = await watched(data, world, async () => {
      const ends: RunResult[] = [];
      for (const { runId } of open) {
        const handle = await engine.resume(runId);
        if ("status" in handle) throw new Error(JSON.stringify(handle.findings));
        ends.push(await handle.result);
      }
      return ends;
    });
    for (const result of ended) {
      expect(comparable(await engine.get(result.runId))).toEqual(comparable(result));
      check?.(result, [...sent, ...world.effects]);
      if (!isOpen) expect(comparable(result)).toEqual(results.get(result.workflow));
    }
    // What was done is not done again, and all the rest is.
    const left = counted(effects);
    for (const [step, times] of done) left.set(step, (left.get(step) ?? 0) - times);
    if (!isOpen) expect(present(counted(world.effects))).toEqual(present(left));
    else for (const [step, times] of counted(world.effects)) expect(times).toBeLessThanOrEqual(left.get(step) ?? 0);
    // What is sent again is the same.
    const contents = (list: readonly Effect[]): Map<string, string> =>
      new Map(list.map(({ step, key, note, times }) => [`${step} ${times}`, JSON.stringify([key, note])]));
    const before = contents(sent);
    for (const [step, content] of contents(world.effects)) expect(content).toBe(before.get(step) ?? content);
    return moments;
  } finally {
    await engine.close();
  }
}

async function crashEverywhere(one: Case): Promise<void> {
  const { files, answers, event = {} } = one;
  const at = await makeProject(files);
  const world = new World(answers);
  at.world.current = world;
  const data = path.join(at.folder, "data");
  const engine = openEngine(at.project, data);
  const { value: result, moments } = await watched(data, world, async () => {
    const submission = await submissionOf(at.project, at.folder, { event });
    return (await engine.submit(submission)).result;
  });
  expect(result.status, JSON.stringify(result.error)).toBe(one.status ?? "completed");
  one.check?.(result, world.effects);
  await engine.close();
  const all = [result, ...(result.started ?? [])];
  const expected: Expected = {
    results: new Map(all.map((run) => [run.workflow, comparable(run)])),
    effects: world.effects,
  };
  // A test that met the run in no middle would prove nothing.
  expect(moments.length).toBeGreaterThan(one.moments ?? 3);
  for (const [index, moment] of moments.entries()) {
    const later = await goOn(one, at, moment, expected);
    // Once more, in the middle of what went on.
    const again = index % 3 === 0 ? later[Math.floor(later.length / 2)] : undefined;
    if (again !== undefined) await goOn(one, at, { ...again, sent: [...moment.sent, ...again.sent] }, expected);
  }
}

describe("a run that is killed after any of its commits goes on as if nothing had been", () => {
  test.each(CASES)("$name", crashEverywhere, 60_000);
});

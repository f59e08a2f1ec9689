import path from "node:path";
import type { DatabaseSync, SQLInputValue } from "node:sqlite";

import { describe, expect, test } from "vitest";

import { openDatabase } from "../src/embedded/database.ts";
import { forgetOldRuns } from "../src/embedded/retention.ts";
import { makeProject, openEngine, probe, submissionOf, temporaryFolder } from "./kit.ts";

const DAY = 86_400_000;
const NOW = 1_000 * DAY;

interface Run {
  /** Days since it ended; none for one that is not over. */
  age?: number;
  definition?: string;
}

/** A file with these runs, oldest first. */
function fileWith(runs: readonly Run[]): DatabaseSync {
  const db = openDatabase(path.join(temporaryFolder(), "runs.db"), { durability: "relaxed" });
  const run = db.prepare(
    "INSERT INTO runs (id, workflow, status, definition, request, created, finished, fence) VALUES (?, 'w', 'x', ?, '{}', 0, ?, 1)",
  );
  const log = db.prepare("INSERT INTO log (at, entries) VALUES (? << 32, '[]')");
  const definition = db.prepare("INSERT OR IGNORE INTO definitions (hash, text) VALUES (?, '')");
  db.exec("BEGIN");
  for (const [index, { age, definition: hash = "d" }] of runs.entries()) {
    definition.run(hash);
    run.run(`r${index}`, hash, age === undefined ? null : NOW - age * DAY);
    log.run(index + 1);
  }
  db.exec("COMMIT");
  return db;
}

function left(db: DatabaseSync): { runs: number[]; logs: number[]; definitions: string[] } {
  const all = (text: string): unknown[] =>
    db
      .prepare(text)
      .all()
      .map((row) => Object.values(row)[0]);
  return {
    runs: (all("SELECT id FROM runs ORDER BY n") as string[]).map((id) => Number(id.slice(1))),
    logs: (all("SELECT at >> 32 FROM log ORDER BY at") as number[]).map((n) => n - 1),
    definitions: all("SELECT hash FROM definitions ORDER BY hash") as string[],
  };
}

const many = (count: number, run: Run): Run[] => Array.from({ length: count }, () => run);

interface Case {
  name: string;
  runs: Run[];
  keep: { days: number; runs: number };
  left: number[];
  definitions?: string[];
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

const CASES: Case[] = [
  {
    name: "by age",
    runs: [{ age: 40 }, { age: 31 }, { age: 29 }, { age: 0 }],
    keep: { days: 30, runs: 10 },
    left: [2, 3],
  },
  { name: "by number", runs: many(5, { age: 1 }), keep: { days: 30, runs: 2 }, left: [3, 4] },
  { name: "all of them", runs: many(3, { age: 1 }), keep: { days: 30, runs: 0 }, left: [], definitions: [] },
  { name: "none", runs: many(3, { age: 1 }), keep: { days: 30, runs: 3 }, left: [0, 1, 2] },
  {
    name: "but none that is not over",
    runs: [{}, { age: 99 }, {}, { age: 98 }, { age: 97 }],
    keep: { days: 30, runs: 0 },
    left: [0, 2],
  },
  {
    name: "with the definitions that nothing else needs",
    runs: [
      { age: 99, definition: "old" },
      { age: 99, definition: "shared" },
      { age: 1, definition: "shared" },
    ],
    keep: { days: 30, runs: 10 },
    left: [2],
    definitions: ["shared"],
  },
  {
    name: "also those behind one that is kept, since it was retried of late",
    runs: [{ age: 1 }, { age: 99 }, { age: 98 }],
    keep: { days: 30, runs: 10 },
    left: [0],
  },
  {
    name: "also those behind very many that are not over",
    runs: [...many(1200, {}), ...many(700, { age: 99 }), { age: 1 }],
    keep: { days: 30, runs: 10_000 },
    left: [...range(0, 1200), 1900],
  },
  {
    name: "in several bites",
    runs: [...many(1700, { age: 99 }), ...many(3, { age: 1 })],
    keep: { days: 30, runs: 10_000 },
    left: [1700, 1701, 1702],
  },
];

describe("finished runs are forgotten", () => {
  test.each(CASES)("$name", ({ runs, keep, left: expected, definitions = ["d"] }) => {
    const db = fileWith(runs);
    forgetOldRuns(db, keep, NOW);
    expect(left(db)).toEqual({ runs: expected, logs: expected, definitions });
    db.close();
  });

  test("where there is nothing to forget, little is read", () => {
    const db = fileWith(many(10_000, { age: 1 }));
    let read = 0;
    const counting = {
      prepare(text: string) {
        const statement = db.prepare(text);
        return {
          get: (...values: SQLInputValue[]) => statement.get(...values),
          all(...values: SQLInputValue[]) {
            const rows = statement.all(...values);
            read += rows.length;
            return rows;
          },
        };
      },
    };
    forgetOldRuns(counting as unknown as DatabaseSync, { days: 30, runs: 10_000 }, NOW);
    expect(read).toBeLessThan(1000);
    expect(left(db).runs).toHaveLength(10_000);
    db.close();
  });
});

test("an engine that stays open forgets as it goes on, and never a run that is under way", async () => {
  const at = await makeProject({ "w.yaml": `steps:\n  - ${probe("keyed", "step", { step: "s" })}\n` });
  const data = path.join(at.folder, "data");
  const engine = openEngine(at.project, data, { retention: { days: 30, runs: 20 } });
  const submission = await submissionOf(at.project, at.folder);
  for (let count = 0; count < 10; count += 1) {
    const handles = await Promise.all(many(50, {}).map(async () => engine.submit(submission)));
    const results = await Promise.all(handles.map(async ({ result }) => result));
    expect(results.every(({ status }) => status === "completed")).toBe(true);
  }
  const db = openDatabase(path.join(data, "runs.db"), { durability: "relaxed" });
  const kept = Number(Object.values(db.prepare("SELECT count(*) FROM runs").get() ?? {})[0]);
  db.close();
  // Those that were not on the disk yet when the five hundredth was over may be there besides.
  expect(kept).toBeGreaterThanOrEqual(20);
  expect(kept).toBeLessThan(100);
  await engine.close();
});

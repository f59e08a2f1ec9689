import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";

import { describe, expect, test } from "vitest";

import { makeDataFolder, openDatabase } from "../src/embedded/database.ts";
import { Runs } from "../src/embedded/runs.ts";
import { MIGRATIONS } from "../src/embedded/schema.ts";
import { copyData, makeProject, openEngine, probe, submissionOf, temporaryFolder } from "./kit.ts";

const open = (file: string, migrations: readonly string[] = MIGRATIONS): DatabaseSync =>
  openDatabase(file, { durability: "relaxed", migrations });

/** A file of the runs with something in it. */
function made(rows = 1): string {
  const file = path.join(temporaryFolder(), "runs.db");
  const db = open(file);
  const add = db.prepare("INSERT INTO definitions (hash, text) VALUES (?, ?)");
  for (let i = 0; i < rows; i += 1) add.run(`h${i}`, "x".repeat(1000));
  db.close();
  return file;
}

const rowsOf = (file: string): number => {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    return Number(db.prepare("SELECT count(*) AS n FROM definitions").get()?.["n"]);
  } finally {
    db.close();
  }
};

const modeOf = (file: string): string => (statSync(file).mode & 0o777).toString(8);
const NOW = MIGRATIONS.length;
const NEXT = [...MIGRATIONS, "ALTER TABLE runs ADD COLUMN later TEXT"];

/** Runs code with the sources of this package in a process of its own; gives what it prints. */
async function inProcess(code: string): Promise<string> {
  const source = (name: string): string => new URL(`../src/embedded/${name}.ts`, import.meta.url).href;
  const imports = `import { openDatabase } from ${JSON.stringify(source("database"))}; import { MIGRATIONS } from ${JSON.stringify(source("schema"))};`;
  const args = ["--conditions=@stepwire/source", "--no-warnings", "--input-type=module", "-e", `${imports}\n${code}`];
  return (await promisify(execFile)(process.execPath, args)).stdout.trim();
}

describe("the files of the runs", () => {
  test("are for their owner alone, whatever the umask", async () => {
    const at = await makeProject({ "w.yaml": `name: w\nsteps:\n  - ${probe("keyed", "a")}\n` });
    const data = path.join(at.folder, "a", "data");
    const before = process.umask(0);
    try {
      const engine = openEngine(at.project, data);
      const submission = await submissionOf(at.project, at.folder);
      await (
        await engine.submit(submission)
      ).result;
      expect(modeOf(data)).toBe("700");
      const files = readdirSync(data, { recursive: true }).map(String);
      expect(files).toEqual(expect.arrayContaining(["runs.db", "runs.db-wal", "runs.db-shm"]));
      for (const file of files)
        expect([file, modeOf(path.join(data, file))]).toEqual([file, file === "owners" ? "700" : "600"]);
      await engine.close();
    } finally {
      process.umask(before);
    }
  });

  test("are brought up to date, with a copy of what was there before beside them", () => {
    const file = made(3);
    const before = process.umask(0);
    try {
      open(file, NEXT).close();
    } finally {
      process.umask(before);
    }
    expect(rowsOf(file)).toBe(3);
    const copied = `${file}.v${NOW}`;
    expect(rowsOf(copied)).toBe(3);
    expect(modeOf(copied)).toBe("600");
    const copy = new DatabaseSync(copied, { readOnly: true });
    expect(copy.prepare("PRAGMA user_version").get()).toEqual({ user_version: NOW });
    copy.close();
  });

  test("of the first format keep the log of each run, in order", () => {
    const file = path.join(temporaryFolder(), "runs.db");
    const old = open(file, MIGRATIONS.slice(0, 1));
    const add = old.prepare("INSERT INTO log (run, n, entries) VALUES (?, ?, ?)");
    // Runs that went on side by side, one of them with more rows than one byte counts.
    for (let n = 0; n < 300; n += 1) for (const run of [7, 6, 5_000_000]) add.run(run, n, `[["value","${run}/${n}"]]`);
    old.close();
    const db = open(file);
    const runs = new Runs(db);
    for (const run of [6, 7, 5_000_000]) {
      const entries = Array.from({ length: 300 }, (_, n) => ["value", `${run}/${n}`]);
      expect(runs.log(run)).toEqual({ entries, rows: 300 });
    }
    expect(runs.log(8)).toEqual({ entries: [], rows: 0 });
    db.close();
  });

  test("are not brought up to date where no copy can be made, and no half of one is left", () => {
    const file = made(200);
    // A page in the middle is damaged: the file opens, and cannot be copied.
    const bytes = readFileSync(file);
    bytes.fill(0xff, 8 * 4096, 20 * 4096);
    writeFileSync(file, bytes);
    expect(() => open(file, NEXT)).toThrow(expect.objectContaining({ code: "storage" }));
    expect(readdirSync(path.dirname(file)).filter((name) => name.includes(".v"))).toEqual([]);
    const db = new DatabaseSync(file, { readOnly: true });
    expect(db.prepare("PRAGMA user_version").get()).toEqual({ user_version: NOW });
    db.close();
  });

  test("keep their old form where a change of it fails", () => {
    const file = made(3);
    expect(() => open(file, [...MIGRATIONS, "ALTER TABLE runs ADD COLUMN later TEXT; SELECT nonsense"])).toThrow(
      expect.objectContaining({ code: "storage" }),
    );
    open(file).close();
    expect(rowsOf(file)).toBe(3);
  });

  test("are brought up to date once, by several processes that come at the same time", async () => {
    const file = made(500);
    const code = `
      const file = ${JSON.stringify(file)};
      const db = openDatabase(file, { durability: "relaxed", migrations: [...MIGRATIONS, "ALTER TABLE runs ADD COLUMN later TEXT"] });
      console.log(db.prepare("PRAGMA user_version").get().user_version);
      db.close();`;
    const versions = await Promise.all(Array.from({ length: 4 }, () => inProcess(code)));
    expect(versions).toEqual(Array.from({ length: 4 }, () => String(NEXT.length)));
    expect(rowsOf(`${file}.v${NOW}`)).toBe(500);
  });

  test("are made once, by several processes that come at the same time", async () => {
    const folder = temporaryFolder();
    const code = `
      import { readdirSync, writeFileSync } from "node:fs";
      const folder = ${JSON.stringify(folder)};
      writeFileSync(folder + "/ready-" + process.pid, "");
      // All begin when all are there.
      while (readdirSync(folder).filter((name) => name.startsWith("ready-")).length < 4);
      for (let i = 0; i < 60; i += 1) {
        const db = openDatabase(folder + "/" + i + ".db", { durability: "relaxed" });
        db.exec("INSERT INTO definitions (hash, text) VALUES ('" + process.pid + "', '')");
        db.close();
      }
      console.log("done");`;
    const all = await Promise.allSettled(Array.from({ length: 4 }, () => inProcess(code)));
    expect(all).toEqual(Array.from({ length: 4 }, () => ({ status: "fulfilled", value: "done" })));
    for (let i = 0; i < 60; i += 1) expect(rowsOf(path.join(folder, `${i}.db`))).toBe(4);
  });

  test("of a newer version are left alone", () => {
    const file = made();
    open(file, NEXT).close();
    const before = readFileSync(file);
    expect(() => open(file)).toThrow(
      expect.objectContaining({
        code: "storage",
        message: expect.stringMatching(/newer.*Upgrade stepwire/),
        details: { reason: "newer", version: NEXT.length, known: NOW },
      }),
    );
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test.each([
    ["without a version", "CREATE TABLE theirs (a)"],
    ["with a version of its own", "CREATE TABLE theirs (a); PRAGMA user_version = 1"],
    ["with a mark of its own", "CREATE TABLE theirs (a); PRAGMA user_version = 1; PRAGMA application_id = 7"],
  ])("of another program, %s, are left alone to the byte", (_, statements) => {
    const file = path.join(temporaryFolder(), "runs.db");
    const theirs = new DatabaseSync(file);
    theirs.exec(statements);
    theirs.close();
    const before = readFileSync(file);
    expect(() => open(file)).toThrow(expect.objectContaining({ code: "storage", details: { reason: "foreign" } }));
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(readdirSync(path.dirname(file))).toEqual(["runs.db"]);
  });

  test("that are none are told apart", () => {
    const file = path.join(temporaryFolder(), "runs.db");
    writeFileSync(file, "This is no database at all, though it is long enough to look like one. ".repeat(100));
    expect(() => open(file)).toThrow(
      expect.objectContaining({ message: expect.stringContaining("is no database"), details: { reason: "corrupt" } }),
    );
    const cut = made(500);
    truncateSync(cut, 3 * 4096);
    expect(() => open(cut)).toThrow(expect.objectContaining({ code: "storage", details: { reason: "corrupt" } }));
  });

  test("that are empty are filled", () => {
    const file = path.join(temporaryFolder(), "runs.db");
    writeFileSync(file, "");
    open(file).close();
    expect(rowsOf(file)).toBe(0);
  });

  test("whose log was cut off have what stood before", async () => {
    const at = await makeProject({ "w.yaml": `name: w\nsteps:\n  - ${probe("keyed", "a")}\n` });
    const data = path.join(at.folder, "data");
    const engine = openEngine(at.project, data);
    const submission = await submissionOf(at.project, at.folder);
    const ids: string[] = [];
    for (let i = 0; i < 5; i += 1) {
      const handle = await engine.submit(submission);
      await handle.result;
      ids.push(handle.runId);
    }
    const cut = copyData(data, path.join(at.folder, "cut"));
    await engine.close();
    const wal = path.join(cut, "runs.db-wal");
    truncateSync(wal, Math.floor(statSync(wal).size * 0.7));
    const left = openEngine(at.project, cut);
    const kept = (await left.list()).toReversed().map(({ runId }) => runId);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept).toEqual(ids.slice(0, kept.length));
    expect(await left.get(kept[0] ?? "")).toMatchObject({ status: "completed" });
    await left.close();
  });

  test("below what is no folder, or cannot be written, cannot be made", () => {
    const file = path.join(temporaryFolder(), "file");
    writeFileSync(file, "");
    for (const folder of [path.join(file, "data"), "/proc/none/data"]) {
      expect(() => makeDataFolder(folder)).toThrow(
        expect.objectContaining({ code: "storage", message: expect.stringContaining(folder) }),
      );
    }
    const folder = path.join(temporaryFolder(), "runs.db");
    mkdirSync(folder);
    expect(() => open(folder)).toThrow(expect.objectContaining({ code: "storage" }));
  });

  test("stay whole where one process opens them twice and another one comes and goes", async () => {
    const file = made();
    const [one, two] = [open(file), open(file)];
    one.exec("INSERT INTO definitions (hash, text) VALUES ('one', '')");
    const code = `
      const db = openDatabase(${JSON.stringify(file)}, { durability: "relaxed" });
      db.exec("INSERT INTO definitions (hash, text) VALUES ('other', '')");
      db.close();`;
    await inProcess(code);
    // Who takes himself for the last one takes the log away as he goes; what is written to it then is lost.
    expect(existsSync(`${file}-wal`)).toBe(true);
    two.exec("INSERT INTO definitions (hash, text) VALUES ('two', '')");
    one.exec("INSERT INTO definitions (hash, text) VALUES ('three', '')");
    await inProcess(code.replace("'other'", "'another'"));
    one.close();
    two.close();
    expect(rowsOf(file)).toBe(6);
  });
});

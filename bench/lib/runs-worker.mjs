// One side of the measure of runs, in a process of its own: does runs of three steps when told to, and says what they took.
//   node runs-worker.mjs full|relaxed|plain|commits URL FOLDER
import http from "node:http";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";

const [side, url, folder] = process.argv.slice(2);
const sides = { full: engineSide, relaxed: engineSide, plain: plainSide, commits: commitsSide };
const run = await sides[side]();
let made = 0;
// What runs share is prepared once, as long as it is the same.
const NOTHING = {};

process.on("message", async ({ runs, concurrency }) => {
  const before = process.cpuUsage();
  const begun = performance.now();
  const latencies = [];
  let left = runs;
  const work = async () => {
    while (left-- > 0) {
      const start = performance.now();
      await run((made += 1));
      latencies.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(before);
  latencies.sort((a, b) => a - b);
  const at = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))];
  globalThis.gc?.();
  process.send({
    cpu: (user + system) / runs,
    perSecond: runs / seconds,
    p50: at(0.5),
    p99: at(0.99),
    rss: process.memoryUsage().rss,
  });
});
process.on("disconnect", () => process.exit());
process.send("ready");

/** The three steps by hand: what a program does that needs nothing but them. `step` is told before and after each. */
function steps(step) {
  return async (n) => {
    const { default: axios } = await import("axios");
    steps.client ??= axios.create({ httpAgent: new http.Agent({ keepAlive: true }), timeout: 60_000, maxRedirects: 0 });
    const post = async (name, data) => {
      await step(n, name, data);
      await tick();
      const response = await steps.client.post(`${url}/${name}`, data);
      return response.data;
    };
    await post("chat.postMessage", { channel: "#alerts", text: `Alert ${n}` });
    const issue = await post("issue", { fields: { project: { key: "OPS" }, summary: `Alert ${n}` } });
    await post("link", { issue: issue.ok, note: `for ${n}` });
    await step(n, "end", {});
  };
}

/** One tick for all calls that wait, as the host has. */
let shared;
function tick() {
  shared ??= new Promise((resolve) => {
    setImmediate(() => {
      shared = undefined;
      resolve();
    });
  });
  return shared;
}

function plainSide() {
  return steps(() => undefined);
}

/** The same, with what has to be known of a run committed before each step and at its end, for all runs of a turn at once. */
function commitsSide() {
  const db = new DatabaseSync(path.join(folder, "floor.db"));
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  db.exec("CREATE TABLE runs (n INTEGER PRIMARY KEY, id TEXT UNIQUE, status TEXT, request TEXT)");
  db.exec("CREATE TABLE log (run INTEGER, n INTEGER, entry TEXT, PRIMARY KEY (run, n)) WITHOUT ROWID");
  const insert = db.prepare("INSERT INTO runs (id, status, request) VALUES (?, 'running', ?)");
  const add = db.prepare("INSERT INTO log (run, n, entry) VALUES (?, ?, ?)");
  const end = db.prepare("UPDATE runs SET status = 'completed' WHERE n = ?");
  const numbers = new Map();
  let queue = [];
  const flush = () => {
    const batch = queue;
    queue = [];
    db.exec("BEGIN IMMEDIATE");
    for (const { n, name, data } of batch) {
      if (!numbers.has(n))
        numbers.set(n, { row: insert.run(`run-${process.pid}-${n}`, JSON.stringify(data)).lastInsertRowid, count: 0 });
      const known = numbers.get(n);
      add.run(known.row, (known.count += 1), JSON.stringify({ name, data, time: Date.now() }));
      if (name !== "end") continue;
      end.run(known.row);
      numbers.delete(n);
    }
    db.exec("COMMIT");
    for (const { resolve } of batch) resolve();
  };
  return steps(
    (n, name, data) =>
      new Promise((resolve) => {
        if (queue.length === 0) setImmediate(flush);
        queue.push({ n, name, data, resolve });
      }),
  );
}

/** The same three steps as a workflow. */
async function engineSide() {
  const { createRunner } = await import("@stepwire/engine");
  const runner = createRunner({ project: folder, settings: path.join(folder, `${side}.yaml`), cwd: folder });
  const { plan, findings } = await runner.check(path.join(folder, "three.yaml"));
  if (plan === undefined) throw new Error(JSON.stringify(findings));
  const engine = await runner.engine();
  return async (n) => {
    const handle = await engine.submit({ plan, inputs: {}, event: { n }, variables: NOTHING, stubs: NOTHING });
    const { status, error } = await handle.result;
    if (status !== "completed") throw new Error(JSON.stringify(error));
  };
}

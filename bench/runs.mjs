// What it costs that runs survive their process: a workflow of three steps beside the same three calls by hand, once
// without keeping anything and once with the same commits, in alternating rounds; what a file full of runs does to it;
// and memory after many runs. `--quick` takes few rounds. Exit code 1 on a missed target.
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { install } from "./lib/install.mjs";

const { values } = parseArgs({ options: { quick: { type: "boolean", default: false } } });
const ROUNDS = values.quick ? 3 : 11;
const RUNS = values.quick ? 300 : 1000;
const [STORED, EARLY, LATE] = values.quick ? [2000, 1000, 5000] : [100_000, 10_000, 100_000];

const file = (name) => fileURLToPath(new URL(`lib/${name}`, import.meta.url));
const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "stepwire-bench-runs-")));
const server = fork(file("server.mjs"), { stdio: ["ignore", "pipe", 2, "ipc"] });
const workers = [];
try {
  const [line] = await once(server.stdout.setEncoding("utf8"), "data");
  writeProject(line.trim());
  const pairs = [
    { name: "relaxed", floor: "plain", least: 0.9 },
    { name: "full", floor: "commits", least: 0.85 },
  ];
  const measures = [];
  for (const { name, floor, least } of pairs) {
    const sides = [await worker(name, line.trim()), await worker(floor, line.trim())];
    for (const concurrency of [1, 16, 64]) measures.push(await compare({ name, floor, least, concurrency }, sides));
    for (const child of sides) child.kill();
  }
  const memory = await memoryAndStored(line.trim());
  report(measures, memory);
} finally {
  for (const child of [...workers, server]) child.kill();
  rmSync(folder, { recursive: true, force: true });
}

function writeProject(url) {
  install(folder, ["stepwire", "@stepwire/connector-http"]);
  const step = (name, body) => ({ name, type: "http", with: { url: `${url}/${name}`, method: "POST", body } });
  const steps = [
    step("chat.postMessage", { channel: "#alerts", text: "Alert {{ event.n }}" }),
    step("issue", { fields: { project: { key: "OPS" }, summary: "Alert {{ event.n }}" } }),
    step("link", { issue: "${{ steps.issue.output.data.ok }}", note: "for {{ event.n }}" }),
  ];
  const own = { name: "three", private: true, dependencies: { "@stepwire/connector-http": "^0.1.0" } };
  writeFileSync(path.join(folder, "package.json"), JSON.stringify(own));
  writeFileSync(path.join(folder, "three.yaml"), JSON.stringify({ name: "three", steps }));
  for (const durability of ["full", "relaxed"]) {
    const runtime = { dataDir: `data-${durability}`, durability, retention: { days: 30, runs: 1_000_000 } };
    writeFileSync(path.join(folder, `${durability}.yaml`), JSON.stringify({ runtime }));
  }
}

async function worker(side, url) {
  const child = fork(file("runs-worker.mjs"), [side, url, folder], { execArgv: ["--expose-gc"] });
  workers.push(child);
  await once(child, "message");
  return child;
}

async function make(child, runs, concurrency) {
  child.send({ runs, concurrency });
  const [answer] = await once(child, "message");
  return answer;
}

/** A B B A, so that what else the machine does hits both alike. The first rounds warm up and do not count. */
async function compare(pair, [subject, floor]) {
  const samples = { subject: [], floor: [] };
  for (let round = -3; round < ROUNDS; round += 1) {
    const order = [
      ["subject", subject],
      ["floor", floor],
    ];
    for (const [name, child] of round % 2 === 0 ? order : order.toReversed()) {
      const answer = await make(child, RUNS, pair.concurrency);
      if (round >= 0) samples[name].push(answer);
    }
  }
  const [ours, theirs] = [medians(samples.subject), medians(samples.floor)];
  return {
    ...pair,
    subject: ours,
    floor: { name: pair.floor, ...theirs },
    rate: ours.perSecond / theirs.perSecond,
    cpu: ours.cpu / theirs.cpu,
  };
}

function medians(answers) {
  return Object.fromEntries(Object.keys(answers[0]).map((key) => [key, median(answers.map((answer) => answer[key]))]));
}

/** The same process from an empty file to a full one. */
async function memoryAndStored(url) {
  rmSync(path.join(folder, "data-relaxed"), { recursive: true, force: true });
  const child = await worker("relaxed", url);
  await make(child, RUNS, 16);
  const empty = medians(await several(child));
  await make(child, EARLY, 16);
  const { rss: early } = await make(child, 1, 1);
  await make(child, LATE - EARLY, 16);
  const { rss: late } = await make(child, 1, 1);
  if (STORED > LATE) await make(child, STORED - LATE, 16);
  const full = medians(await several(child));
  return {
    early,
    late,
    growth: late / early,
    empty,
    full,
    cost: full.cpu / empty.cpu,
    stored: STORED,
    runs: [EARLY, LATE],
  };
}

async function several(child) {
  const answers = [];
  for (let round = 0; round < ROUNDS; round += 1) answers.push(await make(child, RUNS, 16));
  return answers;
}

function median(list) {
  return list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
}

function report(measures, memory) {
  const judged = [];
  const judge = (name, value, least, most) => {
    const met = (least === undefined || value >= least) && (most === undefined || value <= most);
    judged.push({
      name,
      value,
      ...(least === undefined ? {} : { least }),
      ...(most === undefined ? {} : { most }),
      met,
    });
    return `${value.toFixed(2)}x${least === undefined ? "" : `  at least ${least}x`}${most === undefined ? "" : `  at most ${most}x`}  ${met ? "met" : "MISSED"}`;
  };
  console.log(
    `Medians of ${ROUNDS} alternating rounds of ${RUNS} runs of three steps; the floors are the same calls by hand\n`,
  );
  for (const { name, least, concurrency, subject, floor, rate, cpu } of measures) {
    const label = `${name} beside ${floor.name}, ${concurrency} at once`;
    const figures = ({ perSecond, cpu: each, p50, p99 }) =>
      `${perSecond.toFixed(0)} runs/s, ${(each / 1000).toFixed(2)} ms CPU, p50 ${p50.toFixed(1)} p99 ${p99.toFixed(1)} ms`;
    console.log(`${label}\n  ${figures(subject)}\n  ${figures(floor)}  (floor)`);
    console.log(
      `  runs/s ${judge(`${label}: runs/s`, rate, least)}\n  CPU    ${judge(`${label}: CPU`, cpu, undefined, 1.2)}`,
    );
  }
  const mb = (bytes) => `${(bytes / 1024 ** 2).toFixed(0)} MB`;
  const [early, late] = memory.runs;
  // A heap that still grows into its size says nothing: only the full run is judged.
  const most = values.quick ? undefined : 1.1;
  console.log(
    `RSS after ${late} runs ${mb(memory.late)}, after ${early} ${mb(memory.early)}: ${judge("RSS", memory.growth, undefined, most)}`,
  );
  console.log(
    `CPU of a run with ${memory.stored} runs stored beside one with few: ${judge("stored", memory.cost, undefined, 1.3)}`,
  );
  const machine = { node: process.versions.node, platform: `${process.platform}-${process.arch}`, cpus: cpus().length };
  const results = { machine, rounds: ROUNDS, runsPerRound: RUNS, measures, memory, judged };
  writeFileSync(new URL("results-runs.json", import.meta.url), `${JSON.stringify(results, null, 2)}\n`);
  process.exitCode = judged.every(({ met }) => met) ? 0 : 1;
}

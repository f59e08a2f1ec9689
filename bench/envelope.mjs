// The cost of the whole envelope: CPU of a call through a connector beside bare axios with an agent on the same call,
// in alternating rounds, and memory after many calls. `--quick` takes few rounds. Exit code 1 on a missed target.
import { fork } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { quick: { type: "boolean", default: false } } });
const rounds = values.quick ? 5 : 21;
const CALLS = 2000;
const [EARLY, LATE] = values.quick ? [2000, 10_000] : [10_000, 100_000];

const file = (name) => fileURLToPath(new URL(`lib/${name}`, import.meta.url));
const server = fork(file("server.mjs"), { stdio: ["ignore", "pipe", 2, "ipc"] });
const workers = [];
try {
  const [line] = await once(server.stdout.setEncoding("utf8"), "data");
  const url = `${line.trim()}/messages`;
  const [host, axios] = [await worker("host", url), await worker("axios", url)];
  const measures = [];
  for (const concurrency of [1, 16, 64]) measures.push(await compare(host, axios, concurrency));
  const memory = await memoryOf(await worker("host", url));
  report(measures, memory);
  const judged = [...measures, memory].filter(({ limit }) => limit !== undefined);
  process.exitCode = judged.every(({ value, limit }) => value <= limit) ? 0 : 1;
} finally {
  for (const child of [...workers, server]) child.kill();
}

async function worker(side, url) {
  const child = fork(file("envelope-worker.mjs"), [side, url], { execArgv: ["--expose-gc"] });
  workers.push(child);
  await once(child, "message");
  return child;
}

async function make(child, calls, concurrency) {
  child.send({ calls, concurrency });
  const [answer] = await once(child, "message");
  return answer;
}

/** A B B A, so that what else the machine does hits both alike. The first rounds warm up and do not count. */
async function compare(host, axios, concurrency) {
  const samples = { host: [], axios: [] };
  for (let round = -3; round < rounds; round += 1) {
    const order = [
      ["host", host],
      ["axios", axios],
    ];
    for (const [name, child] of round % 2 === 0 ? order : order.toReversed()) {
      const { microseconds } = await make(child, CALLS, concurrency);
      if (round >= 0) samples[name].push(microseconds);
    }
  }
  const [subject, floor] = [median(samples.host), median(samples.axios)];
  return {
    name: `CPU of a call, ${concurrency} at once`,
    subject,
    floor,
    value: subject / floor,
    ...(concurrency === 1 ? {} : { limit: 1 }),
    samples,
  };
}

async function memoryOf(child) {
  await make(child, EARLY, 16);
  const { rss: early } = await make(child, 1, 1);
  await make(child, LATE - EARLY, 16);
  const { rss: late } = await make(child, 1, 1);
  // A heap that still grows into its size says nothing: only the full run is judged.
  const limit = values.quick ? undefined : 1.1;
  return { name: `RSS after ${LATE} calls`, subject: late, floor: early, value: late / early, limit };
}

function median(list) {
  const sorted = list.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function report(measures, memory) {
  console.log(
    `Medians of ${rounds} alternating rounds of ${CALLS} calls; the floor is bare axios with a keep-alive agent\n`,
  );
  for (const { name, subject, floor, value, limit } of measures) {
    const judged = limit === undefined ? "" : `  at most ${limit}x  ${value <= limit ? "met" : "MISSED"}`;
    console.log(
      `${name.padEnd(28)} ${subject.toFixed(0)} us  floor ${floor.toFixed(0)} us  ${value.toFixed(2)}x${judged}`,
    );
  }
  const { name, subject, floor, value, limit } = memory;
  const mb = (bytes) => `${(bytes / 1024 ** 2).toFixed(0)} MB`;
  const judged = limit === undefined ? "" : `  at most ${limit}x  ${value <= limit ? "met" : "MISSED"}`;
  console.log(`${name.padEnd(28)} ${mb(subject)}  after ${EARLY}: ${mb(floor)}  ${value.toFixed(2)}x${judged}`);
  const machine = { node: process.versions.node, platform: `${process.platform}-${process.arch}`, cpus: cpus().length };
  const results = new URL("results-envelope.json", import.meta.url);
  writeFileSync(results, `${JSON.stringify({ machine, rounds, measures, memory }, null, 2)}\n`);
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const PROBE = fileURLToPath(new URL("cpu-probe.cjs", import.meta.url));

/**
 * Runs two programs in turn, A B B A A B B A, so that what else the machine does hits both alike.
 * Each program is `{ args, cwd, env, check? }`, its arguments those of `node`; `check` gets its output.
 * The first runs of each fill file and compile caches and do not count.
 */
export async function compare(subject, floor, rounds, warmups = 3) {
  const samples = { subject: [], floor: [] };
  for (let round = -warmups; round < rounds; round++) {
    const pair = [
      ["subject", subject],
      ["floor", floor],
    ];
    for (const [side, program] of round % 2 === 0 ? pair : pair.toReversed()) {
      const seconds = await cpuSeconds(program);
      if (round >= 0) samples[side].push(seconds);
    }
  }
  return { subject: describe(samples.subject), floor: describe(samples.floor) };
}

/** User and system CPU of one run of Node, all its threads, in seconds. Throws when the program fails. */
async function cpuSeconds({ args, cwd, env, check }) {
  const file = path.join(cwd, "cpu-microseconds");
  const child = spawn(process.execPath, ["--require", PROBE, ...args], {
    cwd,
    env: { ...env, STEPWIRE_BENCH_CPU_FILE: file },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`node ${args.join(" ")} ended with exit code ${code}:\n${stderr}${stdout}`);
  check?.(stdout);
  const microseconds = Number(readFileSync(file, "utf8"));
  rmSync(file);
  return microseconds / 1e6;
}

/** Half of all samples lie between `q1` and `q3`: a spread that one disturbed run does not change. */
function describe(samples) {
  const sorted = samples.toSorted((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    q1: quantile(sorted, 0.25),
    q3: quantile(sorted, 0.75),
    min: quantile(sorted, 0),
    samples,
  };
}

function quantile(sorted, share) {
  const place = (sorted.length - 1) * share;
  const low = sorted[Math.floor(place)];
  const high = sorted[Math.ceil(place)];
  return low + (high - low) * (place % 1);
}

// `npm run performance` writes docs/performance.md from the results of the last bench; `-- --check` compares.
import { readFileSync, writeFileSync } from "node:fs";

import { formatted } from "./generated-page.mjs";

const PAGE = "docs/performance.md";
const results = (name) => JSON.parse(readFileSync(`bench/results${name}.json`, "utf8"));

const page = formatted(
  PAGE,
  [
    "<!-- Written by `npm run performance`. -->",
    "# Performance",
    "What Stepwire adds to the work itself, each measure beside its floor: the least that the same work costs without it, in the " +
      "same run, alternating. Absolute times differ between machines and between two minutes of one machine; read the ratios. " +
      "`npm run bench` measures again (about half an hour; nothing else should run), `npm run performance` writes this page.",
    commands(results("")),
    envelope(results("-envelope")),
    interpreter(results("-interpreter")),
    runs(results("-runs")),
  ].join("\n\n"),
);
if (!process.argv.includes("--check")) writeFileSync(PAGE, page);
else if (readFileSync(PAGE, "utf8") !== page) {
  console.error(`${PAGE} is not what the bench's results say. Write it: npm run performance`);
  process.exitCode = 1;
}

function commands({ machine, rounds, unit, measures }) {
  const rows = measures.map(({ name, against, subject, floor, compared, value, limit, met }) => {
    const [ours, theirs] = [subject.median, floor.median].map((seconds) => `${seconds.toFixed(3)} s`);
    const shown = compared === "difference" ? `+${value.toFixed(3)} s` : `${value.toFixed(2)}x`;
    const target = compared === "difference" ? `+${limit} s` : `${limit}x`;
    return [name, ours, against, theirs, shown, `at most ${target}`, verdict(met)];
  });
  return section(
    "Commands",
    `${unit} of a whole process, medians of ${rounds} rounds. ${on(machine)}`,
    ["Command", "It", "Floor", "Floor", "Compared", "Target", ""],
    rows,
  );
}

function envelope({ machine, rounds, measures, memory }) {
  const all = [
    ...measures.map(({ name, subject, floor, value, limit }) => [
      name,
      `${subject.toFixed(0)} µs`,
      `${floor.toFixed(0)} µs`,
      value,
      limit,
    ]),
    [memory.name, mb(memory.subject), `${mb(memory.floor)} after the first 10,000`, memory.value, memory.limit],
  ];
  const rows = all.map(([name, ours, floor, value, limit]) => [
    name,
    ours,
    floor,
    `${value.toFixed(2)}x`,
    limit === undefined ? "" : `at most ${limit}x`,
    limit === undefined ? "" : verdict(value <= limit),
  ]);
  return section(
    "The network envelope",
    `A call through a connector, with everything the envelope does, beside bare axios with an agent. CPU of a call, medians of ${rounds} rounds. ${on(machine)}`,
    ["Measure", "It", "Floor", "Ratio", "Target", ""],
    rows,
  );
}

function interpreter({ machine, rounds, measures }) {
  return section(
    "The interpreter",
    `Without network and disk. Medians of ${rounds} rounds. ${on(machine)}`,
    ["Measure", "Result", "Target", ""],
    measures.map(({ name, shown, target, met }) => [name, shown, target, verdict(met)]),
  );
}

function runs({ machine, rounds, runsPerRound, measures, memory, judged }) {
  const of = (label) => judged.find(({ name }) => name === label);
  const figures = ({ perSecond, cpu, p50, p99, rss }) => [
    perSecond.toFixed(0),
    `${(cpu / 1000).toFixed(2)} ms`,
    `${p50.toFixed(1)} ms`,
    `${p99.toFixed(1)} ms`,
    mb(rss),
  ];
  const rows = measures.flatMap(({ name, concurrency, subject, floor, rate, cpu }) => {
    const label = `${name} beside ${floor.name}, ${concurrency} at once`;
    const [least, most] = [of(`${label}: runs/s`), of(`${label}: CPU`)];
    const ratio = `${rate.toFixed(2)}x runs/s (at least ${least.least}: ${verdict(least.met)}), ${cpu.toFixed(2)}x CPU (at most ${most.most}: ${verdict(most.met)})`;
    return [
      [`\`${name}\``, String(concurrency), ...figures(subject), ratio],
      [`floor: ${floor.name}`, String(concurrency), ...figures(floor), ""],
    ];
  });
  const [early, late] = memory.runs;
  const count = (number) => number.toLocaleString("en");
  return [
    section(
      "Runs",
      `A workflow of three steps against a server on the same machine: a message, an issue, and a call with the issue's id. ` +
        `The floors are the same three calls by hand, with axios, an agent and one tick for all calls that wait: \`plain\` keeps nothing, ` +
        `\`commits\` makes the same commits. Medians of ${rounds} alternating rounds of ${count(runsPerRound)} runs. ${on(machine)}`,
      ["", "At once", "Runs/s", "CPU of a run", "p50", "p99", "RSS", "Compared"],
      rows,
    ),
    `RSS of one process after ${count(late)} runs: ${mb(memory.late)}, after ${count(early)}: ${mb(memory.early)} (${memory.growth.toFixed(2)}x). ` +
      `CPU of a run with ${count(memory.stored)} runs stored beside one with few: ${memory.cost.toFixed(2)}x (at most 1.3: ${verdict(memory.cost <= 1.3)}).`,
  ].join("\n\n");
}

function section(title, text, head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [`## ${title}`, text, [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n")].join("\n\n");
}

function on({ node, platform, cpus }) {
  return `Node ${node} on ${platform} with ${cpus} cores.`;
}

function mb(bytes) {
  return `${(bytes / 1024 ** 2).toFixed(0)} MB`;
}

function verdict(met) {
  return met ? "met" : "**missed**";
}

// Measures the workflow package by itself: steps per second, the cost of a step in a long workflow against one in a short
// one, and rendering against LiquidJS's own. Subject and floor alternate in one run. `--quick` takes few rounds. Ends
// with exit code 1 on a missed target.
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";

import { Liquid } from "liquidjs";

import { planWorkflow, readWorkflow, runPlan } from "../src/index.ts";
import { createTemplates } from "../src/template/compile.ts";
import { compileTree, renderTree } from "../src/template/tree.ts";

const { values } = parseArgs({ options: { quick: { type: "boolean", default: false } } });
const ROUNDS = values.quick ? 7 : 25;
const LONG = 10_000;
const SHORT = 10;

const measures = [...(await steps()), rendering()];
const width = Math.max(...measures.map(({ name }) => name.length));
for (const { name, shown, target, met } of measures) {
  console.log(`${name.padEnd(width)}  ${shown.padEnd(30)}  ${target.padEnd(22)}  ${met ? "met" : "MISSED"}`);
}
const machine = { node: process.versions.node, platform: `${process.platform}-${process.arch}`, cpus: cpus().length };
writeFileSync(
  new URL("../../../bench/results-interpreter.json", import.meta.url),
  `${JSON.stringify({ machine, rounds: ROUNDS, measures }, null, 2)}\n`,
);
process.exitCode = measures.every(({ met }) => met) ? 0 : 1;

/** A long workflow and a short one that is run as often as it takes for the same number of steps. */
async function steps() {
  const [long, short] = [await planOf(LONG), await planOf(SHORT)];
  const samples = { long: [], short: [] };
  const sides = [
    ["long", () => runTimes(long, 1)],
    ["short", () => runTimes(short, LONG / SHORT)],
  ];
  for (let round = -3; round < ROUNDS; round += 1) {
    for (const [side, run] of round % 2 === 0 ? sides : sides.toReversed()) {
      const seconds = await timed(run);
      if (round >= 0) samples[side].push(seconds);
    }
  }
  const [slow, fast] = [median(samples.long), median(samples.short)];
  const perSecond = LONG / slow;
  return [
    {
      name: `steps that return at once, in a workflow of ${LONG}`,
      shown: `${Math.round(perSecond).toLocaleString("en")} steps/s`,
      target: "at least 50,000/s",
      met: perSecond >= 50_000,
    },
    {
      name: `a step among ${LONG} against one among ${SHORT}`,
      shown: `${(slow / fast).toFixed(2)}x (${us(slow)} to ${us(fast)})`,
      target: "at most 1.3x",
      met: slow / fast <= 1.3,
    },
  ];
}

/** The `with` of a step with ten leaves, five of them templates, against rendering these five with LiquidJS alone. */
function rendering() {
  const texts = [
    "High-priority alert: {{ event.name }}",
    "{{ event.host }} on {{ event.site | upcase }}",
    "{{ steps.open.output.key }}",
    "{% if event.severity == 'high' %}now{% else %}later{% endif %}",
    "{{ event.tags | join: ', ' }}",
  ];
  const scope = {
    event: { name: "Disk full", host: "h-1", site: "ams", severity: "high", tags: ["a", "b", "c"] },
    steps: { open: { output: { key: "ENG-42" } } },
  };
  const templates = createTemplates();
  const tree = compileTree(
    {
      a: texts[0],
      b: 1,
      c: { d: texts[1], e: true, f: [texts[2], "plain", null] },
      g: texts[3],
      h: "text",
      i: texts[4],
    },
    (text) => templates.parse(text, "bench"),
  );
  const liquid = new Liquid({ strictFilters: true, ownPropertyOnly: true });
  const parsed = texts.map((text) => liquid.parse(text));
  const TIMES = 2000;
  const ours = () => {
    for (let time = 0; time < TIMES; time += 1) renderTree(tree, scope);
  };
  const floor = () => {
    for (let time = 0; time < TIMES; time += 1) for (const template of parsed) liquid.renderSync(template, scope);
  };
  const samples = { ours: [], floor: [] };
  for (let round = -3; round < ROUNDS; round += 1) {
    for (const [side, run] of round % 2 === 0
      ? [
          ["ours", ours],
          ["floor", floor],
        ]
      : [
          ["floor", floor],
          ["ours", ours],
        ]) {
      const begun = process.cpuUsage();
      run();
      const { user, system } = process.cpuUsage(begun);
      if (round >= 0) samples[side].push((user + system) / 1e6);
    }
  }
  const ratio = median(samples.ours) / median(samples.floor);
  return {
    name: "a with of ten leaves, five of them templates, against LiquidJS",
    shown: `${ratio.toFixed(2)}x`,
    target: "at most 1.5x",
    met: ratio <= 1.5,
  };
}

async function planOf(count) {
  const lines = Array.from(
    { length: count },
    (_, index) => `  - { name: s${index}, type: any, with: { n: ${index} } }`,
  );
  const anything = {
    type: "any",
    kind: "step",
    title: "Any",
    connector: "none",
    effect: "read",
    repeatable: true,
    validate: async (value) => ({ value }),
    inputSchema: {},
  };
  const catalog = { stepType: async () => anything, connector: async () => undefined };
  const { plan, findings } = await planWorkflow(readWorkflow(`steps:\n${lines.join("\n")}\n`, "bench.yaml"), catalog);
  if (plan === undefined) throw new Error(JSON.stringify(findings.slice(0, 3)));
  return plan;
}

async function runTimes(plan, times) {
  for (let time = 0; time < times; time += 1) {
    const journal = new Map();
    let finished = 0;
    const host = {
      step: async (call) => {
        const output = { n: call.input.n };
        journal.set(call.path, output);
        return output;
      },
      decide: async (path, compute) => {
        const value = compute();
        journal.set(path, value);
        return value;
      },
      sleepUntil: async () => undefined,
      withTimeout: async (_path, _ms, signal, body) => body(signal),
      log: () => undefined,
      now: () => 0,
      random: () => 0.5,
      observe: (event) => {
        if (event.kind === "finished") finished += 1;
      },
    };
    const request = { runId: "bench", startedAt: 0, signal: new AbortController().signal };
    const { status } = await runPlan(plan, request, host);
    if (status !== "completed" || finished !== plan.steps.length) throw new Error(`The run ended ${status}.`);
  }
}

async function timed(run) {
  const begun = performance.now();
  await run();
  return (performance.now() - begun) / 1000;
}

function median(samples) {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function us(seconds) {
  return `${((seconds / LONG) * 1e6).toFixed(1)} µs`;
}

// Measures what Stepwire adds, each measure beside its floor in the same run: absolute times differ too much between
// machines, and between two minutes of one machine. `--quick` takes few rounds. Ends with exit code 1 on a missed target.
import { fork } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { compare } from "./lib/compare.mjs";
import { install } from "./lib/install.mjs";
import { largeWorkflow } from "./lib/large-workflow.mjs";
import { importedPlugins, writePlugins } from "./lib/plugins.mjs";

const PLUGINS = 200;
const BIN = "node_modules/stepwire/bin/stepwire.js";

const ONE_STEP_PACKAGE = {
  name: "one-step",
  private: true,
  type: "module",
  dependencies: { "@stepwire/connector-http": "^0.1.0", axios: "^1.0.0", stepwire: "^0.1.0" },
};

const { values } = parseArgs({ options: { quick: { type: "boolean", default: false } } });
const rounds = values.quick ? 5 : 25;
const temp = realpathSync(mkdtempSync(path.join(tmpdir(), "stepwire-bench-")));
try {
  const measures = [await listManyPlugins(), await runOneStep(), await validateLarge()];
  report(measures);
  process.exitCode = measures.every((measure) => measure.met) ? 0 : 1;
} finally {
  rmSync(temp, { recursive: true, force: true });
}

/** `stepwire types` with many packages installed, against an empty Node. */
async function listManyPlugins() {
  const cwd = newFolder("many-plugins");
  writePlugins(cwd, PLUGINS);
  install(cwd, ["stepwire"]);
  const check = (stdout) => {
    const { types } = JSON.parse(stdout);
    const good = types.filter((type) => type.status === "ok");
    if (good.length !== PLUGINS) throw new Error(`stepwire types listed ${good.length} of ${PLUGINS} plugins.`);
  };
  const { subject, floor } = await compare(
    { args: [BIN, "types", "--output", "json"], cwd, env: environment(cwd), check },
    { args: ["-e", "0"], cwd, env: environment(cwd) },
    rounds,
  );
  const imported = importedPlugins(cwd, PLUGINS);
  if (imported.length > 0) throw new Error(`stepwire types ran the code of ${imported.length} plugins.`);
  const value = subject.median - floor.median;
  const limit = 0.25;
  return {
    name: `types, ${PLUGINS} plugins`,
    against: "node -e 0",
    subject,
    floor,
    compared: "difference",
    value,
    limit,
    met: value <= limit,
  };
}

/** `stepwire run` of one http step, against a script that makes the same call with axios. */
async function runOneStep() {
  const cwd = newFolder("one-step");
  install(cwd, ["stepwire", "@stepwire/connector-http", "axios"]);
  const server = fork(fileURLToPath(new URL("lib/server.mjs", import.meta.url)), {
    stdio: ["ignore", "pipe", 2, "ipc"],
  });
  try {
    const [line] = await once(server.stdout.setEncoding("utf8"), "data");
    const url = `${line.trim()}/status`;
    writeFileSync(path.join(cwd, "package.json"), JSON.stringify(ONE_STEP_PACKAGE, null, 2));
    writeFileSync(path.join(cwd, "call.yaml"), workflow(url));
    copyFileSync(new URL("lib/floor-axios.mjs", import.meta.url), path.join(cwd, "call.mjs"));
    const answered = (stdout, { status, data } = {}) => {
      if (status !== 200 || data?.path !== "/status") throw new Error(`The call was not made:\n${stdout}`);
    };
    const env = environment(cwd);
    const { subject, floor } = await compare(
      {
        args: [BIN, "run", "call.yaml", "--output", "json"],
        cwd,
        env,
        check: (stdout) => answered(stdout, JSON.parse(stdout).steps[0].output),
      },
      { args: ["call.mjs", url], cwd, env, check: (stdout) => answered(stdout, JSON.parse(stdout)) },
      rounds,
    );
    const value = subject.median / floor.median;
    const limit = 1.5;
    return {
      name: "run, one http step",
      against: "axios script",
      subject,
      floor,
      compared: "ratio",
      value,
      limit,
      met: value <= limit,
    };
  } finally {
    server.disconnect();
  }
}

/** `stepwire validate` of a long workflow, against an empty Node. */
async function validateLarge() {
  const cwd = newFolder("large-workflow");
  install(cwd, ["stepwire", "@stepwire/connector-http"]);
  writeFileSync(path.join(cwd, "package.json"), JSON.stringify(ONE_STEP_PACKAGE, null, 2));
  const text = largeWorkflow(200_000);
  writeFileSync(path.join(cwd, "large.yaml"), text);
  const check = (stdout) => {
    const errors = JSON.parse(stdout).findings.filter(({ severity }) => severity === "error");
    if (errors.length > 0) throw new Error(`The workflow is not valid: ${JSON.stringify(errors[0])}`);
  };
  const { subject, floor } = await compare(
    { args: [BIN, "validate", "large.yaml", "--output", "json"], cwd, env: environment(cwd), check },
    { args: ["-e", "0"], cwd, env: environment(cwd) },
    rounds,
  );
  const value = subject.median - floor.median;
  const limit = 0.4;
  const name = `validate, ${Math.round(text.length / 1000)} KB`;
  return { name, against: "node -e 0", subject, floor, compared: "difference", value, limit, met: value <= limit };
}

function workflow(url) {
  return `name: call
steps:
  - name: call
    type: http
    with:
      url: ${url}
      method: GET
`;
}

function newFolder(name) {
  const folder = path.join(temp, name);
  mkdirSync(folder);
  return folder;
}

/** The same for both sides; what could change how Node starts is left out, and the compile cache is a fresh one. */
function environment(folder) {
  const kept = Object.entries(process.env).filter(([name]) => !/^(?:NODE_|npm_)/i.test(name));
  return { ...Object.fromEntries(kept), NO_COLOR: "1", TMPDIR: folder, TEMP: folder, TMP: folder };
}

function report(measures) {
  const milliseconds = ({ median, q1, q3 }) => `${ms(median)} (${ms(q1)}..${ms(q3)})`;
  console.log(`CPU in ms: median of ${rounds} rounds, and the range that holds the middle half of them\n`);
  const rows = measures.map(({ name, against, subject, floor, compared, value, limit, met }) => [
    name,
    milliseconds(subject),
    against,
    milliseconds(floor),
    compared === "ratio" ? `${value.toFixed(2)}x` : `+${ms(value)}`,
    `at most ${compared === "ratio" ? `${limit}x` : `+${ms(limit)}`}`,
    met ? "met" : "MISSED",
  ]);
  printTable([["measure", "stepwire", "floor", "floor's CPU", "result", "target", ""], ...rows]);
  const machine = { node: process.versions.node, platform: `${process.platform}-${process.arch}`, cpus: cpus().length };
  const file = new URL("results.json", import.meta.url);
  writeFileSync(file, `${JSON.stringify({ unit: "CPU seconds", rounds, machine, measures }, null, 2)}\n`);
}

function printTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) {
    const cells = row.map((cell, column) => cell.padEnd(widths[column]));
    console.log(cells.join("  ").trimEnd());
  }
}

function ms(seconds) {
  return (seconds * 1000).toFixed(0);
}

// `npm run test:mutations`: breaks one rule at a time of the host or a connector, in a copy, and demands that a test
// notices. A mutation whose tests stay green is a rule that nothing holds. `-- SUITE` runs one package's list,
// `-- WORD` the mutations whose name holds the word, `-- SUITE WORD` those of the list.
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { MUTATIONS as casesWebhook } from "./mutations/cases-webhook.mjs";
import { MUTATIONS as host } from "./mutations/host.mjs";
import { MUTATIONS as http } from "./mutations/http.mjs";
import { MUTATIONS as jira } from "./mutations/jira.mjs";
import { MUTATIONS as slack } from "./mutations/slack.mjs";

const SUITES = { host, slack, jira, http, "cases-webhook": casesWebhook };
const root = path.resolve(import.meta.dirname, "..");
const copy = mkdtempSync(path.join(tmpdir(), "stepwire-mutations-"));
try {
  const wanted = wantedSuites(process.argv.slice(2));
  copyRepository();
  checkLists(Object.keys(wanted));
  const outcomes = Object.entries(wanted).flatMap(([suite, mutations]) => run(suite, mutations));
  const survived = outcomes.filter((outcome) => outcome !== "killed").length;
  console.log(`\n${outcomes.length - survived} killed, ${survived} survived`);
  process.exitCode = survived === 0 ? 0 : 1;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}

/** The mutations that the arguments name, by suite. Without a single one the test runner would run every test there is. */
function wantedSuites([first = "", ...others]) {
  const isSuite = Object.hasOwn(SUITES, first);
  const [word = "", ...rest] = isSuite ? others : [first, ...others];
  const lists = Object.entries(SUITES)
    .filter(([suite]) => !isSuite || suite === first)
    .map(([suite, mutations]) => [suite, mutations.filter(({ name }) => name.includes(word))])
    .filter(([, mutations]) => mutations.length > 0);
  if (lists.length > 0 && rest.length === 0) return Object.fromEntries(lists);
  const problem = rest.length > 0 ? `${rest.join(" ")} is too much.` : `No mutation has "${word}" in its name.`;
  throw new Error(`${problem} Write: npm run test:mutations -- [${Object.keys(SUITES).join(" | ")}] [WORD]`);
}

function run(suite, mutations) {
  console.log(`${suite}:`);
  const clean = vitest([...new Set(mutations.flatMap(({ tests }) => tests))]);
  if (!clean.green) throw new Error(`Without any mutation these tests must pass:\n${clean.output}`);
  return mutations.map((mutation) => {
    const outcome = judge(mutation);
    console.log(`${outcome.padEnd(8)}  ${mutation.name}`);
    return outcome;
  });
}

/** Sources and tests are copied; what is installed is shared. The copy's own packages stand before the installed links. */
function copyRepository() {
  for (const name of ["package.json", "tsconfig.base.json", "vitest.config.ts", "docs", "packages"]) {
    const filter = (source) => !/(?:^|[\\/])(?:node_modules|dist|\.turbo)$/.test(source);
    cpSync(path.join(root, name), path.join(copy, name), { recursive: true, filter });
  }
  const modules = path.join(copy, "node_modules");
  mkdirSync(path.join(modules, "@stepwire"), { recursive: true });
  for (const name of readdirSync(path.join(root, "node_modules"))) {
    if (name !== "@stepwire") symlinkSync(path.join(root, "node_modules", name), path.join(modules, name));
  }
  for (const folder of readdirSync(path.join(copy, "packages"))) {
    const { name } = JSON.parse(readFileSync(path.join(copy, "packages", folder, "package.json"), "utf8"));
    if (name.startsWith("@stepwire/")) symlinkSync(path.join(copy, "packages", folder), path.join(modules, name));
  }
}

/** A mutation that no longer fits the code would prove nothing. */
function checkLists(suites) {
  const all = suites.flatMap((suite) => SUITES[suite]);
  const wrong = all.flatMap(({ name, file, find, replace, tests }) => {
    // A run without any test fails too, and would look like a test that noticed.
    const missing = tests.find((test) => !existsSync(path.join(copy, test)));
    if (missing !== undefined || tests.length === 0) return [`  ${name}: there is no ${missing ?? "test for it"}`];
    const count = readFileSync(path.join(copy, file), "utf8").split(find).length - 1;
    if (count !== 1) return [`  ${name}: its text occurs ${count} times in ${file}`];
    return find === replace ? [`  ${name}: it changes nothing`] : [];
  });
  if (wrong.length > 0) throw new Error(`These mutations do not fit the code any more:\n${wrong.join("\n")}`);
}

function judge({ file, find, replace, tests }) {
  const target = path.join(copy, file);
  const original = readFileSync(target, "utf8");
  writeFileSync(
    target,
    original.replace(find, () => replace),
  );
  const { green, noticed } = vitest(tests);
  writeFileSync(target, original);
  // Code that cannot even be loaded fails as well, and proves nothing of a rule.
  return green ? "SURVIVED" : noticed ? "killed" : "BROKEN";
}

function vitest(files) {
  const args = [
    "run",
    "--project",
    "unit",
    "--bail",
    "1",
    // A broken rule often shows as a wait without end.
    "--testTimeout",
    "6000",
    "--reporter",
    "dot",
    ...files,
  ];
  const bin = path.join(root, "node_modules/vitest/vitest.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    cwd: copy,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
    timeout: 120_000,
  });
  // A run that hangs has no last lines, and is noticed by whoever waits for it.
  const noticed = status === null || /^ *(?:Tests .*\bfailed|Errors )/m.test(stdout);
  return { green: status === 0, noticed, output: stdout + stderr };
}

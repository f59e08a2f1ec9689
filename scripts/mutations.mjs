// `npm run test:mutations`: breaks one rule of the host at a time, in a copy, and demands that a test notices. A
// mutation whose tests stay green is a rule that nothing holds. `-- NAME` runs those whose name holds the word.
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

import { MUTATIONS } from "./mutations/host.mjs";

const TESTS = "packages/host/test";
const root = path.resolve(import.meta.dirname, "..");
const copy = mkdtempSync(path.join(tmpdir(), "stepwire-mutations-"));
const wanted = process.argv[2] ?? "";
const mutations = MUTATIONS.filter(({ name }) => name.includes(wanted));
try {
  copyRepository();
  checkList();
  const files = [...new Set(mutations.flatMap(({ tests }) => tests))];
  const clean = vitest(files);
  if (!clean.green) throw new Error(`Without any mutation these tests must pass:\n${clean.output}`);
  let survived = 0;
  for (const mutation of mutations) {
    const outcome = judge(mutation);
    if (outcome !== "killed") survived += 1;
    console.log(`${outcome.padEnd(8)}  ${mutation.name}`);
  }
  console.log(`\n${mutations.length - survived} killed, ${survived} survived`);
  process.exitCode = survived === 0 ? 0 : 1;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
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
function checkList() {
  const wrong = MUTATIONS.flatMap(({ name, file, find, replace, tests }) => {
    // A run without any test fails too, and would look like a test that noticed.
    const missing = tests.find((test) => !existsSync(path.join(copy, TESTS, test)));
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
    ...files.map((name) => `${TESTS}/${name}`),
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

// `npm run check`: build, types, lint, packages, tests, the pages made of them; ends with the honest count of tests.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";

import { summarize } from "./summary.mjs";

process.env.TURBO_TELEMETRY_DISABLED = "1";
process.env.DO_NOT_TRACK = "1";
// An old report must not speak for tests that did not run.
rmSync("reports", { recursive: true, force: true });

let failedChecks = 0;
for (const script of [
  "build",
  "typecheck",
  "lint",
  "lint:packages",
  "test",
  "envelope-table -- --check",
  "parity",
  "connector-readmes -- --check",
  "workflow-reference -- --check",
  "contract-reference -- --check",
  "performance -- --check",
  "changesets",
]) {
  console.log(`\n> ${script}`);
  const { status } = spawnSync("npm", ["run", "--silent", ...script.split(" ")], {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status === 0) continue;
  if (script !== "test") failedChecks += 1;
  console.error(`${script} failed`);
  // Nothing after a broken build can be trusted; every other check is worth seeing in one go.
  if (script === "build") break;
}
// A failed check counts like a failed test, so that the last line cannot look better than the run was.
const summary = summarize("reports/vitest.json", failedChecks);
console.log(`\n${summary.line}`);
process.exitCode = summary.good ? 0 : 1;

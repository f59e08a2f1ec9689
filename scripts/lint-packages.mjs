// Looks at every published package as npm would pack it: its fields and files (publint), and its types (attw).
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

let failed = false;
for (const folder of ["packages", "apps"].flatMap((root) => readdirSync(root).map((name) => `${root}/${name}`))) {
  const json = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  if (json.private) continue;
  run("publint", ["run", folder, "--strict", "--pack", "npm"]);
  // A package that is nothing but a command has no types.
  if (json.exports?.["."] !== undefined) run("attw", ["--pack", folder, "--profile", "esm-only", "--format", "ascii"]);
}
process.exitCode = failed ? 1 : 0;

function run(tool, args) {
  const { status, stdout, stderr } = spawnSync("npm", ["exec", "--", tool, ...args], { encoding: "utf8" });
  if (status === 0) return;
  failed = true;
  console.error(stdout + stderr);
}

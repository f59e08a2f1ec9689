// Looks at every published package as npm would pack it.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

let failed = false;
for (const folder of ["packages", "apps"].flatMap((root) => readdirSync(root).map((name) => `${root}/${name}`))) {
  if (JSON.parse(readFileSync(`${folder}/package.json`, "utf8")).private) continue;
  const { status, stdout, stderr } = spawnSync(
    "npm",
    ["exec", "--", "publint", "run", folder, "--strict", "--pack", "npm"],
    { encoding: "utf8" },
  );
  if (status === 0) continue;
  failed = true;
  console.error(stdout + stderr);
}
process.exitCode = failed ? 1 : 0;

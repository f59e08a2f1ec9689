// `npm run changesets` compares each connector's built manifest with that of its published version, which is kept in
// .changeset/published, and fails where the changesets raise it by less than is due. `-- --write`, a part of
// `npm run version-packages`, keeps the manifests that are about to be published.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { parseChangesetFile } from "@changesets/parse";
import { packageDigest } from "@stepwire/core/build-manifest";

import { changesetProblems } from "./changesets/problems.mjs";

const snapshotOf = (name) => join(".changeset/published", `${name}.json`);
const readJson = (file) => JSON.parse(readFileSync(file, "utf8"));

const packages = [];
for (const folder of readdirSync("packages").map((name) => join("packages", name))) {
  const json = existsSync(join(folder, "package.json")) ? readJson(join(folder, "package.json")) : {};
  if (json.stepwire === undefined || json.private) continue;
  const built = await builtManifest(folder, json);
  const snapshot = snapshotOf(json.name);
  const published = existsSync(snapshot) ? readJson(snapshot) : undefined;
  packages.push({ name: json.name, built, published });
}

if (process.argv.includes("--write")) {
  for (const { name, built } of packages) {
    mkdirSync(dirname(snapshotOf(name)), { recursive: true });
    writeFileSync(snapshotOf(name), `${JSON.stringify(built, null, 2)}\n`);
  }
  console.log(`${packages.length} manifests kept in .changeset/published`);
} else {
  const problems = changesetProblems(packages, readChangesets());
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
  const fresh = packages.filter(({ published }) => published === undefined);
  console.log(`${packages.length - fresh.length} packages compared with what is published, ${fresh.length} are new`);
}

function readChangesets() {
  const files = readdirSync(".changeset").filter((name) => name.endsWith(".md") && name !== "README.md");
  return files.map((name) => parseChangesetFile(readFileSync(join(".changeset", name), "utf8")));
}

/** The manifest of what would be published now: one that is older than the files beside it says nothing of them. */
async function builtManifest(folder, json) {
  const file = join(folder, json.stepwire.manifest);
  const built = existsSync(file) ? readJson(file) : undefined;
  if (built?.version === json.version && built.digest === (await packageDigest(folder))) return built;
  throw new Error(`${file} is missing or older than its package. Build it: npm run build`);
}

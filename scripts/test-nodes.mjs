// `npm run test:nodes`: the conformance kit's own tests on every line of Node that its users have. Node 24 is what the
// repository runs on anyway; the others come from npm, into a folder that is kept for the next time.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";

const VERSIONS = ["22.23.3", "24.21.0", "26.10.0"];
const system = { win32: "win" }[process.platform] ?? process.platform;
const root = path.resolve(import.meta.dirname, "..");

let failed = false;
for (const version of VERSIONS) {
  const { status, stdout } = run(nodeOf(version), [
    path.join(root, "node_modules/vitest/vitest.mjs"),
    "run",
    "--project",
    "unit",
    "--reporter",
    "dot",
    "packages/testkit",
  ]);
  const [tests = "no tests ran"] = /^ *Tests .*$/m.exec(stdout) ?? [];
  console.log(`Node ${version}: ${tests.trim()}`);
  if (status === 0) continue;
  failed = true;
  console.error(stdout);
}
process.exitCode = failed ? 1 : 0;

function nodeOf(version) {
  const folder = path.join(root, "node_modules/.cache/nodes", version);
  const name = `node-${system}-${process.arch}`;
  const bin = path.join(folder, "node_modules", name, "bin");
  if (!existsSync(bin)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "package.json"), '{ "private": true }\n');
    const { status, stderr } = run(
      "npm",
      ["install", "--no-audit", "--no-fund", "--ignore-scripts", `${name}@${version}`],
      folder,
    );
    if (status !== 0) throw new Error(`Node ${version} could not be installed as ${name}:\n${stderr}`);
  }
  return path.join(bin, readdirSync(bin).find((file) => /^node(?:\.exe)?$/.test(file)) ?? "node");
}

function run(command, args, cwd = root) {
  const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined };
  const result = spawnSync(command, args, {
    cwd,
    env,
    encoding: "utf8",
    shell: command === "npm" && process.platform === "win32",
    maxBuffer: 2 ** 26,
  });
  return { ...result, stdout: `${result.stdout ?? ""}${result.stderr ?? ""}` };
}

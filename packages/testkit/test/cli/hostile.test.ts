/** What a package or its scenarios do to the command, by a slip or on purpose. */
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect, it, onTestFinished } from "vitest";

import { plant } from "../kit/faulty.ts";
import { kit, printed, start } from "./support.ts";

const SCENARIOS = ["--scenarios", "scenarios.js"];
const FIRST = "import { defineConnection";

/** The sample with a line before its first one, not imported here; its digest is stale. */
const withLine = (line: string) => plant([["index.js", FIRST, `${line}\n${FIRST}`]], "unloaded");

function tempFolder(): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "stepwire-hostile-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

it.each([
  ["ends the process", "process.exit(0);", "ended the process before it was looked at"],
  ["waits for ever", "await new Promise(() => {});", "waits for something that never comes"],
  ["fails later", 'setTimeout(() => { throw new Error("too late"); });', "failed outside of every call: too late"],
  [
    "throws what is no error",
    "throw null;",
    "index.js cannot be imported: Something other than an error was thrown: null",
  ],
])("a package that %s does not pass", async (_, line, says) => {
  const { folder } = await withLine(line);
  const { code, stdout, stderr } = await kit(["check", ...SCENARIOS], folder);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(says);
  const asJson = await kit(["check", ...SCENARIOS, "--output", "json"], folder);
  expect(JSON.parse(asJson.stdout)).toMatchObject({ status: "refused" });
});

it("ends though the package keeps a timer, and gives one document though it prints", async () => {
  const { folder } = await withLine('setInterval(() => {}, 1000); console.log("loud");');
  const { code, stdout, stderr } = await kit(["check", ...SCENARIOS, "--output", "json"], folder);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ package: "stepwire-connector-pager" });
  expect(stderr).toContain("loud");
});

it("refuses scenarios with a slip in them, saying where", async () => {
  const { folder } = await plant([]);
  writeFileSync(
    path.join(folder, "wrong.js"),
    'export default { "acme/pager": { connector: {}, actions: { page: { exmples: [] } } } };',
  );
  const { code, stderr } = await kit(["check", "--scenarios", "wrong.js"], folder);
  expect(code).toBe(2);
  expect(stderr).toContain("acme/pager.actions.page: There is no exmples. Did you mean examples?");
});

it("writes nothing beside its own folders, whatever a package is called", async () => {
  const outside = path.join(tempFolder(), "escaped");
  const name = path.relative(path.join(tmpdir(), "stepwire-kit-abcdef", "node_modules"), outside);
  const { folder } = await plant([["package.json", '"stepwire-connector-pager"', JSON.stringify(name)]], "unloaded");
  const { code, stdout } = await kit(["check", ...SCENARIOS], folder);
  expect(code).toBe(1);
  expect(stdout).toContain("package.json name: npm takes no package of the name");
  expect(existsSync(outside)).toBe(false);
});

it("lets nothing of a package steer the terminal", async () => {
  const { folder } = await plant([]);
  const old = path.join(folder, "old.json");
  const hostile = "\u001B]0;x\u0007\nfaked: line";
  const { default: manifest } = (await import(path.join(folder, "stepwire.json"), { with: { type: "json" } })) as {
    default: { connectorTypes: object[] };
  };
  const types = manifest.connectorTypes.map((type) => ({ ...type, hosts: [hostile] }));
  writeFileSync(old, JSON.stringify({ ...manifest, version: hostile, connectorTypes: types }));
  for (const args of [
    ["diff", "old.json"],
    ["diff", "old.json", "--output", "json"],
  ]) {
    const { stdout } = await kit(args, folder);
    expect(stdout).not.toContain("\u001B");
    expect(stdout).not.toMatch(/^faked/m);
    expect(stdout).toContain("faked: line");
  }
});

it("unpacks no more than a package can be, and nothing but files", async () => {
  const folder = tempFolder();
  mkdirSync(path.join(folder, "package"));
  writeFileSync(path.join(folder, "package/package.json"), "{}");
  symlinkSync("/etc", path.join(folder, "package/link"));
  execFileSync("tar", ["-czf", "link.tgz", "package"], { cwd: folder });
  writeFileSync(path.join(folder, "zeros"), Buffer.alloc(65 * 1024 * 1024));
  execFileSync("tar", ["-czf", "bomb.tgz", "zeros"], { cwd: folder });
  const bomb = await kit(["check", "bomb.tgz"], folder);
  expect(bomb).toMatchObject({ code: 2, stdout: "" });
  expect(bomb.stderr).toContain("it is larger than 64 MB when unpacked");
  expect((await kit(["check", "link.tgz"], folder)).stderr).toContain("link is neither a file nor a folder");
});

it.skipIf(process.platform === "win32")("leaves no folder behind after Ctrl-C", async () => {
  const { folder } = await plant([]);
  const place = tempFolder();
  execFileSync("npm", ["pack", "--silent", "--ignore-scripts"], { cwd: folder });
  writeFileSync(
    path.join(folder, "waits.js"),
    'console.log("here"); setInterval(() => {}, 1000); await new Promise(() => {});',
  );
  const args = ["check", "stepwire-connector-pager-1.2.0.tgz", "--scenarios", "waits.js"];
  const child = start(args, folder, { TMPDIR: place });
  await printed(child, /here/);
  expect(readdirSync(place)).not.toEqual([]);
  const ended = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGINT");
  expect(await ended).toBe(3);
  expect(readdirSync(place)).toEqual([]);
});

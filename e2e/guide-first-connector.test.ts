/**
 * docs/guides/your-first-connector.md, done from its first line to its last: every file is written, every command is run
 * where the reader would be, every output that is shown is compared.
 *
 * Four commands need a registry that has these packages, and are replaced; e2e/published.test.ts goes the same way through
 * a real one. `npm create` runs the workspace's package, `npm install` links what it would install, in the author's folder
 * and in the project, and `npm publish` packs. The stand-in listens on a free port instead of 4010.
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { beforeAll, expect, it, onTestFinished } from "vitest";

import { blocksOf, commandsOf, type Block } from "./support/guide.ts";
import { execute } from "./support/npm.ts";

const root = path.resolve(import.meta.dirname, "..");
const env = { PATH: [path.dirname(process.execPath), process.env["PATH"]].join(path.delimiter) };

let port: string;

beforeAll(async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = String((server.address() as AddressInfo).port);
  await new Promise((resolve) => server.close(resolve));
});

it("works as it stands", { timeout: 300_000 }, async () => {
  const page = readFileSync(path.join(root, "docs/guides/your-first-connector.md"), "utf8").replaceAll("4010", port);
  const temp = realpathSync(mkdtempSync(path.join(tmpdir(), "stepwire-guide-")));
  onTestFinished(() => rmSync(temp, { recursive: true, force: true }));
  let folder = temp;
  let output = "";

  const run = async (line: string): Promise<void> => {
    const [, place] = /^cd (\S+)$/.exec(line) ?? [];
    if (place !== undefined) folder = path.join(folder, place);
    else output += await said(replaced(line, folder), folder);
  };
  const act = async ({ language, name, text }: Block, commands: readonly string[]): Promise<void> => {
    if (language === "text") return compare(text, output);
    if (name === "background") return startServer(commands, folder);
    if (name !== "") return writeFileSync(path.join(folder, name), text);
    expect(language, `A block of the guide is neither a file nor commands nor output:\n${text}`).toBe("sh");
    output = "";
    for (const command of commands) await run(command);
  };
  for (const block of blocksOf(page)) await act(block, commandsOf(block));
});

/** Runs a line of the reader's shell, which must succeed. */
async function said(line: string, folder: string): Promise<string> {
  if (line === "") return "";
  // Both streams in one, as a terminal shows them.
  const { status, stdout } = await execute("sh", ["-c", `{ ${line}; } 2>&1`], folder, env);
  expect(status, `${line}\n${stdout}`).toBe(0);
  return stdout;
}

/** The command in its place where it would need a registry; empty where it is done already. */
function replaced(line: string, folder: string): string {
  const created = /^npm create stepwire-connector (\S+) -- (.*)$/.exec(line);
  if (created !== null) {
    const bin = path.join(root, "packages/create-connector/bin/create-stepwire-connector.js");
    return `node '${bin}' ${created[1]} ${created[2]}`;
  }
  if (line === "npm install") return install(folder);
  if (line === "npm install stepwire @acme/stepwire-connector-pager") return installPager(folder);
  if (line === "npm publish --access public") return "npm pack";
  expect(line, "It would ask a registry.").not.toMatch(/^npm (?:create|install|publish|ci)\b/);
  return line;
}

/** Links what a package.json names, and no more. */
function install(folder: string): string {
  const json = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as Record<string, object>;
  link(folder, [...Object.keys(json["dependencies"] ?? {}), ...Object.keys(json["devDependencies"] ?? {}), ".bin"]);
  return "";
}

/** Unpacks what was published beside the links, and notes it in package.json as npm does. */
function installPager(folder: string): string {
  link(folder, ["stepwire", "@stepwire/core", "zod", ".bin"]);
  const target = path.join(folder, "node_modules/@acme/stepwire-connector-pager");
  mkdirSync(target, { recursive: true });
  const file = path.join(folder, "../pager/acme-stepwire-connector-pager-0.1.0.tgz");
  execFileSync("tar", ["-xzf", file, "-C", target, "--strip-components=1"]);
  return "npm pkg set dependencies.stepwire=^0.1.0 dependencies.@acme/stepwire-connector-pager=^0.1.0";
}

function link(folder: string, names: readonly string[]): void {
  for (const name of names) {
    const place = path.join(folder, "node_modules", name);
    mkdirSync(path.dirname(place), { recursive: true });
    symlinkSync(path.join(root, "node_modules", name), place, "junction");
  }
}

/** Starts what the reader starts in another terminal, and waits for its first word. */
async function startServer([line = ""]: readonly string[], folder: string): Promise<void> {
  const [, script = ""] = /^node (\S+)$/.exec(line) ?? [];
  const child = spawn(process.execPath, [script], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill());
  await new Promise((resolve, reject) => {
    child.stdout.once("data", resolve);
    child.once("exit", () => reject(new Error(`${line} ended.`)));
  });
}

/** What the guide shows is there; `…` in it stands for anything, and so does every count of milliseconds. */
function compare(shown: string, output: string): void {
  const escaped = shown.trimEnd().replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const pattern = escaped.replaceAll("…", String.raw`[\s\S]*?`).replaceAll(/\d+ ms/g, String.raw`\d+ ms`);
  expect(output).toMatch(new RegExp(pattern));
}

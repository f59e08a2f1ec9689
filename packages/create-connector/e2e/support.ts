import { execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { onTestFinished } from "vitest";

const root = path.resolve(import.meta.dirname, "../../..");
export const kit = path.join(root, "packages/testkit/bin/stepwire-kit.js");
const bin = path.resolve(import.meta.dirname, "../bin/create-stepwire-connector.js");

/** A folder that is taken away after the test. */
export function tempFolder(): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "stepwire-create-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The environment of a user's shell, without what npm and vitest set for their children. */
function cleanEnv(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(?:npm_|NODE_OPTIONS$|NODE_ENV$|VITEST|FORCE_COLOR$)/i.test(name),
  );
  return { ...Object.fromEntries(kept), NO_COLOR: "1", TERM: "xterm-256color" };
}

export interface Ended {
  readonly status: number | null;
  readonly said: string;
}

/** A command, with what it said on both its streams. Never rejects. */
export function execute(command: string, args: string[], cwd: string): Promise<Ended> {
  const options = { cwd, env: cleanEnv(), maxBuffer: 64 * 1024 * 1024 };
  return new Promise((resolve) => {
    execFile(command, args, options, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code), said: stdout + stderr });
    });
  });
}

/** The command with lines of a pipe as answers; `isOpen`: the pipe stays open behind them. */
export function piped(args: string[], cwd: string, lines: readonly string[], isOpen = false): Promise<Ended> {
  const child = spawn(process.execPath, [bin, ...args], { cwd, env: cleanEnv() });
  child.stdin.write(lines.map((line) => `${line}\n`).join(""));
  if (!isOpen) child.stdin.end();
  return ended(child);
}

/** The command on a terminal, which util-linux's `script` stands for: types each answer when its question is there. */
export function onTerminal(cwd: string, answers: readonly (readonly [question: string, keys: string])[]) {
  const child = spawn("script", ["-qec", `'${process.execPath}' '${bin}'`, "/dev/null"], { cwd, env: cleanEnv() });
  const left = [...answers];
  let screen = "";
  let seen = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    screen += chunk.toString();
    for (let next = left[0]; next !== undefined; next = left[0]) {
      const at = screen.indexOf(next[0], seen);
      if (at === -1) return;
      seen = at + next[0].length;
      left.shift();
      child.stdin.write(next[1]);
    }
  });
  return ended(child);
}

function ended(child: ReturnType<typeof spawn>): Promise<Ended> {
  onTestFinished(() => void child.kill("SIGKILL"));
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve) => child.once("close", (status) => resolve({ status, said })));
}

/** What `npm install` would bring into a package, linked from this repository: what its package.json names, and no more. */
export function link(folder: string): void {
  const json = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as Record<
    "dependencies" | "devDependencies",
    Record<string, string>
  >;
  for (const name of [...Object.keys(json.dependencies), ...Object.keys(json.devDependencies), ".bin"]) {
    const place = path.join(folder, "node_modules", name);
    mkdirSync(path.dirname(place), { recursive: true });
    symlinkSync(path.join(root, "node_modules", name), place, "junction");
  }
}

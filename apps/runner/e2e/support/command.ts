/** The built command as a child process. */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import path from "node:path";

import { onCleanup, root } from "./project.ts";

export const bin = path.join(root, "apps/runner/bin/stepwire.js");

export interface Result {
  status: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface StartOptions {
  cwd: string;
  env?: Record<string, string>;
  /** What standard input holds; nothing unless given. */
  stdin?: string;
  /** Arguments of Node itself. */
  nodeArgs?: string[];
}

export interface Started {
  child: ChildProcessWithoutNullStreams;
  done: Promise<Result>;
  /** Resolves when stderr (or stdout) has this text in it. */
  shows(text: string): Promise<void>;
}

/** An environment with nothing of the machine's own in it that could change what is shown. */
export const cleanEnv = (extra: Record<string, string> = {}): Record<string, string> => ({
  PATH: process.env["PATH"] ?? "",
  ...extra,
});

export function startProcess(file: string, args: string[], { cwd, env, stdin = "" }: StartOptions): Started {
  const child = spawn(file, args, { cwd, env: cleanEnv(env) });
  onCleanup(() => void child.kill("SIGKILL"));
  const texts = { stdout: "", stderr: "" };
  const waiting: { text: string; resolve: () => void }[] = [];
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (chunk: string) => {
      texts[name] += chunk;
      for (const { text, resolve } of waiting) if (texts[name].includes(text)) resolve();
    });
  }
  const done = new Promise<Result>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status, signal) => resolve({ status, signal, ...texts }));
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(stdin);
  const shows = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.push({ text, resolve });
      if (texts.stdout.includes(text) || texts.stderr.includes(text)) resolve();
      void done.then(
        () => reject(new Error(`It ended without showing ${text}:\n${texts.stdout}${texts.stderr}`)),
        reject,
      );
    });
  return { child, done, shows };
}

export function start(args: string[], options: StartOptions): Started {
  return startProcess(process.execPath, [...(options.nodeArgs ?? []), bin, ...args], options);
}

export function stepwire(args: string[], options: StartOptions): Promise<Result> {
  return start(args, options).done;
}

/** Runs with `--output json`: the one document that is all of stdout. */
export async function stepwireJson(args: string[], options: StartOptions): Promise<{ result: Result; json: unknown }> {
  const result = await stepwire([...args, "--output", "json"], options);
  return { result, json: JSON.parse(result.stdout) as unknown };
}

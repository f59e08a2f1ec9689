import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import path from "node:path";

const MAIN = path.resolve(import.meta.dirname, "run.mjs");

/** The command from sources, in a process of its own. */
export function start(
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
): ChildProcessWithoutNullStreams {
  const condition = "--conditions=@stepwire/source";
  return spawn(process.execPath, [condition, MAIN, ...args], {
    cwd,
    env: { ...process.env, NODE_OPTIONS: condition, NO_COLOR: "1", ...env },
  });
}

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export async function kit(
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
  stdin = "",
): Promise<Ended> {
  const child = start(args, cwd, env);
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => (stdout += String(chunk)));
  child.stderr.on("data", (chunk) => (stderr += String(chunk)));
  child.stdin.end(stdin);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, stdout, stderr };
}

/** Waits until a child has printed something; rejects if it ends before. */
export function printed(child: ChildProcessWithoutNullStreams, wanted: RegExp): Promise<string> {
  let seen = "";
  return new Promise((resolve, reject) => {
    const look = (chunk: unknown) => {
      seen += String(chunk);
      if (!wanted.test(seen)) return;
      child.stdout.off("data", look);
      resolve(seen);
    };
    child.stdout.on("data", look);
    child.once("close", () => reject(new Error(`It ended without ${wanted}:\n${seen}`)));
  });
}

import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const FOLDER = fileURLToPath(new URL("..", import.meta.url));
/** Where the scripts of `debian/` keep their files. */
export const STATE = join(FOLDER, ".targets");

/** Programs that a system needs and that are not there; `install` says how to get them. */
export interface Missing {
  readonly missing: readonly string[];
  readonly install: string;
}

/**
 * Starts a system with its script in `debian/`, or says what is missing for it. One that runs already is used, and left
 * running at `close`.
 */
export async function startSystem(name: string): Promise<Missing | { close(): Promise<void> }> {
  const install = `packages/test-rig/debian/${name}.sh install`;
  if (process.platform !== "linux") return { missing: ["Linux"], install };
  const missing = (await run(name, "missing")).split("\n").filter((line) => line !== "");
  if (missing.length > 0) return { missing, install };
  const ownStart = !(await run(name, "start")).startsWith("already up");
  return {
    async close() {
      if (ownStart) await run(name, "stop");
    },
  };
}

/** A system that a test wants, or nothing, said on stderr: a skipped test is easily taken for a passed one. */
export async function orSkip<T extends object>(what: string, system: Promise<T | Missing>): Promise<T | undefined> {
  const started = await system;
  if (!("missing" in started)) return started;
  for (const program of started.missing) console.error(`SKIPPED: ${what}: ${program} is missing (${started.install})`);
  return undefined;
}

async function run(name: string, command: "missing" | "start" | "stop"): Promise<string> {
  const { stdout } = await promisify(execFile)(join(FOLDER, "debian", `${name}.sh`), [command], {
    env: { ...process.env, TARGETS_STATE: STATE },
  });
  return stdout;
}

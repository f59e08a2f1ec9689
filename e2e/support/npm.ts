import { execFile } from "node:child_process";

export interface Result {
  status: number;
  stdout: string;
  stderr: string;
}

/**
 * The environment of a user's shell: what npm and vitest set for their children would reach the commands under test.
 * npm started by Node looks for its machine-wide settings beside that Node, so where they are has to stay known.
 */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(?:npm_|NODE_OPTIONS$|NODE_ENV$|VITEST|FORCE_COLOR$)/i.test(name) ||
      ["npm_config_globalconfig", "npm_config_cache"].includes(name.toLowerCase()),
  );
  return { ...Object.fromEntries(kept), NO_COLOR: "1" };
}

/** Runs a command as a user would. Never rejects. */
export function execute(command: string, args: string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<Result> {
  const options = {
    cwd,
    env: { ...cleanEnvironment(), ...env },
    shell: command === "npm" && process.platform === "win32",
    maxBuffer: 64 * 1024 * 1024,
  };
  return new Promise((resolve) => {
    execFile(command, args, options, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ status, stdout, stderr });
    });
  });
}

/** Runs npm and gives what it printed. Rejects with its words where it fails. */
export async function npm(args: string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { status, stdout, stderr } = await execute("npm", args, cwd, env);
  if (status !== 0) throw new Error(`npm ${args.join(" ")} ended with exit code ${status}:\n${stderr}${stdout}`);
  return stdout;
}

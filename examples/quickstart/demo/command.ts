import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { findPackageJSON } from "node:module";
import { dirname, resolve } from "node:path";

/** The file behind the `stepwire` command, as installed for this project. */
export async function findCommand(): Promise<string> {
  const manifest = findPackageJSON("stepwire", import.meta.url);
  if (manifest === undefined) throw new Error("The package `stepwire` is not installed; run `npm install` first.");
  const { bin } = JSON.parse(await readFile(manifest, "utf8")) as { bin: { stepwire: string } };
  const file = resolve(dirname(manifest), bin.stepwire);
  if (!existsSync(file)) throw new Error(`${file} does not exist; run \`npm run build\` in the repository first.`);
  return file;
}

/** Runs the command in this project's folder, with the terminal handed through, and gives its exit code. */
export async function runCommand(file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(process.execPath, [file, ...args], {
    cwd: resolve(import.meta.dirname, ".."),
    env: { ...process.env, ...env },
    stdio: ["ignore", "inherit", "inherit"],
    timeout: 60_000,
  });
  const [code] = (await once(child, "exit")) as [number | null];
  // No code means that a signal ended it.
  return code ?? 3;
}

/**
 * `stepwire-manifest`: run without arguments in a connector package's folder, after its JavaScript is built.
 * It imports the package once and writes what hosts may then read without importing anything.
 */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

import { StepwireError } from "../errors.ts";
import { buildManifest } from "./build-manifest.ts";

/** Writes the manifest of the package in `folder` and returns its path. Throws `plugin-invalid`. */
export async function writeManifest(folder: string): Promise<string> {
  const { manifest, path: file } = await buildManifest(folder);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(manifest, null, 2)}\n`);
  return file;
}

/** The command: says what it wrote, or what is wrong on stderr with exit code 1. */
export async function main(): Promise<void> {
  try {
    const written = await writeManifest(process.cwd());
    process.stdout.write(`${path.relative(process.cwd(), written)} written\n`);
  } catch (error) {
    process.stderr.write(`stepwire-manifest: ${StepwireError.from(error).message}\n`);
    process.exitCode = 1;
  }
}

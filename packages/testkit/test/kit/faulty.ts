import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

import type { Plugin } from "@stepwire/core";
import { buildManifest } from "@stepwire/core/build-manifest";
import { onTestFinished } from "vitest";

import { startKit, type GroupResult } from "../../src/kit/run-kit.ts";
import type { Scenarios } from "../../src/kit/scenarios.ts";

const SAMPLE = path.join(import.meta.dirname, "sample");
const MODULES = path.resolve(import.meta.dirname, "../../../../node_modules");

/** What is changed in the sample: in a file, a text that occurs once by another. Nothing instead of a text: a new file. */
export type Change = readonly [file: string, find: string, replace: string];

/** `stale`: not made anew. `unloaded`: neither, and what is imported here is the sample as it was. */
type Manifest = "fresh" | "stale" | "unloaded";

/**
 * A copy of the sample with something wrong in it, and its manifest made anew. Throws for a text that is not there,
 * since a fault that was not planted would pass for one that was caught.
 */
export async function plant(changes: readonly Change[], manifest: Manifest = "fresh") {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "stepwire-faulty-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(SAMPLE, folder, { recursive: true });
  symlinkSync(MODULES, path.join(folder, "node_modules"), "junction");
  for (const [file, find, replace] of changes) {
    const target = path.join(folder, file);
    if (find === "") {
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, replace);
      continue;
    }
    const text = readFileSync(target, "utf8");
    if (text.split(find).length !== 2)
      throw new Error(`${JSON.stringify(find)} does not occur exactly once in ${file}.`);
    writeFileSync(
      target,
      text.replace(find, () => replace),
    );
  }
  const load = async <T>(file: string) =>
    (
      (await import(
        /* @vite-ignore */ pathToFileURL(path.join(manifest === "unloaded" ? SAMPLE : folder, file)).href
      )) as { default: T }
    ).default;
  if (manifest === "fresh") {
    const built = await buildManifest(folder);
    writeFileSync(built.path, `${JSON.stringify(built.manifest, null, 2)}\n`);
  }
  return { folder, plugin: await load<Plugin>("index.js"), scenarios: await load<Scenarios>("scenarios.js") };
}

/** What one group says to the sample with something wrong in it. */
export async function judged(group: string, changes: readonly Change[], manifest?: Manifest): Promise<GroupResult> {
  const run = startKit(await plant(changes, manifest));
  try {
    return await run.result(group);
  } finally {
    await run.close();
  }
}

import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { isPlugin, StepwireError, type Plugin } from "@stepwire/core";

import { assertScenarios } from "../kit/scenario-shape.ts";
import type { Scenarios } from "../kit/scenarios.ts";
import { readManifest } from "./read-json.ts";
import { usage } from "./terms.ts";

const IMPORT_MS = 30_000;
const SCENARIOS = ["ts", "mts", "js", "mjs"].map((ending) => `test/scenarios.${ending}`);

/** The plugin of a package as it was built. Throws `usage-invalid`. */
export async function pluginOf(folder: string): Promise<Plugin> {
  const file = path.join(folder, readManifest(folder).manifest.entry);
  const plugin = await defaultOf(file);
  if (!isPlugin(plugin)) throw usage(`${file} does not export what definePlugin() returns as default.`);
  return plugin;
}

/** What the author says of it, if anything. Throws `usage-invalid`. */
export async function scenariosOf(given: string | undefined, folder: string): Promise<Scenarios | undefined> {
  const file =
    given === undefined
      ? SCENARIOS.map((name) => path.join(folder, name)).find((name) => existsSync(name))
      : path.resolve(given);
  if (file === undefined) return undefined;
  if (!existsSync(file)) throw usage(`${file} is not there.`);
  const scenarios = await defaultOf(file);
  if (typeof scenarios !== "object" || scenarios === null) throw usage(`${file} does not export scenarios as default.`);
  try {
    assertScenarios(scenarios);
  } catch (error) {
    throw usage(`${file}: ${(error as Error).message}`);
  }
  return scenarios;
}

/** What a file exports as default. Throws `usage-invalid` where it cannot be imported, or not in time. */
async function defaultOf(file: string): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error("it was not done after 30 s; it must not wait at its top level")),
      IMPORT_MS,
    );
    // Where nothing else is left to wait for, there is no need to.
    timer.unref();
  });
  try {
    const loaded = (await Promise.race([import(pathToFileURL(file).href), late])) as { default?: unknown };
    return loaded.default;
  } catch (error) {
    throw usage(`${file} cannot be imported: ${StepwireError.from(error).message}`);
  } finally {
    clearTimeout(timer);
  }
}

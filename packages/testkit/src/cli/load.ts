import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { isPlugin, type Plugin } from "@stepwire/core";

import type { Scenarios } from "../kit/scenarios.ts";
import { readManifest } from "./read-json.ts";
import { usage } from "./terms.ts";

const SCENARIOS = ["ts", "mts", "js", "mjs"].map((ending) => `test/scenarios.${ending}`);

/** The plugin of a package as it was built. Throws `usage-invalid`. */
export async function pluginOf(folder: string): Promise<Plugin> {
  const file = path.join(folder, readManifest(folder).manifest.entry);
  let plugin: unknown;
  try {
    plugin = ((await import(pathToFileURL(file).href)) as { default?: unknown }).default;
  } catch (error) {
    throw usage(`${file} cannot be imported: ${(error as Error).message}`);
  }
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
  let loaded: { default?: unknown };
  try {
    loaded = (await import(pathToFileURL(file).href)) as { default?: unknown };
  } catch (error) {
    throw usage(`${file} cannot be imported: ${(error as Error).message}`);
  }
  if (typeof loaded.default !== "object" || loaded.default === null)
    throw usage(`${file} does not export scenarios as default.`);
  return loaded.default as Scenarios;
}

import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { isPlugin, type Manifest, type Plugin } from "@stepwire/core";

import { readExpectedFailures } from "../kit/expected-failures.ts";
import { failureText, reportTable } from "../kit/format.ts";
import { startKit, type GroupResult } from "../kit/run-kit.ts";
import type { Scenarios } from "../kit/scenarios.ts";
import { readJson } from "./read-json.ts";
import { EXIT, outputFormat, parseCommand, printJson, printLine, usage } from "./terms.ts";
import { unpack } from "./unpack.ts";

const SCENARIOS = ["ts", "mts", "js", "mjs"].map((ending) => `test/scenarios.${ending}`);

/** The conformance kit on a package as it was built or packed. */
export async function check(args: string[]): Promise<number> {
  const { values, positionals } = parseCommand(
    args,
    {
      scenarios: { type: "string" },
      expected: { type: "string" },
      output: { type: "string", default: "text" },
    },
    1,
  );
  const output = outputFormat(values.output);
  const place = path.resolve(positionals[0] ?? ".");
  const stat = statSync(place, { throwIfNoEntry: false });
  if (stat === undefined) throw usage(`${place} is not there. Name a package's folder, or a file that npm pack wrote.`);
  const { folder, remove } = stat.isDirectory() ? { folder: place, remove: () => undefined } : await unpack(place);
  try {
    const scenarios = await scenariosOf(values.scenarios, folder);
    const run = startKit({
      plugin: await pluginOf(folder),
      folder,
      ...(scenarios === undefined ? {} : { scenarios }),
      ...(values.expected === undefined ? {} : { expectedFailures: readExpected(values.expected) }),
    });
    const results = await run.results().finally(() => run.close());
    if (output === "json")
      printJson({ package: String(readJson(path.join(folder, "package.json"))["name"]), groups: results });
    else print(results);
    return results.some(({ status }) => status === "failed") ? EXIT.failed : EXIT.done;
  } finally {
    remove();
  }
}

async function pluginOf(folder: string): Promise<Plugin> {
  const json = readJson(path.join(folder, "package.json"));
  const place = (json["stepwire"] as { manifest?: unknown } | undefined)?.manifest;
  if (typeof place !== "string") throw usage(`${folder} is no connector package: its package.json has no "stepwire".`);
  const { entry } = readJson(path.join(folder, place), "Build the package first.") as Partial<Manifest>;
  const file = path.join(folder, entry ?? "");
  let plugin: unknown;
  try {
    plugin = ((await import(pathToFileURL(file).href)) as { default?: unknown }).default;
  } catch (error) {
    throw usage(`${file} cannot be imported: ${(error as Error).message}`);
  }
  if (!isPlugin(plugin)) throw usage(`${file} does not export what definePlugin() returns as default.`);
  return plugin;
}

async function scenariosOf(given: string | undefined, folder: string): Promise<Scenarios | undefined> {
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

function readExpected(file: string) {
  try {
    return readExpectedFailures(file);
  } catch (error) {
    throw usage((error as Error).message);
  }
}

function print(results: readonly GroupResult[]): void {
  for (const result of results) {
    const text = failureText(result);
    if (text !== "") printLine(`${result.id}\n${text.replaceAll(/^/gm, "  ")}\n`);
  }
  printLine(reportTable(results));
}

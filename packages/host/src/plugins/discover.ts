import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { CONTRACT, manifestProblems, type Manifest } from "@stepwire/core";

/** Which packages to look at beyond a project's direct dependencies; see `plugins` in the settings file. */
export interface DiscoveryOptions {
  /** The folder of the project's `package.json`; `undefined` where there is none. */
  projectFolder: string | undefined;
  exclude: readonly string[];
  /** Absolute folders of packages under development. */
  paths: readonly string[];
}

/** An installed package that says it is a plugin. Nothing of it has been run. */
export interface PluginPackage {
  name: string;
  version: string;
  folder: string;
  /** Absent when the package is broken. */
  manifest?: Manifest;
  /** Why the package cannot be used, in one sentence. */
  broken?: { code: "plugin-invalid" | "contract-unsupported"; reason: string };
}

interface PackageJson {
  name?: unknown;
  version?: unknown;
  stepwire?: unknown;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

/** Names that are certainly meant to be plugins, even when the package itself cannot be found. */
const PLUGIN_NAME = /^@stepwire\/connector-|(?:^|\/)stepwire-connector-/;

/**
 * The plugins among a project's direct dependencies, by their manifests alone, in the order of their names.
 * Never imports anything and never throws for a broken package: it is listed with its reason.
 */
export async function discoverPlugins(options: DiscoveryOptions): Promise<PluginPackage[]> {
  const { projectFolder } = options;
  const found: (PluginPackage | undefined)[] = [];
  if (projectFolder !== undefined) {
    const project = path.join(projectFolder, "package.json");
    const projectUrl = pathToFileURL(project);
    const json = readJson<PackageJson>(project);
    if ("value" in json) {
      const names = new Set(
        [json.value.dependencies, json.value.devDependencies, json.value.optionalDependencies].flatMap((group) =>
          Object.keys(group ?? {}),
        ),
      );
      for (const name of names) {
        if (!options.exclude.includes(name)) found.push(inspectDependency(name, projectUrl, json.value));
      }
    }
  }
  for (const folder of options.paths) found.push(inspectFolder(folder));
  const plugins = found.filter((plugin) => plugin !== undefined);
  // A folder given for development stands in for the installed package of the same name.
  const byName = new Map(plugins.map((plugin) => [plugin.name, plugin]));
  return [...byName.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function inspectDependency(name: string, project: URL, json: PackageJson): PluginPackage | undefined {
  const file = findPackageFile(name, project);
  if (file === undefined) {
    const optional = json.optionalDependencies !== undefined && Object.hasOwn(json.optionalDependencies, name);
    if (optional || !PLUGIN_NAME.test(name)) return undefined;
    return {
      name,
      version: "",
      folder: "",
      broken: { code: "plugin-invalid", reason: "It is a dependency but not installed. Run npm install." },
    };
  }
  return inspectPackage(path.dirname(file), name);
}

function findPackageFile(name: string, project: URL): string | undefined {
  try {
    return findPackageJSON(name, project);
  } catch {
    return undefined;
  }
}

function inspectFolder(folder: string): PluginPackage {
  const plugin = inspectPackage(folder, path.basename(folder));
  return (
    plugin ?? {
      name: path.basename(folder),
      version: "",
      folder,
      broken: { code: "plugin-invalid", reason: `plugins.paths names ${folder}, which holds no Stepwire plugin.` },
    }
  );
}

/** `undefined` for a package that does not claim to be a plugin. */
function inspectPackage(folder: string, fallbackName: string): PluginPackage | undefined {
  const json = readJson<PackageJson>(path.join(folder, "package.json"));
  if ("problem" in json) {
    if (!PLUGIN_NAME.test(fallbackName)) return undefined;
    return broken({ name: fallbackName, version: "", folder }, "plugin-invalid", `package.json ${json.problem}.`);
  }
  const { stepwire } = json.value;
  if (stepwire === undefined) return undefined;
  const name = typeof json.value.name === "string" ? json.value.name : fallbackName;
  const version = typeof json.value.version === "string" ? json.value.version : "";
  const plugin = { name, version, folder };

  const field = stepwire as { contract?: unknown; manifest?: unknown } | null;
  if (typeof field?.manifest !== "string" || !Number.isInteger(field.contract)) {
    return broken(plugin, "plugin-invalid", 'package.json: "stepwire" needs "contract" and "manifest".');
  }
  if (field.contract !== CONTRACT) return unsupported(plugin, field.contract);
  const file = path.resolve(folder, field.manifest);
  if (!file.startsWith(folder + path.sep)) {
    return broken(plugin, "plugin-invalid", `Its manifest ${field.manifest} is outside the package.`);
  }
  const manifest = readJson<Manifest>(file);
  if ("problem" in manifest)
    return broken(plugin, "plugin-invalid", `Its manifest ${field.manifest} ${manifest.problem}.`);
  const problems = manifestProblems(manifest.value);
  if (problems.length > 0) {
    return broken(
      plugin,
      "plugin-invalid",
      `Its manifest ${field.manifest} is wrong: ${problems.slice(0, 5).join("; ")}.`,
    );
  }
  if (manifest.value.contract !== CONTRACT) return unsupported(plugin, manifest.value.contract);
  if (manifest.value.name !== name || manifest.value.version !== version) {
    const claimed = `${manifest.value.name} ${manifest.value.version}`;
    return broken(plugin, "plugin-invalid", `Its manifest is stale: it speaks of ${claimed}. Build the package again.`);
  }
  return { ...plugin, manifest: manifest.value };
}

function broken(
  plugin: Pick<PluginPackage, "name" | "version" | "folder">,
  code: "plugin-invalid" | "contract-unsupported",
  reason: string,
): PluginPackage {
  return { ...plugin, broken: { code, reason } };
}

function unsupported(plugin: Pick<PluginPackage, "name" | "version" | "folder">, contract: unknown): PluginPackage {
  const number = typeof contract === "number" ? contract : "?";
  const advice = Number(contract) > CONTRACT ? "Update stepwire" : "Update the package";
  return broken(
    plugin,
    "contract-unsupported",
    `It is made for contract ${number}; this host runs ${CONTRACT}. ${advice}.`,
  );
}

/** Hundreds of small files are read several times faster one by one than through promises. */
function readJson<T>(file: string): { value: T } | { problem: string } {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    return { problem: (error as NodeJS.ErrnoException).code === "ENOENT" ? "is missing" : "cannot be read" };
  }
  try {
    const value = JSON.parse(text) as T;
    return typeof value === "object" && value !== null ? { value } : { problem: "is not a JSON object" };
  } catch (error) {
    return { problem: `is not JSON (${(error as Error).message})` };
  }
}

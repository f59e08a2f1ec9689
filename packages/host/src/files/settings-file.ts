import { dirname, resolve } from "node:path";
import { formatPath, type Finding } from "@stepwire/core";
import { readNetworkSettings } from "./network-settings.ts";
import {
  readChoice,
  readCount,
  missingFile,
  readMap,
  readSource,
  readText,
  readTextMap,
  readTexts,
  reporter,
  type Path,
  type Report,
} from "./read.ts";
import { defaultResolvers, resolveReferences } from "./references.ts";
import {
  defaultSettings,
  DURABILITIES,
  PLUGINS_KEYS,
  RETENTION_KEYS,
  RUNTIME_KEYS,
  SETTINGS_KEYS,
  type PluginSettings,
  type RuntimeSettings,
  type Settings,
} from "./settings.ts";

export interface LoadedSettings {
  /** With findings of severity error they must not be used: what was wrong stands at its default. */
  readonly settings: Settings;
  /** Absolute path of the file, if one was read. */
  readonly file: string | undefined;
  readonly findings: readonly Finding[];
  /** Where a key stands in the file; line 1 without a file. */
  readonly position: (path: Path) => { line: number; column: number };
}

/**
 * Reads `stepwire.yaml` (or JSON) with its references resolved; without a path everything stands at its default.
 * @param env the variables `${env:NAME}` may name.
 * @param projectDir where the default data folder is; paths in the file start at the file's own folder.
 */
export async function loadSettings(
  path: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  projectDir: string = process.cwd(),
): Promise<LoadedSettings> {
  const defaults = defaultSettings(projectDir);
  const nowhere = () => ({ line: 1, column: 1 });
  if (path === undefined) return { settings: defaults, file: undefined, findings: [], position: nowhere };
  const file = resolve(path);
  const source = await readSource(file);
  if (source === undefined) {
    return { settings: defaults, file: undefined, findings: [missingFile(file, "--settings")], position: nowhere };
  }
  const findings = [...source.findings];
  const position = (place: Path) => source.position(place);
  if (findings.length > 0) return { settings: defaults, file, findings, position };

  const note = reporter(source, "settings-invalid", findings);
  const baseDir = dirname(file);
  const { value, problems } = await resolveReferences(source.value, { baseDir, resolvers: defaultResolvers(env) });
  for (const { path: place, message, hint } of problems) note(place, message, hint);
  // A text whose reference failed is still as written; what else would be said about it is noise.
  const failed = new Set(problems.map(({ path: place }) => formatPath(place)));
  const report: Report = (place, ...rest) => {
    if (!failed.has(formatPath(place))) note(place, ...rest);
  };
  const root = readMap(value, [], SETTINGS_KEYS, report);
  const settings: Settings = {
    network: readNetworkSettings(root["network"], defaults.network, baseDir, report),
    plugins: readPlugins(root["plugins"], defaults.plugins, baseDir, report),
    runtime: readRuntime(root["runtime"], defaults.runtime, baseDir, report),
  };
  return { settings, file, findings, position };
}

function readPlugins(value: unknown, defaults: PluginSettings, baseDir: string, report: Report): PluginSettings {
  const map = readMap(value, ["plugins"], PLUGINS_KEYS, report);
  const paths = readTexts(map["paths"], ["plugins", "paths"], report);
  return {
    exclude: readTexts(map["exclude"], ["plugins", "exclude"], report) ?? defaults.exclude,
    paths: paths?.map((folder) => resolve(baseDir, folder)) ?? defaults.paths,
    prefer: readTextMap(map["prefer"], ["plugins", "prefer"], report) ?? defaults.prefer,
  };
}

function readRuntime(value: unknown, defaults: RuntimeSettings, baseDir: string, report: Report): RuntimeSettings {
  const path = ["runtime"];
  const map = readMap(value, path, RUNTIME_KEYS, report);
  const dataDir = readText(map["dataDir"], [...path, "dataDir"], report);
  if (dataDir === "") report([...path, "dataDir"], "dataDir must not be empty.");
  const retention = readMap(map["retention"], [...path, "retention"], RETENTION_KEYS, report);
  const count = (key: "days" | "runs"): number =>
    readCount(retention[key], [...path, "retention", key], report) ?? defaults.retention[key];
  return {
    dataDir: dataDir === undefined || dataDir === "" ? defaults.dataDir : resolve(baseDir, dataDir),
    durability: readChoice(map["durability"], [...path, "durability"], DURABILITIES, report) ?? defaults.durability,
    retention: { days: count("days"), runs: count("runs") },
  };
}

import { dirname, resolve } from "node:path";
import { formatPath, type Finding } from "@stepwire/core";
import { parseAllowListEntry } from "../allow-list.ts";
import {
  readBoolean,
  readChoice,
  readCount,
  readDuration,
  missingFile,
  readMap,
  readSize,
  readSource,
  readText,
  readTextMap,
  readTexts,
  readUrl,
  reporter,
  type Path,
  type Report,
} from "./read.ts";
import { defaultResolvers, resolveReferences } from "./references.ts";
import {
  CUSTOM_HOST_KEYS,
  CUSTOM_HOST_SSL_KEYS,
  defaultSettings,
  DURABILITIES,
  NETWORK_KEYS,
  PLUGINS_KEYS,
  RETENTION_KEYS,
  RUNTIME_KEYS,
  SETTINGS_KEYS,
  SSL_KEYS,
  VERIFICATION_MODES,
  type Authorities,
  type CustomHost,
  type NetworkSettings,
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
    network: readNetwork(root["network"], defaults.network, baseDir, report),
    plugins: readPlugins(root["plugins"], defaults.plugins, baseDir, report),
    runtime: readRuntime(root["runtime"], defaults.runtime, baseDir, report),
  };
  return { settings, file, findings, position };
}

function readNetwork(value: unknown, defaults: NetworkSettings, baseDir: string, report: Report): NetworkSettings {
  const path = ["network"];
  const map = readMap(value, path, NETWORK_KEYS, report);
  const at = (key: (typeof NETWORK_KEYS)[number]): [unknown, Path, Report] => [map[key], [...path, key], report];
  const ssl = readMap(map["ssl"], [...path, "ssl"], SSL_KEYS, report);
  const mode = (key: "verificationMode" | "proxyVerificationMode") =>
    readChoice(ssl[key], [...path, "ssl", key], VERIFICATION_MODES, report) ?? defaults.ssl[key];
  const proxyUrl = readProxyUrl(...at("proxyUrl"));
  const proxyUsername = readText(...at("proxyUsername"));
  const proxyPassword = readText(...at("proxyPassword"));
  return {
    allowedHosts: readHosts(...at("allowedHosts")) ?? defaults.allowedHosts,
    denyPrivateAddresses: readBoolean(...at("denyPrivateAddresses")) ?? defaults.denyPrivateAddresses,
    responseTimeout: readDuration(...at("responseTimeout")) ?? defaults.responseTimeout,
    maxResponseContentLength: readSize(...at("maxResponseContentLength")) ?? defaults.maxResponseContentLength,
    ssl: {
      verificationMode: mode("verificationMode"),
      proxyVerificationMode: mode("proxyVerificationMode"),
      ...readAuthorities(ssl, [...path, "ssl"], baseDir, report),
    },
    customHostSettings: readCustomHosts(map["customHostSettings"], [...path, "customHostSettings"], baseDir, report),
    ...(proxyUrl === undefined ? {} : { proxyUrl }),
    proxyHeaders: readTextMap(...at("proxyHeaders")) ?? defaults.proxyHeaders,
    ...(proxyUsername === undefined ? {} : { proxyUsername }),
    ...(proxyPassword === undefined ? {} : { proxyPassword }),
    proxyBypassHosts: readHosts(...at("proxyBypassHosts")) ?? defaults.proxyBypassHosts,
    proxyOnlyHosts: readHosts(...at("proxyOnlyHosts")) ?? defaults.proxyOnlyHosts,
  };
}

function readHosts(value: unknown, path: Path, report: Report): string[] | undefined {
  const hosts = readTexts(value, path, report);
  for (const [index, host] of hosts?.entries() ?? []) {
    const entry = parseAllowListEntry(host);
    if (typeof entry === "string") report([...path, index], `${JSON.stringify(host)} is no host entry.`, entry);
  }
  return hosts?.filter((host) => typeof parseAllowListEntry(host) !== "string");
}

function readProxyUrl(value: unknown, path: Path, report: Report): string | undefined {
  const url = readUrl(value, path, report, true);
  if (url === undefined) return undefined;
  if (url.pathname === "/" && url.search === "" && url.hash === "") return String(value);
  report(
    path,
    "proxyUrl must name scheme, host and port only, without a path.",
    "Example: http://proxy.example.com:3128.",
  );
  return undefined;
}

/** Kibana takes one file name as well as a list. */
function readAuthorities(
  map: Readonly<Record<string, unknown>>,
  path: Path,
  baseDir: string,
  report: Report,
): Authorities {
  const files = map["certificateAuthoritiesFiles"];
  const names = readTexts(
    typeof files === "string" ? [files] : files,
    [...path, "certificateAuthoritiesFiles"],
    report,
  );
  const data = readText(map["certificateAuthoritiesData"], [...path, "certificateAuthoritiesData"], report);
  return {
    certificateAuthoritiesFiles: (names ?? []).map((name) => resolve(baseDir, name)),
    certificateAuthoritiesData: data ?? "",
  };
}

function readCustomHosts(value: unknown, path: Path, baseDir: string, report: Report): CustomHost[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    report(path, "customHostSettings must be a list.", "Start each host with a dash: - url: https://...");
    return [];
  }
  const origins = new Set<string>();
  return value.flatMap((item: unknown, index) => {
    const place = [...path, index];
    const map = readMap(item, place, CUSTOM_HOST_KEYS, report);
    const ssl = readMap(map["ssl"], [...place, "ssl"], CUSTOM_HOST_SSL_KEYS, report);
    const mode = readChoice(ssl["verificationMode"], [...place, "ssl", "verificationMode"], VERIFICATION_MODES, report);
    const authorities = readAuthorities(ssl, [...place, "ssl"], baseDir, report);
    if (map["url"] === undefined || map["url"] === null) {
      report(place, "The entry has no url.", "Add url: https://host or https://host:port.", "key");
    }
    const url = readUrl(map["url"], [...place, "url"], report);
    if (url === undefined) return [];
    if (url.protocol !== "https:" || url.pathname !== "/" || url.search !== "" || url.hash !== "") {
      report([...place, "url"], "url must be https://host or https://host:port, without a path.");
      return [];
    }
    if (origins.has(url.origin)) {
      report([...place, "url"], `There are settings for ${url.origin} already.`, "Join the two entries.");
      return [];
    }
    origins.add(url.origin);
    return [{ url: url.origin, ssl: { ...(mode === undefined ? {} : { verificationMode: mode }), ...authorities } }];
  });
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

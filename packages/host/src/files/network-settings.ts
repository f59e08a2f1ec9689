import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { parseAllowListEntry } from "../allow-list.ts";
import { certificatesOf } from "../tls/pem.ts";
import { readProxy } from "./proxy-settings.ts";
import {
  readBoolean,
  readChoice,
  readDuration,
  readMap,
  readSize,
  readText,
  readTexts,
  readUrl,
  type Path,
  type Report,
} from "./read.ts";
import {
  CUSTOM_HOST_KEYS,
  CUSTOM_HOST_SSL_KEYS,
  NETWORK_KEYS,
  SSL_KEYS,
  VERIFICATION_MODES,
  type Authorities,
  type CustomHost,
  type NetworkSettings,
} from "./settings.ts";

/**
 * The network settings of `stepwire.yaml`, or of a program. Every authority is read and proven here.
 * @param baseDir where relative paths start.
 */
export function readNetworkSettings(
  value: unknown,
  defaults: NetworkSettings,
  baseDir: string,
  report: Report,
): NetworkSettings {
  const path = ["network"];
  const map = readMap(value, path, NETWORK_KEYS, report);
  const at = (key: (typeof NETWORK_KEYS)[number]): [unknown, Path, Report] => [map[key], [...path, key], report];
  const ssl = readMap(map["ssl"], [...path, "ssl"], SSL_KEYS, report);
  const mode = (key: "verificationMode" | "proxyVerificationMode") =>
    readChoice(ssl[key], [...path, "ssl", key], VERIFICATION_MODES, report) ?? defaults.ssl[key];
  const proxy = readProxy(map, path, report);
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
    ...proxy,
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
  const data = readText(map["certificateAuthoritiesData"], [...path, "certificateAuthoritiesData"], report) ?? "";
  const certificateAuthoritiesFiles = (names ?? []).map((name) => resolve(baseDir, name));
  const certificates = certificateAuthoritiesFiles.flatMap((file, index) =>
    readAuthorityFile(file, [...path, "certificateAuthoritiesFiles", ...(Array.isArray(files) ? [index] : [])], report),
  );
  if (data !== "") certificates.push(...readCertificates(data, [...path, "certificateAuthoritiesData"], "", report));
  return { certificateAuthoritiesFiles, certificateAuthoritiesData: data, certificates };
}

function readAuthorityFile(file: string, path: Path, report: Report): string[] {
  let text: string;
  try {
    text = readFileSync(file, "latin1");
  } catch (error) {
    const { code = "error" } = error as NodeJS.ErrnoException;
    const message = `The file of certificate authorities ${file} cannot be read (${code}).`;
    report(path, message, "Paths start at the folder of the settings file.", "value", "ca-unreadable");
    return [];
  }
  return readCertificates(text, path, `The file ${file} `, report);
}

function readCertificates(text: string, path: Path, subject: string, report: Report): string[] {
  const read = certificatesOf(text);
  if ("certificates" in read) return read.certificates;
  const { reason, message } = read.problem;
  const what = subject === "" ? `${String(path.findLast((key) => typeof key === "string"))} ` : subject;
  report(path, `${what}${message}.`, "It must hold certificates of authorities as PEM.", "value", `ca-${reason}`);
  return [];
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

import { headerProblem } from "../http/headers.ts";
import { parseHostPattern } from "../proxy/host-pattern.ts";
import { readText, readTextMap, readTexts, readUrl, type Path, type Report } from "./read.ts";
import type { NetworkSettings } from "./settings.ts";

type ProxyKeys =
  | "proxyUrl"
  | "proxyUsername"
  | "proxyPassword"
  | "proxyHeaders"
  | "proxyBypassHosts"
  | "proxyOnlyHosts";

/** The proxy among the network settings. An address that is none is reported, never passed over: requests would go out directly. */
export function readProxy(
  map: Readonly<Record<string, unknown>>,
  path: Path,
  report: Report,
): Pick<NetworkSettings, ProxyKeys> {
  const address = readProxyAddress(map, path, report);
  const headers = readTextMap(map["proxyHeaders"], [...path, "proxyHeaders"], report) ?? {};
  for (const [name, value] of Object.entries(headers)) {
    // The one header that the host owns elsewhere and that belongs here.
    const problem = headerProblem(/^proxy-authorization$/i.test(name) ? "Authorization" : name, value);
    const place = [...path, "proxyHeaders", ...(name.includes(":") ? [] : [name])];
    if (problem !== undefined) report(place, `proxyHeaders: ${problem}.`, undefined, "value", "header");
  }
  const proxyBypassHosts = readPatterns(map["proxyBypassHosts"], [...path, "proxyBypassHosts"], report);
  const proxyOnlyHosts = readPatterns(map["proxyOnlyHosts"], [...path, "proxyOnlyHosts"], report);
  if (proxyBypassHosts.length > 0 && proxyOnlyHosts.length > 0) {
    const message = "proxyOnlyHosts cannot be used together with proxyBypassHosts.";
    report([...path, "proxyOnlyHosts"], message, "Keep one of the two lists.", "key", "two-lists");
  }
  for (const key of ["proxyUsername", "proxyPassword", "proxyHeaders", "proxyBypassHosts", "proxyOnlyHosts"]) {
    if (isGiven(map[key]) && !isEmpty(map[key]) && !isGiven(map["proxyUrl"])) {
      const message = `${key} is given, but there is no proxyUrl, so no proxy would be used.`;
      report([...path, key], message, "Add proxyUrl, or take it out.", "key", "no-proxy-url");
    }
  }
  return { ...address, proxyHeaders: headers, proxyBypassHosts, proxyOnlyHosts };
}

/** `proxyUrl` with its user and password, of the settings or of one connector. */
export function readProxyAddress(
  map: Readonly<Record<string, unknown>>,
  path: Path,
  report: Report,
): Pick<NetworkSettings, "proxyUrl" | "proxyUsername" | "proxyPassword"> {
  const at = (key: string): [unknown, Path, Report] => [map[key], [...path, key], report];
  const proxyUrl = readProxyUrl(...at("proxyUrl"));
  const proxyUsername = readText(...at("proxyUsername")) || undefined;
  const proxyPassword = readText(...at("proxyPassword")) || undefined;
  if ((proxyUsername === undefined) !== (proxyPassword === undefined)) {
    const [given, missing] =
      proxyUsername === undefined ? ["proxyPassword", "proxyUsername"] : ["proxyUsername", "proxyPassword"];
    report(
      [...path, given],
      `${given} is given, but ${missing} is missing.`,
      "Give both or none.",
      "key",
      "half-a-pair",
    );
  }
  if (proxyUsername?.includes(":") === true) {
    const message = "A user name with a colon cannot be used with a proxy.";
    report([...path, "proxyUsername"], message, undefined, "value", "colon");
  }
  const parsed = proxyUrl === undefined ? null : URL.parse(proxyUrl);
  if (parsed !== null && parsed.username !== "" && proxyUsername !== undefined) {
    const message = "proxyUrl holds a user already, and proxyUsername gives another.";
    report([...path, "proxyUsername"], message, "Keep one of the two.", "key", "two-users");
  }
  return {
    ...(proxyUrl === undefined ? {} : { proxyUrl }),
    ...(proxyUsername === undefined ? {} : { proxyUsername }),
    ...(proxyPassword === undefined ? {} : { proxyPassword }),
  };
}

function readProxyUrl(value: unknown, path: Path, report: Report): string | undefined {
  if (value === "" || value === null) {
    report(path, "proxyUrl must not be empty.", "Take it out if no proxy is to be used.", "value", "proxy-url");
    return undefined;
  }
  const url = readUrl(value, path, (at, message, hint, of) => report(at, message, hint, of, "proxy-url"), true);
  if (url === undefined) return undefined;
  const refuse = (message: string, hint: string) => {
    report(path, message, hint, "value", "proxy-url");
    return undefined;
  };
  if ((url.username === "") !== (url.password === ""))
    return refuse("proxyUrl holds half of a user and password.", "Write http://user:password@host:port, or neither.");
  if (url.username.includes("%3A") || url.username.includes("%3a"))
    return refuse("proxyUrl holds a user name with a colon, which cannot be used with a proxy.", "Use another user.");
  if (!canDecode(url.username) || !canDecode(url.password))
    return refuse("proxyUrl holds a user or password with a % that encodes nothing.", "Write a percent sign as %25.");
  if (url.pathname === "/" && url.search === "" && url.hash === "")
    return typeof value === "string" ? value : undefined;
  return refuse(
    "proxyUrl must name scheme, host and port only, without a path.",
    "Example: http://proxy.example.com:3128.",
  );
}

function readPatterns(value: unknown, path: Path, report: Report): string[] {
  const texts = readTexts(value, path, report) ?? [];
  return texts.filter((text, index) => {
    const pattern = parseHostPattern(text);
    if (typeof pattern !== "string") return true;
    report([...path, index], `${JSON.stringify(text)} is no host entry.`, pattern, "value", "host-entry");
    return false;
  });
}

function canDecode(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** The default, written out. */
const isEmpty = (value: unknown) => typeof value === "object" && value !== null && Object.keys(value).length === 0;
const isGiven = (value: unknown) => value !== undefined && value !== null;

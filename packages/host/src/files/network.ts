import { readProxyAddress } from "./proxy-settings.ts";
import { isLiteral } from "./references.ts";
import { readChoice, readDuration, readMap, readText, readTexts, readUrl, type Path, type Report } from "./read.ts";
import { VERIFICATION_MODES, type VerificationMode } from "./settings.ts";

/** What `network:` of one connector says; it holds for that connector alone. */
export interface ConnectorNetwork {
  /** Stands in place of the type's own base URL. */
  readonly baseUrl?: string;
  /** Takes the place of the proxy of the settings, with its user and password, for every request of the connector. */
  readonly proxyUrl?: string;
  readonly proxyUsername?: string;
  readonly proxyPassword?: string;
  /** How the certificate of this proxy is checked. */
  readonly proxyVerificationMode?: VerificationMode;
  /** Origins (`https://host:port`) that may see the connector's credentials, beside those of its config and type. */
  readonly trustedOrigins?: readonly string[];
  /** Total time of one attempt, in milliseconds. */
  readonly responseTimeout?: number;
}

export const CONNECTOR_NETWORK_KEYS = [
  "baseUrl",
  "proxyUrl",
  "proxyUsername",
  "proxyPassword",
  "proxyVerificationMode",
  "trustedOrigins",
  "responseTimeout",
] as const;

/**
 * Reads a connector's `network` with its references resolved.
 * @param asWritten the references are not resolved yet: texts that hold some are passed over, to find the other
 *   mistakes early.
 */
export function readConnectorNetwork(value: unknown, path: Path, report: Report, asWritten = false): ConnectorNetwork {
  const map = readMap(value, path, CONNECTOR_NETWORK_KEYS, report);
  const isKnown = (item: unknown): boolean => !asWritten || typeof item !== "string" || isLiteral(item);
  const literal = (key: (typeof CONNECTOR_NETWORK_KEYS)[number]): unknown => (isKnown(map[key]) ? map[key] : undefined);
  const base = readUrl(literal("baseUrl"), [...path, "baseUrl"], report);
  const baseUrl = base === undefined ? undefined : readText(map["baseUrl"], [...path, "baseUrl"], report);
  const proxy = readConnectorProxy(map, path, report, isKnown);
  const responseTimeout = readDuration(literal("responseTimeout"), [...path, "responseTimeout"], report);
  const trustedOrigins = readTexts(map["trustedOrigins"], [...path, "trustedOrigins"], report)?.flatMap((text, index) =>
    isKnown(text) ? readOrigin(text, [...path, "trustedOrigins", index], report) : [],
  );
  return {
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...proxy,
    ...(trustedOrigins === undefined ? {} : { trustedOrigins }),
    ...(responseTimeout === undefined ? {} : { responseTimeout }),
  };
}

function readConnectorProxy(
  map: Readonly<Record<string, unknown>>,
  path: Path,
  report: Report,
  isKnown: (value: unknown) => boolean,
) {
  const modePath = [...path, "proxyVerificationMode"];
  const mode = isKnown(map["proxyVerificationMode"])
    ? readChoice(map["proxyVerificationMode"], modePath, VERIFICATION_MODES, report)
    : undefined;
  // What belongs together can be judged together only once all of it is known.
  const keys = ["proxyUrl", "proxyUsername", "proxyPassword"].filter((key) => map[key] !== undefined);
  if (!keys.every((key) => isKnown(map[key]))) return {};
  for (const key of ["proxyUsername", "proxyPassword", "proxyVerificationMode"]) {
    if (map[key] === undefined || map[key] === null || map["proxyUrl"] !== undefined) continue;
    const message = `${key} is given, but this connector has no proxyUrl of its own.`;
    report([...path, key], message, "Add network.proxyUrl, or take it out.", "key", "no-proxy-url");
  }
  const address = readProxyAddress(map, path, report);
  return { ...address, ...(mode === undefined ? {} : { proxyVerificationMode: mode }) };
}

function readOrigin(text: string, path: Path, report: Report): string[] {
  const url = readUrl(text, path, report);
  if (url === undefined) return [];
  if (url.pathname === "/" && url.search === "" && url.hash === "") return [url.origin];
  report(path, "trustedOrigins must hold origins only, without a path.", `Write ${url.origin}.`);
  return [];
}

import { isLiteral } from "./references.ts";
import { readDuration, readMap, readText, readTexts, readUrl, type Path, type Report } from "./read.ts";

/** What `network:` of one connector says; it holds for that connector alone. */
export interface ConnectorNetwork {
  /** Stands in place of the type's own base URL. */
  readonly baseUrl?: string;
  readonly proxyUrl?: string;
  /** Origins (`https://host:port`) that may see the connector's credentials, beside those of its config and type. */
  readonly trustedOrigins?: readonly string[];
  /** Total time of one attempt, in milliseconds. */
  readonly responseTimeout?: number;
}

export const CONNECTOR_NETWORK_KEYS = ["baseUrl", "proxyUrl", "trustedOrigins", "responseTimeout"] as const;

/**
 * Reads a connector's `network` with its references resolved.
 * @param asWritten the references are not resolved yet: texts that hold some are passed over, to find the other
 *   mistakes early.
 */
export function readConnectorNetwork(value: unknown, path: Path, report: Report, asWritten = false): ConnectorNetwork {
  const map = readMap(value, path, CONNECTOR_NETWORK_KEYS, report);
  const isKnown = (item: unknown): boolean => !asWritten || typeof item !== "string" || isLiteral(item);
  const literal = (key: (typeof CONNECTOR_NETWORK_KEYS)[number]): unknown => (isKnown(map[key]) ? map[key] : undefined);
  const url = (key: "baseUrl" | "proxyUrl"): string | undefined => {
    const parsed = readUrl(literal(key), [...path, key], report, key === "proxyUrl");
    return parsed === undefined ? undefined : readText(map[key], [...path, key], report);
  };
  const baseUrl = url("baseUrl");
  const proxyUrl = url("proxyUrl");
  const responseTimeout = readDuration(literal("responseTimeout"), [...path, "responseTimeout"], report);
  const trustedOrigins = readTexts(map["trustedOrigins"], [...path, "trustedOrigins"], report)?.flatMap((text, index) =>
    isKnown(text) ? readOrigin(text, [...path, "trustedOrigins", index], report) : [],
  );
  return {
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(proxyUrl === undefined ? {} : { proxyUrl }),
    ...(trustedOrigins === undefined ? {} : { trustedOrigins }),
    ...(responseTimeout === undefined ? {} : { responseTimeout }),
  };
}

function readOrigin(text: string, path: Path, report: Report): string[] {
  const url = readUrl(text, path, report);
  if (url === undefined) return [];
  if (url.pathname === "/" && url.search === "" && url.hash === "") return [url.origin];
  report(path, "trustedOrigins must hold origins only, without a path.", `Write ${url.origin}.`);
  return [];
}

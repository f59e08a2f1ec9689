import type { NetworkSettings } from "../files/settings.ts";
import type { ConnectorNetwork } from "../files/network.ts";
import { hasHeader } from "../http/headers.ts";
import { proxyTlsPolicy, type TlsPolicy } from "../tls/trust.ts";
import { parseHostPattern, type HostPattern } from "./host-pattern.ts";

/** A proxy as connections use it. */
export interface Proxy {
  /** Without user and password. */
  readonly url: URL;
  /** The setting that names it. */
  readonly setting: string;
  /** Sent to the proxy alone: `Proxy-Authorization` and `proxyHeaders`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsPolicy;
}

/** Which requests go through which proxy. */
export interface ProxyChoice {
  readonly proxy: Proxy | undefined;
  for(url: URL): Proxy | undefined;
  /** Every text that must not be shown: passwords, and the values of headers. */
  readonly secretTexts: readonly string[];
}

type ConnectorProxy = Pick<ConnectorNetwork, "proxyUrl" | "proxyUsername" | "proxyPassword" | "proxyVerificationMode">;

/**
 * The proxy of the settings, for the hosts they name, or a connector's own, for everything it calls. Credentials and
 * headers belong to the proxy beside which they stand, and never go to another.
 */
export function chooseProxy(network: NetworkSettings, connector: ConnectorProxy = {}): ProxyChoice {
  if (connector.proxyUrl !== undefined) {
    const own = { ...connector, proxyUrl: connector.proxyUrl, proxyHeaders: {} };
    const made = makeProxy(own, "the connector's proxyUrl", (url) =>
      proxyTlsPolicy(network, url, connector.proxyVerificationMode),
    );
    return { ...made, for: () => made.proxy };
  }
  if (network.proxyUrl === undefined) return { proxy: undefined, for: () => undefined, secretTexts: [] };
  const made = makeProxy({ ...network, proxyUrl: network.proxyUrl }, "network.proxyUrl", (url) =>
    proxyTlsPolicy(network, url),
  );
  const bypass = patterns(network.proxyBypassHosts);
  const only = patterns(network.proxyOnlyHosts);
  return {
    ...made,
    for(url) {
      if (bypass.some((pattern) => pattern.matches(url))) return undefined;
      return only.length === 0 || only.some((pattern) => pattern.matches(url)) ? made.proxy : undefined;
    },
  };
}

type ProxyKeys = Pick<NetworkSettings, "proxyUsername" | "proxyPassword" | "proxyHeaders"> & { proxyUrl: string };

function makeProxy(settings: ProxyKeys, setting: string, policy: (url: URL) => TlsPolicy) {
  const url = new URL(settings.proxyUrl);
  const user = settings.proxyUsername ?? decodeURIComponent(url.username);
  const password = settings.proxyPassword ?? decodeURIComponent(url.password);
  url.username = "";
  url.password = "";
  const pair = Buffer.from(`${user}:${password}`).toString("base64");
  const placesItself = hasHeader(settings.proxyHeaders, "proxy-authorization");
  const headers = {
    ...(user === "" || placesItself ? {} : { "Proxy-Authorization": `Basic ${pair}` }),
    ...settings.proxyHeaders,
  };
  const proxy: Proxy = { url, setting, headers, tls: policy(url) };
  const secretTexts = [password, ...(user === "" ? [] : [pair]), ...Object.values(settings.proxyHeaders)];
  return { proxy, secretTexts };
}

const patterns = (texts: readonly string[]): HostPattern[] =>
  texts.map((text) => parseHostPattern(text)).filter((pattern) => typeof pattern !== "string");

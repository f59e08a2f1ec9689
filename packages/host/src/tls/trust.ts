import tls from "node:tls";

import type { NetworkSettings, VerificationMode } from "../files/settings.ts";
import type { ClientCertificate } from "./client-certificate.ts";

/** What a connector itself says about TLS. It holds for its trusted origins alone. */
export interface ConnectorTls {
  readonly mode?: VerificationMode;
  /** PEM, each one certificate. */
  readonly certificates: readonly string[];
  readonly clientCertificate?: ClientCertificate;
}

/** How one TLS connection is checked, and which settings say so. */
export interface TlsPolicy {
  readonly mode: VerificationMode;
  /** The setting that governs the mode, such as `network.ssl.verificationMode`. */
  readonly modeSetting: string;
  /** PEM; none means the system's authorities. */
  readonly certificates: readonly string[];
  readonly certificateSettings: readonly string[];
  /** Where an authority can be added. */
  readonly authorityPlaces: string;
  readonly clientCertificate?: ClientCertificate;
}

const CONNECTOR_MODE = "the connector's verificationMode";
const CONNECTOR_CA = "the connector's ca";

/**
 * The policy for a URL: the connector's word goes before that of `customHostSettings`, and that before the global one.
 * Authorities from all of them add up, and together stand in place of the system's. Where the connector's credentials
 * may not go, its own word does not count either.
 */
export function tlsPolicy(network: NetworkSettings, url: URL, connector?: ConnectorTls): TlsPolicy {
  const { index, entry } = customHost(network, url);
  const [mode, modeSetting] =
    connector?.mode !== undefined
      ? [connector.mode, CONNECTOR_MODE]
      : entry?.ssl.verificationMode !== undefined
        ? [entry.ssl.verificationMode, `network.customHostSettings[${index}].ssl.verificationMode`]
        : [network.ssl.verificationMode, "network.ssl.verificationMode"];
  const own: [string, readonly string[]][] = [[CONNECTOR_CA, connector?.certificates ?? []], ...shared(network, url)];
  return {
    mode,
    modeSetting,
    ...together(own),
    authorityPlaces: "the connector's ca or to network.customHostSettings",
    ...(connector?.clientCertificate === undefined ? {} : { clientCertificate: connector.clientCertificate }),
  };
}

/** The policy for a proxy's own certificate. A connector's `ca` is for its target and does not count here. */
export function proxyTlsPolicy(network: NetworkSettings, url: URL, connectorMode?: VerificationMode): TlsPolicy {
  const [mode, modeSetting] =
    connectorMode === undefined
      ? [network.ssl.proxyVerificationMode, "network.ssl.proxyVerificationMode"]
      : [connectorMode, "the connector's proxyVerificationMode"];
  const authorityPlaces = "network.ssl or to network.customHostSettings";
  return { mode, modeSetting, ...together(shared(network, url)), authorityPlaces };
}

/** A policy as options of Node's TLS. @throws what OpenSSL says of material it cannot read. */
export function tlsOptions(policy: TlsPolicy): tls.SecureContextOptions & tls.ConnectionOptions {
  const context = secureContext(policy);
  return {
    // Said outright: the variable NODE_TLS_REJECT_UNAUTHORIZED must not loosen what the settings say.
    rejectUnauthorized: policy.mode !== "none",
    ...(context === undefined ? {} : { secureContext: context }),
    ...(policy.mode === "certificate" ? { checkServerIdentity: () => undefined } : {}),
  };
}

/** Without authorities and a certificate of one's own, Node's shared store is used, which costs nothing. */
function secureContext({ certificates, clientCertificate }: TlsPolicy): tls.SecureContext | undefined {
  if (certificates.length === 0 && clientCertificate === undefined) return undefined;
  return tls.createSecureContext({
    ...(certificates.length === 0 ? {} : { ca: [...certificates] }),
    ...clientCertificate?.material,
  });
}

function shared(network: NetworkSettings, url: URL): [string, readonly string[]][] {
  const { index, entry } = customHost(network, url);
  return [
    [`network.customHostSettings[${index}].ssl`, entry?.ssl.certificates ?? []],
    ["network.ssl", network.ssl.certificates],
  ];
}

function customHost(network: NetworkSettings, url: URL) {
  const index = network.customHostSettings.findIndex((host) => sameHost(host.url, url));
  return { index, entry: network.customHostSettings[index] };
}

/** `host.` and `host` are the same one. */
const sameHost = (origin: string, url: URL): boolean => withoutDot(origin) === withoutDot(url.origin);
const withoutDot = (origin: string): string => origin.replace(/\.(?=:\d+$|$)/, "");

function together(sets: readonly [string, readonly string[]][]) {
  const used = sets.filter(([, certificates]) => certificates.length > 0);
  return {
    certificates: [...new Set(used.flatMap(([, certificates]) => certificates))],
    certificateSettings: used.map(([setting]) => setting),
  };
}

import { StepwireError } from "@stepwire/core";

import type { ConnectorSetup } from "../connector/setup.ts";
import { reachOf } from "../connector/create-connector.ts";
import { assertReachable } from "../connector/reach.ts";
import type { NetworkSettings } from "../files/settings.ts";
import { Routes } from "../http/routes.ts";
import { chooseProxy } from "../proxy/proxy.ts";
import { describeCertificate } from "../tls/certificate-facts.ts";
import type { Handshake } from "./handshake.ts";

/** What the settings, and one connector where there is one, amount to for a URL. */
export interface RouteReport {
  /** The connector whose credentials may go there; absent for what holds without one. */
  connector?: string;
  allowed: boolean;
  /** Why it is not allowed. */
  reason?: string;
  proxy: { url: string; setting: string } | null;
  /** Why no proxy is used although there is one. */
  proxyReason?: string;
  tls?: {
    mode: string;
    modeSetting: string;
    /** The settings that name authorities; none means the system's. */
    authorities: readonly string[];
    clientCertificate?: string;
  };
  responseTimeoutMs: number;
  /** Absent where the URL may not be called. */
  handshake?: Handshake;
}

/** Works out how a request to the URL would leave, and connects that way. Sends no request. */
export async function diagnose(
  url: URL,
  network: NetworkSettings,
  connector?: { name: string; setup: ConnectorSetup },
): Promise<RouteReport> {
  const own = connector?.setup;
  const { allowList, addressGuard } = reachOf(network);
  const proxies = chooseProxy(network, own?.network);
  const route = new Routes(network, proxies, own?.tls).of(url, own === undefined ? "stranger" : "credentials");
  const responseTimeoutMs = own?.network.responseTimeout ?? network.responseTimeout;
  const reason = refusal(() => {
    assertReachable(url, "--url", { allowList, addressGuard });
    if (route.proxy !== undefined) addressGuard.checkName(url);
  });
  const { proxy, tls } = route;
  const certificate = tls?.clientCertificate?.facts;
  const report: RouteReport = {
    ...(connector === undefined ? {} : { connector: connector.name }),
    allowed: reason === undefined,
    ...(reason === undefined ? {} : { reason }),
    proxy: proxy === undefined ? null : { url: proxy.url.origin, setting: proxy.setting },
    ...(proxy === undefined && proxies.proxy !== undefined ? { proxyReason: bypassReason(network) } : {}),
    ...(tls === undefined
      ? {}
      : {
          tls: {
            mode: tls.mode,
            modeSetting: tls.modeSetting,
            authorities: tls.certificateSettings,
            ...(certificate === undefined ? {} : { clientCertificate: describeCertificate(certificate) }),
          },
        }),
    responseTimeoutMs,
  };
  if (reason !== undefined) return report;
  const { tryHandshake } = await import("./handshake.ts");
  const handshake = await tryHandshake(url, route, {
    lookup: addressGuard.lookup,
    proxyLookup: own?.network.proxyUrl === undefined ? undefined : addressGuard.lookup,
    timeoutMs: responseTimeoutMs,
  });
  return { ...report, handshake };
}

const bypassReason = ({ proxyOnlyHosts }: NetworkSettings) =>
  proxyOnlyHosts.length > 0 ? "network.proxyOnlyHosts does not list it" : "network.proxyBypassHosts lists it";

function refusal(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return StepwireError.from(error).message;
  }
}

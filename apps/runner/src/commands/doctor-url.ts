import { lookup } from "node:dns/promises";

import {
  classifyAddress,
  createAddressGuard,
  createAllowList,
  parseTarget,
  type Handshake,
  type Project,
  type RouteReport,
} from "@stepwire/host";

import { cleanLine } from "../output/clean.ts";
import { formatDuration, section } from "../output/terminal.ts";

/** What the settings and connectors amount to for one address. */
export interface UrlReport {
  host: string;
  /** Whether it may be called without a connector. */
  allowed: boolean;
  addresses: { address: string; kind: string; callable: boolean }[];
  /** Why it is not allowed, or why there are no addresses. */
  reason?: string;
  maxResponseBytes: number;
  /** Without a connector first, then with each whose credentials may go there. */
  routes: RouteReport[];
}

/** What the settings amount to for one address. Looks the name up and connects, but sends no request. */
export async function examineUrl(project: Project, text: string): Promise<UrlReport> {
  const { network } = project.settings;
  const url = parseTarget(text, "--url");
  const allowList = createAllowList(network.allowedHosts);
  const guard = createAddressGuard({ denyPrivateAddresses: network.denyPrivateAddresses, allowList });
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const found = await lookup(host, { all: true }).catch(() => []);
  const addresses = found.map(({ address }) => {
    const listed = allowList.lists(host) || allowList.lists(address);
    const callable =
      listed ||
      answers(() => guard.checkLiteral(new URL(`http://${address.includes(":") ? `[${address}]` : address}`)));
    return { address, kind: classifyAddress(address), callable };
  });
  const routes = await project.diagnose(url);
  const reason = routes[0]?.reason ?? (found.length === 0 ? "The name cannot be looked up here." : undefined);
  return {
    host,
    allowed: routes[0]?.allowed === true,
    addresses,
    ...(reason === undefined ? {} : { reason }),
    maxResponseBytes: network.maxResponseContentLength,
    routes,
  };
}

function answers(check: () => void): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}

export function printUrl({ host, addresses, reason, maxResponseBytes, routes }: UrlReport): void {
  const rows = addresses.map(({ address, kind, callable }) => [
    address,
    `${kind}, ${callable ? "may be called" : "is refused"}`,
  ]);
  section(host, [
    ...(rows.length === 0 ? [["address", reason ?? "none"]] : rows),
    ["size", `at most ${maxResponseBytes} bytes an answer`],
  ]);
  for (const route of routes) {
    const who =
      route.connector === undefined ? "Without a connector" : `With the connector ${cleanLine(route.connector)}`;
    section(
      who,
      routeRows(route).map(([name = "", value = ""]) => [name, cleanLine(value)]),
    );
  }
}

function routeRows({
  allowed,
  reason,
  proxy,
  proxyReason,
  tls,
  responseTimeoutMs,
  handshake,
}: RouteReport): string[][] {
  const direct = proxyReason === undefined ? "none" : `none: ${proxyReason}`;
  const trust =
    tls === undefined
      ? [["tls", "none; this is plain http"]]
      : [
          ["verification", `${tls.mode} (${tls.modeSetting})`],
          [
            "authorities",
            tls.authorities.length === 0 ? "the system's" : `only those of ${tls.authorities.join(" and ")}`,
          ],
          ["client certificate", tls.clientCertificate ?? "none"],
        ];
  return [
    ["allowed", allowed ? "yes" : `no: ${reason}`],
    ["proxy", proxy === null ? direct : `${proxy.url} (${proxy.setting})`],
    ...trust,
    ["time", `at most ${formatDuration(responseTimeoutMs)} an attempt`],
    ["handshake", handshake === undefined ? "not tried" : describeHandshake(handshake)],
  ];
}

function describeHandshake(handshake: Handshake): string {
  if (!handshake.ok) return `failed: ${handshake.error.code}: ${handshake.error.message}`;
  const { protocol, address, certificate, reached } = handshake;
  if (reached === "proxy") return "the proxy answers; the server behind it was not asked";
  const shown =
    certificate === undefined ? "" : `; the server showed ${certificate.subject}, valid to ${certificate.validTo}`;
  return `ok${protocol === undefined ? "" : `, ${protocol}`}${address === undefined ? "" : ` with ${address}`}${shown}`;
}

import { certificates, startProxy, startTarget, type ProxyOptions, type TargetOptions } from "@stepwire/test-rig";
import { onTestFinished } from "vitest";

import { openConnector, reachOf } from "../src/connector/create-connector.ts";
import { readNetworkOptions } from "../src/connector/network-options.ts";
import { problemsError } from "../src/connector/problem.ts";
import { setUpConnector } from "../src/connector/setup.ts";
import type { ConnectorNetwork } from "../src/files/network.ts";
import type { Connector, NetworkOptions } from "../src/index.ts";
import type { Resolve } from "../src/private-address.ts";
import { get, typeOf, type TypeOptions, type Work } from "./http-support.ts";

export interface Behind extends Pick<TypeOptions, "retry" | "idempotency"> {
  url: string;
  /** `network` of the settings; the rig's authority is trusted unless `ssl` says otherwise. */
  settings?: NetworkOptions;
  /** `network` of the connector itself. */
  own?: ConnectorNetwork;
  config?: object;
  secrets?: object;
}

/** A connector whose calls are one attempt each. Every name that it looks up for a target leads to 127.0.0.1. */
export function openBehind(
  { url, settings, own = {}, config, secrets = {}, ...type }: Behind,
  work: Work = get,
): Connector {
  const connectorType = typeOf(work, { retry: { maxAttempts: 1 }, ...type });
  const ssl = { certificateAuthoritiesData: certificates().ca, ...settings?.ssl };
  const { network } = readNetworkOptions({ ...settings, ssl });
  const input = { config: { url, hasAuth: false, ...config }, secrets: { ...secrets }, network: own };
  const checked = setUpConnector(connectorType, input, reachOf(network, loopback));
  if ("problems" in checked) throw problemsError("The connector behind a proxy", checked.problems);
  const connector = openConnector(connectorType, { name: "behind", network, setup: checked.setup, resolve: loopback });
  onTestFinished(() => connector.close());
  return connector;
}

const loopback: Resolve = (_host, _options, callback) => callback(null, [{ address: "127.0.0.1", family: 4 }]);

export async function target(options?: TargetOptions) {
  const server = await startTarget(options);
  onTestFinished(() => server.close());
  return server;
}

export async function proxy(options?: ProxyOptions) {
  const server = await startProxy(options);
  onTestFinished(() => server.close());
  return server;
}

/** `host:port` of a URL, as messages name it. */
export const hostOf = (url: string): string => new URL(url).host;

/** A proxy's URL with user and password in it. */
export const withUser = (url: string, user: string, password: string): string =>
  url.replace("://", `://${encodeURIComponent(user)}:${encodeURIComponent(password)}@`);

import type { NetworkSettings } from "../files/settings.ts";
import type { ProxyChoice } from "../proxy/proxy.ts";
import { tlsPolicy, type ConnectorTls } from "../tls/trust.ts";
import type { Route } from "./agents.ts";

/** Whose word counts on the way to a URL: the connector's with its certificate, without it, or the settings' alone. */
export type Standing = "credentials" | "token" | "stranger";

/** What one request asked for. */
const UNVERIFIED = { mode: "none", modeSetting: "the request" } as const;

/** More origins than this are only seen where URLs are made by workflows. */
const MAX_KEPT = 500;

/** How requests of one connector leave; the same for the same origin, so it is worked out once. */
export class Routes {
  readonly #network: NetworkSettings;
  readonly #proxy: ProxyChoice;
  readonly #tls: ConnectorTls | undefined;
  readonly #kept = new Map<string, Route>();

  constructor(network: NetworkSettings, proxy: ProxyChoice, tls: ConnectorTls | undefined) {
    this.#network = network;
    this.#proxy = proxy;
    this.#tls = tls;
  }

  /** Whether the connector has a client certificate. */
  get showsCertificate(): boolean {
    return this.#tls?.clientCertificate !== undefined;
  }

  of(url: URL, standing: Standing, unverified = false): Route {
    const key = `${standing} ${unverified} ${url.origin}`;
    let route = this.#kept.get(key);
    if (route === undefined) {
      route = this.#make(url, standing);
      if (unverified && route.tls !== undefined) route = { ...route, tls: { ...route.tls, ...UNVERIFIED } };
      if (this.#kept.size >= MAX_KEPT) this.#kept.clear();
      this.#kept.set(key, route);
    }
    return route;
  }

  #make(url: URL, standing: Standing): Route {
    return {
      proxy: this.#proxy.for(url),
      tls: url.protocol === "https:" ? tlsPolicy(this.#network, url, this.#word(standing)) : undefined,
    };
  }

  /** Off the trusted origins a connector's own settings do not count: a `none` meant for one host must not reach others. */
  #word(standing: Standing): ConnectorTls | undefined {
    if (this.#tls === undefined || standing === "stranger") return undefined;
    if (standing === "credentials") return this.#tls;
    const { clientCertificate: _, ...rest } = this.#tls;
    return rest;
  }
}

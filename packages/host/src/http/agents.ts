import http from "node:http";
import https from "node:https";
import type { LookupFunction, Socket } from "node:net";
import type { Duplex } from "node:stream";

import { ForwardAgent } from "../proxy/forward-agent.ts";
import type { Proxy } from "../proxy/proxy.ts";
import { TunnelAgent } from "../proxy/tunnel-agent.ts";
import { tlsOptions, type TlsPolicy } from "../tls/trust.ts";
import { watchSocket } from "./sockets.ts";

/** How one request leaves: through a proxy or not, checked how. */
export interface Route {
  readonly proxy?: Proxy | undefined;
  /** For https targets. */
  readonly tls?: TlsPolicy | undefined;
}

export interface AgentOptions {
  /** Guards the addresses of targets; what it answers is what is dialled. */
  lookup: LookupFunction;
  /** The same for proxies. */
  proxyLookup?: LookupFunction | undefined;
}

/** Closes idle sockets, and makes Node heed the server's own `Keep-Alive: timeout`. Active ones are not touched. */
const IDLE_SOCKET_MS = 30_000;
/** Node's own 250 ms give up on slow routes when a name has several addresses. */
const ADDRESS_ATTEMPT_MS = 1000;

/**
 * The agents of one connector. They are not shared: in a common pool the TLS material of one connector would seem to
 * work for another. Requests with different routes never share a socket either.
 */
export class Agents {
  readonly #options: AgentOptions;
  readonly #agents = new Map<string, http.Agent>();

  constructor(options: AgentOptions) {
    this.#options = options;
  }

  for(url: URL, route: Route): http.Agent {
    const key = `${url.protocol} ${route.proxy?.url.href ?? ""} ${url.protocol === "https:" ? keyOf(route.tls) : ""}`;
    let agent = this.#agents.get(key);
    if (agent === undefined) {
      agent = url.protocol === "https:" ? this.#secure(route) : this.#plain(route);
      this.#agents.set(key, agent);
    }
    return agent;
  }

  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
  }

  #plain({ proxy }: Route): http.Agent {
    const options = this.#common();
    return proxy === undefined ? new PlainAgent(options) : new ForwardAgent(options, proxy, this.#options.proxyLookup);
  }

  #secure({ proxy, tls }: Route): https.Agent {
    const options = { ...this.#common(), ...(tls === undefined ? {} : tlsOptions(tls)) };
    if (proxy === undefined) return new SecureAgent(options);
    return new TunnelAgent(options, { proxy, lookup: this.#options.proxyLookup });
  }

  #common(): http.AgentOptions {
    return {
      keepAlive: true,
      timeout: IDLE_SOCKET_MS,
      autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS,
      lookup: this.#options.lookup,
    };
  }
}

/** Within one connector the client certificate is the same wherever there is one. */
const keyOf = (policy: TlsPolicy | undefined) =>
  policy === undefined
    ? ""
    : JSON.stringify([
        policy.mode,
        policy.certificateSettings,
        policy.certificates.length,
        policy.clientCertificate !== undefined,
      ]);

type Connected = (error: Error | null, socket: Duplex) => void;

class PlainAgent extends http.Agent {
  override createConnection(options: http.ClientRequestArgs, done?: Connected): Duplex | null | undefined {
    return watched(super.createConnection(options, done));
  }
}

class SecureAgent extends https.Agent {
  override createConnection(options: https.RequestOptions, done?: Connected): Duplex | null | undefined {
    return watched(super.createConnection(options, done));
  }
}

function watched(socket: Duplex | null | undefined): Duplex | null | undefined {
  if (socket != null) watchSocket(socket as Socket);
  return socket;
}

import http from "node:http";
import { connect, type LookupFunction, type Socket } from "node:net";
import tls from "node:tls";

import { watchSocket } from "../http/sockets.ts";
import type { Proxy } from "./proxy.ts";
import { proxyAddress, proxyTls } from "./tunnel-agent.ts";

/** An agent for http targets behind a proxy: whatever the target, it connects to the proxy. */
export class ForwardAgent extends http.Agent {
  readonly #proxy: Proxy;
  readonly #lookup: LookupFunction | undefined;

  constructor(options: http.AgentOptions, proxy: Proxy, lookup: LookupFunction | undefined) {
    super(options);
    this.#proxy = proxy;
    this.#lookup = lookup;
  }

  override createConnection(): Socket {
    const { host, port } = proxyAddress(this.#proxy);
    const address = { host, port, ...(this.#lookup === undefined ? {} : { lookup: this.#lookup }) };
    const socket =
      this.#proxy.url.protocol === "http:"
        ? connect(address)
        : tls.connect({ ...address, ...(isName(host) ? { servername: host } : {}), ...proxyTls(this.#proxy) });
    watchSocket(socket);
    return socket;
  }
}

/** An address cannot be asked for by name in TLS. */
const isName = (host: string) => !/^[\d.]+$|:/.test(host);

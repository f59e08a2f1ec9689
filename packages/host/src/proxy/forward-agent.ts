import http, { type ClientRequest } from "node:http";
import { connect, type LookupFunction, type Socket } from "node:net";
import tls from "node:tls";

import { watchSocket } from "../http/sockets.ts";
import type { Proxy } from "./proxy.ts";
import { proxyAddress, proxyTls } from "./tunnel-agent.ts";

type AddRequest = (request: ClientRequest, options: { host?: string; port?: number | string }) => void;

/**
 * An agent for http targets: the request itself goes to the proxy, with the whole URL in its first line. The proxy
 * sees all of it, as everybody on the way does with plain http.
 */
export class ForwardAgent extends http.Agent {
  readonly #proxy: Proxy;
  readonly #lookup: LookupFunction | undefined;

  constructor(options: http.AgentOptions, proxy: Proxy, lookup: LookupFunction | undefined) {
    super(options);
    this.#proxy = proxy;
    this.#lookup = lookup;
  }

  /** Node's own hook, which its types leave out. */
  addRequest(request: ClientRequest, options: { host?: string; port?: number | string }): void {
    const { host = "", port = 80 } = options;
    const authority = `${host.includes(":") ? `[${host}]` : host}${Number(port) === 80 ? "" : `:${port}`}`;
    request.path = `http://${authority}${request.path}`;
    for (const [name, value] of Object.entries(this.#proxy.headers)) request.setHeader(name, value);
    const { addRequest } = http.Agent.prototype as unknown as { addRequest: AddRequest };
    addRequest.call(this, request, options);
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

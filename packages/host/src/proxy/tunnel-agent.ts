import http, { type ClientRequest, type RequestOptions } from "node:http";
import https from "node:https";
import type { LookupFunction, Socket } from "node:net";
import type { Duplex } from "node:stream";

import { StepwireError } from "@stepwire/core";

import { socketFacts, watchSocket } from "../http/sockets.ts";
import { tlsOptions } from "../tls/trust.ts";
import type { Proxy } from "./proxy.ts";
import { proxyFailure, proxyRefusal } from "./proxy-error.ts";

export interface TunnelOptions {
  proxy: Proxy;
  /** Guards the address of the proxy itself. */
  lookup?: LookupFunction | undefined;
}

/** Options of a connection as Node hands them to an agent, with the signal that our client adds. */
type ConnectOptions = https.AgentOptions & { host?: string; port?: number; callSignal?: AbortSignal };
type Done = (error: Error | null, socket: Duplex) => void;

const MAX_ANSWER_HEADERS = 16 * 1024;

/**
 * An https agent whose connections go through a proxy's CONNECT. Its own options are the target's alone: what trusts
 * the proxy must not loosen what trusts the target, nor the other way round.
 */
export class TunnelAgent extends https.Agent {
  readonly #tunnel: TunnelOptions;
  readonly #pending = new Set<ClientRequest>();

  constructor(options: https.AgentOptions, tunnel: TunnelOptions) {
    super(options);
    this.#tunnel = tunnel;
  }

  override createConnection(options: ConnectOptions, done: Done): undefined {
    const { proxy } = this.#tunnel;
    const authority = authorityOf(options);
    const request = this.#connect(authority);
    this.#pending.add(request);
    let settled = false;
    const settle = (error: Error | undefined, socket?: Duplex) => {
      if (settled) {
        socket?.destroy();
        return;
      }
      settled = true;
      options.callSignal?.removeEventListener("abort", stop);
      this.#pending.delete(request);
      if (error === undefined && socket !== undefined) return done(null, socket);
      request.destroy();
      done(error ?? new Error("The connection was not made."), undefined as never);
    };
    // Before anything can destroy the request: an error that nobody hears would end the process.
    request.on("error", (error) =>
      settle(proxyFailure(proxy, error, { certificate: socketFacts(request.socket).certificate })),
    );
    // An abort of the call, by its own deadline too, does not reach a request that has no socket yet.
    const stop = () => settle(new StepwireError("cancelled", "The call was stopped."));
    if (options.callSignal?.aborted === true) {
      stop();
      return undefined;
    }
    options.callSignal?.addEventListener("abort", stop, { once: true });
    request.once("connect", (response, socket: Socket, head) => {
      if (response.statusCode !== 200 || head.length > 0) {
        socket.destroy();
        return settle(
          response.statusCode === 200
            ? proxyFailure(proxy, { code: "EARLY_DATA" })
            : proxyRefusal(proxy, response.statusCode ?? 0, authority),
        );
      }
      try {
        // Throws for material that OpenSSL cannot read; nobody could catch that here.
        const { callSignal: _, ...target } = options;
        const secured = super.createConnection({ ...target, socket } as https.RequestOptions, undefined) as Socket;
        watchSocket(secured);
        settle(undefined, secured);
      } catch (error) {
        socket.destroy();
        settle(error as Error);
      }
    });
    // A proxy that answers CONNECT as if it were an ordinary request.
    request.once("response", (response) => {
      response.destroy();
      settle(proxyRefusal(proxy, response.statusCode ?? 0, authority));
    });
    request.end();
    return undefined;
  }

  override destroy(): void {
    for (const request of this.#pending) request.destroy();
    super.destroy();
  }

  #connect(authority: string): ClientRequest {
    const { proxy, lookup } = this.#tunnel;
    const options = {
      ...proxyAddress(proxy),
      method: "CONNECT",
      path: authority,
      setHost: false,
      agent: false,
      headers: { ...proxy.headers, Host: authority },
      maxHeaderSize: MAX_ANSWER_HEADERS,
      ...(lookup === undefined ? {} : { lookup }),
    } satisfies RequestOptions;
    if (proxy.url.protocol === "http:") return http.request(options);
    const request = https.request({ ...options, ...proxyTls(proxy) });
    request.once("socket", (socket: Socket) => watchSocket(socket));
    return request;
  }
}

/** Host and port of a proxy as Node's connect functions take them. */
export function proxyAddress({ url }: Proxy): { host: string; port: number } {
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  return { host: url.hostname.replace(/^\[|\]$/g, ""), port };
}

export const proxyTls = (proxy: Proxy) => ({ ...tlsOptions(proxy.tls), ALPNProtocols: ["http/1.1"] });

/** Node hands over an IPv6 host without its brackets. */
function authorityOf({ host = "", port = 443 }: ConnectOptions): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

import http from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";

import { StepwireError, type ErrorJson } from "@stepwire/core";

import { proxySilence } from "../proxy/proxy-error.ts";
import { withDeadline } from "../http/deadline.ts";
import { Agents, type AgentOptions, type Route } from "../http/agents.ts";
import { networkFailure } from "../http/network-error.ts";
import { socketFacts } from "../http/sockets.ts";
import type { CertificateFacts } from "../tls/certificate-facts.ts";

/** How far a connection came; no request was sent over it. */
export type Handshake =
  | {
      ok: true;
      /** `proxy` where a proxy takes requests as they are (http): the server behind it was not asked. */
      reached: "server" | "proxy";
      /** Of the server; behind a proxy nobody here knows it. */
      address?: string;
      protocol?: string;
      certificate?: CertificateFacts;
    }
  | { ok: false; error: ErrorJson };

/** With TLS 1.3 a server looks at a client certificate only after the client is done; this long its word is waited for. */
const LAST_WORD_MS = 500;
const NEVER = new AbortController().signal;

/** Connects the way a request would, TLS and proxy included, and hangs up. */
export async function tryHandshake(
  url: URL,
  route: Route,
  options: AgentOptions & { timeoutMs: number },
): Promise<Handshake> {
  const agents = new Agents(options);
  const { timeoutMs } = options;
  try {
    return await withDeadline(NEVER, timeoutMs, `${url.hostname} did not answer`, (signal) =>
      connect(agents, url, route, signal),
    );
  } catch (thrown) {
    const error = StepwireError.from(thrown);
    const silent = error.code === "timeout" && route.proxy !== undefined;
    return { ok: false, error: (silent ? proxySilence(route.proxy, url.host, timeoutMs) : error).toJSON() };
  } finally {
    agents.close();
  }
}

function connect(agents: Agents, url: URL, route: Route, callSignal: AbortSignal): Promise<Handshake> {
  return new Promise((resolve, reject) => {
    const { request: make } = url.protocol === "https:" ? https : http;
    // It is never ended, so that not even its first line is sent.
    const request = make(url, { agent: agents.for(url, route), method: "HEAD", callSignal } as http.RequestOptions);
    const settle = (done: () => void) => {
      clearTimeout(timer);
      callSignal.removeEventListener("abort", stop);
      done();
      request.destroy();
    };
    const stop = () => settle(() => reject(callSignal.reason as Error));
    let timer: NodeJS.Timeout | undefined;
    callSignal.addEventListener("abort", stop, { once: true });
    request.on("error", (error) =>
      settle(() => reject(networkFailure(error, { url, route, facts: socketFacts(request.socket) }))),
    );
    request.once("socket", (socket: Socket) => {
      const done = () => settle(() => resolve(describe(socket, url, route)));
      if (!(socket instanceof TLSSocket)) {
        if (socket.connecting) socket.once("connect", done);
        else done();
        return;
      }
      socket.once("secureConnect", () => {
        if (route.tls?.clientCertificate === undefined && socket.getProtocol() !== "TLSv1.3") return done();
        timer = setTimeout(done, LAST_WORD_MS);
        socket.once("session", done);
        // An alert comes only to who reads.
        socket.resume();
      });
    });
  });
}

function describe(socket: Socket, url: URL, { proxy }: Route): Handshake {
  const { certificate } = socketFacts(socket);
  const protocol = socket instanceof TLSSocket ? socket.getProtocol() : null;
  return {
    ok: true,
    reached: proxy !== undefined && url.protocol === "http:" ? "proxy" : "server",
    ...(socket.remoteAddress === undefined || proxy !== undefined ? {} : { address: socket.remoteAddress }),
    ...(protocol === null ? {} : { protocol }),
    ...(certificate === undefined ? {} : { certificate }),
  };
}

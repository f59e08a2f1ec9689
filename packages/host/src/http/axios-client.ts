import http, { type ClientRequest } from "node:http";
import https from "node:https";
import type { Readable } from "node:stream";

import axios, { type AxiosResponse, type InternalAxiosRequestConfig } from "axios";

import { Agents, type AgentOptions } from "./agents.ts";
import { networkFailure } from "./network-error.ts";
import { socketFacts } from "./sockets.ts";
import type { IncomingResponse, OutgoingRequest, Progress, Transport } from "./transport.ts";

/** Options that axios hands to Node as they are, all but the last. */
type NodeOptions = http.RequestOptions & { callSignal?: AbortSignal };

/** Asked for directly: defaults, interceptors and transforms have nothing to do here but take time. */
const sendWithAxios = axios.getAdapter("http");

/**
 * Sends with axios over agents of its own. axios only carries bytes here; time, size, redirects and statuses are judged
 * by us, since its timeout does not cover a dripping body and its decompression hides truncated ones.
 */
export function createAxiosClient(options: AgentOptions): Transport {
  const agents = new Agents(options);
  return {
    async send(request: OutgoingRequest): Promise<IncomingResponse> {
      const { url, route, signal, progress } = request;
      await turn();
      try {
        const agent = agents.for(url, route);
        const config = {
          ...FIXED,
          method: request.method,
          url: url.href,
          headers: new axios.AxiosHeaders(request.headers),
          data: request.body,
          signal,
          httpAgent: agent,
          httpsAgent: agent,
          transport: nodeTransport(url.protocol === "https:" ? https : http, signal, progress),
        };
        const response = (await sendWithAxios(config as InternalAxiosRequestConfig)) as AxiosResponse<Readable>;
        return {
          status: response.status,
          statusText: response.statusText,
          headers: plainHeaders(response.headers as Record<string, unknown>),
          body: response.data,
        };
      } catch (error) {
        const { request: sent } = error as { request?: Partial<ClientRequest> };
        throw networkFailure(error, {
          url,
          route,
          facts: socketFacts(sent?.socket),
          reused: sent?.reusedSocket === true,
        });
      }
    },
    close: () => agents.close(),
  };
}

/** `proxy: false`, or axios would read HTTP_PROXY by itself. */
const FIXED = {
  proxy: false,
  maxRedirects: 0,
  timeout: 0,
  decompress: false,
  responseType: "stream",
  validateStatus: () => true,
  maxBodyLength: Number.POSITIVE_INFINITY,
} as const;

/** Node's own request function, with the signal of the call where an agent that is still connecting can see it. */
const nodeTransport = (node: typeof http | typeof https, callSignal: AbortSignal, progress: Progress) => ({
  request(options: NodeOptions, done: (response: http.IncomingMessage) => void) {
    const request = node.request({ ...options, callSignal } as NodeOptions, done);
    progress.sent = () => socketFacts(request.socket).ready;
    watchUpgrade(request);
    watchAnswer(request);
    return request;
  },
});

/** Nobody asked to change the protocol; without a listener the call would hang until its time is up. */
function watchUpgrade(request: ClientRequest): void {
  request.once("upgrade", (_response, socket) => {
    socket.destroy();
    // Node has let go of the request by now: destroying it would tell nobody.
    request.emit("error", Object.assign(new Error("The server changed the protocol."), { code: "UNASKED_UPGRADE" }));
  });
}

/** What axios does not do for an answer that it has handed on. */
function watchAnswer(request: ClientRequest): void {
  request.once("response", (response: http.IncomingMessage) => {
    // Refused before the request was there as a whole: a server that reads no further would keep the connection.
    response.once("end", () => {
      if (!request.writableFinished && (response.statusCode ?? 0) >= 400) request.destroy();
    });
    // Otherwise the answer would only seem to have broken off.
    request.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code?.startsWith("HPE_") === true && !response.complete) response.destroy(error);
    });
  });
}

let gate: Promise<void> | undefined;

/** Requests that are made in one turn of the event loop start together: at 16 at once that saves a third of the CPU. */
function turn(): Promise<void> {
  gate ??= new Promise((resolve) => {
    setImmediate(() => {
      gate = undefined;
      resolve();
    });
  });
  return gate;
}

function plainHeaders(headers: Record<string, unknown>): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (Array.isArray(value)) plain[name.toLowerCase()] = value.join(", ");
    else if (typeof value === "string" || typeof value === "number") plain[name.toLowerCase()] = String(value);
  }
  return plain;
}

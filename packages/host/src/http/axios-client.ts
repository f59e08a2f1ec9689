import http from "node:http";
import https from "node:https";
import type { Readable } from "node:stream";

import axios from "axios";

import type { IncomingResponse, Lookup, OutgoingRequest, Transport } from "./transport.ts";

/** Closes idle sockets, and makes Node heed the server's own `Keep-Alive: timeout`. Active ones are not touched. */
const IDLE_SOCKET_MS = 30_000;
/** Node's own 250 ms give up on slow routes when a name has several addresses. */
const ADDRESS_ATTEMPT_MS = 1000;

/**
 * Sends with axios over agents of its own, one pair a connector: in a shared pool the TLS material of one connector
 * would seem to work for another. axios only carries bytes here; time, size, redirects and statuses are judged by us,
 * since its timeout does not cover a dripping body and its decompression hides truncated ones.
 */
export function createAxiosClient(lookup: Lookup): Transport {
  const options = {
    keepAlive: true,
    timeout: IDLE_SOCKET_MS,
    autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS,
    ...(lookup === undefined ? {} : { lookup }),
  };
  const httpAgent = new http.Agent(options);
  const httpsAgent = new https.Agent(options);

  return {
    async send(request: OutgoingRequest): Promise<IncomingResponse> {
      const response = await axios.request<Readable>({
        adapter: "http",
        method: request.method,
        url: request.url.href,
        headers: request.headers,
        data: request.body,
        signal: request.signal,
        httpAgent,
        httpsAgent,
        proxy: false,
        maxRedirects: 0,
        timeout: 0,
        decompress: false,
        responseType: "stream",
        validateStatus: () => true,
        transformRequest: [],
        transformResponse: [],
        maxBodyLength: Number.POSITIVE_INFINITY,
      });
      return {
        status: response.status,
        statusText: response.statusText,
        headers: plainHeaders(response.headers as Record<string, unknown>),
        body: response.data,
      };
    },
    close() {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

function plainHeaders(headers: Record<string, unknown>): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (Array.isArray(value)) plain[name.toLowerCase()] = value.join(", ");
    else if (typeof value === "string" || typeof value === "number") plain[name.toLowerCase()] = String(value);
  }
  return plain;
}

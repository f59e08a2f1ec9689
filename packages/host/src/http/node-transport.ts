import http, { type ClientRequest, type IncomingMessage } from "node:http";
import https from "node:https";

import { Agents, type AgentOptions } from "./agents.ts";
import { networkFailure } from "./network-error.ts";
import { socketFacts } from "./sockets.ts";
import type { IncomingResponse, OutgoingRequest, Transport } from "./transport.ts";

/** What Node's own request function is told, with the signal of the call where an agent that is still connecting sees it. */
type Options = https.RequestOptions & { callSignal: AbortSignal };

/**
 * Sends with Node's own client over agents of our own. It only carries bytes: time, size, redirects, compression and
 * statuses are judged by who asked.
 */
export function createNodeTransport(options: AgentOptions): Transport {
  const agents = new Agents(options);
  return {
    send: (request) => exchange(request, agents),
    close: () => agents.close(),
  };
}

function exchange(outgoing: OutgoingRequest, agents: Agents): Promise<IncomingResponse> {
  const { url, route, headers, signal, progress } = outgoing;
  return new Promise((resolve, reject) => {
    let request: ClientRequest | undefined;
    const fail = (error: unknown) => {
      const facts = socketFacts(request?.socket);
      reject(networkFailure(error, { url, route, facts, reused: request?.reusedSocket === true }));
    };
    try {
      signal.throwIfAborted();
      // Throws for a client certificate that OpenSSL does not work with.
      const agent = agents.for(url, route);
      request = (url.protocol === "https:" ? https : http).request(optionsOf(outgoing, agent));
    } catch (error) {
      fail(error);
      return;
    }
    const sent = request;
    // Node itself would keep a connection that the server keeps, whatever the header says.
    if (headers["Connection"] === "close") sent.shouldKeepAlive = false;
    progress.request = sent;
    // A request that still waits for its connection tells nobody that it was destroyed.
    const stop = () => {
      sent.destroy();
      fail(signal.reason);
    };
    signal.addEventListener("abort", stop, { once: true });
    sent.on("error", fail);
    // Nobody asked to change the protocol; without a listener the call would hang until its time is up.
    sent.once("upgrade", (_response, socket) => {
      socket.destroy();
      fail(Object.assign(new Error("The server changed the protocol."), { code: "UNASKED_UPGRADE" }));
    });
    sent.once("response", (response) => {
      watchAnswer(sent, response);
      resolve({
        status: response.statusCode ?? 0,
        statusText: response.statusMessage ?? "",
        headers: plainHeaders(response.headers),
        body: response,
      });
    });
    sent.end(bodyOf(outgoing));
  });
}

/** Methods whose request has no body unless one is given; others say that theirs is empty. RFC 9110, 8.6 */
const WITHOUT_BODY = new Set(["GET", "HEAD", "DELETE", "OPTIONS", "TRACE"]);

function optionsOf({ method, url, headers, body, route, signal }: OutgoingRequest, agent: http.Agent): Options {
  const { protocol, hostname, host, port } = url;
  // A list is written as it is; of an object Node makes a map, and a list of that.
  const lines = ["Host", host];
  // With plain http the request itself goes to the proxy, which sees all of it, as everybody on the way does.
  const proxyHeaders = protocol === "http:" ? route.proxy?.headers : undefined;
  const replaced = proxyHeaders && new Set(Object.keys(proxyHeaders).map((name) => name.toLowerCase()));
  for (const name in headers) if (replaced?.has(name.toLowerCase()) !== true) lines.push(name, headers[name] ?? "");
  for (const name in proxyHeaders) lines.push(name, proxyHeaders[name] ?? "");
  if (body !== undefined) lines.push("Content-Length", String(Buffer.byteLength(body)));
  else if (!WITHOUT_BODY.has(method.toUpperCase())) lines.push("Content-Length", "0");
  const path = `${url.pathname}${url.search}`;
  return {
    protocol,
    // Node takes an IPv6 address without its brackets.
    hostname: hostname.startsWith("[") ? hostname.slice(1, -1) : hostname,
    ...(port === "" ? {} : { port }),
    path: proxyHeaders === undefined ? path : `${protocol}//${host}${path}`,
    method,
    headers: lines,
    agent,
    callSignal: signal,
  };
}

/** A text is sent together with the headers and in one encoding, UTF-8, which is not theirs: so not with such headers. */
function bodyOf({ headers, body }: OutgoingRequest): string | Buffer | undefined {
  if (typeof body !== "string") return body;
  for (const name in headers) if (/[\u0080-\u00ff]/.test(headers[name] ?? "")) return Buffer.from(body);
  return body;
}

function watchAnswer(request: ClientRequest, response: IncomingMessage): void {
  // Refused before the request was there as a whole: a server that reads no further would keep the connection.
  response.once("end", () => {
    if (!request.writableFinished && (response.statusCode ?? 0) >= 400) request.destroy();
  });
  // Otherwise the answer would only seem to have broken off.
  request.once("error", (error: NodeJS.ErrnoException) => {
    if (error.code?.startsWith("HPE_") === true && !response.complete) response.destroy(error);
  });
}

function plainHeaders(headers: http.IncomingHttpHeaders): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (Array.isArray(value)) plain[name] = value.join(", ");
    else if (value !== undefined) plain[name] = value;
  }
  return plain;
}

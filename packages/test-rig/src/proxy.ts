import {
  createServer as createHttp,
  request as requestHttp,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { createServer as createHttps } from "node:https";
import { connect, type Socket } from "node:net";

import { certificates, type ServerKind } from "./certificates.ts";
import { extend, listen, surviveErrors, type Listener } from "./listener.ts";
import { misbehave, type ProxyFault } from "./proxy-faults.ts";

export interface ProxyOptions {
  /** Nothing: the way to the proxy is plain HTTP. */
  readonly tls?: ServerKind;
  readonly auth?: { readonly user: string; readonly password: string };
  readonly fault?: ProxyFault;
  /** Requests without it, on CONNECT or in a forwarded request, get 403. */
  readonly requireHeader?: readonly [name: string, value: string];
}

export interface TestProxy extends Listener {
  /** `http://127.0.0.1:PORT` or `https://localhost:PORT`, without credentials. */
  readonly url: string;
  /** Every CONNECT, refused ones too. */
  readonly connects: readonly SeenConnect[];
  /** Every other request, refused ones too. */
  readonly forwards: readonly SeenForward[];
}

export interface SeenConnect {
  readonly authority: string;
  readonly headers: IncomingHttpHeaders;
  /** Answered so; 0 if a fault took over or no answer was given yet. */
  status: number;
}

export interface SeenForward {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** Meant for the proxy, or for one connection: RFC 9110, section 7.6.1. */
const HOP_BY_HOP = [
  "connection",
  "proxy-connection",
  "proxy-authorization",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** A proxy for CONNECT and for absolute URLs, with the manners of a real one until `fault` says otherwise. */
export async function startProxy(options: ProxyOptions = {}): Promise<TestProxy> {
  const { tls, fault } = options;
  const connects: SeenConnect[] = [];
  const forwards: SeenForward[] = [];
  const upstreams = new Set<Socket>();

  const server =
    tls === undefined ? createHttp() : createHttps({ ...certificates().servers[tls], ALPNProtocols: ["http/1.1"] });
  server.on("request", (incoming: IncomingMessage, response: ServerResponse) => {
    forwards.push({ method: incoming.method ?? "", url: incoming.url ?? "", headers: incoming.headers });
    const refused = refusal(incoming, options);
    if (refused === undefined) forward(incoming, response);
    else response.writeHead(refused.status, refused.headers).end(refused.text);
  });
  server.on("connect", (incoming: IncomingMessage, client: Socket, early: Buffer) => {
    surviveErrors(client);
    const seen: SeenConnect = { authority: incoming.url ?? "", headers: incoming.headers, status: 0 };
    connects.push(seen);
    const answer = (status: number, headers: Readonly<Record<string, string>> = {}, text = ""): void => {
      seen.status = status;
      client
        .end(head(status, { ...headers, "content-length": String(text.length), connection: "close" }) + text)
        .resume();
    };
    const pass = (): void => {
      if (client.destroyed) return;
      const upstream = dial(seen.authority);
      upstreams.add(upstream);
      upstream.once("close", () => upstreams.delete(upstream));
      tunnel(client, upstream, early, (status) => {
        if (status === 200) seen.status = status;
        else answer(status, {}, "the target cannot be reached");
      });
    };
    const refused = refusal(incoming, options);
    if (refused !== undefined) answer(refused.status, refused.headers, refused.text);
    else if (fault === undefined) pass();
    else if (typeof fault === "object" && "connectDelay" in fault) setTimeout(pass, fault.connectDelay);
    else misbehave(fault, client, listener, answer);
  });

  const listener = await listen(server);
  const url = tls === undefined ? `http://127.0.0.1:${listener.port}` : `https://localhost:${listener.port}`;
  const close = async (): Promise<void> => {
    for (const upstream of upstreams) upstream.destroy();
    await listener.close();
  };
  return extend(listener, { url, connects, forwards, close });
}

function refusal(
  incoming: IncomingMessage,
  { auth, requireHeader }: ProxyOptions,
): { status: number; headers: Record<string, string>; text: string } | undefined {
  if (auth !== undefined) {
    const expected = `Basic ${Buffer.from(`${auth.user}:${auth.password}`).toString("base64")}`;
    if (incoming.headers["proxy-authorization"] !== expected)
      return { status: 407, headers: { "proxy-authenticate": 'Basic realm="rig"' }, text: "who are you?" };
  }
  if (requireHeader !== undefined && incoming.headers[requireHeader[0].toLowerCase()] !== requireHeader[1])
    return { status: 403, headers: {}, text: `${requireHeader[0]} is missing or wrong` };
  return undefined;
}

function tunnel(client: Socket, upstream: Socket, early: Buffer, answer: (status: 200 | 502) => void): void {
  let up = false;
  upstream.once("connect", () => {
    up = true;
    answer(200);
    client.write("HTTP/1.1 200 Connection established\r\n\r\n");
    upstream.write(early);
    client.pipe(upstream).pipe(client);
  });
  surviveErrors(upstream);
  upstream.once("close", (failed) => {
    if (!up) answer(502);
    else if (failed) client.destroy();
    // Not destroyed: the last bytes may still be on their way to the client. And read on, since the pipe has stopped
    // doing so and the client's own end would go unseen.
    else client.end().resume();
  });
  client.once("close", () => upstream.destroy());
}

function forward(incoming: IncomingMessage, response: ServerResponse): void {
  const target = URL.parse(incoming.url ?? "");
  // In origin form the parser finds no URL, and `https:` has to come through CONNECT.
  if (target?.protocol !== "http:") {
    response.writeHead(400).end("an absolute http: URL is needed");
    return;
  }
  const headers = Object.fromEntries(Object.entries(incoming.headers).filter(([name]) => !HOP_BY_HOP.includes(name)));
  const outgoing = requestHttp(target, { method: incoming.method, headers, agent: false }, (answer) => {
    const passed = Object.entries(answer.headers).filter(([name]) => !HOP_BY_HOP.includes(name));
    response.writeHead(answer.statusCode ?? 502, Object.fromEntries(passed));
    answer.on("error", () => response.destroy());
    answer.pipe(response);
  });
  outgoing.on("error", () => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end("the target cannot be reached");
  });
  response.once("close", () => outgoing.destroy());
  incoming.pipe(outgoing);
}

function dial(authority: string): Socket {
  const colon = authority.lastIndexOf(":");
  const host = authority.slice(0, colon).replace(/^\[(.*)\]$/, "$1");
  return connect({ host, port: Number(authority.slice(colon + 1)) });
}

function head(status: number, headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Rig\r\n${lines.join("")}\r\n`;
}

import { channel } from "node:diagnostics_channel";
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttps } from "node:https";
import type { AddressInfo, Server, Socket } from "node:net";

import type { StepwireError } from "@stepwire/core";
import { certificates } from "@stepwire/test-rig";

import { carryOut } from "./carry-out.ts";
import { resolver } from "./resolver.ts";
import type { Row } from "./row.ts";

interface Outcome {
  readonly code: string;
  readonly error?: StepwireError;
  readonly dialled: readonly string[];
  readonly asked: readonly string[];
  readonly received: readonly string[];
  /** Connections that the traps took. */
  readonly accepted: readonly string[];
}

export interface Traps {
  run(row: Row): Promise<Outcome>;
  close(): Promise<void>;
}

/** Loopback addresses under which a server waits. 127.0.0.2 is left out: who dials it is refused. */
const TRAP_HOSTS = ["127.0.0.1", "127.0.0.9", "127.8.8.8", "::1"];

/**
 * Servers that take whatever comes, on several loopback addresses with one port, and one with TLS. What is dialled is
 * heard from Node itself: every client socket announces itself before it connects, and each attempt after that.
 */
export async function startTraps(): Promise<Traps> {
  let current: Row = { name: "", call: { method: "GET" }, code: "", dialled: [] };
  let seen = { dialled: [] as string[], asked: [] as string[], received: [] as string[], accepted: [] as string[] };
  const sockets = new Set<Socket>();

  const onSocket = (message: unknown): void => {
    const { socket } = message as { socket: Socket };
    socket.on("connectionAttempt", (ip, port) => seen.dialled.push(endpoint(ip, port)));
  };
  channel("net.client.socket").subscribe(onSocket);

  const handler = (request: IncomingMessage, response: ServerResponse): void => {
    const { method = "", url = "/" } = request;
    seen.received.push(`${method} ${url}`);
    const path = url.startsWith("/") ? url : new URL(url).pathname;
    const [status, ...location] = current.redirects?.[path]?.split(" ") ?? ["200"];
    if (location.length > 0) response.setHeader("location", location.join(" "));
    if (location.length > 0 || current.hangUp === true) response.setHeader("connection", "close");
    if (path === "/token") response.setHeader("content-type", "application/json");
    response.writeHead(Number(status)).end(path === "/token" ? '{"access_token":"a-token-of-the-trap"}' : "");
  };
  const watch = (server: Server): Server =>
    server.on("connection", (socket: Socket) => {
      sockets.add(socket);
      // A client that hangs up in the middle is no fault here.
      socket.on("error", () => undefined).once("close", () => sockets.delete(socket));
      seen.accepted.push(endpoint(socket.localAddress ?? "", socket.localPort ?? 0));
    });
  const plain = () => {
    const server = createHttp(handler);
    server.on("connect", ({ url }: IncomingMessage, socket: Socket) => {
      seen.received.push(`CONNECT ${url}`);
      socket.end("HTTP/1.1 502 Trap\r\n\r\n");
    });
    return watch(server);
  };
  const { port, servers } = await listenOnAll(TRAP_HOSTS, plain);
  const secure = watch(createHttps(certificates().servers.good, handler));
  await listen(secure, 0, "127.0.0.1");
  const tlsPort = (secure.address() as AddressInfo).port;
  const fill = <T>(value: T): T =>
    JSON.parse(JSON.stringify(value).replaceAll("TLSPORT", String(tlsPort)).replaceAll("PORT", String(port))) as T;
  // Free ports have five digits, which no group of an IPv6 address has.
  const empty = (list: readonly string[]): string[] =>
    list.map((text) => text.replace(`:${port}`, ":PORT").replace(`:${tlsPort}`, ":TLSPORT"));

  return {
    async run(row) {
      current = fill(row);
      seen = { dialled: [], asked: [], received: [], accepted: [] };
      const failed = await carryOut(current, resolver(current.dns ?? {}, seen.asked));
      return {
        code: failed?.code ?? "ok",
        ...(failed === undefined ? {} : { error: failed }),
        dialled: empty(seen.dialled),
        asked: seen.asked,
        received: empty(seen.received),
        accepted: empty(seen.accepted),
      };
    },
    async close() {
      channel("net.client.socket").unsubscribe(onSocket);
      const closed = [...servers, secure].map((server) => new Promise((resolve) => server.close(resolve)));
      for (const socket of sockets) socket.destroy();
      await Promise.all(closed);
    },
  };
}

/** One port on every address. Another is taken only where a stranger has it on one of them already. */
async function listenOnAll(hosts: readonly string[], make: () => Server): Promise<{ port: number; servers: Server[] }> {
  const servers: Server[] = [];
  let port = 0;
  for (const host of hosts) {
    const server = make();
    const taken = await listen(server, port, host).then(
      () => undefined,
      (error: NodeJS.ErrnoException) => error,
    );
    if (taken?.code === "EADDRINUSE") {
      for (const started of servers) started.close();
      return listenOnAll(hosts, make);
    }
    if (taken !== undefined) throw taken;
    servers.push(server);
    ({ port } = server.address() as AddressInfo);
  }
  return { port, servers };
}

const listen = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, host, resolve);
  });

const endpoint = (ip: string, port: number): string => (ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`);

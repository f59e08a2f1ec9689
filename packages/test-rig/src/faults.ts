import { createServer as createHttp, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { createServer as createHttps } from "node:https";

import { certificates, type ServerKind } from "./certificates.ts";
import type { Fault, FaultOutcome } from "./fault.ts";
import { BODY_FAULTS } from "./faults-body.ts";
import { CONNECTION_FAULTS } from "./faults-connection.ts";
import { HEAD_FAULTS } from "./faults-head.ts";
import { extend, listen, reset, type Listener } from "./listener.ts";

const ALL = { ...CONNECTION_FAULTS, ...HEAD_FAULTS, ...BODY_FAULTS };

export type FaultKind = keyof typeof ALL;

export interface FaultDescription {
  readonly kind: FaultKind;
  readonly what: string;
  readonly outcome: FaultOutcome;
}

/** Every fault that a server can play, and how a careful client ends. */
export const FAULTS: readonly FaultDescription[] = Object.entries(ALL).map(([kind, { what, outcome }]) => ({
  kind: kind as FaultKind,
  what,
  outcome,
}));

export interface FaultServer extends Listener {
  /** `http://127.0.0.1:PORT`, or `https://localhost:PORT` with TLS. Every path is the same. */
  readonly url: string;
  /** Every request whose headers came. */
  readonly requests: readonly FaultRequest[];
}

export interface FaultRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** A server that reads requests as it should, and answers each of them with the fault. */
export async function startFault(kind: FaultKind, options: { readonly tls?: ServerKind } = {}): Promise<FaultServer> {
  const { tls } = options;
  const fault: Fault = ALL[kind];
  const requests: FaultRequest[] = [];
  const onRequest = (request: IncomingMessage): void => {
    const { method = "", url: path = "", headers, socket } = request;
    requests.push({ method, path, headers });
    request.on("error", () => undefined);
    // Node's own response is never used: the fault writes below it.
    const play = (): void => fault.play({ socket, request, reset: () => reset(socket, listener) });
    if (fault.at === "head") return play();
    request.once("end", play);
    request.resume();
  };
  const server = tls === undefined ? createHttp(onRequest) : createHttps(certificates().servers[tls], onRequest);
  // The faults have all the time of the world, also those that let a client wait for its body to be read.
  server.requestTimeout = 0;
  const listener = await listen(server);
  const url = tls === undefined ? `http://127.0.0.1:${listener.port}` : `https://localhost:${listener.port}`;
  return extend(listener, { url, requests });
}

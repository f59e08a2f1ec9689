import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { Socket } from "node:net";
import { buffer } from "node:stream/consumers";

import { listen, sendReply } from "../loopback.ts";
import { CA, GOOD, SERVER_KEY } from "./certificates.ts";
import type { VendorAnswer, VendorRequest } from "./scenarios.ts";

/** Plays every vendor there is: a proxy on this machine that answers each request itself, whatever host it is for. */
export interface Stage {
  /** Network settings that lead every request of a connector here, with its real address. */
  readonly network: {
    readonly proxyUrl: string;
    readonly ssl: { readonly verificationMode: "certificate"; readonly certificateAuthoritiesData: string };
  };
  /** Answers from now on in this way. What is received goes into the list it returns, before it is answered. */
  play(answer: VendorAnswer): readonly VendorRequest[];
  /** How many requests are neither answered nor broken off. */
  pending(): number;
  close(): Promise<void>;
}

/** Starts it on a free port of 127.0.0.1. Its certificate is for no name in particular: names are group 12's business. */
export async function openStage(): Promise<Stage> {
  let answer: VendorAnswer = () => ({ status: 404 });
  let requests: VendorRequest[] = [];
  const open = new Set<ServerResponse>();
  const handle = (incoming: IncomingMessage, response: ServerResponse, origin: string): void => {
    const playing = answer;
    const received = requests;
    open.add(response);
    response.on("close", () => open.delete(response));
    const reply = async (): Promise<void> => {
      const body = (await buffer(incoming)).toString("utf8");
      const { method = "", url = "" } = incoming;
      const request = { method, url: new URL(url, origin), headers: plainHeaders(incoming), body };
      received.push(request);
      const given = await playing(request, response);
      if (given !== undefined) sendReply(response, given);
    };
    reply().catch((error: unknown) => response.destroy(error instanceof Error ? error : new Error(String(error))));
  };
  const secure = createSecureServer({ key: SERVER_KEY, cert: GOOD }, (incoming, response) =>
    handle(incoming, response, `https://${incoming.headers.host}`),
  );
  const plain = createServer((incoming, response) => handle(incoming, response, `http://${incoming.headers.host}`));
  const tunnels = new Set<Socket>();
  plain.on("connect", (_request: IncomingMessage, socket: Socket) => {
    tunnels.add(socket);
    socket.on("close", () => tunnels.delete(socket));
    // A client that goes away while the tunnel is made is nobody's failure.
    socket.on("error", () => socket.destroy());
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    secure.emit("connection", socket);
  });
  const port = await listen(plain);
  return {
    network: {
      proxyUrl: `http://127.0.0.1:${port}`,
      ssl: { verificationMode: "certificate", certificateAuthoritiesData: CA },
    },
    play(next) {
      answer = next;
      requests = [];
      return requests;
    },
    pending: () => [...open].filter((response) => !response.writableEnded).length,
    close: () =>
      new Promise((resolve, reject) => {
        plain.close((error) => (error === undefined ? resolve() : reject(error)));
        plain.closeAllConnections();
        for (const socket of tunnels) socket.destroy();
      }),
  };
}

/** Node joins what comes several times; only `set-cookie`, which no client sends, would stay a list. */
function plainHeaders(incoming: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
}

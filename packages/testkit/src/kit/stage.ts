import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { Socket } from "node:net";
import { buffer } from "node:stream/consumers";

import { listen, sendReply } from "../loopback.ts";
import { CA, GOOD, SERVER_KEY } from "./certificates.ts";
import type { VendorAnswer, VendorRequest } from "./scenarios.ts";

/** Network settings that lead every request of a connector to the stage, with its real address. */
interface StageNetwork {
  readonly proxyUrl: string;
  readonly ssl: { readonly verificationMode: "certificate"; readonly certificateAuthoritiesData: string };
}

/** A way to answer, and what came of it. */
interface Playing {
  /** What is received, before it is answered. */
  readonly requests: readonly VendorRequest[];
  /** For a connector of its own: what such a one sends too late still comes here. */
  readonly network: StageNetwork & { readonly proxyHeaders: Readonly<Record<string, string>> };
}

/** Plays every vendor there is: a proxy on this machine that answers each request itself, whatever host it is for. */
export interface Stage {
  /** For connectors that stay open from one playing to the next. */
  readonly network: StageNetwork;
  /** Answers from now on in this way. */
  play(answer: VendorAnswer): Playing;
  /** How many requests are neither answered nor broken off. */
  pending(): number;
  close(): Promise<void>;
}

/** Starts it on a free port of 127.0.0.1. Its certificate is for no name in particular: names are group 12's business. */
export async function openStage(): Promise<Stage> {
  const played: { answer: VendorAnswer; requests: VendorRequest[] }[] = [];
  const open = new Set<ServerResponse>();
  /** @param name of the playing that the request is for; the last one unless given. */
  const handle = (incoming: IncomingMessage, response: ServerResponse, origin: string, name?: string): void => {
    const playing = name === undefined ? played.at(-1) : played[Number(name)];
    if (playing === undefined) return void response.writeHead(404).end();
    open.add(response);
    response.on("close", () => open.delete(response));
    const reply = async (): Promise<void> => {
      const body = (await buffer(incoming)).toString("utf8");
      const { method = "", url = "" } = incoming;
      const request = { method, url: new URL(url, origin), headers: plainHeaders(incoming), body };
      playing.requests.push(request);
      const given = await playing.answer(request, response);
      if (given !== undefined) sendReply(response, given);
    };
    reply().catch((error: unknown) => response.destroy(error instanceof Error ? error : new Error(String(error))));
  };
  /** Names of playings, by the client's end of the tunnel. */
  const names = new Map<number | undefined, string | undefined>();
  const secure = createSecureServer({ key: SERVER_KEY, cert: GOOD }, (incoming, response) =>
    handle(incoming, response, `https://${incoming.headers.host}`, names.get(incoming.socket.remotePort)),
  );
  const plain = createServer((incoming, response) => {
    const name = nameIn(incoming);
    delete incoming.headers[NAME];
    handle(incoming, response, `http://${incoming.headers.host}`, name);
  });
  const tunnels = new Set<Socket>();
  plain.on("connect", (request: IncomingMessage, socket: Socket) => {
    names.set(socket.remotePort, nameIn(request));
    tunnels.add(socket);
    socket.on("close", () => tunnels.delete(socket));
    // A client that goes away while the tunnel is made is nobody's failure.
    socket.on("error", () => socket.destroy());
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    secure.emit("connection", socket);
  });
  const network: StageNetwork = {
    proxyUrl: `http://127.0.0.1:${await listen(plain)}`,
    ssl: { verificationMode: "certificate", certificateAuthoritiesData: CA },
  };
  return {
    network,
    play(answer) {
      const requests: VendorRequest[] = [];
      const name = String(played.push({ answer, requests }) - 1);
      return { requests, network: { ...network, proxyHeaders: { [NAME]: name } } };
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

/** The header that tells the stage which playing a connector belongs to. */
const NAME = "x-stepwire-kit-playing";
const nameIn = ({ headers }: IncomingMessage): string | undefined => headers[NAME]?.toString();

/** Node joins what comes several times; only `set-cookie`, which no client sends, would stay a list. */
function plainHeaders(incoming: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
}

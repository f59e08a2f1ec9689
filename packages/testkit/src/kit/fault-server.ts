import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { Socket } from "node:net";

import { listen } from "../loopback.ts";
import { CA, SERVER_KEY } from "./certificates.ts";

export interface FaultServerOptions {
  /** PEM, for the key of all servers. */
  readonly certificate: string;
  /** It wants a certificate of the client, signed by the kit's own authority. */
  readonly wantsCertificate?: boolean;
  /** It cuts the connection in place of an answer. */
  readonly cuts?: boolean;
}

/** A TLS server with something wrong about its connections, and a proxy whose every CONNECT ends at it. */
export interface FaultServer {
  /** `https://127.0.0.1:40123`. */
  readonly url: string;
  readonly proxyUrl: string;
  /** How many requests have reached it. */
  received(): number;
  close(): Promise<void>;
}

/** Starts both on free ports of 127.0.0.1. It answers 503 unless it cuts. */
export async function openFaultServer({
  certificate,
  wantsCertificate = false,
  cuts = false,
}: FaultServerOptions): Promise<FaultServer> {
  let received = 0;
  const tls = { key: SERVER_KEY, cert: certificate, ca: CA };
  const server = createSecureServer(
    { ...tls, requestCert: wantsCertificate, rejectUnauthorized: wantsCertificate },
    (_request, response) => {
      received += 1;
      if (cuts) response.destroy();
      else response.writeHead(503).end();
    },
  );
  const sockets = new Set<Socket>();
  const proxy = createServer();
  proxy.on("connect", (_request, socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    server.emit("connection", socket);
  });
  server.on("connection", (socket: Socket) => sockets.add(socket));
  const [port, proxyPort] = await Promise.all([listen(server), listen(proxy)]);
  return {
    url: `https://127.0.0.1:${port}`,
    proxyUrl: `http://127.0.0.1:${proxyPort}`,
    received: () => received,
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all([server, proxy].map((one) => new Promise<void>((resolve) => void one.close(() => resolve()))));
    },
  };
}

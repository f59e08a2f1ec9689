import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { ClientRequest, IncomingMessage } from "node:http";

/** What goes over the sockets of this process, seen from beside the code under test. */
export interface Observer {
  /**
   * Body of the newest answer to a GET, as it came from the socket. What the client hands over is no proof of a
   * credential: its secrets are masked in it.
   */
  answer(): string;
  /** Requests that servers of this process received at the port of a URL; those of other processes cannot be seen. */
  requestsAt(url: string): readonly string[];
  /** Lets go of everything seen so far. */
  forget(): void;
  stop(): void;
}

export function observe(): Observer {
  let chunks: Buffer[] = [];
  let seen: { port: number | undefined; line: string }[] = [];

  // Told when the headers are there, before anybody reads.
  const onAnswer = (message: unknown): void => {
    const { request, response } = message as { request: ClientRequest; response: IncomingMessage };
    if (request.method !== "GET") return;
    const own: Buffer[] = [];
    chunks = own;
    const push = response.push.bind(response);
    response.push = (chunk: Buffer | null, encoding) => {
      if (chunk !== null) own.push(chunk);
      return push(chunk, encoding);
    };
  };
  const onRequest = (message: unknown): void => {
    const { request } = message as { request: IncomingMessage };
    seen.push({ port: request.socket.localPort, line: `${request.method} ${request.url}` });
  };
  subscribe("http.client.response.finish", onAnswer);
  subscribe("http.server.request.start", onRequest);
  return {
    answer: () => Buffer.concat(chunks).toString("utf8"),
    requestsAt: (url) => seen.filter(({ port }) => port === Number(new URL(url).port)).map(({ line }) => line),
    forget() {
      chunks = [];
      seen = [];
    },
    stop() {
      unsubscribe("http.client.response.finish", onAnswer);
      unsubscribe("http.server.request.start", onRequest);
    },
  };
}

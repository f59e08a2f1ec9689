import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";

/** A request as the server received it. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query, exactly as they came. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** The body as UTF-8 text. */
  readonly body: string;
}

/** What a server answers: status 200 unless given, and at most one body. */
export interface Reply {
  readonly status?: number;
  readonly statusText?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as `application/json` unless a header says otherwise. */
  readonly json?: unknown;
  /** Sent as `text/plain` unless a header says otherwise. */
  readonly text?: string;
  /** Sent with no content type of its own. */
  readonly bytes?: Uint8Array;
}

/**
 * Answers one request. Nothing returned means that it has answered through Node's own response (its request is
 * `response.req`), or never will: a reset, a dripping body, silence.
 */
export type LoopbackHandler = (
  request: ReceivedRequest,
  response: ServerResponse,
  // oxlint-disable-next-line typescript/no-invalid-void-type -- a handler that answers by itself returns nothing
) => Reply | void | Promise<Reply | void>;

export interface Loopback {
  /** Its origin, such as `http://127.0.0.1:40123`. */
  readonly url: string;
  /** Everything received so far, oldest first, recorded before it is answered. */
  readonly requests: readonly ReceivedRequest[];
  /** Stops it and cuts every connection. */
  close(): Promise<void>;
}

/**
 * Starts a real HTTP server on the loopback interface, for what only sockets can show: deadlines, resets, broken
 * bodies, header spelling. Without a handler it answers 200 with `{}`. Rejects if no port can be had.
 */
export async function startLoopback(handler: LoopbackHandler = () => ({ json: {} })): Promise<Loopback> {
  const requests: ReceivedRequest[] = [];
  const server = createServer((incoming, response) => {
    const answer = async (): Promise<void> => {
      const body = (await buffer(incoming)).toString("utf8");
      const { method = "", url: path = "", headers } = incoming;
      const request: ReceivedRequest = { method, path, headers, body };
      requests.push(request);
      const reply = await handler(request, response);
      if (reply !== undefined) sendReply(response, reply);
    };
    // A test whose handler throws sees a broken connection, and the reason in its own words.
    answer().catch((error: unknown) => response.destroy(error instanceof Error ? error : new Error(String(error))));
  });
  const url = `http://127.0.0.1:${await listen(server)}`;
  return {
    url,
    requests,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        // Clients keep their connections open, and close() would wait for them.
        server.closeAllConnections();
      }),
  };
}

/** Answers a request. */
export function sendReply(response: ServerResponse, reply: Reply): void {
  const { status = 200, statusText, headers = {}, json, text, bytes } = reply;
  const [type, body] =
    json === undefined ? ["text/plain; charset=utf-8", text] : ["application/json", JSON.stringify(json)];
  if (body !== undefined) response.setHeader("Content-Type", type);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.statusCode = status;
  if (statusText !== undefined) response.statusMessage = statusText;
  response.end(body ?? bytes);
}

/** Listens on a free port of 127.0.0.1, and says which. */
export function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (typeof address === "object" && address !== null) resolve(address.port);
    });
  });
}

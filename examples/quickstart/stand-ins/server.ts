import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { buffer } from "node:stream/consumers";

/** What a stand-in sees of a request. */
export interface Call {
  readonly method: string;
  /** Path and query, as received. */
  readonly path: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  /** The body as text, exactly as received. */
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A request a stand-in has answered. */
export interface ReceivedRequest extends Omit<Call, "url"> {
  readonly status: number;
}

export interface StandIn {
  /** Its origin, without a slash at the end. */
  readonly url: string;
  /** Everything it has answered, oldest first. */
  readonly requests: ReceivedRequest[];
  /** Answers the next request with this, whatever it asks for: an outage to order. Several calls queue up. */
  failNext(reply: Reply): void;
  close(): Promise<void>;
}

/** Starts a server on the loopback interface; port 0 takes a free one. */
export async function startServer(port: number, answer: (call: Call) => Reply): Promise<StandIn> {
  const requests: ReceivedRequest[] = [];
  const outages: Reply[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then(
      (bytes) => {
        const { method = "GET", url: path = "/", headers } = request;
        const call = { method, path, headers, body: bytes.toString("utf8") };
        const reply = outages.shift() ?? answer({ ...call, url: new URL(`http://${headers.host}${path}`) });
        requests.push({ ...call, status: reply.status });
        response.writeHead(reply.status, reply.headers);
        response.end(reply.body);
      },
      () => response.destroy(),
    );
  });
  return {
    url: `http://127.0.0.1:${await listen(server, port)}`,
    requests,
    failNext: (reply) => void outages.push(reply),
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        // Clients keep their connections open; without this, close() would wait for them.
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

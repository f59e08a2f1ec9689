import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTcpServer, type Server, type Socket } from "node:net";

import {
  defineConnection,
  defineConnectorType,
  StepwireError,
  type AuthKind,
  type HttpResponse,
  type Idempotency,
  type RateLimitPolicy,
  type RequestOptions,
  type RetryPolicy,
  type VendorRefusal,
} from "@stepwire/core";
import { onTestFinished } from "vitest";
import { z } from "zod";

import { createConnector, type CallOptions, type Connector, type NetworkOptions } from "../src/index.ts";

export interface TestServer {
  url: string;
  host: string;
  /** Every request line so far, such as `GET /path`. */
  requests: string[];
  /** Connections that are open now. */
  sockets: Set<Socket>;
  /** Resolves when no connection is open any more. */
  idle(): Promise<void>;
}

async function listen(server: Server): Promise<TestServer> {
  const sockets = new Set<Socket>();
  let waiting: (() => void)[] = [];
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    // A client that hangs up in the middle is what many of these tests are about.
    socket.on("error", () => undefined);
    socket.once("close", () => {
      sockets.delete(socket);
      if (sockets.size > 0) return;
      for (const resolve of waiting) resolve();
      waiting = [];
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  onTestFinished(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  });
  return {
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    requests: [],
    sockets,
    idle: () => (sockets.size === 0 ? Promise.resolve() : new Promise<void>((resolve) => waiting.push(resolve))),
  };
}

/** A server that answers as the test says, with Node's own request and response. */
export async function serve(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<TestServer> {
  const server = createServer((request, response) => {
    started.requests.push(`${request.method} ${request.url}`);
    handler(request, response);
  });
  const started = await listen(server);
  return started;
}

/** A server that writes bytes of its own making to each connection, once something has come in. */
export async function serveBytes(...chunks: (string | Buffer)[]): Promise<TestServer> {
  return listen(
    createTcpServer((socket) => {
      socket.once("data", () => {
        for (const chunk of chunks) socket.write(chunk);
        socket.end();
      });
    }),
  );
}

/** The URL of a port where nobody listens any more. */
export async function refusingUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

/** What one call of the type below does. */
export type Work = (ctx: {
  request(options: RequestOptions): Promise<HttpResponse>;
  once<T>(name: string, part: () => Promise<T>): Promise<T>;
  signal: AbortSignal;
}) => Promise<unknown>;

export interface TypeOptions {
  auth?: readonly AuthKind<string, unknown>[];
  hosts?: readonly string[];
  baseUrl?: (config: { url?: string | undefined }) => string;
  check?: (response: HttpResponse) => VendorRefusal | undefined;
  timeout?: string;
  retry?: RetryPolicy;
  rateLimit?: RateLimitPolicy;
  idempotency?: Idempotency;
  output?: z.ZodType;
}

/** A connector type with one action that does whatever the test hands it. */
export function typeOf(work: Work, options: TypeOptions = {}) {
  const { auth = [{ kind: "envelope" }], hosts = [], baseUrl = (config) => config.url ?? "", check } = options;
  const { timeout, retry, rateLimit } = options;
  const connection = defineConnection({
    config: z.strictObject({ url: z.string().optional() }),
    secrets: z.looseObject({}),
    auth: auth as never,
    hosts,
    baseUrl,
    ...(check === undefined ? {} : { check }),
  });
  const run = connection.action({
    summary: "Does what the test says",
    effect: "write",
    idempotency: options.idempotency ?? "none",
    input: z.unknown(),
    output: options.output ?? z.unknown(),
    policies: {
      ...(timeout === undefined ? {} : { timeout }),
      // Tests of other things need not wait as long as a server would like.
      retry: retry ?? { minDelay: "1ms", maxDelay: "2ms" },
      ...(rateLimit === undefined ? {} : { rateLimit }),
    },
    run: async (ctx) => work(ctx),
  });
  return defineConnectorType({
    id: "test",
    title: "Test",
    description: "Test",
    connection,
    actions: { run },
    defaultAction: "run",
  });
}

export interface Setup extends TypeOptions {
  url?: string;
  config?: object;
  secrets?: object;
  network?: NetworkOptions;
  name?: string;
}

/** A connector that is open until the test ends. */
export function open(work: Work, { url, config, secrets = {}, network, name, ...type }: Setup = {}): Connector {
  const connector = createConnector(typeOf(work, type), {
    config: {
      ...(url === undefined ? {} : { url }),
      ...(type.auth === undefined ? { hasAuth: false } : {}),
      ...config,
    },
    secrets: { ...secrets },
    ...(network === undefined ? {} : { network }),
    ...(name === undefined ? {} : { name }),
  });
  onTestFinished(() => connector.close());
  return connector;
}

export const get: Work = async (ctx) => ctx.request({ method: "GET", path: "/" });

/** The error that a call ends with. */
export async function failure(call: Promise<unknown>): Promise<StepwireError> {
  try {
    await call;
  } catch (error) {
    if (StepwireError.is(error)) return error;
    throw error;
  }
  throw new Error("It did not fail.");
}

/** The error of one GET through a connector of its own. */
export const failureOf = async (setup: Setup, options?: CallOptions): Promise<StepwireError> =>
  failure((async () => open(get, setup).run("run", {}, options))());

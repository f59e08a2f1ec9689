import { Server, Socket, type AddressInfo } from "node:net";

/** What every server of the rig shows of its connections. */
export interface Listener {
  readonly port: number;
  /** Accepted so far. */
  readonly connections: number;
  /** Open now: TCP sockets, below any TLS. */
  readonly sockets: ReadonlySet<Socket>;
  /** Resolves when no connection is open. */
  idle(): Promise<void>;
  /** Stops it and cuts every connection. */
  close(): Promise<void>;
}

export type Host = "127.0.0.1" | "::1";

/** Starts a server on a free port of the loopback interface and counts its connections. */
export async function listen(server: Server, host: Host = "127.0.0.1"): Promise<Listener> {
  const sockets = new Set<Socket>();
  let connections = 0;
  let waiting: (() => void)[] = [];
  server.on("connection", (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    surviveErrors(socket);
    socket.once("close", () => {
      sockets.delete(socket);
      if (sockets.size > 0) return;
      for (const resolve of waiting) resolve();
      waiting = [];
    });
  });
  // The TLS socket is another one than that of `connection`, and fails by itself.
  server.on("secureConnection", surviveErrors);
  server.on("tlsClientError", (_error: Error, socket: Socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    sockets,
    get connections() {
      return connections;
    },
    idle: () => (sockets.size === 0 ? Promise.resolve() : new Promise<void>((resolve) => waiting.push(resolve))),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** The listener with more to show. Not a spread: that would copy the count of connections as it is now. */
export function extend<T extends object>(listener: Listener, more: T): Listener & T {
  const descriptors = { ...Object.getOwnPropertyDescriptors(listener), ...Object.getOwnPropertyDescriptors(more) };
  return Object.defineProperties({}, descriptors) as Listener & T;
}

/** Clients that hang up in the middle are what these tests are about. */
export function surviveErrors(socket: Socket): void {
  socket.on("error", () => undefined);
}

/** A reset instead of an orderly end. A TLS socket cannot send one; the TCP socket below it can. */
export function reset(socket: Socket, listener: Pick<Listener, "sockets">): void {
  for (const candidate of listener.sockets) {
    if (candidate.remotePort === socket.remotePort) candidate.resetAndDestroy();
  }
}

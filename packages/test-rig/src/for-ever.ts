import type { Socket } from "node:net";

/**
 * Writes without end until the client is gone: every `interval` milliseconds, or without one as fast as the client
 * takes it. Waiting for `drain` keeps the endless part out of this process's memory.
 */
export function forEver(socket: Socket, chunk: (count: number) => string, interval?: number): void {
  let count = 0;
  const next = (): boolean => !socket.destroyed && socket.writable && socket.write(chunk(count++), "latin1");
  if (interval !== undefined) {
    const timer = setInterval(next, interval);
    socket.once("close", () => clearInterval(timer));
    return;
  }
  const fill = (): void => {
    // A turn of the event loop between, so that a client in the same process gets to run.
    if (next()) setImmediate(fill);
    else if (!socket.destroyed) socket.once("drain", fill);
  };
  fill();
}

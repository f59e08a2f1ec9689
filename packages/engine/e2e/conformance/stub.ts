import { createServer, type ServerResponse } from "node:http";

/** One request as the stub got it. */
export interface Effect {
  kind: string;
  run: string;
  step: string;
  key: string | undefined;
}

/** The other system: it counts every effect, and answers after a while, or when it is told. */
export async function startStub(delayMs: (effect: Effect) => number = () => 0) {
  const effects: Effect[] = [];
  const held: ServerResponse[] = [];
  let hold = (_effect: Effect): boolean => false;
  let seen = (): void => undefined;
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      const [, kind = "", run = "", step = ""] = (request.url ?? "").split("/");
      const key = request.headers["idempotency-key"];
      const effect = { kind, run, step: decodeURIComponent(step), key: typeof key === "string" ? key : undefined };
      effects.push(effect);
      seen();
      if (hold(effect)) return void held.push(response);
      setTimeout(() => answer(response), delayMs(effect));
    });
  });
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    effects,
    /** Requests that are held until `release`. */
    hold(which: (effect: Effect) => boolean): void {
      hold = which;
    },
    release(): void {
      hold = () => false;
      for (const response of held.splice(0)) answer(response);
    },
    /** Whether the caller of the only held request has gone away. */
    get isAbandoned(): boolean {
      return held.every((response) => response.destroyed || response.socket?.destroyed === true);
    },
    /** Resolves when what has arrived is enough. */
    until(isEnough: (effects: readonly Effect[]) => boolean): Promise<void> {
      return new Promise((resolve) => {
        seen = () => {
          if (!isEnough(effects)) return;
          seen = () => undefined;
          resolve();
        };
        seen();
      });
    },
    close(): void {
      server.closeAllConnections();
      server.close();
    },
  };
}

function answer(response: ServerResponse): void {
  if (!response.destroyed) response.writeHead(200, { "content-type": "application/json" }).end('{"ok":true}');
}

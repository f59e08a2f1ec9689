import type { AgentOptions } from "./agents.ts";
import type { Transport } from "./transport.ts";

/** A transport that loads the HTTP client with the first request: listing and checking need none. */
export function createLazyTransport(options: AgentOptions): Transport {
  let client: Promise<Transport> | undefined;
  return {
    async send(request) {
      client ??= import("./node-transport.ts").then(({ createNodeTransport }) => createNodeTransport(options));
      return (await client).send(request);
    },
    close() {
      void client?.then((loaded) => loaded.close());
    },
  };
}

import type { NetworkOptions } from "@stepwire/host";

import type { Keeper } from "./keeper.ts";
import type { Servers } from "./servers.ts";

export interface LibraryCall {
  type: string;
  action: string;
  path: string;
  config: Record<string, unknown>;
  secrets: Record<string, unknown>;
  network?: NetworkOptions;
}

/** The same connectors by the library, each with one secret more that nobody else has. */
export function libraryCalls(keeper: Keeper, servers: Servers): LibraryCall[] {
  const { plain, untrusted, closed, proxy407, proxy200 } = servers;
  const proxies = [proxy407, proxy200];
  const key = keeper.secret("library");
  const call = (type: string, action: string, path: string, more: Partial<LibraryCall> = {}): LibraryCall => ({
    type,
    action,
    path,
    config: { url: plain },
    secrets: { key },
    ...more,
  });
  const proxyPassword = keeper.secret("library-proxy");
  const through = (proxy: string): NetworkOptions => ({
    proxyUrl: `http://${proxy}`,
    proxyUsername: "user",
    proxyPassword,
  });
  return [
    ...["bearer", "api-header", "api-query", "signed"].flatMap((type) =>
      ["200/json", "401/html", "403/header", "422/badjson", "500/reason", "200/badjson", "400/cut", "200/garbage"].map(
        (answer) => call(type, "call", `/echo/${answer}`),
      ),
    ),
    ...["raise", "refuse"].map((action) => call("signed", action, "/echo/200/json")),
    ...["throws", "throws-later", "throws-details", "quotes", "checks", "refuses"].map((type) =>
      call(type, "call", "/echo/200/json"),
    ),
    call("signed", "call", "/echo/200/silence", { network: { responseTimeout: "200ms" } }),
    call("signed", "call", "/x", { config: { url: untrusted } }),
    call("signed", "call", "/x", { config: { url: `http://${closed}` } }),
    ...proxies.map((proxy) => call("signed", "call", "/echo/200/json", { network: through(proxy) })),
    call("signed", "call", "/x", { config: { url: untrusted }, network: through(proxy407) }),
    call("signed", "call", "/x", {
      network: { proxyUrl: `http://user:${encodeURIComponent(proxyPassword)}@${proxy407}` },
    }),
    call("signed", "call", "/x", { network: { proxyUrl: `http://user:${proxyPassword}@${proxy407}` } }),
  ];
}

import type { ClientMaterial } from "./certificates.ts";
import type { Echo } from "./echo.ts";

/** The ways from a client to a target. */
export const ROUTES = ["direct", "http proxy", "https proxy", "http proxy with auth", "https proxy with auth"] as const;
export type Route = (typeof ROUTES)[number];
export type ProxyRoute = Exclude<Route, "direct">;

export type RigServerKind = "good" | "wrong-host" | "untrusted" | "expired";

export interface RigProxy {
  /** Without credentials. */
  readonly url: string;
  readonly user?: string;
  readonly password?: string;
}

/** Servers and proxies to run the same tests against, whatever they are made of. */
export interface Rig {
  readonly name: string;
  /** PEM that signed the good servers and the https proxies. */
  readonly ca: string;
  /** Accepted by this rig's targets. */
  readonly client: ClientMaterial;
  /**
   * URL of an https echo server of that kind, `https://localhost:PORT`. Any path below `/anything` is echoed.
   * How a required certificate that is missing shows is the server's way: Node resets, nginx answers 400.
   */
  target(kind: RigServerKind, options?: { readonly clientCertificate?: "required" | "optional" }): Promise<string>;
  /** URL of an echo server without TLS. */
  plainTarget(): Promise<string>;
  /** What an echo server answered to `GET` or `POST` on `/anything`, parsed from JSON. */
  readEcho(data: unknown): Echo;
  proxy(route: ProxyRoute): Promise<RigProxy>;
  /** Authorities of the tunnels that the proxies have opened since the start, as far as they tell. */
  tunnels(): Promise<readonly string[]>;
  /** URL of an OAuth token endpoint behind good TLS. It knows `TOKEN_CLIENT`. */
  token(): Promise<string>;
  close(): Promise<void>;
}

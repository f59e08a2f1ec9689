import type { AnyConnectorType } from "@stepwire/core";

/**
 * The origins a connector's credentials may go to: those of every URL in its config and secrets, its base URL,
 * the hosts its type declares (over https), and what the user trusts in `network.trustedOrigins`.
 */
export class TrustedOrigins {
  readonly #origins: ReadonlySet<string>;
  readonly #hosts: readonly string[];

  constructor(origins: Iterable<string>, hosts: readonly string[]) {
    this.#origins = new Set(origins);
    this.#hosts = hosts.map((host) => host.toLowerCase());
  }

  includes(url: URL): boolean {
    if (this.#origins.has(url.origin)) return true;
    if (url.protocol !== "https:" || url.port !== "") return false;
    const host = url.hostname.replace(/\.$/, "");
    return this.#hosts.some((pattern) =>
      pattern.startsWith("*.") ? host.endsWith(pattern.slice(1)) : host === pattern,
    );
  }
}

/** Collects the origins from a connector's parts. URL templates count too: their origin holds no variables. */
export function trustedOriginsOf(
  type: AnyConnectorType,
  parts: { config: unknown; secrets: unknown; baseUrl?: string; trustedOrigins?: readonly string[] },
): TrustedOrigins {
  const origins = new Set<string>();
  const collect = (value: unknown): void => {
    if (typeof value === "string") {
      if (/^https?:\/\//i.test(value) && URL.canParse(value)) origins.add(new URL(value).origin);
    } else if (typeof value === "object" && value !== null) {
      for (const item of Object.values(value)) collect(item);
    }
  };
  for (const value of [parts.config, parts.secrets, parts.baseUrl, parts.trustedOrigins]) collect(value);
  return new TrustedOrigins(origins, type.connection.def.hosts);
}

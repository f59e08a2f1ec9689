import type { NetworkOptions } from "../../src/index.ts";
import type { Mode, Place } from "./cells.ts";

export interface TrustOptions {
  readonly place: Place;
  readonly mode: Mode;
  /** Origin of the target. */
  readonly target: string;
  /** PEM of the target's authority, where the user gives one. */
  readonly ca: string | undefined;
  /** An https proxy, and the PEM of its authority. */
  readonly proxy: { readonly url: string; readonly ca: string } | undefined;
}

/**
 * The trust of one cell, written down in one place. What stands in less specific places says the opposite, so that a
 * call ends as it should only if the right place counts.
 */
export function trustSettings({ place, mode, target, ca, proxy }: TrustOptions): {
  config: object;
  network: Pick<NetworkOptions, "ssl" | "customHostSettings">;
} {
  const opposite = mode === "none" ? "full" : "none";
  const authority = ca === undefined ? {} : { certificateAuthoritiesData: ca };
  const forProxy = proxy === undefined ? [] : [{ url: proxy.url, ssl: { certificateAuthoritiesData: proxy.ca } }];
  switch (place) {
    case "connector":
      return {
        config: {
          verificationMode: mode,
          ...(ca === undefined ? {} : { ca: Buffer.from(ca).toString("base64") }),
        },
        network: {
          ssl: { verificationMode: opposite },
          customHostSettings: [{ url: target, ssl: { verificationMode: opposite } }, ...forProxy],
        },
      };
    case "customHostSettings":
      return {
        config: {},
        network: {
          ssl: { verificationMode: opposite },
          customHostSettings: [{ url: target, ssl: { verificationMode: mode, ...authority } }, ...forProxy],
        },
      };
    case "ssl":
      return {
        config: {},
        network: {
          ssl: { verificationMode: mode, ...authority },
          // An authority of `network.ssl` counts for proxies too.
          customHostSettings: ca === undefined ? forProxy : [],
        },
      };
  }
}

import type { Finding } from "@stepwire/core";

import { defaultSettings, type NetworkSettings } from "../files/settings.ts";

/**
 * Settings that are known but that this version of the host does not act on. They are refused: a proxy that is left
 * out or a certificate authority that is not used would be a silent change of what the user asked for.
 */
export function unservedSettings(network: NetworkSettings, file: string): Finding[] {
  const defaults = defaultSettings(".").network;
  const keys = [
    "ssl",
    "customHostSettings",
    "proxyUrl",
    "proxyHeaders",
    "proxyUsername",
    "proxyPassword",
    "proxyBypassHosts",
    "proxyOnlyHosts",
  ] as const;
  return keys
    .filter((key) => JSON.stringify(network[key]) !== JSON.stringify(defaults[key]))
    .map((key) => ({
      code: "settings-invalid",
      severity: "error",
      message: `network.${key} is not supported by this version of Stepwire.`,
      file,
      path: `network.${key}`,
      hint: "Take it out; requests would go out without it.",
    }));
}

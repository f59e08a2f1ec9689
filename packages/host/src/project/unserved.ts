import type { Finding } from "@stepwire/core";

import type { LoadedSettings } from "../files/settings-file.ts";
import { defaultSettings, NETWORK_KEYS } from "../files/settings.ts";

const SERVED: readonly string[] = [
  "allowedHosts",
  "denyPrivateAddresses",
  "responseTimeout",
  "maxResponseContentLength",
];

/**
 * Settings that are known but that this version of the host does not act on. They are refused: a proxy that is left
 * out or a certificate authority that is not used would be a silent change of what the user asked for.
 */
export function unservedSettings({ settings, file, position }: LoadedSettings): Finding[] {
  const defaults = defaultSettings(".").network;
  return NETWORK_KEYS.filter(
    (key) => !SERVED.includes(key) && JSON.stringify(settings.network[key]) !== JSON.stringify(defaults[key]),
  ).map((key) => ({
    code: "settings-invalid",
    severity: "error",
    message: `network.${key} is not supported by this version of Stepwire.`,
    ...(file === undefined ? {} : { file }),
    ...position(["network", key]),
    path: `network.${key}`,
    hint: "Take it out; requests would go out without it.",
  }));
}

import type { ProxyFields } from "@stepwire/core";

import type { ConnectorNetwork } from "../files/network.ts";
import { readProxyAddress } from "../files/proxy-settings.ts";
import type { Report } from "../files/read.ts";
import { VERIFICATION_MODES } from "../files/settings.ts";
import { isGiven, type Fields, type Side } from "./envelope-fields.ts";
import type { Problem } from "./problem.ts";

type OwnProxy = Pick<ConnectorNetwork, "proxyUrl" | "proxyUsername" | "proxyPassword" | "proxyVerificationMode">;

/**
 * The proxy that a type keeps among its own fields. It is the same thing as `network.proxyUrl`, under the names that
 * Kibana has for it, so both at once are refused.
 */
export function readOwnProxy(
  fields: ProxyFields,
  given: { config: Fields; secrets: Fields; configNames: readonly string[] },
  network: ConnectorNetwork = {},
  problems: Problem[],
): OwnProxy {
  const sideOf = (field: string): Side => (given.configNames.includes(field) ? "config" : "secrets");
  const read = (field: string) => given[sideOf(field)][field];
  const names: Readonly<Record<string, string>> = {
    proxyUrl: fields.url,
    proxyUsername: fields.username,
    proxyPassword: fields.password,
  };
  const report: Report = (path, message, hint, _of, reason) => {
    const field = names[String(path.at(-1))] ?? String(path.at(-1));
    const side = sideOf(field);
    problems.push({
      code: `${side}-invalid`,
      path: [side, field],
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(reason === undefined ? {} : { details: { reason } }),
    });
  };
  const address = Object.fromEntries(
    Object.entries(names).flatMap(([key, field]) => (isGiven(read(field)) ? [[key, read(field)]] : [])),
  );
  if (address["proxyUrl"] === undefined) {
    for (const field of [fields.username, fields.password, fields.hasAuth]) {
      if (!isGiven(read(field)) || read(field) === false) continue;
      report(
        [field],
        `${field} is given, but there is no ${fields.url}.`,
        "Add it, or take this out.",
        "key",
        "no-proxy-url",
      );
    }
    return {};
  }
  if (network.proxyUrl !== undefined) {
    const message = `${fields.url} names a proxy, and so does network.proxyUrl.`;
    report([fields.url], message, "Keep one of the two.", "key", "two-proxies");
    return {};
  }
  if (read(fields.hasAuth) === false && isGiven(read(fields.password))) {
    const message = `${fields.password} is given, but ${fields.hasAuth} is false.`;
    report([fields.password], message, "Take one of the two out.", "key", "auth-switched-off");
  }
  const proxy = readProxyAddress(address, [], report);
  const hasUser = proxy.proxyUsername !== undefined || /^https?:\/\/[^/?#]*@/i.test(proxy.proxyUrl ?? "");
  if (read(fields.hasAuth) === true && !hasUser) {
    const message = `${fields.username} is missing: ${fields.hasAuth} says that the proxy wants a user.`;
    report([fields.username], message, `Give ${fields.username} and ${fields.password}.`, "key", "missing");
  }
  const mode = VERIFICATION_MODES.find((known) => known === read(fields.verificationMode));
  return { ...proxy, ...(mode === undefined ? {} : { proxyVerificationMode: mode }) };
}

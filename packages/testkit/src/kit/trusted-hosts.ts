import type { AnyConnectorType } from "@stepwire/core";

import type { ConnectorInput } from "./scenarios.ts";

/** Below which anybody can have a host: a rule of thumb and the best known platforms, no list of all. */
const SECOND_LEVELS = /^(?:ac|co|com|edu|go|gob|gov|govt|ltd|me|mil|ne|net|nom|or|org|plc)\.[a-z]{2}$/;
const PLATFORMS = new Set([
  "amazonaws.com",
  "appspot.com",
  "azurewebsites.net",
  "blob.core.windows.net",
  "cloudapp.net",
  "cloudfront.net",
  "firebaseapp.com",
  "fly.dev",
  "github.io",
  "gitlab.io",
  "herokuapp.com",
  "netlify.app",
  "ngrok.io",
  "onrender.com",
  "pages.dev",
  "run.app",
  "vercel.app",
  "web.app",
  "workers.dev",
]);

/** Whether `*.com`, `*.co.uk` or `*.github.io` trusts hosts that anybody can have. */
export function isForAnybody(pattern: string): boolean {
  const suffix = /^\*\.(.+)$/.exec(pattern.toLowerCase())?.[1];
  if (suffix === undefined) return false;
  return !suffix.includes(".") || SECOND_LEVELS.test(suffix) || PLATFORMS.has(suffix);
}

/** Which of the type's hosts covers a name. */
export const coveredBy = (hosts: readonly string[], hostname: string): string | undefined =>
  hosts.find((host) =>
    host.startsWith("*.") ? hostname.endsWith(host.slice(1).toLowerCase()) : hostname === host.toLowerCase(),
  );

/** Where a connector's requests may go: the type's hosts, its base URL, and every URL that the user gives. */
export function trustedBy(
  type: AnyConnectorType,
  { config = {}, secrets = {} }: ConnectorInput,
): (url: URL) => boolean {
  const { hosts, baseUrl, config: schema } = type.connection.def;
  const origins = new Set<string>();
  const collect = (value: unknown): void => {
    if (typeof value === "string" && /^https?:/i.test(value) && URL.canParse(value)) origins.add(new URL(value).origin);
    else if (typeof value === "object" && value !== null) for (const item of Object.values(value)) collect(item);
  };
  collect([config, secrets]);
  const parsed = schema["~standard"].validate(config);
  if (baseUrl !== undefined && !(parsed instanceof Promise) && parsed.issues === undefined)
    collect(baseUrl(parsed.value));
  return (url) =>
    origins.has(url.origin) ||
    (url.protocol === "https:" && url.port === "" && coveredBy(hosts, url.hostname) !== undefined);
}

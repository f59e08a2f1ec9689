import type { ManifestConnectorType } from "@stepwire/core";
import { splitReferences } from "@stepwire/host";

import type { Objection } from "./ask.ts";

/** User and password before the host, as the parser of URLs sees them: it takes any number of slashes, of either kind. */
const USER_INFO = /^\s*(?:https?:[\\/]*|[a-z][a-z\d+.-]*:[\\/]{2,})([^\\/?#]*)@/i;
const REFERENCE = "\0";

/**
 * Whether a value holds a URL with a user or a password in clear. A reference may stand in their place, also behind the
 * name of a user.
 */
export function holdsUserInfo(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.values(value).some(holdsUserInfo);
  if (typeof value !== "string") return false;
  const parts = splitReferences(value).map(({ literal, text }) => (literal ? text : REFERENCE));
  const userInfo = USER_INFO.exec(parts.join("").replaceAll(/[\t\r\n]/g, ""))?.[1];
  return userInfo !== undefined && !/^(?:[^:]*:)?\0+$/.test(userInfo);
}

/** What to say of such a value of `config`. The value itself must not be repeated. */
export function userInfoObjection(type: ManifestConnectorType, key: string): Objection {
  const secrets = (type.secrets["properties"] as Record<string, unknown> | undefined) ?? {};
  const apart = /proxy/i.test(key) && Object.hasOwn(secrets, "proxyPassword");
  return {
    message: "The URL holds a user or a password, which anybody could read in the connectors file.",
    hint: apart
      ? "Take them out, and give proxyUsername and proxyPassword instead, such as --secret proxyPassword=env:NAME."
      : "Take them out: credentials belong under secrets, or behind a reference such as ${env:NAME}.",
  };
}

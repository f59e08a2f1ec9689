import type { AnyConnectorType, AuthKind } from "@stepwire/core";

import { leakFinder, textsIn } from "./leaks.ts";
import { isBare, partsOf, secretsOf } from "./logins.ts";
import type { ConnectorInput, VendorRequest } from "./scenarios.ts";

/** A credential, and where every request of its connector has to bear it. */
export interface Placed {
  /** Goes on from "does not bear": `the header Authorization with secrets.token as bearer`. */
  readonly what: string;
  readonly stands: (request: VendorRequest) => boolean;
}

/** The kind by which a connector logs in, as the host picks it: the first whose fields are all there. */
export function kindOf(type: AnyConnectorType, connector: ConnectorInput): AuthKind | undefined {
  if (isBare(type, connector)) return undefined;
  const kinds: readonly AuthKind[] = type.connection.def.auth;
  return kinds.find((kind) => fieldsOf(kind).every((field) => valueOf(connector, field) !== undefined));
}

export function fieldsOf(kind: AuthKind): string[] {
  if (kind.kind === "basic") return [kind.user, kind.password];
  if (kind.kind === "bearer") return [kind.token];
  return kind.kind === "apiKey" ? [kind.value] : [];
}

function valueOf({ config = {}, secrets = {} }: ConnectorInput, field: string): string | undefined {
  const value = secrets[field] ?? config[field];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** What the connector's requests have to bear. Nothing of custom auth: what it makes of its secrets is its own affair. */
export function placedBy(kind: AuthKind, connector: ConnectorInput): Placed[] {
  const value = (field: string) => valueOf(connector, field) ?? "";
  switch (kind.kind) {
    case "basic":
      return [basic(value(kind.user), value(kind.password))];
    case "bearer":
      return [header("Authorization", `Bearer ${value(kind.token)}`)];
    case "apiKey":
      return [kind.in === "header" ? header(kind.name, value(kind.value)) : query(kind.name, value(kind.value))];
    case "envelope":
      return placedByEnvelope(connector);
    default:
      return [];
  }
}

function placedByEnvelope({ config = {}, secrets = {} }: ConnectorInput): Placed[] {
  const headers = Object.entries(secrets["secretHeaders"] ?? {});
  const names = [...headers.map(([name]) => name), ...Object.keys(config["headers"] ?? {})];
  const method = methodOf(config);
  // A header of the connector's own takes the place of the one that is made.
  const isMade = !names.some((name) => /^authorization$/i.test(name));
  return [
    ...(method === "basic" && isMade ? [basic(String(secrets["user"]), String(secrets["password"]))] : []),
    ...(method === "webhook-oauth2-client-credentials" && isMade
      ? [{ what: "an access token in the header Authorization", stands: hasAuthorization }]
      : []),
    ...headers.map(([name, value]) => header(name, String(value))),
    ...Object.entries(secrets["secretQueryParams"] ?? {}).map(([name, value]) => query(name, String(value))),
  ];
}

/** `none`, `basic`, or another method by its name in the envelope. */
export function methodOf({ hasAuth, authType }: NonNullable<ConnectorInput["config"]>): string {
  if (hasAuth === false) return "none";
  return typeof authType !== "string" || authType === "webhook-authentication-basic" ? "basic" : authType;
}

const hasAuthorization = ({ headers }: VendorRequest): boolean => headers["authorization"] !== undefined;
const header = (name: string, value: string): Placed => ({
  what: `its credential in the header ${name}`,
  stands: ({ headers }) => headers[name.toLowerCase()] === value,
});
const query = (name: string, value: string): Placed => ({
  what: `its credential as ${name} in the query`,
  stands: ({ url }) => url.searchParams.getAll(name).includes(value),
});
const basic = (user: string, password: string): Placed => ({
  what: "user and password in the header Authorization",
  stands: ({ headers }) =>
    headers["authorization"] === `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
});

/** Finds what of a connector's credentials is in a request; `undefined` where there is nothing. */
export function credentialFinder(
  type: AnyConnectorType,
  connector: ConnectorInput,
): (request: VendorRequest) => string | undefined {
  const find = leakFinder(secretsOf(connector).flatMap(partsOf), () => []);
  const kind = kindOf(type, connector);
  const names = [
    "authorization",
    ...Object.keys(connector.secrets?.["secretHeaders"] ?? {}),
    ...(kind?.kind === "apiKey" && kind.in === "header" ? [kind.name] : []),
  ];
  return ({ url, headers }) => {
    const name = names.find((candidate) => headers[candidate.toLowerCase()] !== undefined);
    if (name !== undefined) return `the header ${name}`;
    // Every address begins alike, and a secret may be one.
    const { host: _, ...others } = headers;
    const leak = find(textsIn([url.pathname, url.search, others]));
    return leak === undefined ? undefined : `a piece of ${leak.name}`;
  };
}

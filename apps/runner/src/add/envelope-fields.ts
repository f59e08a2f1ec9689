import type { EnvelopeMethod, ManifestConnectorType } from "@stepwire/core";

import type { Draft } from "./draft.ts";
import type { Field } from "./field.ts";

interface Method {
  readonly method: EnvelopeMethod;
  /** Kibana's keys that choose it. */
  readonly keys: Readonly<Record<string, unknown>>;
}

const METHODS: Readonly<Record<string, Method>> = {
  none: { method: "none", keys: { hasAuth: false } },
  basic: { method: "basic", keys: { hasAuth: true, authType: "webhook-authentication-basic" } },
  "ssl-crt-key": {
    method: "ssl",
    keys: { hasAuth: true, authType: "webhook-authentication-ssl", certType: "ssl-crt-key" },
  },
  "ssl-pfx": { method: "ssl", keys: { hasAuth: true, authType: "webhook-authentication-ssl", certType: "ssl-pfx" } },
  "oauth2-client-credentials": {
    method: "oauth2-client-credentials",
    keys: { hasAuth: true, authType: "webhook-oauth2-client-credentials" },
  },
  "query-param": { method: "query-param", keys: { hasAuth: true, authType: "http-authentication-query-param" } },
};

/** The one that a draft has chosen. As in Kibana, `hasAuth` is true unless said otherwise, and `authType` is basic. */
export function methodOf({ config, secrets }: Draft): string {
  if (config["hasAuth"] === false) return "none";
  const { authType = "webhook-authentication-basic", certType } = config;
  const pfx = certType === "ssl-pfx" || (certType === undefined && secrets["pfx"] !== undefined);
  if (authType === "webhook-authentication-ssl") return pfx ? "ssl-pfx" : "ssl-crt-key";
  return Object.keys(METHODS).find((name) => METHODS[name]?.keys["authType"] === authType) ?? "basic";
}

/** The keys of Kibana's `hasAuth`/`authType` family, for a type that has them. */
export function envelopeFields(type: ManifestConnectorType): Field[] {
  const envelope = type.auth.find(({ kind }) => kind === "envelope");
  if (envelope === undefined) return [];
  const names = Object.keys(METHODS).filter(
    (name) => envelope.methods?.includes(METHODS[name]?.method ?? "none") !== false,
  );
  const sets = Object.fromEntries(names.map((name) => [name, METHODS[name]?.keys ?? {}]));
  const about = "How the connector logs in";
  const choice = { kind: "choice", about, required: true, choices: names } as const;
  return [{ side: "config", key: "authType", ...choice, sets }, ...CREDENTIALS, ...SELDOM];
}

const config = (key: string, kind: Field["kind"], about: string, required: boolean): Field => ({
  side: "config",
  key,
  kind,
  about,
  required,
});
const secret = (key: string, kind: Field["kind"], about: string, required: boolean): Field => ({
  ...config(key, kind, about, required),
  side: "secrets",
  hidden: true,
});
const when = (methods: readonly string[], field: Field): Field => ({
  ...field,
  when: (draft) => methods.includes(methodOf(draft)),
});

const CREDENTIALS: readonly Field[] = [
  when(["basic"], { ...secret("user", "text", "The user name", true), hidden: false }),
  when(["basic"], secret("password", "text", "The user's password", true)),
  when(["ssl-crt-key"], secret("crt", "file", "The client certificate: the path of a PEM file", true)),
  when(["ssl-crt-key"], secret("key", "file", "Its private key: the path of a PEM file", true)),
  when(["ssl-pfx"], secret("pfx", "file", "The client certificate with its key: the path of a PFX file", true)),
  when(["ssl-crt-key", "ssl-pfx"], secret("password", "text", "The passphrase of the key, if it has one", false)),
  ...[
    config("accessTokenUrl", "text", "Where access tokens come from", true),
    config("clientId", "text", "The id of the client", true),
    secret("clientSecret", "text", "The secret of the client", true),
    config("scope", "text", "The scope to ask for", false),
    config("additionalFields", "data", "Further fields of the token request, as a JSON object", false),
  ].map((field) => when(["oauth2-client-credentials"], field)),
  when(["query-param"], secret("secretQueryParams", "map", "Query parameters that are secret", true)),
];

const SELDOM = [
  config("ca", "file", "The certificate authority to trust: the path of a PEM file", false),
  {
    ...config("verificationMode", "choice", "How the server's certificate is checked; full unless given", false),
    choices: ["full", "certificate", "none"],
  },
  config("headers", "map", "Headers of every request", false),
  secret("secretHeaders", "map", "Headers of every request whose values are secret", false),
  when(
    Object.keys(METHODS).filter((name) => name !== "query-param"),
    secret("secretQueryParams", "map", "Query parameters that are secret", false),
  ),
].map((field): Field => ({ ...field, seldom: true }));

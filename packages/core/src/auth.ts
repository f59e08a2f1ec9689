import type { HttpRequest } from "./http.ts";

/** The ways of Kibana's `authType` that a type with envelope auth accepts. */
export type EnvelopeMethod = "none" | "basic" | "ssl" | "oauth2-client-credentials" | "query-param";

/**
 * How a connector's credentials get into a request. Field names say where in
 * `secrets` (or `config`) the values are; the host places them.
 */
export type AuthKind<Field extends string = string, Secrets = unknown> =
  | { readonly kind: "none" }
  | { readonly kind: "basic"; readonly user: Field; readonly password: Field }
  | { readonly kind: "bearer"; readonly token: Field }
  | { readonly kind: "apiKey"; readonly in: "header" | "query"; readonly name: string; readonly value: Field }
  /** Kibana's `hasAuth`/`authType` family, read by the host; all methods unless some are listed. */
  | { readonly kind: "envelope"; readonly methods?: readonly EnvelopeMethod[] }
  /** Anything else, such as a URL that is itself the secret. Returns a changed copy. */
  | { readonly kind: "custom"; readonly place: (request: HttpRequest, secrets: Secrets) => HttpRequest };

/** Config keys that belong to the host in every type with envelope auth (frozen for contract 1). */
export const ENVELOPE_CONFIG_KEYS = [
  "hasAuth",
  "authType",
  "certType",
  "ca",
  "verificationMode",
  "headers",
  "accessTokenUrl",
  "clientId",
  "scope",
  "additionalFields",
] as const;

/** Secret keys that belong to the host in every type with envelope auth (frozen for contract 1). */
export const ENVELOPE_SECRET_KEYS = [
  "user",
  "password",
  "crt",
  "key",
  "pfx",
  "clientSecret",
  "secretHeaders",
  "secretQueryParams",
] as const;

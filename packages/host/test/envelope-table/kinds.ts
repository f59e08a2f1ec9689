import { createHmac } from "node:crypto";

import type { AuthKind } from "@stepwire/core";
import { TOKEN_CLIENT, type ClientMaterial, type Echo, type Rig } from "@stepwire/test-rig";
import { expect } from "vitest";

import type { KindName } from "./cells.ts";

export interface Kind {
  /** The connector type's; Kibana's keys (the envelope) where it is absent. */
  readonly auth?: readonly AuthKind<string, unknown>[];
  /** The target lets nobody in without the client certificate. */
  readonly certificate?: true;
  /** A token is fetched before the first request. */
  readonly token?: true;
  /** What the user writes. */
  given(rig: Rig): Given | Promise<Given>;
  /** Asserts that this credential, and no other, is what the target received. */
  arrived(echo: Echo): void;
}

interface Given {
  readonly config?: object;
  readonly secrets?: object;
}

/** What every request has. Everything else in an echo is a credential, or should not be there. */
const PLAIN_HEADERS = new Set(["host", "connection", "user-agent", "accept", "accept-encoding"]);

/** No header, query parameter and certificate but these. */
const exactly =
  ({ headers = {}, query = {}, clientCertificate }: Partial<Pick<Echo, "headers" | "query" | "clientCertificate">>) =>
  (echo: Echo): void => {
    const special = Object.entries(echo.headers).filter(([name]) => !PLAIN_HEADERS.has(name));
    const found = { headers: Object.fromEntries(special), query: echo.query, certificate: echo.clientCertificate };
    expect(found, "credentials that arrived").toEqual({ headers, query, certificate: clientCertificate });
  };

/** Secrets with characters that have to be encoded on their way. */
const PASSWORD = "p:ss wörd/%41";
const QUERY_SECRET = "q&=#/+ ü%41";
const HEADER_SECRET = "secret, of; a=header";
const PATH = "/anything";

const certificate = (secrets: (client: ClientMaterial) => Record<string, string>): Kind => ({
  certificate: true,
  given: ({ client }) => ({
    config: { hasAuth: true, authType: "webhook-authentication-ssl" },
    secrets: secrets(client),
  }),
  arrived: exactly({ clientCertificate: "connector" }),
});

/** Kibana keeps certificates and keys as base64 of PEM. */
const base64 = (pem: string): string => Buffer.from(pem).toString("base64");

const sign = (method: string, path: string, key: string): string =>
  createHmac("sha256", key).update(`${method} ${path}`).digest("hex");

export const KINDS: Record<KindName, Kind> = {
  none: {
    given: () => ({ config: { hasAuth: false } }),
    arrived: exactly({}),
  },
  basic: {
    given: () => ({ config: { hasAuth: true }, secrets: { user: "table user", password: PASSWORD } }),
    arrived: exactly({ headers: { authorization: `Basic ${base64(`table user:${PASSWORD}`)}` } }),
  },
  "CRT + key": certificate(({ crt, key }) => ({ crt, key })),
  "CRT + encrypted key + passphrase": certificate(({ crt, encryptedKey, passphrase }) => ({
    crt: base64(crt),
    key: base64(encryptedKey),
    password: passphrase,
  })),
  "PFX + passphrase": certificate(({ pfx, passphrase }) => ({ pfx: pfx.toString("base64"), password: passphrase })),
  "PFX without passphrase": certificate(({ pfxNoPassphrase }) => ({ pfx: pfxNoPassphrase.toString("base64") })),
  "secret header": {
    given: () => ({ config: { hasAuth: false }, secrets: { secretHeaders: { "X-Secret": HEADER_SECRET } } }),
    arrived: exactly({ headers: { "x-secret": HEADER_SECRET } }),
  },
  "secret query parameter": {
    given: () => ({ config: { hasAuth: false }, secrets: { secretQueryParams: { secret: QUERY_SECRET } } }),
    arrived: exactly({ query: { secret: QUERY_SECRET } }),
  },
  "OAuth 2 client credentials": {
    token: true,
    given: async (rig) => ({
      config: {
        hasAuth: true,
        authType: "webhook-oauth2-client-credentials",
        accessTokenUrl: await rig.token(),
        clientId: TOKEN_CLIENT.id,
      },
      secrets: { clientSecret: TOKEN_CLIENT.secret },
    }),
    // The endpoint hands one out to nobody but `TOKEN_CLIENT`.
    arrived: exactly({ headers: { authorization: expect.stringMatching(/^Bearer rig-token-\d+$/) as string } }),
  },
  bearer: {
    auth: [{ kind: "bearer", token: "token" }],
    given: () => ({ secrets: { token: "token-of-the-table" } }),
    arrived: exactly({ headers: { authorization: "Bearer token-of-the-table" } }),
  },
  "API key in a header": {
    auth: [{ kind: "apiKey", in: "header", name: "X-Api-Key", value: "key" }],
    given: () => ({ secrets: { key: HEADER_SECRET } }),
    arrived: exactly({ headers: { "x-api-key": HEADER_SECRET } }),
  },
  "API key in the query": {
    auth: [{ kind: "apiKey", in: "query", name: "api_key", value: "key" }],
    given: () => ({ secrets: { key: QUERY_SECRET } }),
    arrived: exactly({ query: { api_key: QUERY_SECRET } }),
  },
  custom: {
    auth: [
      {
        kind: "custom",
        place: (request, secrets) => ({
          ...request,
          headers: {
            ...request.headers,
            "X-Signature": sign(request.method, new URL(request.url).pathname, (secrets as { key: string }).key),
          },
        }),
      },
    ],
    given: () => ({ secrets: { key: "key-of-the-table" } }),
    arrived: exactly({ headers: { "x-signature": sign("GET", PATH, "key-of-the-table") } }),
  },
};

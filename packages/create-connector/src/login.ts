import type { Auth } from "./answers.ts";

/** A value that a user gives to log in. */
interface Credential {
  readonly key: string;
  readonly about: string;
}

interface Login {
  readonly credentials: readonly Credential[];
  /** The element of `auth` in the connection, as code. */
  readonly code: string;
  /** The credentials are fields of the host's own, which no schema of the type names. */
  readonly isEnvelope?: true;
}

const USER = { key: "user", about: "The user" };
const PASSWORD = { key: "password", about: "The password" };
const API_KEY = { key: "apiKey", about: "An API key" };

export const LOGINS: Record<Auth, Login> = {
  none: { credentials: [], code: `{ kind: "none" }` },
  basic: { credentials: [USER, PASSWORD], code: `{ kind: "basic", user: "user", password: "password" }` },
  bearer: {
    credentials: [{ key: "token", about: "An API token" }],
    code: `{ kind: "bearer", token: "token" }`,
  },
  "api-key-header": {
    credentials: [API_KEY],
    code: `{ kind: "apiKey", in: "header", name: "X-Api-Key", value: "apiKey" }`,
  },
  "api-key-query": {
    credentials: [API_KEY],
    code: `{ kind: "apiKey", in: "query", name: "api_key", value: "apiKey" }`,
  },
  envelope: { credentials: [USER, PASSWORD], code: `{ kind: "envelope" }`, isEnvelope: true },
};

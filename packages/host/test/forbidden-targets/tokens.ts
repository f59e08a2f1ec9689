import type { Row } from "./row.ts";
import { BLOCKED, DENY, GOOD, GOOD_DNS, NOT_ALLOWED, OPEN, PROXY, TO_GOOD, getPath, only } from "./words.ts";

const withToken = (accessTokenUrl: string): NonNullable<Row["connector"]> => ({
  config: {
    ...GOOD,
    hasAuth: true,
    authType: "webhook-oauth2-client-credentials",
    clientId: "client",
    accessTokenUrl,
  },
  secrets: { clientSecret: "a-secret-of-the-client" },
});

/** Addresses of token endpoints. */
export const TOKEN_ROWS: readonly Row[] = [
  {
    name: "token: accessTokenUrl is not listed",
    settings: only("good.example"),
    connector: withToken("https://evil.example/CANARY"),
    call: getPath("/x"),
    code: NOT_ALLOWED,
    names: "config.accessTokenUrl: The host evil.example",
    dialled: [],
  },
  {
    name: "token: accessTokenUrl is private",
    settings: DENY,
    connector: withToken("http://127.0.0.1:PORT/CANARY"),
    call: getPath("/x"),
    code: BLOCKED,
    names: "config.accessTokenUrl: The address 127.0.0.1",
    dialled: [],
  },
  {
    name: "token: accessTokenUrl carries user info",
    connector: withToken("https://user:CANARY@good.example/"),
    call: getPath("/x"),
    code: "config-invalid",
    names: "accessTokenUrl",
    dialled: [],
  },
  {
    name: "token: accessTokenUrl resolves to a metadata address",
    connector: withToken("http://rebind.example:PORT/CANARY"),
    call: getPath("/x"),
    dns: { ...GOOD_DNS, "rebind.example": [["169.254.169.254"]] },
    code: BLOCKED,
    names: "rebind.example",
    dialled: [],
    asked: ["rebind.example"],
  },
  {
    name: "token: accessTokenUrl redirects to a metadata address",
    connector: withToken("http://good.example:PORT/start"),
    call: getPath("/x"),
    redirects: { "/start": "307 http://169.254.169.254/CANARY" },
    ...TO_GOOD,
    code: "redirect",
    names: "169.254.169.254",
  },
  {
    name: "token: accessTokenUrl is a metadata name, through a proxy",
    settings: PROXY,
    connector: withToken("http://metadata.google.internal/CANARY"),
    call: getPath("/x"),
    code: BLOCKED,
    names: "metadata.google.internal",
    dialled: [],
    received: [],
  },
  {
    name: "token: with the token in hand, the connector's own host is private",
    settings: OPEN,
    connector: withToken("http://127.0.0.9:PORT/token"),
    call: getPath("/CANARY"),
    dns: { "good.example": [["127.0.0.1"]] },
    code: BLOCKED,
    names: "good.example",
    dialled: ["127.0.0.9:PORT"],
    asked: ["good.example"],
    received: ["POST /token"],
  },
];

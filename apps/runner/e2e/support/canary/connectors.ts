/** Connectors that hold a canary in every place where a secret can be, right ones and wrong ones. */
import { createPrivateKey } from "node:crypto";

import { certificates } from "@stepwire/test-rig";

import type { Files } from "../project.ts";
import { canary, found } from "./finder.ts";
import { ONE_WORD, type Keeper } from "./keeper.ts";
import type { Servers } from "./servers.ts";

/** Connectors that are refused when they are checked. */
export const BROKEN = [
  "throws",
  "quotes",
  "wrong-passphrase",
  "wrong-pfx-passphrase",
  "wrong-key",
  "broken-key",
  "no-pfx",
  "bad-header",
  "bad-name",
  "bad-hook",
  "forbidden-hook",
  "no-space",
  "no-space-key",
  "no-space-header",
  "unused-secret",
  "unknown-secret",
  "proxy-half",
  "proxy-path",
  "proxy-bad",
  "proxy-raw",
  "proxy-two",
];
/** Those that end the process when they are called. */
export const CRASHING = ["crashes", "rejects", "throws-text"];

/** What a `.env` file can hold between apostrophes. */
const DOTENV = `"\\/+=ü%& <`;

export interface Connector {
  type: string;
  config?: object;
  secrets?: object;
  network?: object;
}

/** The files that the connectors name. */
export function secretFiles(keeper: Keeper, encryptedKey: string): Files {
  return {
    ".env": `DOTENV='${keeper.secret("dotenv", canary("dotenv", DOTENV))}'\n`,
    "secrets/password": `${keeper.secret("file")}\n`,
    "secrets/query": keeper.secret("query-file"),
    "secrets/key.pem": encryptedKey,
    "secrets/client.pfx": certificates().client.pfx,
  };
}

/** A client's key, its passphrase and its other forms as canaries. */
export function clientSecrets(keeper: Keeper) {
  const rig = certificates();
  const passphrase = keeper.secret("passphrase");
  const encryptedKey = createPrivateKey(rig.client.key)
    .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase })
    .toString();
  keeper.secret("encrypted-key", found("encrypted-key", encryptedKey));
  keeper.secret("pem-key", found("pem-key", rig.client.key));
  keeper.secret("pfx", found("pfx", rig.client.pfx.toString("base64")));
  keeper.secret("pfx-passphrase", {
    name: "pfx-passphrase",
    text: rig.client.passphrase,
    marks: [rig.client.passphrase],
  });
  return { passphrase, encryptedKey };
}

export function makeConnectors(
  keeper: Keeper,
  servers: Servers,
  { passphrase, encryptedKey }: ReturnType<typeof clientSecrets>,
): Record<string, Connector> {
  const { plain, good, untrusted, wrongHost, expired, wantsCertificate, closed } = servers;
  const { proxy407, proxy403, proxy200, proxyHangUp } = servers;
  const rig = certificates();
  const { ca } = rig;
  const basic = (url: string, password: string, more: object = {}) => ({
    type: "http",
    config: { url, hasAuth: true, authType: "webhook-authentication-basic", ca, ...more },
    secrets: { user: "bob", password },
  });
  const certificate = (url: string, secrets: object) => ({
    type: "http",
    config: { url, hasAuth: true, authType: "webhook-authentication-ssl", ca },
    secrets,
  });
  const oauth = (accessTokenUrl: string, clientSecret: string) => ({
    type: "http",
    config: {
      url: plain,
      hasAuth: true,
      authType: "webhook-oauth2-client-credentials",
      accessTokenUrl,
      clientId: "client",
    },
    secrets: { clientSecret },
  });
  const leaky = (type: string) => ({ type, config: { url: plain }, secrets: { key: keeper.inEnv(`leaky-${type}`) } });
  const password = keeper.inEnv("password");

  return {
    all: {
      ...basic(plain, password),
      secrets: {
        user: "bob",
        password,
        secretHeaders: {
          "x-key": keeper.inEnv("header"),
          "x-bearer": `Bearer ${keeper.inEnv("bearer-inside")}`,
          "x-pair": `id=${keeper.inEnv("pair-inside")}; v=1`,
        },
        secretQueryParams: { key: keeper.inEnv("query"), "two words": "${file:secrets/query}" },
      },
    },
    literal: basic(plain, keeper.secret("literal")),
    file: basic(plain, "${file:secrets/password}"),
    dotenv: basic(plain, "${env:DOTENV}"),
    "literal-header": {
      type: "http",
      config: { url: plain, hasAuth: false },
      secrets: {
        secretHeaders: {
          Authorization: `Bearer ${keeper.secret("literal-bearer", canary("literal-bearer", ONE_WORD))}`,
        },
      },
    },
    slack: {
      type: "slack",
      secrets: { webhookUrl: `${plain}/services/T00/B00/${keeper.inUrl("hook")}?key=${keeper.inUrl("hook-query")}` },
    },
    "slack-whole": {
      type: "slack",
      secrets: {
        webhookUrl: keeper.inEnv("hook-whole", `${plain}/services/${encodeURIComponent(keeper.secret("hook-whole"))}`),
      },
    },
    jira: {
      type: "jira",
      config: { apiUrl: `${plain}/echo/400/json`, projectKey: "P" },
      secrets: { email: "bob@example.com", apiToken: keeper.inEnv("api-token") },
    },
    cases: {
      type: "cases-webhook",
      config: {
        ...basic(plain, "").config,
        url: undefined,
        ca: undefined,
        createIncidentUrl: `${plain}/create`,
        createIncidentJson: '{"title": {{{case.title}}}, "text": {{{case.description}}}}',
        createIncidentResponseKey: "message",
        getIncidentUrl: `${plain}/get/{{{external.system.id}}}`,
        getIncidentResponseExternalTitleKey: "nothing.there",
        viewIncidentUrl: `${plain}/view/{{{external.system.id}}}`,
        updateIncidentUrl: `${plain}/update/{{{external.system.id}}}`,
        updateIncidentJson: '{"title": {{{case.title}}}, "text": {{{case.description}}}}',
      },
      secrets: { user: "bob", password: keeper.inEnv("cases-password") },
    },
    oauth: oauth(`${plain}/token/ok`, keeper.inEnv("client-secret")),
    "oauth-refused": oauth(`${plain}/token/echo/401/json`, keeper.inEnv("refused-secret")),
    "oauth-page": oauth(`${plain}/token/echo/200/html`, keeper.inEnv("page-secret")),
    "oauth-keys": oauth(`${plain}/token/echo/200/keys`, keeper.inEnv("keys-secret")),
    "oauth-untrusted": oauth(`${untrusted}/token/ok`, keeper.inEnv("untrusted-secret")),
    bearer: leaky("bearer"),
    "api-header": leaky("api-header"),
    "api-query": leaky("api-query"),
    signed: leaky("signed"),
    throws: leaky("throws"),
    "throws-later": leaky("throws-later"),
    "throws-details": leaky("throws-details"),
    "throws-text": leaky("throws-text"),
    crashes: leaky("crashes"),
    rejects: leaky("rejects"),
    quotes: leaky("quotes"),
    checks: leaky("checks"),
    refuses: leaky("refuses"),
    slow: { ...basic(plain, password), network: { responseTimeout: "300ms" } },
    closed: { ...basic(`http://${closed}`, password) },
    untrusted: basic(untrusted, password),
    "wrong-host": basic(wrongHost, password),
    expired: basic(expired, password),
    "wants-certificate": basic(wantsCertificate, password),
    "crt-key": certificate(wantsCertificate, {
      crt: rig.client.crt,
      key: "${file:secrets/key.pem}",
      password: keeper.inEnv("passphrase", passphrase),
    }),
    pfx: certificate(wantsCertificate, { pfx: "${file:secrets/client.pfx}", password: rig.client.passphrase }),
    "untrusted-client": certificate(wantsCertificate, { crt: rig.clientUntrusted.crt, key: rig.clientUntrusted.key }),
    "wrong-passphrase": certificate(good, {
      crt: rig.client.crt,
      key: encryptedKey,
      password: keeper.inEnv("wrong-passphrase"),
    }),
    "wrong-pfx-passphrase": certificate(good, {
      pfx: "${file:secrets/client.pfx}",
      password: keeper.inEnv("wrong-pfx-passphrase"),
    }),
    "wrong-key": certificate(good, { crt: rig.client.crt, key: rig.otherKey }),
    "broken-key": certificate(good, { crt: rig.client.crt, key: rig.client.key.replace("\n", "\n!") }),
    "no-pfx": certificate(good, { pfx: keeper.secret("no-pfx") }),
    "bad-header": {
      type: "http",
      config: { url: plain, hasAuth: false },
      secrets: { secretHeaders: { "x-key": `${keeper.secret("bad-header")}\n` } },
    },
    "bad-name": {
      type: "http",
      config: { url: plain, hasAuth: false },
      secrets: { secretHeaders: `x-key: ${keeper.secret("bad-map")}` },
    },
    "bad-hook": {
      type: "slack",
      secrets: { webhookUrl: `ftp://hooks/${keeper.secret("bad-hook", canary("bad-hook", "-"))}` },
    },
    "forbidden-hook": {
      type: "slack",
      secrets: {
        webhookUrl: `http://169.254.169.254/${keeper.secret("forbidden-hook", canary("forbidden-hook", "-"))}`,
      },
    },
    "no-space": {
      ...basic(plain, password),
      secrets: { user: "bob", [`password:${keeper.secret("no-space")}`]: null },
    },
    "no-space-key": {
      type: "bearer",
      config: { url: plain },
      secrets: { [`key:${keeper.secret("no-space-key")}`]: null },
    },
    "no-space-header": {
      type: "http",
      config: { url: plain, hasAuth: false },
      secrets: { secretHeaders: { [`x-key:${keeper.secret("no-space-header")}`]: null } },
    },
    "unused-secret": {
      type: "http",
      config: { url: plain, hasAuth: false },
      secrets: { password: keeper.secret("unused") },
    },
    "unknown-secret": { type: "bearer", config: { url: plain }, secrets: { token: keeper.secret("unknown") } },
    "proxy-url": {
      ...basic(plain, password),
      network: { proxyUrl: `http://user:${keeper.inUrl("own-proxy-url")}@${proxy407}` },
    },
    "proxy-literal": {
      ...basic(plain, password),
      network: { proxyUrl: `http://user:${encodeURIComponent(keeper.secret("own-proxy-literal"))}@${proxy200}` },
    },
    "proxy-password": {
      ...basic(good, password),
      network: {
        proxyUrl: `http://${proxy403}`,
        proxyUsername: "user",
        proxyPassword: keeper.inEnv("own-proxy-password"),
      },
    },
    "proxy-tls": {
      ...basic(good, password),
      network: { proxyUrl: untrusted, proxyUsername: "user", proxyPassword: keeper.inEnv("own-proxy-tls") },
    },
    "proxy-closed": {
      ...basic(good, password),
      network: { proxyUrl: `http://${closed}`, proxyUsername: "user", proxyPassword: keeper.inEnv("own-proxy-closed") },
    },
    "proxy-hangup": {
      ...basic(good, password),
      network: { proxyUrl: `http://user:${keeper.inUrl("own-proxy-hangup")}@${proxyHangUp}` },
    },
    "proxy-half": {
      ...basic(good, password),
      network: { proxyUrl: `http://:${keeper.inUrl("own-proxy-half")}@${proxy403}` },
    },
    "proxy-path": {
      ...basic(good, password),
      network: { proxyUrl: `http://user:${keeper.inUrl("own-proxy-path")}@${proxy403}/x` },
    },
    "proxy-bad": {
      ...basic(good, password),
      network: { proxyUrl: `http://user:${keeper.inUrl("own-proxy-bad")}@[nowhere]:1` },
    },
    "proxy-raw": {
      ...basic(good, password),
      network: { proxyUrl: `http://user:${keeper.inEnv("own-proxy-raw")}@${proxy403}` },
    },
    "proxy-two": {
      ...basic(good, password),
      network: {
        proxyUrl: `http://user:${encodeURIComponent(keeper.secret("own-proxy-two"))}@${proxy403}`,
        proxyUsername: "user",
        proxyPassword: keeper.inEnv("own-proxy-two-password"),
      },
    },
  };
}

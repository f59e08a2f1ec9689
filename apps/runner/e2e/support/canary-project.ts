/** A project whose connectors and settings hold a canary in every place where a secret can be. */
import { createPrivateKey } from "node:crypto";

import type { NetworkOptions } from "@stepwire/host";
import { certificates, startProxy, startTarget, type ServerKind } from "@stepwire/test-rig";

import { startEcho, startEchoProxy, STYLES, type Told } from "./canary-echo.ts";
import { canary, found, type Canary } from "./canary-finder.ts";
import { LEAKY_PLUGIN } from "./canary-plugin.ts";
import { addPlugin, makeProject, onCleanup, type ProjectFolder } from "./project.ts";

export interface CanaryProject {
  project: ProjectFolder;
  env: Record<string, string>;
  canaries: readonly Canary[];
  told: Told;
  /** Arguments of the command, after the status that it should end with. */
  commands: readonly (readonly [status: number, ...args: string[]])[];
  /** Calls of the leaky package's connectors by the library. */
  calls: readonly LibraryCall[];
  /** Names of the canaries that some server should get to see. */
  onTheWire: readonly string[];
}

export interface LibraryCall {
  type: string;
  action: string;
  path: string;
  config: Record<string, unknown>;
  secrets: Record<string, unknown>;
  network?: NetworkOptions;
}

/** What a `.env` file can hold between apostrophes. */
const DOTENV = `"\\/+=ü%& <`;
/** A token behind its scheme has no space. */
const ONE_WORD = `"\\/+=ü%&'<`;
const STATUSES = [200, 400, 401, 403, 404, 422, 500, 502];
const CONTINUE = { "on-failure": { continue: true } };
const yaml = (value: unknown): string => JSON.stringify(value, null, 1);

export async function makeCanaryProject(): Promise<CanaryProject> {
  const all = new Map<string, Canary>();
  const secret = (name: string, made = canary(name)): string => {
    all.set(name, made);
    return made.text;
  };
  const env: Record<string, string> = {};
  /** A secret in the environment, and the reference to it. */
  const inEnv = (name: string, text = secret(name)): string => {
    const variable = name.toUpperCase().replaceAll("-", "_");
    env[variable] = text;
    return `\${env:${variable}}`;
  };
  const told: Told = { canaries: new Set(), answers: new Set() };
  // A list that grows: servers know every canary once the project is made.
  const canaries: Canary[] = [];
  const accessToken = secret("access-token");

  const echo = (await startEcho(canaries, told, accessToken)).url;
  const secure = async (tls: ServerKind, clientCertificate?: "required") => {
    const options = { tls, ...(clientCertificate === undefined ? {} : { clientCertificate }) };
    return (await startEcho(canaries, told, accessToken, options)).url;
  };
  const [good, untrusted, wrongHost, expired, wantsCertificate] = await Promise.all([
    secure("good"),
    secure("untrusted"),
    secure("wrong-host"),
    secure("expired"),
    secure("good", "required"),
  ]);
  const closed = await closedPort();
  const proxyHosts = await Promise.all([407, 403, 502, 200].map((status) => startEchoProxy(canaries, told, status)));
  const [proxy407 = "", proxy403 = "", , proxy200 = ""] = proxyHosts;
  const hangUp = await startProxy({ fault: "connect-hangup" });
  onCleanup(() => void hangUp.close());
  const hangUpHost = new URL(hangUp.url).host;

  const rig = certificates();
  const passphrase = secret("passphrase");
  const encryptedKey = createPrivateKey(rig.client.key)
    .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase })
    .toString();
  secret("encrypted-key", found("encrypted-key", encryptedKey));
  secret("pem-key", found("pem-key", rig.client.key));
  secret("pfx", found("pfx", rig.client.pfx.toString("base64")));
  secret("pfx-passphrase", { name: "pfx-passphrase", text: rig.client.passphrase, marks: [rig.client.passphrase] });
  const ca = rig.ca;

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
      url: echo,
      hasAuth: true,
      authType: "webhook-oauth2-client-credentials",
      accessTokenUrl,
      clientId: "client",
    },
    secrets: { clientSecret },
  });
  const leaky = (type: string) => ({ type, config: { url: echo }, secrets: { key: inEnv(`leaky-${type}`) } });
  const inUrl = (name: string): string => inEnv(name, encodeURIComponent(secret(name)));
  const password = inEnv("password");

  const connectors: Record<string, object> = {
    all: {
      ...basic(echo, password),
      secrets: {
        user: "bob",
        password,
        secretHeaders: {
          "x-key": inEnv("header"),
          "x-bearer": `Bearer ${inEnv("bearer-inside")}`,
          "x-pair": `id=${inEnv("pair-inside")}; v=1`,
        },
        secretQueryParams: { key: inEnv("query"), "two words": "${file:secrets/query}" },
      },
    },
    literal: basic(echo, secret("literal")),
    file: basic(echo, "${file:secrets/password}"),
    dotenv: basic(echo, "${env:DOTENV}"),
    "literal-header": {
      type: "http",
      config: { url: echo, hasAuth: false },
      secrets: {
        secretHeaders: { Authorization: `Bearer ${secret("literal-bearer", canary("literal-bearer", ONE_WORD))}` },
      },
    },
    slack: {
      type: "slack",
      secrets: { webhookUrl: `${echo}/services/T00/B00/${inUrl("hook")}?key=${inUrl("hook-query")}` },
    },
    "slack-whole": {
      type: "slack",
      secrets: { webhookUrl: inEnv("hook-whole", `${echo}/services/${encodeURIComponent(secret("hook-whole"))}`) },
    },
    jira: {
      type: "jira",
      config: { apiUrl: `${echo}/echo/400/json`, projectKey: "P" },
      secrets: { email: "bob@example.com", apiToken: inEnv("api-token") },
    },
    cases: {
      type: "cases-webhook",
      config: {
        ...basic(echo, "").config,
        url: undefined,
        ca: undefined,
        createIncidentUrl: `${echo}/create`,
        createIncidentJson: '{"title": {{{case.title}}}, "text": {{{case.description}}}}',
        createIncidentResponseKey: "message",
        getIncidentUrl: `${echo}/get/{{{external.system.id}}}`,
        getIncidentResponseExternalTitleKey: "nothing.there",
        viewIncidentUrl: `${echo}/view/{{{external.system.id}}}`,
        updateIncidentUrl: `${echo}/update/{{{external.system.id}}}`,
        updateIncidentJson: '{"title": {{{case.title}}}, "text": {{{case.description}}}}',
      },
      secrets: { user: "bob", password: inEnv("cases-password") },
    },
    oauth: oauth(`${echo}/token/ok`, inEnv("client-secret")),
    "oauth-refused": oauth(`${echo}/token/echo/401/json`, inEnv("refused-secret")),
    "oauth-page": oauth(`${echo}/token/echo/200/html`, inEnv("page-secret")),
    "oauth-keys": oauth(`${echo}/token/echo/200/keys`, inEnv("keys-secret")),
    "oauth-untrusted": oauth(`${untrusted}/token/ok`, inEnv("untrusted-secret")),
    bearer: leaky("bearer"),
    "api-header": leaky("api-header"),
    "api-query": leaky("api-query"),
    signed: leaky("signed"),
    throws: leaky("throws"),
    "throws-later": leaky("throws-later"),
    "throws-text": leaky("throws-text"),
    crashes: leaky("crashes"),
    rejects: leaky("rejects"),
    quotes: leaky("quotes"),
    checks: leaky("checks"),
    refuses: leaky("refuses"),
    slow: { ...basic(echo, password), network: { responseTimeout: "300ms" } },
    closed: { ...basic(`http://${closed}`, password) },
    untrusted: basic(untrusted, password),
    "wrong-host": basic(wrongHost, password),
    expired: basic(expired, password),
    "wants-certificate": basic(wantsCertificate, password),
    "crt-key": certificate(wantsCertificate, {
      crt: rig.client.crt,
      key: "${file:secrets/key.pem}",
      password: inEnv("passphrase", passphrase),
    }),
    pfx: certificate(wantsCertificate, { pfx: "${file:secrets/client.pfx}", password: rig.client.passphrase }),
    "untrusted-client": certificate(wantsCertificate, { crt: rig.clientUntrusted.crt, key: rig.clientUntrusted.key }),
    "wrong-passphrase": certificate(good, {
      crt: rig.client.crt,
      key: encryptedKey,
      password: inEnv("wrong-passphrase"),
    }),
    "wrong-pfx-passphrase": certificate(good, {
      pfx: "${file:secrets/client.pfx}",
      password: inEnv("wrong-pfx-passphrase"),
    }),
    "wrong-key": certificate(good, { crt: rig.client.crt, key: rig.otherKey }),
    "broken-key": certificate(good, { crt: rig.client.crt, key: rig.client.key.replace("\n", "\n!") }),
    "no-pfx": certificate(good, { pfx: secret("no-pfx") }),
    "bad-header": {
      type: "http",
      config: { url: echo, hasAuth: false },
      secrets: { secretHeaders: { "x-key": `${secret("bad-header")}\n` } },
    },
    "bad-name": {
      type: "http",
      config: { url: echo, hasAuth: false },
      secrets: { secretHeaders: `x-key: ${secret("bad-map")}` },
    },
    "bad-hook": {
      type: "slack",
      secrets: { webhookUrl: `ftp://hooks/${secret("bad-hook", canary("bad-hook", "-"))}` },
    },
    "forbidden-hook": {
      type: "slack",
      secrets: { webhookUrl: `http://169.254.169.254/${secret("forbidden-hook", canary("forbidden-hook", "-"))}` },
    },
    "no-space": { ...basic(echo, password), secrets: { user: "bob", [`password:${secret("no-space")}`]: null } },
    "no-space-key": { type: "bearer", config: { url: echo }, secrets: { [`key:${secret("no-space-key")}`]: null } },
    "no-space-header": {
      type: "http",
      config: { url: echo, hasAuth: false },
      secrets: { secretHeaders: { [`x-key:${secret("no-space-header")}`]: null } },
    },
    "unused-secret": { type: "http", config: { url: echo, hasAuth: false }, secrets: { password: secret("unused") } },
    "unknown-secret": { type: "bearer", config: { url: echo }, secrets: { token: secret("unknown") } },
    "proxy-url": {
      ...basic(echo, password),
      network: { proxyUrl: `http://user:${inUrl("own-proxy-url")}@${proxy407}` },
    },
    "proxy-literal": {
      ...basic(echo, password),
      network: { proxyUrl: `http://user:${encodeURIComponent(secret("own-proxy-literal"))}@${proxy200}` },
    },
    "proxy-password": {
      ...basic(good, password),
      network: { proxyUrl: `http://${proxy403}`, proxyUsername: "user", proxyPassword: inEnv("own-proxy-password") },
    },
    "proxy-tls": {
      ...basic(good, password),
      network: { proxyUrl: untrusted, proxyUsername: "user", proxyPassword: inEnv("own-proxy-tls") },
    },
    "proxy-closed": {
      ...basic(good, password),
      network: { proxyUrl: `http://${closed}`, proxyUsername: "user", proxyPassword: inEnv("own-proxy-closed") },
    },
    "proxy-hangup": {
      ...basic(good, password),
      network: { proxyUrl: `http://user:${inUrl("own-proxy-hangup")}@${hangUpHost}` },
    },
    "proxy-half": { ...basic(good, password), network: { proxyUrl: `http://:${inUrl("own-proxy-half")}@${proxy403}` } },
    "proxy-path": {
      ...basic(good, password),
      network: { proxyUrl: `http://user:${inUrl("own-proxy-path")}@${proxy403}/x` },
    },
    "proxy-bad": {
      ...basic(good, password),
      network: { proxyUrl: `http://user:${inUrl("own-proxy-bad")}@[nowhere]:1` },
    },
    "proxy-raw": {
      ...basic(good, password),
      network: { proxyUrl: `http://user:${inEnv("own-proxy-raw")}@${proxy403}` },
    },
    "proxy-two": {
      ...basic(good, password),
      network: {
        proxyUrl: `http://user:${encodeURIComponent(secret("own-proxy-two"))}@${proxy403}`,
        proxyUsername: "user",
        proxyPassword: inEnv("own-proxy-two-password"),
      },
    },
  };

  const call = (id: string, path: string, more: object = {}) => ({
    type: String((connectors[id] as { type: string }).type),
    "connector-id": id,
    with: withOf(id, path),
    ...CONTINUE,
    ...more,
  });
  const withOf = (id: string, path: string): object => {
    const { type } = connectors[id] as { type: string };
    if (type === "http") return { method: "POST", path, body: "x" };
    if (type === "slack") return { message: path };
    if (type === "jira") return { issueType: "Task", summary: path };
    return type === "cases-webhook" ? { title: path } : { path };
  };
  const workflow = (steps: object[]): string =>
    yaml({ steps: steps.map((step, index) => ({ name: `s${index}`, ...step })) });
  const matrix = (id: string, statuses = STATUSES): object[] =>
    statuses.flatMap((status) => Object.keys(STYLES).map((style) => call(id, `/echo/${status}/${style}`)));
  const faults = (id: string): object[] =>
    ["cut", "large", "garbage", "redirect"].map((style) => call(id, `/echo/400/${style}`));
  const named = (type: string, id: string, action: string, path: string) => ({
    ...call(id, path),
    type: `${type}.${action}`,
  });

  const settings: Record<string, object> = {
    "proxy-url": {
      proxyUrl: `http://user:${inUrl("proxy-url")}@${proxyHosts[0]}`,
      proxyHeaders: { "x-proxy-key": inEnv("proxy-header") },
    },
    "proxy-password": {
      proxyUrl: `http://${proxyHosts[1]}`,
      proxyUsername: "user",
      proxyPassword: inEnv("proxy-password"),
    },
    "proxy-literal": {
      proxyUrl: `http://user:${encodeURIComponent(secret("proxy-literal"))}@${proxyHosts[2]}`,
      proxyHeaders: {
        "x-proxy-key": `Key ${secret("proxy-header-literal", canary("proxy-header-literal", ONE_WORD))}`,
      },
    },
    "proxy-page": { proxyUrl: `http://${proxyHosts[3]}`, proxyUsername: "user", proxyPassword: inEnv("proxy-page") },
    "proxy-tls": { proxyUrl: untrusted, proxyUsername: "user", proxyPassword: inEnv("proxy-tls") },
    "proxy-hangup": { proxyUrl: `http://user:${inUrl("proxy-hangup")}@${hangUpHost}` },
    "proxy-refused": { proxyUrl: `http://user:${inUrl("proxy-refused")}@${closed}` },
  };
  /** Settings that are refused. */
  const wrong: Record<string, object> = {
    "wrong-half": { proxyUrl: `http://:${inUrl("wrong-half")}@${proxy403}` },
    "wrong-path": { proxyUrl: `http://user:${inUrl("wrong-path")}@${proxy403}/path` },
    "wrong-url": { proxyUrl: `http://user:${inUrl("wrong-url")}@[nowhere]` },
    "wrong-raw": { proxyUrl: `http://user:${inEnv("wrong-raw")}@${proxy403}` },
    "wrong-alone": { proxyPassword: inEnv("wrong-alone") },
    "wrong-header": { proxyUrl: `http://${proxy403}`, proxyHeaders: { "x-key": `${secret("wrong-header")}\n` } },
    "wrong-map": { proxyUrl: `http://${proxy403}`, proxyHeaders: `x-key: ${secret("wrong-map")}` },
    "wrong-no-space": { [`proxyPassword:${secret("wrong-no-space")}`]: null },
    "wrong-no-space-header": {
      proxyUrl: `http://${proxy403}`,
      proxyHeaders: { [`x-key:${secret("wrong-no-space-header")}`]: null },
    },
    "wrong-mode": { proxyUrl: { url: `http://user:${secret("wrong-mode")}@${proxy403}` } },
  };
  const network = (map: Record<string, object>) =>
    Object.fromEntries(
      Object.entries(map).map(([name, value]) => [
        `${name}.settings.yaml`,
        yaml({ network: { ...value, allowedHosts: ["*"] }, plugins: PLUGINS }),
      ]),
    );

  const project = makeProject({
    "stepwire.yaml": yaml({ plugins: PLUGINS }),
    "connectors.yaml": yaml({
      connectors: Object.entries(connectors).map(([name, parts]) => ({ id: name, name, ...parts })),
    }),
    ".env": `DOTENV='${secret("dotenv", canary("dotenv", DOTENV))}'\n`,
    "secrets/password": `${secret("file")}\n`,
    "secrets/query": secret("query-file"),
    "secrets/key.pem": encryptedKey,
    "secrets/client.pfx": rig.client.pfx,
    ...network(settings),
    ...network(wrong),
    ...BROKEN_FILES(secret),
    "all.yaml": workflow([...matrix("all"), ...faults("all"), call("all", "/echo/400/later")]),
    "kinds.yaml": workflow([
      ...[
        "literal",
        "file",
        "dotenv",
        "literal-header",
        "oauth",
        "bearer",
        "api-header",
        "api-query",
        "signed",
      ].flatMap((id) => [...matrix(id, [200, 400]), ...faults(id)]),
      ...["slack", "slack-whole", "cases"].flatMap((id) => [...matrix(id, [200, 403]), ...faults(id)]),
      call("jira", "x"),
    ]),
    "faults.yaml": workflow([
      ...["hang", "silence"].map((style) => call("slow", `/echo/200/${style}`)),
      ...["untrusted", "wrong-host", "expired", "wants-certificate", "untrusted-client"].map((id) =>
        call(id, "/echo/400/json"),
      ),
      ...["crt-key", "pfx"].map((id) => call(id, "/echo/400/json")),
      ...["oauth-refused", "oauth-page", "oauth-keys", "oauth-untrusted"].map((id) => call(id, "/echo/200/json")),
      ...["proxy-url", "proxy-literal", "proxy-password", "proxy-tls", "proxy-hangup"].map((id) =>
        call(id, "/echo/200/json"),
      ),
      ...["call", "raise", "refuse", "tell"].flatMap((action) =>
        ["200/json", "200/text", "400/json"].map((answer) => named("signed", "signed", action, `/echo/${answer}`)),
      ),
      ...["throws-later", "checks", "refuses"].map((id) => call(id, "/echo/200/json")),
      call("all", "/echo/200/redirect", { with: { path: "/echo/200/redirect" } }),
    ]),
    "repeated.yaml": workflow(["closed", "proxy-closed"].map((id) => call(id, "/x"))),
    "templates.yaml": workflow([
      { ...call("all", "/echo/200/json"), name: "echo" },
      ...TEMPLATES.map((step) => ({ ...step, ...CONTINUE })),
    ]),
    "unknown-filter.yaml": workflow([
      { type: "console", with: { message: "{{ steps.s0 | nothing }}" } },
      call("all", "/x"),
    ]),
    "broken.yaml": workflow(BROKEN.map((id) => call(id, "/echo/200/json"))),
    "crash-step.yaml": workflow([
      { ...call("all", "/echo/200/json"), name: "echo" },
      {
        type: "leaky/crash",
        with: { text: "{{ steps.echo.output.data.message }} {{ steps.echo.output.headers | json }}" },
      },
    ]),
    "crash-outside.yaml": workflow([named("signed", "signed", "outside", "/echo/200/json")]),
    ...Object.fromEntries(CRASHING.map((id) => [`crash-${id}.yaml`, workflow([call(id, "/echo/200/silence")])])),
    "proxied.yaml": workflow(
      [
        call("all", "/echo/200/json"),
        { ...call("untrusted", "/echo/200/json") },
        { type: "http", with: { url: `${echo}/echo/200/json` }, ...CONTINUE },
        { type: "http", with: { url: `${good}/echo/200/json` }, ...CONTINUE },
      ].map((step) => ({ ...step, with: { ...step.with, method: "POST" } })),
    ),
  });
  addPlugin(project, "leaky", LEAKY_PLUGIN);
  canaries.push(...all.values());
  return {
    project,
    env,
    canaries,
    told,
    commands: commandsOf({
      proxies: Object.keys(settings),
      wrong: Object.keys(wrong),
      urls: [echo, untrusted, wantsCertificate],
    }),
    calls: callsOf({ echo, untrusted, closed, proxies: [proxy407, proxy200], secret }),
    onTheWire: ON_THE_WIRE,
  };
}

const PLUGINS = { paths: ["./leaky"] };

/** Connectors that are refused when they are checked. */
const BROKEN = [
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
const CRASHING = ["crashes", "rejects", "throws-text"];

/** Values of an answer where they do not fit: errors like to quote them. */
const VALUE = "{{ steps.echo.output.data.message }}";
const TEMPLATES = [
  { type: "console", with: { message: `${VALUE} {{ steps.echo.output | json }}` } },
  { type: "console", with: { message: "{{ steps.echo.output.data.message | divided_by: 0 }}" } },
  { type: "console", with: { message: "{{ steps.echo.output.data.message | date: '%Q' | append: 1 | slice: 'x' }}" } },
  {
    type: "console",
    with: { message: "{% for x in steps.echo.output.data.message %}{{ x | json_parse }}{% endfor %}" },
  },
  { type: "http", with: { url: VALUE } },
  { type: "http", with: { url: `http://${VALUE}/` } },
  { type: "http", "connector-id": "all", with: { path: VALUE } },
  { type: "http", "connector-id": "all", with: { path: "/x", method: VALUE } },
  { type: "http", "connector-id": "all", with: { path: "/x", headers: { "x-a": `${VALUE}\n` } } },
  { type: "http", "connector-id": VALUE, with: { path: "/x" } },
  { type: "foreach", foreach: VALUE, steps: [{ name: "inner", type: "console", with: { message: "x" } }] },
  { type: "cases-webhook.createCase", "connector-id": "cases", with: { title: VALUE } },
];

/** Ways in which a secret without quotes, or with wrong ones, is no YAML. */
const BROKEN_WAYS = [
  ["quote", (text: string) => `"${text}"${text}`],
  ["alias", (text: string) => `*${text}`],
  ["tag", (text: string) => `!${text} x`],
  ["directive", (text: string) => `%${text}`],
  ["at", (text: string) => `@${text}`],
  ["colon", (text: string) => `a: ${text}: b`],
  ["escape", (text: string) => `"\\${text}"`],
  ["open", (text: string) => `"${text}`],
  ["list", (text: string) => `[${text}`],
  ["key", (text: string) => `{ ${text} }`],
  ["anchor", (text: string) => `&${text} x\n    other: *none`],
  ["unknown-tag", (text: string) => `!${text}!${text}`],
  ["odd-tag", (text: string) => `!<${text}> x`],
  ["empty-tag", (text: string) => `!x${text}! y`],
  ["block", (text: string) => `|${text}`],
  ["folded", (text: string) => `>${text}\n      x`],
  ["unicode", (text: string) => `"\\U${text}"`],
  ["document", (text: string) => `x\n%${text}\n---\n`],
  ["no-space", (text: string) => `x\n  network: { proxyPassword:${text} }`],
  ["tab", (text: string) => `\n\t${text}: x`],
] as const;

const BROKEN_FILES = (secret: (name: string, made?: Canary) => string): Record<string, string> =>
  Object.fromEntries(
    BROKEN_WAYS.map(([name, write]) => {
      const password = write(secret(`broken-${name}`, canary(`broken-${name}`, "_")));
      const lines = [
        "connectors:",
        "- name: all",
        "  type: http",
        '  config: { url: "http://127.0.0.1:1", hasAuth: true }',
        "  secrets:",
        "    user: bob",
        `    password: ${password}`,
      ];
      return [`broken-${name}.connectors.yaml`, `${lines.join("\n")}\n`];
    }),
  );

async function closedPort(): Promise<string> {
  const target = await startTarget();
  const { port } = target;
  await target.close();
  return `127.0.0.1:${port}`;
}

/** The same connectors by the library, each with one secret more that nobody else has. */
function callsOf(parts: {
  echo: string;
  untrusted: string;
  closed: string;
  proxies: [string, string];
  secret: (name: string) => string;
}): LibraryCall[] {
  const { echo, untrusted, closed, proxies, secret } = parts;
  const key = secret("library");
  const call = (type: string, action: string, path: string, more: Partial<LibraryCall> = {}): LibraryCall => ({
    type,
    action,
    path,
    config: { url: echo },
    secrets: { key },
    ...more,
  });
  const proxyPassword = secret("library-proxy");
  const through = (proxy: string): NetworkOptions => ({
    proxyUrl: `http://${proxy}`,
    proxyUsername: "user",
    proxyPassword,
  });
  return [
    ...["bearer", "api-header", "api-query", "signed"].flatMap((type) =>
      ["200/json", "401/html", "403/header", "422/badjson", "500/reason", "200/badjson", "400/cut", "200/garbage"].map(
        (answer) => call(type, "call", `/echo/${answer}`),
      ),
    ),
    ...["raise", "refuse"].map((action) => call("signed", action, "/echo/200/json")),
    ...["throws", "throws-later", "quotes", "checks", "refuses"].map((type) => call(type, "call", "/echo/200/json")),
    call("signed", "call", "/echo/200/silence", { network: { responseTimeout: "200ms" } }),
    call("signed", "call", "/x", { config: { url: untrusted } }),
    call("signed", "call", "/x", { config: { url: `http://${closed}` } }),
    ...proxies.map((proxy) => call("signed", "call", "/echo/200/json", { network: through(proxy) })),
    call("signed", "call", "/x", { config: { url: untrusted }, network: through(proxies[0]) }),
    call("signed", "call", "/x", {
      network: { proxyUrl: `http://user:${encodeURIComponent(proxyPassword)}@${proxies[0]}` },
    }),
    call("signed", "call", "/x", { network: { proxyUrl: `http://user:${proxyPassword}@${proxies[0]}` } }),
  ];
}

function commandsOf(parts: { proxies: string[]; wrong: string[]; urls: string[] }): CanaryProject["commands"] {
  const exec = (status: number, id: string, action: string, params: object, ...more: string[]) =>
    [status, "connectors", "exec", id, action, "--params", JSON.stringify(params), ...more] as const;
  const request = { method: "POST", path: "/echo/401/json" };
  return [
    // The longest first.
    [0, "run", "repeated.yaml", "--output", "json", "--verbose"],
    [0, "run", "kinds.yaml", "--output", "json", "--verbose"],
    [0, "run", "all.yaml", "--output", "json", "--log-format", "json", "--verbose"],
    [0, "run", "all.yaml", "--verbose"],
    [0, "run", "faults.yaml", "--verbose"],
    [0, "run", "faults.yaml", "--output", "json", "--log-format", "json"],
    [0, "run", "templates.yaml", "--verbose"],
    [0, "run", "templates.yaml", "--output", "json"],
    [2, "run", "broken.yaml", "--output", "json"],
    [2, "run", "unknown-filter.yaml"],
    [0, "run", "all.yaml", "--dry-run"],
    [0, "run", "kinds.yaml", "--dry-run", "--output", "json"],
    ...["crash-step", "crash-outside", ...CRASHING.map((id) => `crash-${id}`)].flatMap(
      (name, index) =>
        [
          [4, "run", `${name}.yaml`],
          [
            4,
            "run",
            `${name}.yaml`,
            "--output",
            "json",
            "--verbose",
            ...(index % 2 === 0 ? ["--log-format", "json"] : []),
          ],
        ] as const,
    ),
    ...parts.proxies.flatMap(
      (name) =>
        [
          [0, "run", "proxied.yaml", "--settings", `${name}.settings.yaml`, "--output", "json", "--verbose"],
          [2, "doctor", "--settings", `${name}.settings.yaml`, "--url", parts.urls[1] ?? "", "--output", "json"],
        ] as const,
    ),
    [2, "validate", "broken.yaml"],
    [2, "validate", "broken.yaml", "unknown-filter.yaml", "--output", "json"],
    [2, "doctor"],
    [2, "doctor", "--output", "json"],
    ...parts.urls.map((url) => [2, "doctor", "--url", url] as const),
    ...parts.wrong.map((name) => [2, "validate", "all.yaml", "--settings", `${name}.settings.yaml`] as const),
    ...BROKEN_WAYS.map(
      ([name]) => [2, "validate", "all.yaml", "--connectors", `broken-${name}.connectors.yaml`] as const,
    ),
    [0, "connectors", "list"],
    ...["all", "literal", "literal-header", "slack", "proxy-literal"].map(
      (id) => [0, "connectors", "show", id] as const,
    ),
    ...["quotes", "proxy-two", "no-pfx", "bad-header", "bad-hook", "no-space", "no-space-key", "no-space-header"].map(
      (id) => [2, "connectors", "show", id, "--output", "json"] as const,
    ),
    [4, "connectors", "show", "throws"],
    [4, "connectors", "show", "throws", "--output", "json"],
    [1, "connectors", "test", "jira", "--output", "json"],
    [1, "connectors", "test", "signed"],
    [1, "connectors", "test", "api-query"],
    [4, "connectors", "test", "throws", "--output", "json"],
    [2, "connectors", "test", "quotes"],
    exec(1, "all", "request", request),
    exec(0, "all", "request", { ...request, path: "/echo/200/json" }, "--output", "json"),
    exec(1, "oauth", "request", request, "--output", "json"),
    exec(1, "oauth-refused", "request", request),
    exec(1, "slack", "postMessage", { message: "echo/500/html" }),
    exec(1, "untrusted", "request", request),
    exec(1, "proxy-url", "request", request, "--output", "json"),
    exec(3, "slow", "request", { ...request, path: "/echo/200/hang" }),
    exec(4, "throws-later", "call", { path: "/x" }),
    exec(4, "checks", "call", { path: "/echo/200/json" }, "--output", "json"),
    exec(1, "refuses", "call", { path: "/echo/200/json" }, "--output", "json"),
    exec(4, "crashes", "call", { path: "/echo/200/silence" }),
    exec(2, "wrong-passphrase", "request", request),
  ];
}

/** All but those that are only ever read here, or refused before anything is sent. */
const ON_THE_WIRE = [
  "access-token",
  "api-token",
  "bearer-inside",
  "cases-password",
  "client-secret",
  "dotenv",
  "file",
  "header",
  "hook",
  "hook-query",
  "hook-whole",
  "keys-secret",
  "leaky-api-header",
  "leaky-api-query",
  "leaky-bearer",
  "leaky-checks",
  "leaky-crashes",
  "leaky-refuses",
  "leaky-rejects",
  "leaky-signed",
  "leaky-throws-text",
  "library",
  "library-proxy",
  "literal",
  "literal-bearer",
  "own-proxy-literal",
  "own-proxy-password",
  "own-proxy-url",
  "page-secret",
  "pair-inside",
  "password",
  "proxy-header",
  "proxy-header-literal",
  "proxy-literal",
  "proxy-page",
  "proxy-password",
  "proxy-url",
  "query",
  "query-file",
  "refused-secret",
];

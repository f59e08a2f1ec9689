/** Every way to get a connector or the settings wrong, in tables: longer than other files, since they are data. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { StepwireError } from "@stepwire/core";
import { certificates, startTarget } from "@stepwire/test-rig";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";

import { createConnector, type NetworkOptions } from "../src/index.ts";
import { failure, open, typeOf, type Work } from "./http-support.ts";

const { ca, client, clientExpired, clientUntrusted, otherKey, legacyPfx, truncatedPfx } = certificates();
const base64 = (data: string | Buffer) => Buffer.from(data).toString("base64");
const get: Work = async (ctx) => ctx.request({ method: "GET", path: "/" });
const SSL = { authType: "webhook-authentication-ssl" };
const OAUTH = { authType: "webhook-oauth2-client-credentials" };
const cutOff = (pem: string) => `${pem.slice(0, 300)}\n${pem.trim().split("\n").at(-1)}`;

interface Found {
  path: string;
  reason: unknown;
  message: string;
}

/** Everything that is wrong with a connector, each with its place and reason. */
function problemsOf(config: object, secrets: object, network?: NetworkOptions, url = "https://x.example"): Found[] {
  try {
    const made = createConnector(typeOf(get), {
      config: { url, ...config },
      secrets: { ...secrets },
      ...(network === undefined ? {} : { network }),
    });
    void made.close();
    return [];
  } catch (error) {
    if (!StepwireError.is(error)) throw error;
    return error.details?.["problems"] as Found[];
  }
}

/** Of 256 wrong passphrases one decrypts a key to something that has the form of a text, and is none: "no" for this one. */
const LUCKY_KEY = `-----BEGIN ENCRYPTED PRIVATE KEY-----
MIH0MF8GCSqGSIb3DQEFDTBSMDEGCSqGSIb3DQEFDDAkBBCgm/g/oUPqt/JMt9dg
/yChAgIIADAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQdAaUUHfaeHivi3HA
YTKJfwSBkFzvBDuKgtHVD0qKnDNnDvy1kJygBJCuoiNtw/jNhHf1N3BndvyH0YU8
zOD3QX5WSkm2V//ZIp9lul1kmllNT2C5gAsw1nITb7XTMJprfDGfH79hpGLQvyz9
HaCKSHvefOjHupBajmw22R/OYU8WgRzGqMurMj47FRFh5SIsuFbOrb1bW5sWUp8A
ZHBXPGoPfA==
-----END ENCRYPTED PRIVATE KEY-----
`;

describe("a connector is refused when it is loaded", () => {
  const pair = { crt: client.crt, key: client.key };
  it.each<[string, object, object, string, string, RegExp]>([
    ["a certificate that is no PEM", SSL, { ...pair, crt: "x" }, "secrets.crt", "no-certificate", /BEGIN CERTIFICATE/],
    [
      "a damaged certificate",
      SSL,
      { ...pair, crt: cutOff(client.crt) },
      "secrets.crt",
      "certificate-malformed",
      /damaged/,
    ],
    ["a key that is no PEM", SSL, { ...pair, key: "x" }, "secrets.key", "no-private-key", /PRIVATE KEY/],
    ["a damaged key", SSL, { ...pair, key: cutOff(client.key) }, "secrets.key", "key-malformed", /damaged/],
    [
      "a damaged encrypted key without passphrase",
      SSL,
      { ...pair, key: cutOff(client.encryptedKey) },
      "secrets.key",
      "key-malformed",
      /damaged/,
    ],
    ["a key of another certificate", SSL, { ...pair, key: otherKey }, "secrets.key", "key-mismatch", /CN=connector/],
    ["a certificate without its key", SSL, { crt: client.crt }, "secrets.key", "missing", /client certificate/],
    ["a key without its certificate", SSL, { key: client.key }, "secrets.crt", "missing", /client certificate/],
    [
      "an encrypted key without passphrase",
      SSL,
      { crt: client.crt, key: client.encryptedKey },
      "secrets.password",
      "passphrase-missing",
      /Give it|no passphrase/,
    ],
    [
      "an encrypted key with another passphrase",
      SSL,
      { crt: client.crt, key: client.encryptedKey, password: "no" },
      "secrets.password",
      "passphrase-wrong",
      /not the passphrase of key/,
    ],
    [
      "an encrypted key with another passphrase that seems to fit",
      SSL,
      { crt: client.crt, key: LUCKY_KEY, password: "no" },
      "secrets.password",
      "passphrase-wrong",
      /not the passphrase of key, or key is damaged/,
    ],
    [
      "an expired certificate",
      SSL,
      { crt: clientExpired.crt, key: clientExpired.key },
      "secrets.crt",
      "certificate-expired",
      /expired on \d{4}-\d\d-\d\d/,
    ],
    ["a PFX that is no base64", SSL, { pfx: "§§" }, "secrets.pfx", "pfx-malformed", /base64/],
    [
      "a PFX that is cut off",
      SSL,
      { pfx: base64(truncatedPfx), password: client.passphrase },
      "secrets.pfx",
      "pfx-malformed",
      /cut off/,
    ],
    [
      "a PFX with an old cipher",
      SSL,
      { pfx: base64(legacyPfx), password: client.passphrase },
      "secrets.pfx",
      "pfx-legacy",
      /old cipher/,
    ],
    [
      "a PFX without passphrase",
      SSL,
      { pfx: base64(client.pfx) },
      "secrets.password",
      "passphrase-missing",
      /no passphrase/,
    ],
    [
      "a PFX with another passphrase",
      SSL,
      { pfx: base64(client.pfx), password: "no" },
      "secrets.password",
      "passphrase-wrong",
      /not the passphrase of pfx/,
    ],
    [
      "an expired PFX",
      SSL,
      { pfx: base64(clientExpired.pfx), password: clientExpired.passphrase },
      "secrets.pfx",
      "certificate-expired",
      /expired/,
    ],
    [
      "both kinds of certificate",
      SSL,
      { ...pair, pfx: base64(client.pfx) },
      "secrets.pfx",
      "two-certificates",
      /crt or key as well/,
    ],
    [
      "certType of the other kind",
      { ...SSL, certType: "ssl-pfx" },
      pair,
      "config.certType",
      "certificate-type",
      /crt or key is given/,
    ],
    ["an unknown certType", { ...SSL, certType: "pem" }, pair, "config.certType", "unknown-choice", /ssl-pfx/],
    ["no certificate at all", SSL, {}, "secrets.crt", "missing", /client certificate/],
    ["a user beside a certificate", SSL, { ...pair, user: "jo" }, "secrets.user", "not-used", /would not be used/],
    [
      "a certificate beside basic",
      {},
      { ...pair, user: "jo", password: "p" },
      "secrets.crt",
      "not-used",
      /basic authentication/,
    ],
    ["half of user and password", {}, { user: "jo" }, "secrets.password", "missing", /basic authentication/],
    ["the other half", {}, { password: "p" }, "secrets.user", "missing", /basic authentication/],
    [
      "no OAuth secret",
      { ...OAUTH, accessTokenUrl: "https://t", clientId: "i" },
      {},
      "secrets.clientSecret",
      "missing",
      /OAuth 2/,
    ],
    [
      "OAuth keys without the method",
      { hasAuth: false, clientId: "i" },
      {},
      "config.clientId",
      "not-used",
      /hasAuth is false/,
    ],
    [
      "a token URL that is none",
      { ...OAUTH, accessTokenUrl: "token", clientId: "i" },
      { clientSecret: "s" },
      "config.accessTokenUrl",
      "token-url",
      /not a URL/,
    ],
    [
      "additional fields that are no JSON",
      { ...OAUTH, accessTokenUrl: "https://t", clientId: "i", additionalFields: "{" },
      { clientSecret: "s" },
      "config.additionalFields",
      "not-an-object",
      /JSON object/,
    ],
    [
      "additional fields that Stepwire sends itself",
      { ...OAUTH, accessTokenUrl: "https://t", clientId: "i", additionalFields: { grant_type: "x" } },
      { clientSecret: "s" },
      "config.additionalFields",
      "reserved-field",
      /grant_type/,
    ],
    [
      "an unknown verification mode",
      { hasAuth: false, verificationMode: "strict" },
      {},
      "config.verificationMode",
      "unknown-choice",
      /full, certificate, none/,
    ],
    [
      "an authority that is no PEM",
      { hasAuth: false, ca: "LS0t" },
      {},
      "config.ca",
      "ca-no-certificate",
      /BEGIN CERTIFICATE/,
    ],
    [
      "a damaged authority",
      { hasAuth: false, ca: base64(cutOff(ca)) },
      {},
      "config.ca",
      "ca-certificate-malformed",
      /damaged/,
    ],
    [
      "a damaged authority behind a good one",
      { hasAuth: false, ca: `${ca}\n${cutOff(ca)}` },
      {},
      "config.ca",
      "ca-certificate-malformed",
      /certificate 2 of 2/,
    ],
    [
      "a header with a line end",
      { hasAuth: false, headers: { "X-A": "a\nb" } },
      {},
      "config.headers",
      "header",
      /line break/,
    ],
    [
      "a secret header with a line end",
      { hasAuth: false },
      { secretHeaders: { "X-A": "a\r\nb" } },
      "secrets.secretHeaders",
      "header",
      /line break/,
    ],
    [
      "a header that is not the user's",
      { hasAuth: false, headers: { "content-length": "5" } },
      {},
      "config.headers",
      "header",
      /set by Stepwire/,
    ],
    ["a user name with a colon", {}, { user: "a:b", password: "p" }, "secrets.user", "colon", /colon/],
    [
      "authType although hasAuth is false",
      { hasAuth: false, ...SSL },
      {},
      "config.authType",
      "auth-switched-off",
      /hasAuth is false/,
    ],
  ])("for %s", (_, config, secrets, path, reason, message) => {
    const found = problemsOf(config, secrets);
    const problem = found.find((item) => item.path === path);
    expect(problem, JSON.stringify(found)).toMatchObject({ reason });
    expect(problem?.message).toMatch(message);
    // What is secret is never repeated in what is said about it.
    for (const value of Object.values(secrets).filter((text) => typeof text === "string" && text.length > 20))
      expect(JSON.stringify(found)).not.toContain(value);
  });

  it("with every missing field named at once", () => {
    const paths = problemsOf(OAUTH, {}).map(({ path }) => path);
    expect(paths).toEqual(["config.accessTokenUrl", "config.clientId", "secrets.clientSecret"]);
  });

  it("for a client certificate that goes to plain http", () => {
    const [problem] = problemsOf(SSL, pair, undefined, "http://x.example");
    expect(problem).toMatchObject({ path: "config.authType", reason: "certificate-without-tls" });
  });

  it.each<[string, object, string]>([
    ["PEM", { crt: client.crt, key: client.key }, "a pair"],
    ["base64 of PEM", { crt: base64(client.crt), key: base64(client.key) }, "a pair"],
    ["an encrypted key", { crt: client.crt, key: client.encryptedKey, password: client.passphrase }, "a pair"],
    ["PFX", { pfx: base64(client.pfx), password: client.passphrase }, "a PFX"],
    ["PFX without passphrase", { pfx: base64(client.pfxNoPassphrase) }, "a PFX"],
  ])("but not for %s", (_, secrets) => {
    expect(problemsOf(SSL, secrets)).toEqual([]);
  });
});

describe("a wrong passphrase right after a right one", () => {
  it.each<[string, object]>([
    ["encrypted key", { crt: client.crt, key: client.encryptedKey }],
    ["PFX", { pfx: base64(client.pfx) }],
  ])("of the same %s is refused, though the first connector still has its connection", async (_, material) => {
    const target = await startTarget({ tls: "good", clientCertificate: "required" });
    onTestFinished(() => target.close());
    const config = { ...SSL, ca };
    const right = open(get, {
      url: target.url,
      config,
      secrets: { ...material, password: client.passphrase },
      auth: [{ kind: "envelope" }],
    });
    await right.run("run", {});
    expect(problemsOf(config, { ...material, password: "wrong" }, undefined, target.url)).toMatchObject([
      { path: "secrets.password", reason: "passphrase-wrong" },
    ]);
  });
});

describe("a client certificate that the server does not trust", () => {
  it.each(["TLSv1.2", "TLSv1.3"] as const)("ends in an error that names it (%s)", async (version) => {
    const target = await startTarget({
      tls: "good",
      clientCertificate: "required",
      minVersion: version,
      maxVersion: version,
    });
    onTestFinished(() => target.close());
    const secrets = { crt: clientUntrusted.crt, key: clientUntrusted.key };
    const retry = { maxAttempts: 1 };
    const connector = open(get, {
      url: target.url,
      config: { ...SSL, ca },
      secrets,
      auth: [{ kind: "envelope" }],
      retry,
    });
    const error = await failure(connector.run("run", {}));
    // A server of Node hangs up without an alert, so that all one can say is what is likely.
    expect(["tls-client-certificate", "connection"]).toContain(error.code);
    expect(error.message).toMatch(/client certificate/);
    expect(target.requests).toEqual([]);
  });

  it("that wants one gets none: the error says which settings give it", async () => {
    const target = await startTarget({ tls: "good", clientCertificate: "required" });
    onTestFinished(() => target.close());
    const error = await failure(
      open(get, { url: target.url, network: { ssl: { certificateAuthoritiesData: ca } } }).run("run", {}),
    );
    expect(error).toMatchObject({ code: "tls-client-certificate", details: { sent: false } });
    expect(error.message).toMatch(/wants a client certificate.*authType: webhook-authentication-ssl/);
  });
});

describe("the network settings are refused", () => {
  const folder = mkdtempSync(join(tmpdir(), "stepwire-ca-"));
  const bad = join(folder, "bad.pem");
  writeFileSync(bad, "nothing in here");
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each<[string, NetworkOptions, string, string, RegExp]>([
    [
      "a missing file of authorities",
      { ssl: { certificateAuthoritiesFiles: join(folder, "none.pem") } },
      "network.ssl.certificateAuthoritiesFiles",
      "ca-unreadable",
      /none\.pem cannot be read \(ENOENT\)/,
    ],
    [
      "a folder as file of authorities",
      { ssl: { certificateAuthoritiesFiles: [folder] } },
      "network.ssl.certificateAuthoritiesFiles[0]",
      "ca-unreadable",
      /EISDIR/,
    ],
    [
      "a file without authorities",
      { ssl: { certificateAuthoritiesFiles: [bad] } },
      "network.ssl.certificateAuthoritiesFiles[0]",
      "ca-no-certificate",
      /bad\.pem holds no certificate/,
    ],
    [
      "damaged authorities",
      { ssl: { certificateAuthoritiesData: cutOff(ca) } },
      "network.ssl.certificateAuthoritiesData",
      "ca-certificate-malformed",
      /damaged/,
    ],
    [
      "an unknown mode",
      { ssl: { verificationMode: "off" as never } },
      "network.ssl.verificationMode",
      "unknown-choice",
      /full or certificate or none/,
    ],
    [
      "an unknown mode of a host",
      { customHostSettings: [{ url: "https://h", ssl: { verificationMode: "off" as never } }] },
      "network.customHostSettings[0].ssl.verificationMode",
      "unknown-choice",
      /full or certificate or none/,
    ],
    [
      "a damaged authority of a host",
      { customHostSettings: [{ url: "https://h", ssl: { certificateAuthoritiesData: "x" } }] },
      "network.customHostSettings[0].ssl.certificateAuthoritiesData",
      "ca-no-certificate",
      /no certificate/,
    ],
    [
      "half of the proxy's credentials",
      { proxyUrl: "http://p", proxyUsername: "u" },
      "network.proxyUsername",
      "half-a-pair",
      /proxyPassword is missing/,
    ],
    [
      "the other half",
      { proxyUrl: "http://p", proxyPassword: "x" },
      "network.proxyPassword",
      "half-a-pair",
      /proxyUsername is missing/,
    ],
    ["half a pair in the proxy's URL", { proxyUrl: "http://u@p" }, "network.proxyUrl", "proxy-url", /half/],
    [
      "two users of the proxy",
      { proxyUrl: "http://u:p@p", proxyUsername: "u", proxyPassword: "p" },
      "network.proxyUsername",
      "two-users",
      /holds a user already/,
    ],
    ["a proxy that is no URL", { proxyUrl: "proxy:3128" }, "network.proxyUrl", "proxy-url", /http:\/\/ or https:\/\//],
    ["a proxy without a value", { proxyUrl: null as never }, "network.proxyUrl", "proxy-url", /empty/],
    ["an empty proxy", { proxyUrl: "" }, "network.proxyUrl", "proxy-url", /empty/],
    [
      "a proxy of another kind",
      { proxyUrl: "socks5://p:1080" },
      "network.proxyUrl",
      "proxy-url",
      /http:\/\/ or https:\/\//,
    ],
    ["a proxy with a path", { proxyUrl: "http://p/x" }, "network.proxyUrl", "proxy-url", /without a path/],
    [
      "a proxy's header with a line end",
      { proxyUrl: "http://p", proxyHeaders: { "X-A": "a\nb" } },
      "network.proxyHeaders.X-A",
      "header",
      /line break/,
    ],
    [
      "both lists of hosts",
      { proxyUrl: "http://p", proxyBypassHosts: ["a"], proxyOnlyHosts: ["b"] },
      "network.proxyOnlyHosts",
      "two-lists",
      /together/,
    ],
    [
      "a range that is none",
      { proxyUrl: "http://p", proxyBypassHosts: ["10.0.0.0/99"] },
      "network.proxyBypassHosts[0]",
      "host-entry",
      /no host entry/,
    ],
    [
      "a password without a proxy",
      { proxyUsername: "u", proxyPassword: "x" },
      "network.proxyUsername",
      "no-proxy-url",
      /no proxyUrl/,
    ],
  ])("for %s", (_, network, path, reason, message) => {
    const found = problemsOf({ hasAuth: false }, {}, network);
    const problem = found.find((item) => item.path === path);
    expect(problem, JSON.stringify(found)).toMatchObject({ reason });
    expect(problem?.message).toMatch(message);
  });
});

describe("a token of a type's own auth", () => {
  it.each([
    [{ kind: "bearer", token: "token" } as const, "a\nb", "header"],
    [{ kind: "apiKey", in: "header", name: "X-Key", value: "token" } as const, "a\u0000b", "header"],
    [{ kind: "basic", user: "token", password: "token" } as const, "a:b", "colon"],
    [{ kind: "bearer", token: "token" } as const, "", "missing"],
  ])("%j that cannot be sent (%j) is found at once", (kind, token, reason) => {
    let thrown: unknown;
    try {
      createConnector(typeOf(get, { auth: [kind] }), { config: { url: "https://x.example" }, secrets: { token } });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: "secrets-invalid", details: { reason } });
    expect((thrown as Error).message).toContain("secrets.token");
  });
});

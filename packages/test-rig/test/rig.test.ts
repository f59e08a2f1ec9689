import { createSecureContext, type SecureContextOptions } from "node:tls";

import { afterAll, describe, expect, it } from "vitest";

import {
  certificates,
  nodeRig,
  ROUTES,
  startProxy,
  startTarget,
  TOKEN_CLIENT,
  type ClientMaterial,
  type ProxyFault,
  type ServerKind,
} from "../src/index.ts";
import { basic, call, callThrough, failure, handshake, openTunnel, outcome, SILENCE } from "./support.ts";

const made = certificates();
const running: { close(): Promise<void> }[] = [];
afterAll(() => Promise.all(running.map((server) => server.close())));

async function use<T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const started = await starting;
  running.push(started);
  return started;
}

describe("server certificates", () => {
  it.each<[ServerKind, string]>([
    ["good", "TLSv1.3"],
    ["chain", "TLSv1.3"],
    ["wrong-host", "ERR_TLS_CERT_ALTNAME_INVALID"],
    ["untrusted", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
    ["missing-chain", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
    ["expired", "CERT_HAS_EXPIRED"],
    ["not-yet", "CERT_NOT_YET_VALID"],
    ["self-signed", "DEPTH_ZERO_SELF_SIGNED_CERT"],
    ["client-only", "INVALID_PURPOSE"],
  ])("%s: %s", async (tls, expected) => {
    const target = await use(startTarget({ tls }));
    const seen = async (): Promise<string> => {
      const answer = await call(`${target.url}/echo`);
      expect(answer.status).toBe(200);
      return target.requests[0]!.protocol;
    };
    const outcome = await failure(seen());
    expect(outcome === "it did not fail" ? target.requests[0]?.protocol : outcome).toBe(expected);
    await target.idle();
    expect(target.sockets.size).toBe(0);
    expect(target.connections).toBe(1);
  });

  it("serves good names on both loopback addresses, and the other CA's to those who trust that", async () => {
    const six = await use(startTarget({ tls: "good", host: "::1" }));
    expect((await call(six.url)).status).toBe(200);
    const untrusted = await use(startTarget({ tls: "untrusted" }));
    expect((await call(untrusted.url, { ca: made.otherCa })).status).toBe(200);
  });

  it("keeps to the TLS versions that it is told", async () => {
    const old = await use(startTarget({ tls: "good", maxVersion: "TLSv1.2" }));
    await call(old.url);
    expect(old.requests[0]?.protocol).toBe("TLSv1.2");
    expect(await failure(handshake(old.port, { minVersion: "TLSv1.3" }))).toMatch(/PROTOCOL_VERSION|EPROTO/);
  });
});

describe("client certificates", () => {
  const forms = (client: ClientMaterial): [string, SecureContextOptions][] => [
    ["PEM", { cert: client.crt, key: client.key }],
    ["encrypted PEM", { cert: client.crt, key: client.encryptedKey, passphrase: client.passphrase }],
    ["PFX", { pfx: client.pfx, passphrase: client.passphrase }],
    ["PFX without passphrase", { pfx: client.pfxNoPassphrase }],
  ];

  it.each(forms(made.client))("%s is taken where one is required", async (_form, material) => {
    const target = await use(startTarget({ tls: "good", clientCertificate: "required" }));
    const answer = await call(`${target.url}/echo?a=1&b=2&b=3`, { ...material, method: "POST", body: "{}" });
    expect(JSON.parse(answer.body)).toMatchObject({
      method: "POST",
      path: "/echo",
      query: { a: "1", b: ["2", "3"] },
      headers: { host: new URL(target.url).host },
      body: "{}",
      clientCertificate: "connector",
    });
  });

  it.each<[string, SecureContextOptions]>([
    ["none", {}],
    ...forms(made.clientUntrusted).map(([form, material]) => [`untrusted ${form}`, material] as const),
    ...forms(made.clientExpired).map(([form, material]) => [`expired ${form}`, material] as const),
  ] as [string, SecureContextOptions][])("%s is refused where one is required", async (what, material) => {
    const target = await use(startTarget({ tls: "good", clientCertificate: "required" }));
    // OpenSSL itself refuses a missing one, with an alert; one that came is judged by Node, which hangs up.
    const expected = what === "none" ? "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED" : "ECONNRESET";
    expect(await failure(call(target.url, material))).toBe(expected);
    expect(target.requests).toEqual([]);
  });

  it("is seen where it is optional, and only if it is good", async () => {
    const target = await use(startTarget({ tls: "good", clientCertificate: "optional" }));
    await call(target.url);
    await call(target.url, { cert: made.client.crt, key: made.client.key });
    await call(target.url, { cert: made.clientUntrusted.crt, key: made.clientUntrusted.key });
    expect(target.requests.map(({ clientCertificate }) => clientCertificate)).toEqual([
      undefined,
      "connector",
      undefined,
    ]);
  });

  // The key is made anew each time, and one wrong passphrase in 256 decrypts it to what is only no key.
  const WRONG_PASSPHRASE = /^ERR_OSSL_(?:BAD_DECRYPT|UNSUPPORTED)$/;
  it.each<[string, SecureContextOptions, RegExp]>([
    ["wrong passphrase, key", { key: made.client.encryptedKey, passphrase: "no" }, WRONG_PASSPHRASE],
    ["no passphrase, key", { key: made.client.encryptedKey }, WRONG_PASSPHRASE],
    ["wrong passphrase, PFX", { pfx: made.client.pfx, passphrase: "no" }, /^mac verify failure$/],
    ["no passphrase, PFX", { pfx: made.client.pfx }, /^mac verify failure$/],
    ["old PFX", { pfx: made.legacyPfx, passphrase: made.client.passphrase }, /^ERR_CRYPTO_UNSUPPORTED_OPERATION$/],
    ["cut PFX", { pfx: made.truncatedPfx, passphrase: made.client.passphrase }, /^not enough data$/],
    ["another key", { cert: made.client.crt, key: made.otherKey }, /^ERR_OSSL_X509_KEY_VALUES_MISMATCH$/],
  ])("%s: %s", async (_what, material, expected) => {
    expect(await failure((async () => createSecureContext(material))())).toMatch(expected);
  });

  it("Node trusts a CA that comes in a PFX", async () => {
    const target = await use(startTarget({ tls: "good" }));
    const { passphrase } = made.client;
    expect((await call(target.url, { ca: undefined, pfx: made.pfxWithCa, passphrase })).status).toBe(200);
    expect(await failure(call(target.url, { ca: undefined, pfx: made.client.pfx, passphrase }))).toMatch(/^UNABLE/);
  });
});

describe("routes of a target", () => {
  it("answers status, redirect and token", async () => {
    const { url } = await use(startTarget());
    expect((await call(`${url}/status/503`)).status).toBe(503);
    const moved = await call(`${url}/redirect?to=https://else.example.test/`);
    expect([moved.status, moved.headers.location]).toEqual([302, "https://else.example.test/"]);
    const form = { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" } };
    const { id, secret } = TOKEN_CLIENT;
    const body = `grant_type=client_credentials&client_id=${id}&client_secret=${secret}`;
    const token = await call(`${url}/token`, { ...form, body });
    expect(JSON.parse(token.body)).toMatchObject({ token_type: "Bearer", expires_in: 3600 });
    expect((await call(`${url}/token`, { ...form, body: body.replace(secret, "x") })).status).toBe(401);
    expect((await call(`${url}/token`, { ...form, body: "grant_type=password" })).status).toBe(400);
  });
});

describe("proxies", () => {
  it.each([
    ["http", {}],
    ["https", { tls: "good" as const }],
    ["http with auth", { auth: { user: "u", password: "p:ä" } }],
    ["https with auth", { tls: "good" as const, auth: { user: "u", password: "p:ä" } }],
  ])("%s: tunnels and forwards", async (_name, options) => {
    const proxy = await use(startProxy(options));
    const [secure, plain] = [await use(startTarget({ tls: "good" })), await use(startTarget())];
    const credentials = "auth" in options ? basic("u", "p:ä") : {};
    expect((await callThrough(proxy, `${secure.url}/echo`, credentials)).status).toBe(200);
    const forwarded = await call(proxy.url, {
      path: `${plain.url}/echo?x=1`,
      method: "POST",
      body: "hello",
      headers: { host: new URL(plain.url).host, ...credentials },
    });
    expect(JSON.parse(forwarded.body)).toMatchObject({ method: "POST", query: { x: "1" }, body: "hello" });
    expect(plain.requests[0]?.headers).not.toHaveProperty("proxy-authorization");
    expect(proxy.connects).toMatchObject([{ authority: new URL(secure.url).host, status: 200 }]);
    expect(proxy.forwards).toMatchObject([{ url: `${plain.url}/echo?x=1`, headers: credentials }]);
    expect([proxy.connections, secure.connections, plain.connections]).toEqual([2, 1, 1]);
    await Promise.all([proxy.idle(), secure.idle(), plain.idle()]);
  });

  it("asks for credentials and for a header", async () => {
    const proxy = await use(startProxy({ auth: { user: "u", password: "p" }, requireHeader: ["X-Team", "a"] }));
    const target = await use(startTarget({ tls: "good" }));
    const { host } = new URL(target.url);
    const status = async (headers: Record<string, string>): Promise<number> => {
      const tunnel = await openTunnel(proxy, host, headers);
      tunnel.socket.destroy();
      return tunnel.status;
    };
    expect(await status({})).toBe(407);
    expect(await status(basic("u", "wrong"))).toBe(407);
    expect(await status(basic("u", "p"))).toBe(403);
    expect(await status({ ...basic("u", "p"), "x-team": "a" })).toBe(200);
    const refused = await call(proxy.url, { path: "http://127.0.0.1:1/" });
    expect([refused.status, refused.headers["proxy-authenticate"]]).toEqual([407, 'Basic realm="rig"']);
  });

  it("answers 400 to a path and 502 when the target refuses", async () => {
    const proxy = await use(startProxy());
    expect((await call(`${proxy.url}/path`)).status).toBe(400);
    const gone = await startTarget();
    await gone.close();
    expect((await call(proxy.url, { path: gone.url })).status).toBe(502);
    expect((await openTunnel(proxy, `127.0.0.1:${gone.port}`)).status).toBe(502);
  });

  it("reaches an IPv6 literal", async () => {
    const proxy = await use(startProxy());
    const target = await use(startTarget({ tls: "good", host: "::1" }));
    expect((await callThrough(proxy, target.url)).status).toBe(200);
  });

  it.each<[ProxyFault, string]>([
    [{ connectStatus: 503 }, "503"],
    [{ connectStatus: 407 }, "407"],
    [{ connectDelay: 30 }, "200"],
    ["connect-hang", SILENCE],
    ["connect-hangup", "ECONNRESET"],
    ["connect-reset", "ECONNRESET"],
    ["connect-garbage", "HPE_INVALID_CONSTANT"],
    ["connect-partial", SILENCE],
    ["connect-drip", SILENCE],
    ["connect-endless-headers", "HPE_HEADER_OVERFLOW"],
    ["connect-early-data", "200 junk before TLS"],
    ["plain-200-answer", "200 <html>please log in</html>"],
    ["tunnel-hangup", "200"],
    ["tunnel-reset", "200"],
    ["tunnel-hang", "200"],
  ])("fault %j: %s", async (fault, expected) => {
    for (const tls of ["good", undefined] as const) {
      const proxy = await use(startProxy({ fault, ...(tls && { tls }) }));
      const target = await use(startTarget({ tls: "good" }));
      const open = async (signal: AbortSignal): Promise<string> => {
        const { status, early, socket } = await openTunnel(proxy, new URL(target.url).host, {}, { signal });
        socket.destroy();
        return `${status} ${early}`.trim();
      };
      expect(await outcome(open, expected, () => proxy.connects.length > 0)).toBe(expected);
      // Whatever it does, it sees that its client has gone.
      await proxy.idle();
    }
  });
});

describe("the Node rig", () => {
  it("offers every route and counts tunnels", async () => {
    const rig = await use(nodeRig());
    const url = `${await rig.target("good", { clientCertificate: "optional" })}/anything`;
    for (const route of ROUTES) {
      if (route === "direct") continue;
      const { user, password, ...proxy } = await rig.proxy(route);
      const credentials = user === undefined ? {} : basic(user, password!);
      const answer = await callThrough(proxy, url, credentials);
      expect(rig.readEcho(JSON.parse(answer.body))).toMatchObject({ method: "GET", query: {} });
    }
    expect(await rig.tunnels()).toEqual(Array(4).fill(new URL(url).host));
    expect(await rig.token()).toMatch(/^https:.*\/token$/);
  });
});

/** Whose certificate is checked how: the proxy's by its own setting, the target's by its own, and neither by the other's. */
import { createServer } from "node:https";
import { connect } from "node:net";
import type { TLSSocket } from "node:tls";

import { certificates, type ServerKind } from "@stepwire/test-rig";
import { describe, expect, it, onTestFinished, vi } from "vitest";

import type { NetworkOptions } from "../src/index.ts";
import { failure, get } from "./http-support.ts";
import { hostOf, openBehind, proxy, target, type Behind } from "./proxy-support.ts";

const { ca, otherCa, client } = certificates();
const MODES = ["full", "certificate", "none"] as const;
type Mode = (typeof MODES)[number];
const MODE_PAIRS = MODES.flatMap((proxyMode) => MODES.map((targetMode) => [proxyMode, targetMode] as const));

const REFUSED = {
  good: undefined,
  "wrong-host": "tls-hostname",
  untrusted: "tls-untrusted",
  expired: "tls-expired",
} as const;
type Kind = keyof typeof REFUSED;
const KINDS = Object.keys(REFUSED) as Kind[];
const refuses = (mode: Mode, kind: Kind): boolean =>
  mode === "full" ? kind !== "good" : mode === "certificate" && (kind === "untrusted" || kind === "expired");

const outcomeOf = async (setup: Behind): Promise<string> =>
  openBehind(setup)
    .run("run", {})
    .then(
      () => "ok",
      (error: { code: string }) => error.code,
    );

it.each(MODE_PAIRS)(
  "the proxy's mode %s and the target's mode %s each mean what they say",
  async (proxyMode, targetMode) => {
    const ssl = { proxyVerificationMode: proxyMode, verificationMode: targetMode };
    for (const proxyKind of KINDS) {
      const between = await proxy({ tls: proxyKind });
      for (const targetKind of KINDS) {
        const secure = await target({ tls: targetKind });
        const expected = refuses(proxyMode, proxyKind)
          ? "proxy-connection"
          : refuses(targetMode, targetKind)
            ? REFUSED[targetKind]
            : "ok";
        const outcome = await outcomeOf({ url: secure.url, settings: { proxyUrl: between.url, ssl } });
        expect(outcome, `proxy ${proxyKind}, target ${targetKind}`).toBe(expected);
        expect(secure.requests).toHaveLength(expected === "ok" ? 1 : 0);
      }
    }
  },
);

describe.each(["http", "https"] as const)("a certificate of the proxy, for an %s target,", (scheme) => {
  const targetFor = async () => target(scheme === "https" ? { tls: "good" } : {});

  it.each<[ServerKind, string, RegExp]>([
    [
      "untrusted",
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
      /is not trusted: .*Add the authority that signed it to network\.ssl or/,
    ],
    ["self-signed", "DEPTH_ZERO_SELF_SIGNED_CERT", /is not trusted: it is self-signed/],
    ["expired", "CERT_HAS_EXPIRED", /a certificate of localhost:\d+ expired on \d{4}-\d\d-\d\d/],
    ["not-yet", "CERT_NOT_YET_VALID", /is not valid before \d{4}-\d\d-\d\d/],
    ["wrong-host", "ERR_TLS_CERT_ALTNAME_INVALID", /is not for localhost:\d+ but for DNS:wrong\.example\.test/],
  ])("that is %s is refused with the check and the setting that asks for it", async (kind, reason, says) => {
    const [reached, between] = [await targetFor(), await proxy({ tls: kind })];
    const error = await failure(openBehind({ url: reached.url, settings: { proxyUrl: between.url } }).run("run", {}));
    const details = { reason, proxy: hostOf(between.url), sent: false };
    expect(error).toMatchObject({ code: "proxy-connection", details });
    expect(error.message).toMatch(says);
    expect(error.message).toContain(`The proxy ${hostOf(between.url)} (network.proxyUrl) could not be used:`);
    expect(error.message).toContain("network.ssl.proxyVerificationMode is full");
    expect(error.message).toContain(`It showed: CN=rig ${kind}, valid `);
    expect([between.connects, between.forwards]).toEqual([[], []]);
    expect(reached.connections).toBe(0);
    await between.idle();
  });

  it("of a proxy of the connector's own is checked as the connector says", async () => {
    const [reached, between] = [await targetFor(), await proxy({ tls: "untrusted" })];
    const ssl = { proxyVerificationMode: "none" } as const;
    const own = { proxyUrl: between.url };
    expect(await outcomeOf({ url: reached.url, own: { ...own, proxyVerificationMode: "none" } })).toBe("ok");
    expect(await outcomeOf({ url: reached.url, own, settings: { ssl } })).toBe("ok");
    const strict = openBehind({ url: reached.url, own: { ...own, proxyVerificationMode: "full" }, settings: { ssl } });
    const error = await failure(strict.run("run", {}));
    expect(error.code).toBe("proxy-connection");
    expect(error.message).toContain("the connector's proxyVerificationMode is full");
  });

  it.each<[string, Partial<Behind>]>([
    ["the connector's mode none", { config: { verificationMode: "none" } }],
    ["the connector's ca", { config: { ca: otherCa } }],
    ["the settings' mode none for targets", { settings: { ssl: { verificationMode: "none" } } }],
  ])("is not trusted because of %s", async (_, more) => {
    const [reached, between] = [await targetFor(), await proxy({ tls: "untrusted" })];
    const settings: NetworkOptions = { ...more.settings, proxyUrl: between.url };
    expect(await outcomeOf({ url: reached.url, ...more, settings })).toBe("proxy-connection");
  });

  it("is trusted where customHostSettings of its URL name its authority, whatever mode they give", async () => {
    const [reached, between] = [await targetFor(), await proxy({ tls: "untrusted" })];
    const customHostSettings = [{ url: between.url, ssl: { certificateAuthoritiesData: otherCa } }];
    expect(await outcomeOf({ url: reached.url, settings: { proxyUrl: between.url, customHostSettings } })).toBe("ok");
  });
});

it("NODE_TLS_REJECT_UNAUTHORIZED=0 loosens neither the proxy's check nor the target's", async () => {
  vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
  onTestFinished(() => void vi.unstubAllEnvs());
  const [good, bad] = [await proxy({ tls: "good" }), await proxy({ tls: "untrusted" })];
  const [secure, strange, plain] = [await target({ tls: "good" }), await target({ tls: "untrusted" }), await target()];
  const through = async (url: string, proxyUrl: string) => outcomeOf({ url, settings: { proxyUrl } });
  expect(await through(secure.url, bad.url)).toBe("proxy-connection");
  expect(await through(plain.url, bad.url)).toBe("proxy-connection");
  expect(await through(strange.url, good.url)).toBe("tls-untrusted");
});

/** An https proxy that asks every client for a certificate, and takes down whose came. */
async function askingProxy() {
  const seen: (string | undefined)[] = [];
  const server = createServer({ ...certificates().servers.good, ca, requestCert: true, rejectUnauthorized: false });
  const sockets = new Set<{ destroy(): void }>();
  server.on("secureConnection", (socket: TLSSocket) => {
    sockets.add(socket);
    // Without a certificate the object is empty, whatever its type says.
    seen.push((socket.getPeerCertificate() as { subject?: { CN: string } }).subject?.CN);
  });
  server.on("connect", ({ url = "" }, socket) => {
    const upstream = connect(Number(new URL(`http://${url}`).port), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      socket.pipe(upstream).pipe(socket);
    });
    sockets.add(upstream);
    for (const side of [socket, upstream]) side.on("error", () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `https://localhost:${(server.address() as { port: number }).port}`, seen };
}

describe("a client certificate", () => {
  const withCertificate = (more: Behind): Behind => ({
    ...more,
    config: { hasAuth: true, authType: "webhook-authentication-ssl" },
    secrets: { crt: client.crt, key: client.key },
  });

  it("goes through the tunnel to the target, and is not shown to a proxy that asks for one", async () => {
    const [secure, asking] = [await target({ tls: "good", clientCertificate: "required" }), await askingProxy()];
    await openBehind(withCertificate({ url: secure.url, settings: { proxyUrl: asking.url } })).run("run", {});
    expect(secure.requests).toMatchObject([{ clientCertificate: "connector" }]);
    expect(asking.seen).toEqual([undefined]);
  });

  it.each(["direct", "through a proxy"])("does not go to another origin after a redirect, %s", async (way) => {
    const [other, between] = [
      await target({ tls: "good", clientCertificate: "optional" }),
      await proxy({ tls: "good" }),
    ];
    const secure = await target({
      tls: "good",
      clientCertificate: "required",
      handler: (_, response) => void response.writeHead(302, { location: other.url }).end(),
    });
    const settings = way === "direct" ? {} : { proxyUrl: between.url };
    await openBehind(withCertificate({ url: secure.url, settings }), get).run("run", {});
    expect(secure.requests).toMatchObject([{ clientCertificate: "connector" }]);
    expect(other.requests).toHaveLength(1);
    expect(other.requests[0]).not.toHaveProperty("clientCertificate");
    const authorities = way === "direct" ? [] : [hostOf(secure.url), hostOf(other.url)];
    expect(between.connects.map(({ authority }) => authority)).toEqual(authorities);
  });
});

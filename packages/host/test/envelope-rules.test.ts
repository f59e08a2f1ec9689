/** Rules of the envelope that no table shows: what must not go along, what must not count, what must be said. */
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";

import type { HttpRequest } from "@stepwire/core";
import { certificates, startProxy, startTarget } from "@stepwire/test-rig";
import { describe, expect, it, onTestFinished, vi } from "vitest";

import { z } from "zod";

import { readNetworkOptions } from "../src/connector/network-options.ts";
import { tlsPolicy } from "../src/tls/trust.ts";
import { failure, open, type Setup, type Work } from "./http-support.ts";

const { ca, otherCa, client } = certificates();
const get: Work = async (ctx) => ctx.request({ method: "GET", path: "/" });
const SSL = { authType: "webhook-authentication-ssl" };

function closing<T extends { close(): Promise<void> }>(server: T): T {
  onTestFinished(() => server.close());
  return server;
}

const withCertificate = (setup: Setup): Setup => ({
  auth: [{ kind: "envelope" }],
  ...setup,
  config: { ...SSL, ca, ...setup.config },
  secrets: { crt: client.crt, key: client.key, ...setup.secrets },
});

describe("off the trusted origins", () => {
  it("neither the client certificate nor the connector's trust counts after a redirect", async () => {
    const stranger = closing(await startTarget({ tls: "good", clientCertificate: "optional" }));
    const own = closing(
      await startTarget({
        tls: "good",
        handler: (_request, response) => void response.writeHead(302, { location: `${stranger.url}/away` }).end(),
      }),
    );
    const redirected = withCertificate({ url: own.url });
    expect(await failure(open(get, redirected).run("run", {}))).toMatchObject({ code: "tls-untrusted" });
    expect(stranger.requests).toEqual([]);
    const network = { ssl: { certificateAuthoritiesData: ca } };
    await open(get, { ...redirected, network }).run("run", {});
    expect(stranger.requests).toHaveLength(1);
    expect(stranger.requests[0]).not.toHaveProperty("clientCertificate");
    await open(get, { ...redirected, network: { trustedOrigins: [stranger.url] } }).run("run", {});
    expect(stranger.requests[1]).toMatchObject({ clientCertificate: "connector" });
  });

  it("no credential, and no header of connector or step, goes along", async () => {
    const stranger = closing(await startTarget());
    const own = closing(
      await startTarget({
        handler: (_request, response) => void response.writeHead(302, { location: stranger.url }).end(),
      }),
    );
    const work: Work = async (ctx) =>
      ctx.request({ method: "GET", path: "/", headers: { "X-Step": "step", Accept: "text/csv" } });
    const connector = open(work, {
      url: own.url,
      config: { hasAuth: true, headers: { "X-Config": "config" } },
      secrets: { user: "jo", password: "a-password", secretHeaders: { "X-Key": "a-secret-key" } },
      auth: [{ kind: "envelope" }],
    });
    await connector.run("run", {});
    const sent = own.requests[0]?.headers ?? {};
    expect(sent).toMatchObject({ authorization: expect.any(String), "x-key": "a-secret-key", "x-config": "config" });
    const { host: _, connection: __, ...along } = stranger.requests[0]?.headers ?? {};
    expect(along).toEqual({
      accept: "text/csv",
      "accept-encoding": "gzip, deflate, br",
      "user-agent": "stepwire",
    });
  });

  it("the connector's verificationMode none does not reach who it is redirected to", async () => {
    const stranger = closing(await startTarget({ tls: "untrusted" }));
    const own = closing(
      await startTarget({
        tls: "untrusted",
        handler: (_request, response) => void response.writeHead(302, { location: stranger.url }).end(),
      }),
    );
    const error = await failure(open(get, { url: own.url, config: { verificationMode: "none" } }).run("run", {}));
    expect(error).toMatchObject({ code: "tls-untrusted" });
    expect(error.message).toContain("network.ssl.verificationMode is full");
    expect(stranger.requests).toEqual([]);
  });
});

describe("trust", () => {
  it("adds up the authorities of connector, host and settings", async () => {
    const [good, untrusted] = [
      closing(await startTarget({ tls: "good" })),
      closing(await startTarget({ tls: "untrusted" })),
    ];
    const network = { customHostSettings: [{ url: untrusted.url, ssl: { certificateAuthoritiesData: otherCa } }] };
    // What the connector names does not take the place of what the settings name for the host, nor the other way round.
    for (const url of [good.url, untrusted.url]) await open(get, { url, config: { ca }, network }).run("run", {});
    const global = { ssl: { certificateAuthoritiesData: ca } };
    await open(get, { url: good.url, config: { ca: otherCa }, network: global }).run("run", {});
    expect(good.requests).toHaveLength(2);
    expect(untrusted.requests).toHaveLength(1);
  });

  it("takes an authority as PEM and as base64 of it", async () => {
    const { ca } = certificates();
    const target = closing(await startTarget({ tls: "good" }));
    for (const given of [ca, Buffer.from(ca).toString("base64")])
      await open(get, { url: target.url, config: { ca: given } }).run("run", {});
    expect(target.requests).toHaveLength(2);
  });

  it("is not loosened by NODE_TLS_REJECT_UNAUTHORIZED", async () => {
    const target = closing(await startTarget({ tls: "untrusted" }));
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await failure(open(get, { url: target.url }).run("run", {}))).toMatchObject({ code: "tls-untrusted" });
    expect(target.requests).toEqual([]);
  });

  it.each([
    ["expired", "tls-expired", /expired on \d{4}-\d\d-\d\d/],
    ["not-yet", "tls-expired", /not valid before \d{4}-\d\d-\d\d/],
    ["wrong-host", "tls-hostname", /not for localhost but for DNS:wrong\.example\.test/],
    ["self-signed", "tls-untrusted", /self-signed/],
    ["missing-chain", "tls-untrusted", /does not send its whole chain/],
    ["client-only", "tls-untrusted", /not meant for servers/],
  ] as const)(
    "says of a certificate that is %s which check failed, what it shows and which setting asks",
    async (kind, code, says) => {
      const target = closing(await startTarget({ tls: kind }));
      const network = { ssl: { certificateAuthoritiesData: ca } };
      const error = await failure(open(get, { url: target.url, network }).run("run", {}));
      expect(error).toMatchObject({ code, retryable: false, details: { host: "localhost", sent: false } });
      expect(error.message).toMatch(says);
      expect(error.message).toMatch(/It showed: .*CN=.*, valid \d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d, issued by .*CN=/);
      expect(error.message).toMatch(/network\.ssl\.verificationMode is full/);
      expect(target.requests).toEqual([]);
    },
  );
});

describe("secrets of the proxy", () => {
  it("are masked where the target or the proxy says them", async () => {
    const [password, header] = ["proxy-password-canary", "proxy-header-canary"];
    const target = closing(
      await startTarget({
        handler: (_request, response) =>
          void response.writeHead(400).end(`${password} ${header} ${btoa(`user:${password}`)}`),
      }),
    );
    const proxy = closing(await startProxy({ auth: { user: "user", password } }));
    const network = {
      proxyUrl: proxy.url,
      proxyUsername: "user",
      proxyPassword: password,
      proxyHeaders: { "X-Key": header },
    };
    const error = await failure(open(get, { url: target.url, network }).run("run", {}));
    expect(proxy.forwards).toHaveLength(1);
    expect(error.status).toBe(400);
    for (const secret of [password, header, btoa(`user:${password}`)])
      expect(JSON.stringify(error)).not.toContain(secret);
  });
});

it("masks an error before the connector's own code sees it, even one of its own auth", async () => {
  const key = "a-secret-key-canary";
  let seen = "";
  const work: Work = async (ctx) => {
    seen = await ctx.request({ method: "GET", path: "/" }).then(
      () => "",
      (error: unknown) => `${String(error)} ${JSON.stringify(error)}`,
    );
  };
  const place = (_request: HttpRequest, secrets: unknown): HttpRequest => {
    throw new Error(`cannot sign with ${JSON.stringify(secrets)}`);
  };
  // A custom auth kind is asked once when the connector is loaded, to judge its address.
  let asked = 0;
  const auth = [
    {
      kind: "custom" as const,
      place: (request: HttpRequest, secrets: unknown) => (asked++ === 0 ? request : place(request, secrets)),
    },
  ];
  await open(work, { url: "http://127.0.0.1:9", secrets: { key }, auth, output: z.any() }).run("run", {});
  expect(seen).toContain("cannot sign with");
  expect(seen).toContain("[masked]");
  expect(seen).not.toContain(key);
});

it("does not send a write again when TLS breaks after it was sent", async () => {
  // A server that reads the request and then answers in plain text, as a broken middlebox does.
  const target = closing(await startTarget({ tls: "good", handler: (_request, response) => breakTls(response) }));
  const work: Work = async (ctx) => ctx.request({ method: "POST", path: "/", json: {} });
  const network = { ssl: { certificateAuthoritiesData: ca } };
  const error = await failure(open(work, { url: target.url, network }).run("run", {}));
  expect(error).toMatchObject({ code: "connection", details: { sent: true } });
  expect(target.requests).toHaveLength(1);
});

/** Writes beside TLS, on the connection below it. */
function breakTls(response: ServerResponse): void {
  const { _parent: raw } = response.socket as unknown as { _parent: Socket };
  raw.write("HTTP/1.1 502 Bad Gateway\r\n\r\n");
}

it("takes a host with a trailing dot for the same host", () => {
  const { network } = readNetworkOptions({
    ssl: { verificationMode: "none" },
    customHostSettings: [{ url: "https://jira.internal:8443", ssl: { verificationMode: "full" } }],
  });
  for (const url of ["https://jira.internal:8443/x", "https://jira.internal.:8443/x"])
    expect(tlsPolicy(network, new URL(url)).mode).toBe("full");
  expect(tlsPolicy(network, new URL("https://jira.internal/x")).mode).toBe("none");
});

describe("the call for a token", () => {
  it("has the connector's trust, on an origin of its own too", async () => {
    const [target, issuer] = [
      closing(await startTarget({ tls: "untrusted" })),
      closing(await startTarget({ tls: "untrusted" })),
    ];
    const connector = open(get, {
      url: target.url,
      config: {
        authType: "webhook-oauth2-client-credentials",
        accessTokenUrl: `${issuer.url}/token`,
        clientId: "rig-client",
        verificationMode: "none",
      },
      secrets: { clientSecret: "rig-secret" },
      auth: [{ kind: "envelope" }],
    });
    await connector.run("run", {});
    expect(issuer.requests.map(({ path }) => path)).toEqual(["/token"]);
    expect(target.requests.map(({ path }) => path)).toEqual(["/"]);
  });
});

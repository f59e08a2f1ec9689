import { runOnce, startLoopback, type LoopbackHandler } from "@stepwire/testkit";
import { describe, expect, it, onTestFinished } from "vitest";

import { http } from "../src/index.ts";

async function start(handler?: LoopbackHandler) {
  const server = await startLoopback(handler);
  onTestFinished(() => server.close());
  return server;
}
const redirect = (location: string, status = 302) => ({ status, headers: { location } });
/** Every place a connector's credentials can be in. */
const secrets = {
  user: "jo",
  password: "pass-word-1",
  secretHeaders: { "X-Api-Key": "secret-key-1" },
  secretQueryParams: { token: "secret-token-1" },
};
const configOf = (url: string) => ({ url, headers: { "X-Tenant": "tenant-of-config" } });
const step = { headers: { "X-Step": "header-of-step", Cookie: "cookie-of-step" } };
const SENSITIVE = /pass-word-1|secret-key-1|secret-token-1|tenant-of-config|header-of-step|cookie-of-step|Basic/;
const host = (url: string) => new URL(url).host;

describe("a step's url beside a connector", () => {
  it("is called with the credentials on the connector's own origin", async () => {
    const server = await start();
    const { output } = await runOnce(http, {
      config: configOf(`${server.url}/api`),
      secrets,
      input: { url: `${server.url}/elsewhere?a=1` },
    });
    expect(output).toMatchObject({ status: 200 });
    expect(server.requests[0]).toMatchObject({
      path: "/elsewhere?a=1&token=secret-token-1",
      headers: { "x-api-key": "secret-key-1", authorization: expect.stringContaining("Basic ") },
    });
  });

  it("is refused on another origin before anything is sent, saying how to trust it", async () => {
    const [own, other] = [await start(), await start()];
    const { error } = await runOnce(http, { config: configOf(own.url), secrets, input: { url: `${other.url}/x?q=1` } });
    expect(error).toMatchObject({
      code: "host-not-allowed",
      retryable: false,
      details: { reason: "untrusted-origin", origin: other.url },
    });
    expect(error?.message).toContain("network.trustedOrigins");
    expect([...own.requests, ...other.requests]).toEqual([]);
  });

  it.each([
    "http://127.0.0.1.nip.example:PORT/",
    "http://127.0.0.1:1PORT/",
    "https://127.0.0.1:PORT/",
    "http://localhost:PORT/",
  ])("is refused for %s, which only looks alike", async (lookalike) => {
    const server = await start();
    const { port } = new URL(server.url);
    const url = lookalike.replace("1PORT", "1").replace("PORT", port);
    const { error } = await runOnce(http, { config: configOf(server.url), secrets, input: { url } });
    expect(error?.code).toBe("host-not-allowed");
  });

  it("is called where network.trustedOrigins lists its origin", async () => {
    const [own, other] = [await start(), await start()];
    await runOnce(http, {
      config: configOf(own.url),
      secrets,
      network: { trustedOrigins: [other.url] },
      input: { url: `${other.url}/x` },
    });
    expect(other.requests[0]?.headers).toMatchObject({ "x-api-key": "secret-key-1" });
    expect(own.requests).toEqual([]);
  });

  it("without a connector may be anywhere", async () => {
    const server = await start();
    expect((await runOnce(http, { input: { url: server.url } })).output).toMatchObject({ status: 200 });
    expect(server.requests[0]?.headers).not.toHaveProperty("authorization");
  });
});

describe("a redirect", () => {
  it.each([301, 302, 303, 307, 308])(
    "of a GET with %i is followed with everything on the same origin",
    async (status) => {
      const server = await start(({ path }) =>
        path.startsWith("/old") ? redirect("/new?b=2", status) : { json: { path } },
      );
      const { output } = await runOnce(http, {
        config: configOf(server.url),
        secrets,
        input: { path: "/old", ...step },
      });
      expect(output).toMatchObject({ status: 200, data: { path: "/new?b=2" } });
      expect(server.requests[1]?.headers).toMatchObject({
        "x-api-key": "secret-key-1",
        "x-tenant": "tenant-of-config",
        "x-step": "header-of-step",
        authorization: expect.stringContaining("Basic "),
      });
    },
  );

  it("is followed five times and not six", async () => {
    const server = await start(({ path }) => {
      const left = Number(path.slice(1).split("?")[0]);
      return left === 0 ? { json: "there" } : redirect(`/${left - 1}`);
    });
    const call = async (times: number) => runOnce(http, { input: { url: `${server.url}/${times}` } });
    expect((await call(5)).output).toMatchObject({ data: "there" });
    expect(server.requests).toHaveLength(6);
    const { error } = await call(6);
    expect(error).toMatchObject({ code: "redirect", status: 302, details: { reason: "too-many" }, retryable: false });
    expect(server.requests).toHaveLength(12);
  });

  it.each(["POST", "PUT", "PATCH", "DELETE"])("of a %s is refused, naming where it would have gone", async (method) => {
    const other = await start();
    const server = await start(() => redirect(`${other.url}/x?secret=no`, 307));
    const { error } = await runOnce(http, {
      input: { url: server.url, method, ...(method === "POST" ? { body: { a: 1 } } : {}) },
    });
    expect(error).toMatchObject({ code: "redirect", status: 307, details: { reason: "method", from: server.url } });
    expect(error?.message).toContain(other.url);
    expect(error?.message).not.toContain("secret=no");
    expect(other.requests).toEqual([]);
  });

  it("off the trusted origins carries no credentials, no header of the connector's and none of the step's", async () => {
    const other = await start(({ headers, path }) => ({ json: { headers, path } }));
    const server = await start(() => redirect(`${other.url}/landed`));
    const { output } = await runOnce(http, { config: configOf(server.url), secrets, input: { path: "/", ...step } });
    expect(output).toMatchObject({ data: { path: "/landed" } });
    expect(JSON.stringify(other.requests)).not.toMatch(SENSITIVE);
    expect(Object.keys(other.requests[0]?.headers ?? {}).toSorted()).toEqual([
      "accept",
      "accept-encoding",
      "connection",
      "host",
      "user-agent",
    ]);
  });

  it.each(["/x?token=secret-token-1", "/x?a=1&copy=secret-token-1", "/secret-token-1", "/x?t=secret%2Dtoken%2D1"])(
    "that would take a secret of the address along to %s elsewhere is refused",
    async (path) => {
      const other = await start();
      const own = await start(() => redirect(`${other.url}${path}`));
      const { error } = await runOnce(http, { config: configOf(own.url), secrets, input: {} });
      expect(error).toMatchObject({ code: "redirect", details: { reason: "secret-in-location" } });
      expect(JSON.stringify(error)).not.toMatch(/secret-token-1|secret%2Dtoken/);
      expect(other.requests).toEqual([]);
    },
  );

  it("does not get the credentials back by returning to where they came from", async () => {
    const server = await start(({ path }) => (path.startsWith("/back") ? { json: "back" } : redirect(`${other.url}/`)));
    const other = await start(() => redirect(`${server.url}/back`));
    await runOnce(http, { config: configOf(server.url), secrets, input: { path: "/", ...step } });
    expect(server.requests).toHaveLength(2);
    expect(JSON.stringify(server.requests[1])).not.toMatch(SENSITIVE);
  });

  it("to a trusted origin carries the credentials along", async () => {
    const other = await start();
    const server = await start(() => redirect(`${other.url}/landed`));
    await runOnce(http, {
      config: configOf(server.url),
      secrets,
      network: { trustedOrigins: [other.url] },
      input: { path: "/" },
    });
    expect(other.requests[0]?.headers).toMatchObject({ "x-api-key": "secret-key-1" });
  });

  it("without a connector drops a step's own headers on the way to another origin", async () => {
    const other = await start();
    const server = await start(() => redirect(`${other.url}/`));
    await runOnce(http, {
      input: { url: server.url, headers: { ...step.headers, Authorization: "Bearer of-the-step" } },
    });
    expect(JSON.stringify(other.requests)).not.toMatch(/of-step|of-the-step/);
  });

  it.each([
    ["http://[", "redirect"],
    ["ftp://127.0.0.1/x", "url-invalid"],
    ["http://user:pass@127.0.0.1:1/", "url-invalid"],
  ])("to %s is refused", async (location, code) => {
    const server = await start(() => redirect(location));
    expect((await runOnce(http, { input: { url: server.url } })).error?.code).toBe(code);
  });

  it("without a location is an answer like any other", async () => {
    const server = await start(() => ({ status: 302, json: { message: "nowhere" } }));
    expect((await runOnce(http, { input: { url: server.url } })).error).toMatchObject({
      code: "http-status",
      status: 302,
    });
  });
});

describe("the allow-list", () => {
  it("holds for the first address", async () => {
    const server = await start();
    for (const allowedHosts of [[], ["other.example"], ["*.example"]]) {
      const { error } = await runOnce(http, {
        config: configOf(server.url),
        secrets,
        network: { allowedHosts },
        input: {},
      });
      expect(error).toMatchObject({
        code: "host-not-allowed",
        details: { reason: "allowed-hosts", host: host(server.url) },
      });
      expect(JSON.stringify(error)).not.toMatch(SENSITIVE);
    }
    expect(server.requests).toEqual([]);
  });

  it("holds for every hop", async () => {
    const forbidden = await start();
    const second = await start(() => redirect(`${forbidden.url}/`));
    const first = await start(() => redirect(`${second.url}/`));
    const network = { allowedHosts: [host(first.url), host(second.url)] };
    const { error } = await runOnce(http, { network, input: { url: first.url } });
    expect(error).toMatchObject({ code: "host-not-allowed", details: { host: host(forbidden.url) } });
    expect(second.requests).toHaveLength(1);
    expect(forbidden.requests).toEqual([]);
  });

  it("lets trust not stand above it", async () => {
    const [own, other] = [await start(), await start()];
    const network = { allowedHosts: [host(own.url)], trustedOrigins: [other.url] };
    const { error } = await runOnce(http, { config: configOf(own.url), secrets, network, input: { url: other.url } });
    expect(error?.code).toBe("host-not-allowed");
    expect(other.requests).toEqual([]);
  });
});

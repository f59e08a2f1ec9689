/** What goes over a proxy: in which form, with whose headers and credentials, over how many connections. */
import { describe, expect, it } from "vitest";

import { failure, type Work } from "./http-support.ts";
import { hostOf, openBehind, proxy, target, withUser } from "./proxy-support.ts";

const SCHEMES = ["http", "https"] as const;
const secret = { secretHeaders: { Authorization: "Bearer token-of-the-target" } };

const targetOf = async (scheme: (typeof SCHEMES)[number], more = {}) =>
  target({ ...(scheme === "https" ? { tls: "good" as const } : {}), ...more });
/** The headers that a proxy got with CONNECT or with a request that it was to forward. */
const headersAt = ({ connects, forwards }: Awaited<ReturnType<typeof proxy>>) =>
  [...connects, ...forwards].map(({ headers }) => headers);
const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

describe("a request for an http target", () => {
  it("goes to the proxy with its whole URL, and otherwise as it is", async () => {
    const [plain, between] = [await target(), await proxy()];
    const work: Work = async (ctx) =>
      ctx.request({
        method: "PUT",
        path: "/a%20b/c",
        query: { q: "x y" },
        json: { a: "é" },
        headers: { "X-Own": "1" },
      });
    await openBehind({ url: `${plain.url}/base`, settings: { proxyUrl: between.url } }, work).run("run", {});
    expect(between.forwards).toMatchObject([{ method: "PUT", url: `${plain.url}/base/a%20b/c?q=x+y` }]);
    expect(plain.requests).toMatchObject([
      {
        method: "PUT",
        path: "/base/a%20b/c?q=x+y",
        body: '{"a":"é"}',
        headers: { "x-own": "1", host: hostOf(plain.url) },
      },
    ]);
    expect(between.connects).toEqual([]);
  });

  it("of a name on port 80 has neither port nor address in it: the proxy looks it up", async () => {
    const between = await proxy();
    const call = openBehind({ url: "http://nobody.invalid/x", settings: { proxyUrl: between.url } }).run("run", {});
    // What the proxy itself answers to a forwarded request looks like an answer of the target, as HTTP has it.
    expect(await failure(call)).toMatchObject({ code: "http-status", status: 502 });
    expect(between.forwards).toMatchObject([{ url: "http://nobody.invalid/x/", headers: { host: "nobody.invalid" } }]);
  });

  it.each([200, 403, 404, 502, 503])("is answered with the target's own status %i", async (status) => {
    const between = await proxy();
    const plain = await target({
      handler: (_, response) => void response.writeHead(status).end("words of the target"),
    });
    const outcome = await openBehind({ url: plain.url, settings: { proxyUrl: between.url } })
      .run("run", {})
      .catch((error: object) => error);
    expect(outcome).toMatchObject(status === 200 ? { status } : { code: "http-status", status });
    expect(JSON.stringify(outcome)).toContain("words of the target");
  });
});

describe.each(SCHEMES)("towards an %s target", (scheme) => {
  it("proxyHeaders and credentials of the proxy are the proxy's alone", async () => {
    const [reached, between] = [await targetOf(scheme), await proxy({ requireHeader: ["X-Team", "ops"] })];
    const proxyUrl = withUser(between.url, "proxy-user", "proxy-password");
    const settings = { proxyUrl, proxyHeaders: { "X-Team": "ops" } };
    await openBehind({ url: reached.url, settings, secrets: secret }).run("run", {});
    const authorization = basic("proxy-user", "proxy-password");
    expect(headersAt(between)).toMatchObject([{ "x-team": "ops", "proxy-authorization": authorization }]);
    const [request] = reached.requests;
    expect(request?.headers).toMatchObject({ authorization: "Bearer token-of-the-target" });
    expect(request?.headers).not.toHaveProperty("proxy-authorization");
    expect(JSON.stringify(request)).not.toContain("proxy-password");
  });

  it.each([
    ["plain words", "user", "pass-word"],
    ["every special character", "u/s?e#r@ü", "p:a/s%s@w?o#r&d=ß %41"],
  ])("user and password with %s arrive from keys and from the URL alike", async (_, user, password) => {
    const reached = await targetOf(scheme);
    const between = await proxy({ auth: { user, password } });
    const keys = { proxyUsername: user, proxyPassword: password };
    for (const setup of [
      { settings: { proxyUrl: between.url, ...keys } },
      { settings: { proxyUrl: withUser(between.url, user, password) } },
      { own: { proxyUrl: between.url, ...keys } },
      { own: { proxyUrl: withUser(between.url, user, password) } },
    ]) {
      const output = await openBehind({ url: reached.url, ...setup }).run("run", {});
      expect(output).toMatchObject({ status: 200 });
    }
    expect(headersAt(between).map((headers) => headers["proxy-authorization"])).toEqual(
      Array.from({ length: 4 }, () => basic(user, password)),
    );
  });

  it("a proxy's Authorization may be written out as one of proxyHeaders", async () => {
    const [reached, between] = [await targetOf(scheme), await proxy({ auth: { user: "a", password: "b" } })];
    const settings = { proxyUrl: between.url, proxyHeaders: { "Proxy-Authorization": basic("a", "b") } };
    await openBehind({ url: reached.url, settings }).run("run", {});
    expect(reached.requests).toHaveLength(1);
  });

  it("a proxy's Authorization that is written out counts, however its name is spelled", async () => {
    const [reached, between] = [await targetOf(scheme), await proxy()];
    const proxyUrl = withUser(between.url, "another", "another-password");
    const settings = { proxyUrl, proxyHeaders: { "proxy-authorization": basic("a", "b") } };
    await openBehind({ url: reached.url, settings }).run("run", {});
    expect(headersAt(between)).toMatchObject([{ "proxy-authorization": basic("a", "b") }]);
  });

  it("a connector's own proxy takes the place of the settings', without their headers, credentials and lists", async () => {
    const [reached, shared, own] = [await targetOf(scheme), await proxy(), await proxy()];
    const settings = {
      proxyUrl: withUser(shared.url, "proxy-user", "proxy-password"),
      proxyHeaders: { "X-Team": "ops" },
      proxyBypassHosts: ["localhost", "127.0.0.1"],
    };
    await openBehind({ url: reached.url, settings, own: { proxyUrl: own.url } }).run("run", {});
    expect(shared.connections).toBe(0);
    expect(reached.requests).toHaveLength(1);
    const [headers] = headersAt(own);
    expect(headers).toBeDefined();
    expect(headers).not.toHaveProperty("proxy-authorization");
    expect(headers).not.toHaveProperty("x-team");
  });

  it("calls one after the other share one connection to the proxy", async () => {
    const [reached, between] = [await targetOf(scheme), await proxy()];
    const connector = openBehind({ url: reached.url, settings: { proxyUrl: between.url } });
    for (let call = 0; call < 5; call += 1) await connector.run("run", {});
    expect(between.connections).toBe(1);
    // How a proxy reaches an http target is its own business.
    expect(reached.connections).toBe(scheme === "https" ? 1 : 5);
    expect(reached.requests).toHaveLength(5);
    await connector.close();
    await Promise.all([between.idle(), reached.idle()]);
  });

  it("an IPv6 address is reached, in brackets", async () => {
    const [reached, between] = [await targetOf(scheme, { host: "::1" }), await proxy()];
    await openBehind({ url: reached.url, settings: { proxyUrl: between.url } }).run("run", {});
    expect(reached.requests).toMatchObject([{ headers: { host: `[::1]:${reached.port}` } }]);
    const authority = `[::1]:${reached.port}`;
    expect([...between.connects.map((seen) => seen.authority), ...between.forwards.map(({ url }) => url)]).toEqual([
      scheme === "https" ? authority : `http://${authority}/`,
    ]);
  });
});

it("CONNECT carries nothing of the request that will go through", async () => {
  const [secure, between] = [await target({ tls: "good" }), await proxy()];
  const secrets = { ...secret, secretQueryParams: { key: "key-of-the-target" } };
  await openBehind({ url: secure.url, settings: { proxyUrl: between.url }, secrets }).run("run", {});
  const [seen] = between.connects;
  expect(seen).toMatchObject({ authority: hostOf(secure.url), status: 200 });
  expect(Object.keys(seen?.headers ?? {}).toSorted()).toEqual(["connection", "host"]);
  expect(seen?.headers["host"]).toBe(hostOf(secure.url));
});

import { startProxy, type ProxyOptions } from "@stepwire/test-rig";
import { runOnce } from "@stepwire/testkit";
import { describe, expect, it, onTestFinished } from "vitest";

import { http } from "../src/index.ts";
import { start } from "./support.ts";

async function proxy(options: ProxyOptions = {}) {
  const started = await startProxy(options);
  onTestFinished(() => started.close());
  return started;
}
const run = async (config: object, secrets: Record<string, unknown> = {}, network: object = {}) =>
  runOnce(http, {
    config: { url: "http://127.0.0.1:9", hasAuth: false, ...config },
    secrets,
    network,
    input: {},
  });

describe("a proxy in the connector's own config", () => {
  it("carries its requests, with its user and password", async () => {
    const server = await start();
    const relay = await proxy({ auth: { user: "proxyuser", password: "proxy-pass" } });
    const config = { url: server.url, proxyUrl: relay.url, hasProxyAuth: true };
    const { output } = await run(config, { proxyUsername: "proxyuser", proxyPassword: "proxy-pass" });
    expect(output).toMatchObject({ status: 200 });
    expect(relay.forwards).toHaveLength(1);
    const { error } = await run(config, { proxyUsername: "proxyuser", proxyPassword: "wrong-pass" });
    expect(error).toMatchObject({ code: "proxy-auth", message: expect.stringContaining("proxyUrl") });
    expect(JSON.stringify(error)).not.toContain("wrong-pass");
  });

  it("goes before that of the settings", async () => {
    const server = await start();
    const [own, other] = [await proxy(), await proxy()];
    await run({ url: server.url, proxyUrl: own.url }, {}, { proxyUrl: other.url });
    expect([own.forwards.length, other.forwards.length]).toEqual([1, 0]);
  });

  it("has its certificate checked as proxyVerificationMode says", async () => {
    const server = await start();
    const relay = await proxy({ tls: "untrusted" });
    const config = { url: server.url, proxyUrl: relay.url };
    expect((await run(config)).error?.code).toBe("proxy-connection");
    expect((await run({ ...config, proxyVerificationMode: "none" })).output).toMatchObject({ status: 200 });
  });

  it("gets none of the credentials that are for the target", async () => {
    const relay = await proxy();
    const { error } = await runOnce(http, {
      config: { url: "http://127.0.0.1:9", proxyUrl: relay.url },
      secrets: { user: "jo", password: "pass-word-1" },
      input: { url: `${relay.url}/x` },
    });
    expect(error).toMatchObject({ code: "host-not-allowed", details: { reason: "untrusted-origin" } });
    expect(relay.forwards).toEqual([]);
  });

  it.each([
    [{ hasProxyAuth: true }, {}, "config.hasProxyAuth", "no-proxy-url"],
    [{}, { proxyUsername: "u", proxyPassword: "proxy-pass" }, "secrets.proxyUsername", "no-proxy-url"],
    [{ proxyUrl: "http://127.0.0.1:1", hasProxyAuth: true }, {}, "secrets.proxyUsername", "missing"],
    [{ proxyUrl: "http://127.0.0.1:1" }, { proxyUsername: "u" }, "secrets.proxyUsername", "half-a-pair"],
    [{ proxyUrl: "http://127.0.0.1:1" }, { proxyPassword: "proxy-pass" }, "secrets.proxyPassword", "half-a-pair"],
    [
      { proxyUrl: "http://127.0.0.1:1", hasProxyAuth: false },
      { proxyUsername: "u", proxyPassword: "proxy-pass" },
      "secrets.proxyPassword",
      "auth-switched-off",
    ],
    [{ proxyUrl: "http://127.0.0.1:1/path" }, {}, "config.proxyUrl", "proxy-url"],
  ])("is refused when the connector is made: %j %j", async (config, secrets, named, reason) => {
    const { error } = await run(config, secrets);
    expect(error?.message).toContain(named);
    expect(error?.details?.["problems"]).toEqual(expect.arrayContaining([expect.objectContaining({ reason })]));
  });

  it.each([
    { proxyUrl: "ftp://x" },
    { proxyUrl: "proxy:3128" },
    { proxyVerificationMode: "off" },
    { hasProxyAuth: "x" },
  ])("is checked by the schema: %j", async (config) => {
    expect((await run(config)).error).toMatchObject({
      code: "config-invalid",
      message: expect.stringContaining(Object.keys(config)[0] ?? ""),
    });
  });
});

describe("authentication by a secret query parameter", () => {
  const authType = "http-authentication-query-param";

  it("puts it into every request, and into no output", async () => {
    const server = await start(() => ({ status: 404, json: { message: "no /?api_key=secret-key-1" } }));
    const secrets = { secretQueryParams: { api_key: "secret-key-1" } };
    const { error } = await run({ url: server.url, hasAuth: true, authType }, secrets);
    expect(server.requests[0]?.path).toBe("/?api_key=secret-key-1");
    expect(error?.status).toBe(404);
    expect(JSON.stringify(error)).not.toContain("secret-key-1");
  });

  it.each([{}, { secretQueryParams: {} }, { secretQueryParams: null }])("needs one: %j", async (secrets) => {
    const { error } = await run({ hasAuth: true, authType }, secrets);
    expect(error).toMatchObject({
      code: "secrets-invalid",
      message: expect.stringContaining("secretQueryParams is missing"),
    });
  });
});

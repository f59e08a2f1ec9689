/** What a proxy does wrong, and what it refuses: each ends by itself, names the proxy and its setting, and frees it. */
import { PROXY_FAULTS, type ProxyFault } from "@stepwire/test-rig";
import { beforeAll, describe, expect, it, vi } from "vitest";

import { TunnelAgent } from "../src/proxy/tunnel-agent.ts";
import { failure, get, refusingUrl, type Work } from "./http-support.ts";
import { hostOf, openBehind, proxy, target, withUser, type Behind } from "./proxy-support.ts";

/** For proxies that keep a client waiting for ever. */
const LIMIT_MS = 500;
/** For all others, who need not be hurried. */
const AMPLE_MS = 5000;
/** What a busy machine may add to a limit. */
const MARGIN_MS = 4000;
const SCHEMES = ["http", "https"] as const;
const tlsOf = (scheme: (typeof SCHEMES)[number]) => (scheme === "https" ? { tls: "good" as const } : {});

type FaultName = (typeof PROXY_FAULTS)[number];
const silence = ["timeout", /made no connection to localhost:\d+ within 500 ms\.$/] as const;
const hangUp = ["ECONNRESET", /could not be used: it closed the connection\.$/] as const;
const early = [
  "EARLY_DATA",
  /it went on speaking after it had opened the connection, as the page of a log-in/,
] as const;
const tunnel = ["ECONNRESET", /^The connection to localhost:\d+ through .* was closed before TLS was up\./] as const;
const FAULT_ENDS: Record<FaultName, readonly [reason: string, says: RegExp]> = {
  "connect-hang": silence,
  "connect-hangup": hangUp,
  "connect-reset": hangUp,
  "connect-garbage": ["HPE_INVALID_CONSTANT", /it answered with something that is not proper HTTP/],
  "connect-partial": silence,
  "connect-drip": silence,
  "connect-endless-headers": ["HPE_HEADER_OVERFLOW", /its answer has too many headers/],
  "connect-early-data": early,
  "plain-200-answer": early,
  "tunnel-hangup": tunnel,
  "tunnel-reset": tunnel,
  "tunnel-hang": silence,
};

// The client is loaded with the first request, which takes its time from that.
beforeAll(async () => void (await import("../src/http/node-transport.ts")));

describe.each(SCHEMES)("an %s proxy that plays", (scheme) => {
  it.each(PROXY_FAULTS)("%s is told as itself, with nothing sent and its socket freed", async (fault) => {
    const [secure, faulty] = [await target({ tls: "good" }), await proxy({ ...tlsOf(scheme), fault })];
    const [reason, says] = FAULT_ENDS[fault];
    const limitMs = reason === "timeout" ? LIMIT_MS : AMPLE_MS;
    const settings = { proxyUrl: faulty.url, responseTimeout: `${limitMs}ms` };
    const started = performance.now();
    const error = await failure(openBehind({ url: secure.url, settings }).run("run", {}));
    expect(performance.now() - started).toBeLessThan(limitMs + MARGIN_MS);
    expect(error).toMatchObject({
      code: "proxy-connection",
      details: { reason, proxy: hostOf(faulty.url), sent: false },
    });
    expect(error.message).toContain(`proxy ${hostOf(faulty.url)} (network.proxyUrl)`);
    expect(error.message).toMatch(says);
    expect(faulty.connects.map(({ authority }) => authority)).toEqual([hostOf(secure.url)]);
    expect(secure.connections).toBe(0);
    await faulty.idle();
  });

  it.each<[number, boolean, RegExp]>([
    [204, false, /answered 204 when asked for a connection to localhost:\d+\. It may not be able/],
    [302, false, /answered 302/],
    [400, false, /answered 400/],
    [403, false, /answered 403 .* It does not allow that; ask who runs it/],
    [429, true, /answered 429/],
    [502, true, /answered 502/],
    [503, true, /answered 503/],
  ])("CONNECT answered with %i is the proxy's no, not the target's answer", async (connectStatus, retryable, says) => {
    const [secure, refusing] = [
      await target({ tls: "good" }),
      await proxy({ ...tlsOf(scheme), fault: { connectStatus } }),
    ];
    const error = await failure(openBehind({ url: secure.url, settings: { proxyUrl: refusing.url } }).run("run", {}));
    const details = { reason: `status-${connectStatus}`, proxy: hostOf(refusing.url), sent: false };
    expect(error).toMatchObject({ code: "proxy-connection", status: connectStatus, retryable, details });
    expect(error.message).toMatch(says);
    expect(error.message).toContain("(network.proxyUrl)");
    expect(secure.connections).toBe(0);
    await refusing.idle();
  });

  it.each<FaultName>(["connect-hang", "connect-partial", "connect-drip", "tunnel-hang"])(
    "%s lets go at once when the caller gives up",
    async (fault) => {
      const [secure, silent] = [await target({ tls: "good" }), await proxy({ ...tlsOf(scheme), fault })];
      const controller = new AbortController();
      const connector = openBehind({ url: secure.url, settings: { proxyUrl: silent.url } });
      const call = failure(connector.run("run", {}, { signal: controller.signal }));
      await vi.waitFor(() => expect(silent.connects).toHaveLength(1));
      const stopped = performance.now();
      controller.abort();
      expect(await call).toMatchObject({ code: "cancelled" });
      await silent.idle();
      expect(performance.now() - stopped).toBeLessThan(MARGIN_MS);
    },
  );

  it("connects too late opens a tunnel for nobody", async () => {
    const [secure, late] = [
      await target({ tls: "good" }),
      await proxy({ ...tlsOf(scheme), fault: { connectDelay: 600 } }),
    ];
    const settings = { proxyUrl: late.url, responseTimeout: "200ms" };
    const connector = openBehind({ url: secure.url, settings });
    expect(await failure(connector.run("run", {}))).toMatchObject({
      code: "proxy-connection",
      details: { limitMs: 200 },
    });
    await late.idle();
    // The proxy may have dialled before it noticed; nothing was sent through.
    expect(secure.requests).toEqual([]);
  });
});

it("the deadline of a step, and not the proxy, is named where that comes first", async () => {
  const [secure, silent] = [await target({ tls: "good" }), await proxy({ fault: "connect-hang" })];
  const connector = openBehind({ url: secure.url, settings: { proxyUrl: silent.url } });
  expect(await failure(connector.run("run", {}, { signal: AbortSignal.timeout(100) }))).toMatchObject({
    code: "cancelled",
  });
  await silent.idle();
});

it("an action that must not be repeated is, since nothing was sent", async () => {
  const [secure, broken] = [await target({ tls: "good" }), await proxy({ fault: "connect-hangup" })];
  const post: Work = async (ctx) => ctx.request({ method: "POST", path: "/", json: {} });
  const retry = { maxAttempts: 3, minDelay: "1ms", maxDelay: "1ms" };
  const setup: Behind = { url: secure.url, settings: { proxyUrl: broken.url }, idempotency: "none", retry };
  expect((await failure(openBehind(setup, post).run("run", {}))).details?.["attempts"]).toHaveLength(3);
  expect(broken.connects).toHaveLength(3);
});

it("closing a connector ends a CONNECT that hangs, within the call's limit", async () => {
  const [secure, silent] = [await target({ tls: "good" }), await proxy({ fault: "connect-hang" })];
  const settings = { proxyUrl: silent.url, responseTimeout: `${LIMIT_MS}ms` };
  const connector = openBehind({ url: secure.url, settings });
  const call = failure(connector.run("run", {}));
  await vi.waitFor(() => expect(silent.connects).toHaveLength(1));
  const started = performance.now();
  await connector.close();
  expect(performance.now() - started).toBeLessThan(LIMIT_MS + MARGIN_MS);
  expect(await call).toMatchObject({ code: "proxy-connection", details: { reason: "timeout" } });
  await silent.idle();
});

it("a tunnel asked for by a call that is over already is not dug", async () => {
  const silent = await proxy({ fault: "connect-hang" });
  const policy = {
    mode: "full",
    modeSetting: "",
    certificates: [],
    certificateSettings: [],
    authorityPlaces: "",
  } as const;
  const agent = new TunnelAgent({}, { proxy: { url: new URL(silent.url), setting: "", headers: {}, tls: policy } });
  const error = await new Promise((resolve) => {
    agent.createConnection({ host: "a.test", port: 443, callSignal: AbortSignal.abort() }, resolve);
  });
  expect(error).toMatchObject({ code: "cancelled" });
  await silent.idle();
  expect(silent.connects).toEqual([]);
});

describe("twenty calls at the same time", () => {
  const twenty = async (setup: Behind) => {
    const connector = openBehind(setup);
    const calls = Array.from({ length: 20 }, async () =>
      connector.run("run", {}).then(
        () => "ok",
        (error: { code: string }) => error.code,
      ),
    );
    return [...new Set(await Promise.all(calls))];
  };

  it.each<[string, ProxyFault | undefined, string]>([
    ["a proxy", undefined, "ok"],
    ["a slow proxy", { connectDelay: 50 }, "ok"],
    ["a proxy that never answers", "connect-hang", "proxy-connection"],
    ["a proxy that refuses", { connectStatus: 502 }, "proxy-connection"],
    ["a proxy that hangs up", "tunnel-hangup", "proxy-connection"],
    ["a proxy that wants to know who asks", { connectStatus: 407 }, "proxy-auth"],
  ])("all settle through %s", async (_, fault, outcome) => {
    const secure = await target({ tls: "good" });
    const between = await proxy(fault === undefined ? {} : { fault });
    const limitMs = fault === "connect-hang" ? LIMIT_MS : AMPLE_MS;
    const settings = { proxyUrl: between.url, responseTimeout: `${limitMs}ms` };
    expect(await twenty({ url: secure.url, settings })).toEqual([outcome]);
    expect(secure.requests).toHaveLength(outcome === "ok" ? 20 : 0);
  });

  it("all settle through a proxy for http", async () => {
    const [plain, between] = [await target(), await proxy()];
    expect(await twenty({ url: plain.url, settings: { proxyUrl: between.url } })).toEqual(["ok"]);
    expect(between.forwards).toHaveLength(20);
  });
});

describe("a proxy that cannot be reached", () => {
  it.each(["http://127.0.0.1:9/", "https://localhost:9/"])("is named, for a target such as %s", async (url) => {
    for (const scheme of SCHEMES) {
      const proxyUrl = (await refusingUrl()).replace("http:", `${scheme}:`);
      const error = await failure(openBehind({ url, settings: { proxyUrl } }).run("run", {}));
      const details = { reason: "ECONNREFUSED", proxy: hostOf(proxyUrl), sent: false };
      expect(error).toMatchObject({ code: "proxy-connection", retryable: true, details });
      expect(error.message).toBe(
        `The proxy ${hostOf(proxyUrl)} (network.proxyUrl) could not be used: it refuses connections.`,
      );
    }
  });

  it.each(["http://127.0.0.1:9/", "https://localhost:9/"])("by its name is named, for %s", async (url) => {
    const settings = { proxyUrl: "http://nobody.invalid:3128" };
    const error = await failure(openBehind({ url, settings }).run("run", {}));
    expect(error).toMatchObject({ code: "proxy-connection", details: { proxy: "nobody.invalid:3128", sent: false } });
    // A resolver that cannot be reached cannot say that a name is unknown.
    expect(error.message).toMatch(
      /nobody\.invalid:3128 \(network\.proxyUrl\).*its name (is unknown|could not be looked up)/,
    );
  });
});

describe("a proxy that wants to know who asks", () => {
  const auth = { user: "proxy-user", password: "proxy-password" };
  const cases = (["http", "https"] as const).flatMap((kind) => [
    [kind, "none", undefined, "credentials-missing"] as const,
    [kind, "wrong ones", "another-password", "credentials-refused"] as const,
  ]);

  it.each(cases)("and gets for an %s target %s, ends in proxy-auth", async (kind, _, password, reason) => {
    const asked = await target(kind === "https" ? { tls: "good" } : {});
    const asking = await proxy({ auth });
    const settings = { proxyUrl: password === undefined ? asking.url : withUser(asking.url, auth.user, password) };
    const retry = { maxAttempts: 3, minDelay: "1ms", maxDelay: "1ms" };
    const error = await failure(openBehind({ url: asked.url, settings, retry }).run("run", {}));
    const details = { reason, proxy: hostOf(asking.url), sent: false };
    expect(error).toMatchObject({ code: "proxy-auth", status: 407, retryable: false, details });
    expect(error.message).toContain(`The proxy ${hostOf(asking.url)} (network.proxyUrl)`);
    expect(error.message).toContain("network.proxyUsername and network.proxyPassword");
    expect(JSON.stringify(error)).not.toContain("another-password");
    expect(asked.connections).toBe(0);
    expect(asking.connects.length + asking.forwards.length).toBe(1);
  });

  it("is told with the keys of the connector where the proxy is the connector's", async () => {
    const [secure, asking] = [await target({ tls: "good" }), await proxy({ auth })];
    const own = { proxyUrl: asking.url };
    const error = await failure(openBehind({ url: secure.url, own }).run("run", {}));
    expect(error.code).toBe("proxy-auth");
    expect(error.message).toContain("(the connector's proxyUrl)");
    expect(error.message).toContain("the connector's network.proxyUsername and network.proxyPassword");
  });

  it("is none of these where a target behind a tunnel, or without a proxy, answers 407", async () => {
    const between = await proxy();
    for (const [tls, settings] of [
      ["good", { proxyUrl: between.url }],
      [undefined, {}],
    ] as const) {
      const odd = await target({ ...(tls && { tls }), handler: (_, response) => void response.writeHead(407).end() });
      const error = await failure(openBehind({ url: odd.url, settings }, get).run("run", {}));
      expect(error).toMatchObject({ code: "http-status", status: 407 });
    }
  });
});

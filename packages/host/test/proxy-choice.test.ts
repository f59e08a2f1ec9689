/** Which requests go through a proxy at all: what the settings say decides, and nothing else. */
import { spawn } from "node:child_process";
import { isIP } from "node:net";
import path from "node:path";

import { describe, expect, it, onTestFinished, vi } from "vitest";

import { Project, type NetworkOptions } from "../src/index.ts";
import { failure } from "./http-support.ts";
import { entryOf, projectWith, writeFiles } from "./plugins-support.ts";
import { hostOf, openBehind, proxy, target } from "./proxy-support.ts";

/** PORT stands for the target's port. */
type Case = readonly [url: string, pattern: string, matches: boolean];
const CASES: readonly Case[] = [
  ["http://api.test:PORT", "api.test", true],
  ["http://API.test:PORT", "api.TEST", true],
  ["http://api.test.:PORT", "api.test", true],
  ["http://api.test:PORT", "api.test.", true],
  ["http://api.test:PORT", "test", false],
  ["http://api.test:PORT", "pi.test", false],
  ["http://api.test:PORT", "*.test", true],
  ["http://a.b.test:PORT", "*.test", true],
  ["http://A.B.Test.:PORT", "*.tEst", true],
  ["http://test:PORT", "*.test", false],
  ["http://api.attest:PORT", "*.test", false],
  ["http://api.test.example:PORT", "*.test", false],
  ["http://api.test:PORT", "*", true],
  ["http://api.test:PORT", "api.test:PORT", true],
  ["http://api.test:PORT", "*.test:PORT", true],
  ["http://api.test:PORT", "api.test:1", false],
  ["http://api.test:PORT", "api.test:80", false],
  ["http://127.0.0.1:PORT", "127.0.0.1", true],
  ["http://0x7f.1:PORT", "127.0.0.1", true],
  ["http://127.0.0.1:PORT", "127.0.0.1:PORT", true],
  ["http://127.0.0.1:PORT", "127.0.0.0/8", true],
  ["http://127.0.0.1:PORT", "127.0.0.1/32", true],
  ["http://127.0.0.1:PORT", "127.0.0.2/31", false],
  ["http://127.0.0.1:PORT", "10.0.0.0/8", false],
  ["http://127.0.0.1:PORT", "0.0.0.0/0", true],
  ["http://127.0.0.1:PORT", "::/0", false],
  ["http://[::1]:PORT", "::1", true],
  ["http://[::1]:PORT", "[::1]", true],
  ["http://[::1]:PORT", "[0:0:0:0:0:0:0:1]:PORT", true],
  ["http://[::1]:PORT", "::1/128", true],
  ["http://[::1]:PORT", "[::]/64", true],
  ["http://[::1]:PORT", "FD00::/8", false],
  ["http://[::1]:PORT", "0.0.0.0/0", false],
  // Names are not looked up to find out whether a range covers them.
  ["http://api.test:PORT", "127.0.0.0/8", false],
];

describe.each(["proxyBypassHosts", "proxyOnlyHosts"] as const)("%s", (list) => {
  it.each(CASES)("%s and the entry %j: matches is %s", async (url, pattern, matches) => {
    const [reached, between] = [await target({ host: url.includes("[") ? "::1" : "127.0.0.1" }), await proxy()];
    const fill = (text: string) => text.replace("PORT", String(reached.port));
    // Another entry before it, that never fits.
    const settings = { proxyUrl: between.url, [list]: ["other.example", fill(pattern)] };
    // A name that the proxy is asked for leads nowhere, which is an answer too.
    await openBehind({ url: fill(url), settings })
      .run("run", {})
      .catch(() => undefined);
    const proxied = list === "proxyOnlyHosts" ? matches : !matches;
    expect(between.forwards).toHaveLength(proxied ? 1 : 0);
    const { hostname } = new URL(fill(url));
    const isAddress = isIP(hostname.replace(/[[\]]/g, "")) !== 0;
    expect(reached.requests).toHaveLength(proxied && !isAddress ? 0 : 1);
  });

  it("holds for https in the same way", async () => {
    const [secure, between] = [await target({ tls: "good" }), await proxy()];
    for (const entry of ["localhost", "LOCALHOST.", "*", hostOf(secure.url), "other.example", "localhost:443"]) {
      const settings = { proxyUrl: between.url, [list]: [entry] };
      await openBehind({ url: secure.url, settings }).run("run", {});
    }
    // Four entries cover the host, two do not.
    expect(secure.requests).toHaveLength(6);
    expect(between.connects).toHaveLength(list === "proxyOnlyHosts" ? 4 : 2);
  });
});

describe("a redirect", () => {
  const redirecting = async (to: string, tls?: "good") =>
    target({ ...(tls && { tls }), handler: (_, response) => void response.writeHead(302, { location: to }).end() });

  it.each(["http", "https"] as const)(
    "to %s from where no proxy is used, takes one where that is to be",
    async (scheme) => {
      const [end, between] = [await target(scheme === "https" ? { tls: "good" } : {}), await proxy()];
      const start = await redirecting(`${end.url}/end`);
      for (const lists of [{ proxyBypassHosts: [hostOf(start.url)] }, { proxyOnlyHosts: [hostOf(end.url)] }]) {
        await openBehind({ url: start.url, settings: { proxyUrl: between.url, ...lists } }).run("run", {});
      }
      const asked = [...between.connects.map(({ authority }) => authority), ...between.forwards.map(({ url }) => url)];
      const once = scheme === "https" ? hostOf(end.url) : `${end.url}/end`;
      expect(asked).toEqual([once, once]);
      expect([start.requests.length, end.requests.length]).toEqual([2, 2]);
    },
  );

  it.each(["http", "https"] as const)("from %s leaves the proxy where none is to be used", async (scheme) => {
    const [end, between] = [await target(), await proxy()];
    const start = await redirecting(`${end.url}/end`, scheme === "https" ? "good" : undefined);
    for (const lists of [{ proxyBypassHosts: [hostOf(end.url)] }, { proxyOnlyHosts: [hostOf(start.url)] }]) {
      await openBehind({ url: start.url, settings: { proxyUrl: between.url, ...lists } }).run("run", {});
    }
    const asked = [...between.connects.map(({ authority }) => authority), ...between.forwards.map(({ url }) => url)];
    const once = scheme === "https" ? hostOf(start.url) : `${start.url}/`;
    expect(asked).toEqual([once, once]);
    expect([start.requests.length, end.requests.length]).toEqual([2, 2]);
  });

  it("does not take the proxy's credentials to where there is none", async () => {
    const [end, between] = [await target(), await proxy()];
    const start = await redirecting(end.url);
    const settings: NetworkOptions = {
      proxyUrl: between.url.replace("://", "://proxy-user:proxy-password@"),
      proxyHeaders: { "X-Team": "ops" },
      proxyBypassHosts: [hostOf(end.url)],
    };
    await openBehind({ url: start.url, settings }).run("run", {});
    expect(between.forwards).toHaveLength(1);
    expect(end.requests).toHaveLength(1);
    expect(Object.keys(end.requests[0]?.headers ?? {})).not.toContain("proxy-authorization");
    expect(Object.keys(end.requests[0]?.headers ?? {})).not.toContain("x-team");
  });
});

describe("a proxyUrl that is none", () => {
  const URLS = [
    "",
    "proxy",
    "proxy:3128",
    "127.0.0.1:3128",
    "//proxy:3128",
    "http://",
    "http://:3128",
    "http://proxy:99999",
    "http://pro xy:3128",
    "http://[::1:3128",
    "http://proxy:3128/path",
    "http://proxy:3128?query",
    "http://proxy:3128#fragment",
    "http://user@proxy:3128",
    "http://:password@proxy:3128",
    "http://us%3Aer:password@proxy:3128",
    "http://user:100%@proxy:3128",
    "socks5://proxy:1080",
    "ftp://proxy",
    "file:///proxy",
  ];

  it.each(URLS)(
    "as in %j, is an error in the settings and in a connector, and no request goes out",
    async (proxyUrl) => {
      const plain = await target();
      const thrown = () => openBehind({ url: plain.url, settings: { proxyUrl } });
      expect(thrown).toThrow(expect.objectContaining({ code: "settings-invalid", details: reasonOf("proxy-url") }));

      const connector = { name: "a", type: "caller", config: { url: plain.url } };
      for (const [code, files] of [
        [
          "settings-invalid",
          { "stepwire.json": { network: { proxyUrl } }, "connectors.json": { connectors: [connector] } },
        ],
        ["config-invalid", { "connectors.json": { connectors: [{ ...connector, network: { proxyUrl } }] } }],
      ] as const) {
        const folder = await projectWith([{ name: "stepwire-connector-caller", entry: CALLER }]);
        await writeFiles(folder, files);
        const project = await Project.open({ cwd: folder, env: {} });
        onTestFinished(() => project.close());
        expect(project.findings).toMatchObject([{ code, details: { reason: "proxy-url" } }]);
        const call = (async () => (await project.connector("a")).run("do", {}))();
        expect(await failure(call)).toMatchObject({ code, details: { reason: "proxy-url" } });
      }
      expect(plain.connections).toBe(0);
    },
  );

  it("has company in a project that works", async () => {
    const plain = await target();
    const folder = await projectWith([{ name: "stepwire-connector-caller", entry: CALLER }]);
    const connectors = [{ name: "a", type: "caller", config: { url: plain.url } }];
    await writeFiles(folder, { "connectors.json": { connectors } });
    const project = await Project.open({ cwd: folder, env: {} });
    onTestFinished(() => project.close());
    await (await project.connector("a")).run("do", {});
    expect(plain.requests).toHaveLength(1);
  });
});

const reasonOf = (reason: string): unknown => expect.objectContaining({ reason });

/** A type whose action sends a request. */
const CALLER = entryOf("caller").replace(
  "run: async (ctx) => ({ config: ctx.config })",
  'run: async (ctx) => ({ status: (await ctx.request({ method: "GET", path: "/" })).status })',
);

describe("the environment", () => {
  const variables = (url: string) =>
    ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"].flatMap((name) => [
      [name, url] as const,
      [name.toLowerCase(), url] as const,
    ]);

  it("names no proxy", async () => {
    const [plain, secure, between] = [await target(), await target({ tls: "good" }), await proxy()];
    for (const [name, value] of [...variables(between.url), ["NODE_USE_ENV_PROXY", "1"] as const])
      vi.stubEnv(name, value);
    onTestFinished(() => void vi.unstubAllEnvs());
    for (const { url } of [plain, secure]) await openBehind({ url }).run("run", {});
    expect([plain.requests.length, secure.requests.length, between.connections]).toEqual([1, 1, 0]);
  });

  it("takes none away", async () => {
    const [plain, secure, between] = [await target(), await target({ tls: "good" }), await proxy()];
    for (const name of ["NO_PROXY", "no_proxy"]) vi.stubEnv(name, "*,127.0.0.1,localhost");
    onTestFinished(() => void vi.unstubAllEnvs());
    for (const { url } of [plain, secure])
      await openBehind({ url, settings: { proxyUrl: between.url } }).run("run", {});
    expect([between.forwards.length, between.connects.length]).toEqual([1, 1]);
  });

  it("names none either where Node itself is told so when it starts", async () => {
    const [plain, between] = [await target(), await proxy()];
    const script = `
      import { defineConnection, defineConnectorType } from "@stepwire/core";
      import { createConnector } from "./src/index.ts";
      const any = { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }),
        jsonSchema: { input: () => ({}), output: () => ({}) } } };
      const connection = defineConnection({ config: any, secrets: any, auth: [{ kind: "none" }], hosts: [],
        baseUrl: () => ${JSON.stringify(plain.url)} });
      const call = connection.action({ summary: "Calls", effect: "read", idempotency: "natural", input: any, output: any,
        run: (ctx) => ctx.request({ method: "GET", path: "/" }) });
      const type = defineConnectorType({ id: "t", title: "T", description: "T", connection, actions: { call }, defaultAction: "call" });
      const connector = createConnector(type);
      const { status } = await connector.run("call", {});
      await connector.close();
      console.log(status);`;
    // The call is another process's: Node reads the variable when it starts.
    const child = spawn(process.execPath, ["--conditions=@stepwire/source", "--input-type=module", "--eval", script], {
      cwd: path.resolve(import.meta.dirname, ".."),
      env: { ...process.env, ...Object.fromEntries(variables(between.url)), NODE_USE_ENV_PROXY: "1" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    for await (const chunk of child.stdout) said += String(chunk);
    expect(said.trim()).toBe("200");
    expect([plain.requests.length, between.connections]).toEqual([1, 0]);
  });
});

import { describe, expect, it } from "vitest";

import { createConnector } from "../src/index.ts";
import { failure, failureOf, get, open, serve, typeOf } from "./http-support.ts";

const SECRET = `s3cr3t/TOKEN+"x<&>val=ue`;
const secrets = { secretHeaders: { "X-Key": SECRET } };
const setup = (url: string) => ({ url, config: { hasAuth: false }, secrets });

const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("a secret that a vendor repeats", () => {
  it.each([
    [
      "HTML-escaped",
      "text/html",
      `<p>bad key ${SECRET.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")}</p>`,
      "TOKEN",
    ],
    ["inside base64", "text/plain", `at ${base64(`a:${SECRET}!`)} end`, base64(`a:${SECRET}!`).slice(4, 20)],
    [
      "as hex",
      "text/plain",
      Buffer.from(SECRET).toString("hex").toUpperCase(),
      Buffer.from(SECRET).toString("hex").toUpperCase(),
    ],
    ["in other letters", "text/plain", `no: ${SECRET.toUpperCase()}`, "S3CR3T"],
    ["escaped twice", "text/plain", encodeURIComponent(encodeURIComponent(SECRET)), "s3cr3t"],
  ])("is masked %s", async (_how, type, body, trace) => {
    const server = await serve(
      (_request, response) => void response.writeHead(500, { "content-type": type }).end(body),
    );
    const error = await failureOf(setup(server.url));
    expect(JSON.stringify(error)).toContain("[masked]");
    expect(JSON.stringify(error)).not.toContain(trace);
  });

  it("is masked in bytes before they become base64", async () => {
    const server = await serve(
      (_request, response) =>
        void response.writeHead(200, { "content-type": "application/octet-stream" }).end(`tok=${SECRET}`),
    );
    const { data } = (await open(get, setup(server.url)).run("run", {})) as { data: string };
    expect(Buffer.from(data, "base64").toString()).toBe("tok=[masked]");
  });

  it("is masked before a broken answer is cut to an excerpt", async () => {
    const server = await serve(
      (_request, response) =>
        void response.writeHead(200, { "content-type": "application/json" }).end("x".repeat(108) + SECRET),
    );
    const error = await failureOf(setup(server.url));
    expect(error.code).toBe("response-invalid-json");
    expect(error.message).not.toContain("s3cr");
  });
});

it("trusts no origin that only stands in a header", async () => {
  const [own, other] = [await serve((_q, r) => void r.end("{}")), await serve((_q, r) => void r.end("{}"))];
  const config = { hasAuth: false, headers: { Referer: `${other.url}/app` } };
  const connector = open(async (ctx) => ctx.request({ method: "GET", url: `${other.url}/x` }), {
    url: own.url,
    config,
    secrets,
  });
  expect(await failure(connector.run("run", {}))).toMatchObject({
    code: "host-not-allowed",
    details: { reason: "untrusted-origin" },
  });
  expect(other.requests).toEqual([]);
});

describe("a path", () => {
  it.each(["/x/../admin", "/x/%2e%2E/admin", "..", "/a/./b", "\\..\\x", "/hosts/1#2"])(
    "is refused when it is %j",
    async (path) => {
      const server = await serve((_request, response) => void response.end("{}"));
      const error = await failure(
        open(async (ctx) => ctx.request({ method: "GET", path }), { url: server.url }).run("run", {}),
      );
      expect(error.code).toBe("url-invalid");
      expect(server.requests).toEqual([]);
    },
  );

  it("may hold dots that are no segments of their own", async () => {
    const server = await serve((_request, response) => void response.end("{}"));
    const path = "/v1.2/..x/a..b?range=1..2";
    await open(async (ctx) => ctx.request({ method: "GET", path }), { url: server.url }).run("run", {});
    expect(server.requests).toEqual([`GET ${path}`]);
  });
});

it("refuses an answer nested deeper than anything can walk, and keeps others as they are", async () => {
  const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  const server = await serve((request, response) => {
    const body = nested(Number(request.url?.slice(1)));
    response.writeHead(200, { "content-type": "application/json" }).end(body);
  });
  const call = (depth: number) =>
    open(async (ctx) => ctx.request({ method: "GET", path: `/${depth}` }), setup(server.url)).run("run", {});
  expect(await failure(call(1500))).toMatchObject({ code: "response-invalid-json", details: { reason: "depth" } });
  expect(JSON.stringify(await call(400))).toContain(nested(400));
});

it("says what is wrong with a body that is no JSON", async () => {
  const cyclic: Record<string, unknown> = {};
  cyclic["self"] = cyclic;
  for (const json of [cyclic, { big: 1n }]) {
    const connector = open(async (ctx) => ctx.request({ method: "POST", path: "/", json }), {
      url: "http://127.0.0.1:9",
    });
    expect(await failure(connector.run("run", {}))).toMatchObject({
      code: "params-invalid",
      details: { reason: "body" },
    });
  }
});

it.each([
  [{ baseUrl: "http://user:hunter2hunter2@x" }, "config-invalid"],
  [{ baseUrl: "http://x/#part" }, "config-invalid"],
  [{ allowedHosts: "*" }, "settings-invalid"],
  [{ trustedOrigins: ["127.0.0.1:80"] }, "settings-invalid"],
  [{ trustedOrigins: ["*"] }, "settings-invalid"],
])("refuses network options %j", (network, code) => {
  const type = typeOf(get, {});
  let thrown: unknown;
  try {
    // Programs in plain JavaScript pass what TypeScript would refuse.
    createConnector(type, { config: { url: "http://x", hasAuth: false }, network: network as object });
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ code });
  expect(JSON.stringify(thrown)).not.toContain("hunter2");
});

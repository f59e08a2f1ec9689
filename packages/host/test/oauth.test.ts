import { OAuth2Server } from "oauth2-mock-server";
import {
  certificates,
  startProxy,
  startTarget,
  TOKEN_CLIENT,
  type SeenRequest,
  type TargetOptions,
} from "@stepwire/test-rig";
import { describe, expect, it, onTestFinished, vi } from "vitest";

import type { NetworkOptions } from "../src/index.ts";
import { failure, open, serve, type Work } from "./http-support.ts";

const get: Work = async (ctx) => ctx.request({ method: "GET", path: "/echo" });
const post: Work = async (ctx) => ctx.request({ method: "POST", path: "/echo", json: {} });

/** A token endpoint and an API; `tokens` are handed out in turn, the last again and again. */
async function serveOAuth(tokens: object[], accepts: (authorization: string) => boolean = () => true) {
  const seen: { token: URLSearchParams[]; api: string[] } = { token: [], api: [] };
  const server = await serve(async (request, response) => {
    let body = "";
    for await (const chunk of request as AsyncIterable<Buffer>) body += chunk.toString();
    response.setHeader("content-type", "application/json");
    if (request.url === "/token") {
      seen.token.push(new URLSearchParams(body));
      return void response.end(JSON.stringify(tokens[Math.min(seen.token.length, tokens.length) - 1]));
    }
    const { authorization = "" } = request.headers;
    seen.api.push(authorization);
    response.statusCode = accepts(authorization) ? 200 : 401;
    response.end("{}");
  });
  return { server, seen };
}

const bearer = (token: string, more: object = {}) => ({ access_token: token, token_type: "Bearer", ...more });

function connect(
  work: Work,
  url: string,
  more: { config?: object; secrets?: object; tokenUrl?: string; network?: NetworkOptions } = {},
) {
  return open(work, {
    url,
    config: {
      hasAuth: true,
      authType: "webhook-oauth2-client-credentials",
      accessTokenUrl: more.tokenUrl ?? `${url}/token`,
      clientId: TOKEN_CLIENT.id,
      ...more.config,
    },
    secrets: { clientSecret: TOKEN_CLIENT.secret, ...more.secrets },
    auth: [{ kind: "envelope" }],
    retry: { minDelay: "1ms", maxDelay: "2ms" },
    ...(more.network === undefined ? {} : { network: more.network }),
  });
}

describe("the token request", () => {
  it("is Kibana's form, with scope and additional fields", async () => {
    const { server, seen } = await serveOAuth([bearer("token-1")]);
    const config = { scope: "read write", additionalFields: '{"audience":"api","deep":{"a":1}}' };
    await connect(get, server.url, { config }).run("run", {});
    expect(Object.fromEntries(seen.token[0] ?? [])).toEqual({
      grant_type: "client_credentials",
      client_id: TOKEN_CLIENT.id,
      client_secret: TOKEN_CLIENT.secret,
      scope: "read write",
      audience: "api",
      deep: '{"a":1}',
    });
    expect(seen.api).toEqual(["Bearer token-1"]);
  });

  it("takes additional fields as a map as well", async () => {
    const { server, seen } = await serveOAuth([bearer("token-1")]);
    await connect(get, server.url, { config: { additionalFields: { audience: "api" } } }).run("run", {});
    expect(Object.fromEntries(seen.token[0] ?? [])).toMatchObject({ audience: "api" });
  });

  it("carries none of the connector's other credentials", async () => {
    const headers: SeenRequest["headers"][] = [];
    const server = await serve((request, response) => {
      headers.push(request.headers);
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(bearer("token-1")));
    });
    const config = { headers: { "X-Tenant": "t" } };
    await connect(get, server.url, { config, secrets: { secretHeaders: { "X-Key": "key-1" } } }).run("run", {});
    const [token, api] = headers;
    expect(token).not.toHaveProperty("x-key");
    expect(token).not.toHaveProperty("x-tenant");
    expect(token).not.toHaveProperty("authorization");
    expect(api).toMatchObject({ "x-key": "key-1", "x-tenant": "t", authorization: "Bearer token-1" });
  });

  it("works with a server that others wrote", async () => {
    const issuer = new OAuth2Server();
    await issuer.issuer.keys.generate("RS256");
    await issuer.start(0, "127.0.0.1");
    onTestFinished(async () => issuer.stop());
    const { server, seen } = await serveOAuth([]);
    const tokenUrl = `http://127.0.0.1:${issuer.address().port}/token`;
    await connect(get, server.url, { tokenUrl }).run("run", {});
    expect(seen.api[0]).toMatch(/^Bearer ey[\w-]+\.[\w-]+\.[\w-]+$/);
  });

  it("obeys the connector's trust, and the proxy", async () => {
    const tls: TargetOptions = { tls: "good" };
    const target = await startTarget(tls);
    const proxy = await startProxy({ auth: { user: "u", password: "proxy-password" } });
    onTestFinished(async () => void (await Promise.all([target.close(), proxy.close()])));
    const network = { proxyUrl: proxy.url, proxyUsername: "u", proxyPassword: "proxy-password" };
    const trusting = connect(get, target.url, { config: { ca: certificates().ca }, network });
    await trusting.run("run", {});
    expect(target.requests.map(({ path }) => path)).toEqual(["/token", "/echo"]);
    expect(proxy.connects.map(({ authority }) => authority)).toEqual([`localhost:${target.port}`]);
    const error = await failure(connect(get, target.url, { network }).run("run", {}));
    expect(error).toMatchObject({ code: "tls-untrusted", details: { reason: "oauth-token", sent: false } });
  });

  it("goes to allowed hosts only", async () => {
    const { server, seen } = await serveOAuth([bearer("token-1")]);
    const call = async () =>
      connect(get, server.url, {
        tokenUrl: "http://login.example/token",
        network: { allowedHosts: ["127.0.0.1"] },
      });
    const error = await failure(call());
    expect(error).toMatchObject({ code: "host-not-allowed" });
    expect(error.message).toContain("login.example");
    expect(seen.token).toEqual([]);
  });
});

describe("the token", () => {
  it("is fetched once for all calls at the same time, and kept", async () => {
    const { server, seen } = await serveOAuth([bearer("token-1", { expires_in: 3600 })]);
    const connector = connect(get, server.url);
    await Promise.all(Array.from({ length: 20 }, () => connector.run("run", {})));
    await connector.run("run", {});
    expect(seen.token).toHaveLength(1);
    expect(seen.api).toEqual(Array.from({ length: 21 }, () => "Bearer token-1"));
  });

  it("is fetched for each connector by itself", async () => {
    const { server, seen } = await serveOAuth([bearer("token-1")]);
    await connect(get, server.url).run("run", {});
    await connect(get, server.url).run("run", {});
    expect(seen.token).toHaveLength(2);
  });

  it.each([
    ["a long life, 30 s early", 3600, 3_569_000, 3_571_000],
    ["a short life, a tenth of it early", 10, 8900, 9100],
    ["a life as text", "3600", 3_569_000, 3_571_000],
  ])("of %s is renewed before it expires", async (_, expires, before, after) => {
    const { server, seen } = await serveOAuth([bearer("token-1", { expires_in: expires }), bearer("token-2")]);
    const connector = connect(get, server.url);
    const begun = Date.now();
    await connector.run("run", {});
    vi.useFakeTimers({ toFake: ["Date"] });
    try {
      vi.setSystemTime(begun + before);
      await connector.run("run", {});
      vi.setSystemTime(Date.now() + after - before + 1000);
      await connector.run("run", {});
    } finally {
      vi.useRealTimers();
    }
    expect(seen.api).toEqual(["Bearer token-1", "Bearer token-1", "Bearer token-2"]);
  });

  it.each([[{}], [{ expires_in: null }], [{ expires_in: 0 }], [{ expires_in: "soon" }]])(
    "with %j is kept until it is refused",
    async (more) => {
      const { server, seen } = await serveOAuth([bearer("token-1", more)]);
      const connector = connect(get, server.url);
      await connector.run("run", {});
      await connector.run("run", {});
      expect(seen.token).toHaveLength(1);
    },
  );

  it.each([get, post])("that the server does not accept any more is fetched anew, once (%#)", async (work) => {
    const { server, seen } = await serveOAuth([bearer("token-1"), bearer("token-2")], (value) => value.endsWith("2"));
    expect(await connect(work, server.url).run("run", {})).toMatchObject({ status: 200 });
    expect(seen.api).toEqual(["Bearer token-1", "Bearer token-2"]);
    expect(seen.token).toHaveLength(2);
  });

  it("that is refused twice ends the call with the server's 401", async () => {
    const { server, seen } = await serveOAuth([bearer("token-1"), bearer("token-2")], () => false);
    expect(await failure(connect(get, server.url).run("run", {}))).toMatchObject({ code: "http-status", status: 401 });
    expect(seen.api).toHaveLength(2);
  });

  it("gives way to an Authorization header of the step, and is not fetched for it", async () => {
    const { server, seen } = await serveOAuth([bearer("token-1")]);
    const work: Work = async (ctx) =>
      ctx.request({ method: "GET", path: "/", headers: { authorization: "Token of the step" } });
    await connect(work, server.url).run("run", {});
    expect(seen).toMatchObject({ token: [], api: ["Token of the step"] });
  });

  it("has the type that the server names, as it writes it", async () => {
    const { server, seen } = await serveOAuth([{ access_token: "token-1", token_type: "bearer" }]);
    await connect(get, server.url).run("run", {});
    expect(seen.api).toEqual(["bearer token-1"]);
  });

  it("is masked like a secret", async () => {
    const token = "an-access-token-of-the-server";
    const { server } = await serveOAuth([bearer(token)]);
    const echo: Work = async (ctx) => ctx.request({ method: "GET", path: "/token" });
    const output = await connect(echo, server.url).run("run", {});
    expect(JSON.stringify(output)).not.toContain(token);
    expect(output).toMatchObject({ data: { access_token: "[masked]" } });
  });
});

describe("an answer with a token in the wrong place", () => {
  const token = "tok-canary-0123456789";
  it.each([
    ["JSON that is broken", 200, "application/json", `{"access_token":"${token}",}`],
    ["the bare token", 200, "text/plain", token],
    ["an error", 400, "application/json", JSON.stringify({ message: token, access_token: token, error: "odd" })],
  ])("is not repeated: %s", async (_, status, type, body) => {
    const server = await serve(
      (_request, response) => void response.writeHead(status, { "content-type": type }).end(body),
    );
    const error = await failure(connect(get, server.url).run("run", {}));
    expect(error.details).toMatchObject({ reason: "oauth-token" });
    expect(`${error.message} ${JSON.stringify(error)} ${error.stack}`).not.toContain(token);
  });
});

it("is not asked for any more when the connector is closed", async () => {
  const server = await serve(() => undefined);
  const connector = connect(get, server.url);
  const controller = new AbortController();
  const call = failure(connector.run("run", {}, { signal: controller.signal }));
  await vi.waitUntil(() => server.requests.length === 1);
  controller.abort();
  await call;
  await connector.close();
  await server.idle();
  // An attempt that must not come would come after half a second at most.
  await new Promise((resolve) => setTimeout(resolve, 800));
  expect(server.requests).toHaveLength(1);
});

it("is named when it is what takes too long", async () => {
  const silent = await serve(() => undefined);
  const { server } = await serveOAuth([]);
  const network = { responseTimeout: "60ms" };
  const error = await failure(connect(get, server.url, { tokenUrl: `${silent.url}/token`, network }).run("run", {}));
  expect(error).toMatchObject({ code: "timeout", details: { reason: "oauth-token", sent: false } });
  expect(error.message).toContain("accessTokenUrl");
});

describe("a token that cannot be had", () => {
  it.each([
    ["no access_token", 200, { token: "x" }, "response-missing-field", /holds no access_token/],
    ["a line end in it", 200, bearer("a\nb"), "response-missing-field", /characters that no header can have/],
    [
      "invalid_client",
      401,
      { error: "invalid_client", error_description: "wrong secret" },
      "http-status",
      /wrong secret/,
    ],
    ["a failing server", 500, {}, "http-status", /\[500\]/],
  ])("because of %s says so and sends nothing to the API", async (_, status, answer, code, message) => {
    const api: string[] = [];
    const server = await serve((request, response) => {
      if (request.url !== "/token") api.push(request.url ?? "");
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
    });
    const error = await failure(connect(post, server.url).run("run", {}));
    expect(error).toMatchObject({ code, details: { reason: "oauth-token", sent: false } });
    expect(error.message).toMatch(message);
    expect(error.message).toContain("accessTokenUrl");
    expect(JSON.stringify(error)).not.toContain(TOKEN_CLIENT.secret);
    expect(api).toEqual([]);
    // The token's own attempts are enough: the call itself does not begin anew.
    expect(server.requests.length).toBe(status === 500 ? 3 : 1);
  });

  it("is asked for again by the next call", async () => {
    const { server, seen } = await serveOAuth([{}, bearer("token-2")]);
    const connector = connect(get, server.url);
    await failure(connector.run("run", {}));
    await connector.run("run", {});
    expect(seen.api).toEqual(["Bearer token-2"]);
  });

  it("does not end the wait of others when one caller gives up", async () => {
    let answer = () => undefined as unknown;
    const server = await serve((request, response) => {
      response.setHeader("content-type", "application/json");
      if (request.url === "/token") answer = () => response.end(JSON.stringify(bearer("token-1")));
      else response.end("{}");
    });
    const connector = connect(get, server.url);
    const controller = new AbortController();
    const given = failure(connector.run("run", {}, { signal: controller.signal }));
    const waiting = connector.run("run", {});
    await vi.waitUntil(() => server.requests.length === 1);
    controller.abort();
    expect((await given).code).toBe("cancelled");
    answer();
    expect(await waiting).toMatchObject({ status: 200 });
  });
});

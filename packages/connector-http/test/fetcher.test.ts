import { certificates } from "@stepwire/test-rig";
import { runOnce } from "@stepwire/testkit";
import { describe, expect, it } from "vitest";

import { http } from "../src/index.ts";
import { call, start, startSecure } from "./support.ts";

const direct = async (url: string, fetcher: object, more: object = {}) =>
  runOnce(http, { input: { url, fetcher, ...more } });

describe("skip_ssl_verification", () => {
  it("calls a server whose certificate nobody signed, and without it does not", async () => {
    const server = await startSecure({ tls: "untrusted" });
    expect((await direct(server.url, {})).error?.code).toBe("tls-untrusted");
    expect((await direct(server.url, { skip_ssl_verification: false })).error?.code).toBe("tls-untrusted");
    expect(server.requests).toEqual([]);
    expect((await direct(server.url, { skip_ssl_verification: true })).output).toMatchObject({ status: 200 });
    // Nothing of it is left for the next request.
    expect((await direct(server.url, {})).error?.code).toBe("tls-untrusted");
  });

  it("holds for one request of a connector without credentials, not for the next", async () => {
    const server = await startSecure({ tls: "wrong-host" });
    const skipped = await call(server.url, { fetcher: { skip_ssl_verification: true } });
    expect(skipped.output).toMatchObject({ status: 200 });
    expect((await call(server.url, {})).error?.code).toMatch(/^tls-/);
  });

  it.each([
    ["a password", {}, { user: "jo", password: "pass-word-1" }],
    ["a secret header", { hasAuth: false }, { secretHeaders: { "X-Api-Key": "secret-key-1" } }],
    ["a secret query parameter", { hasAuth: false }, { secretQueryParams: { key: "secret-key-1" } }],
    ["a header of its config", { hasAuth: false, headers: { Authorization: "Bearer secret-key-1" } }, {}],
    [
      "a client certificate",
      { authType: "webhook-authentication-ssl" },
      { crt: certificates().client.crt, key: certificates().client.key },
    ],
  ])("is refused where the connector would send %s along", async (_, config, secrets) => {
    const server = await startSecure({ tls: "untrusted" });
    const { error } = await runOnce(http, {
      config: { url: server.url, ...config },
      secrets,
      input: { fetcher: { skip_ssl_verification: true } },
    });
    expect(error).toMatchObject({ code: "params-invalid", details: { reason: "unverified-credentials" } });
    expect(error?.message).toContain("verificationMode: none");
    expect(server.requests).toEqual([]);
  });
});

describe("follow_redirects", () => {
  const hop = (location: string, status = 302) => ({ status, headers: { location, "X-Why": "moved" } });

  it("false takes the redirect for the answer, with its status and headers", async () => {
    const server = await start(() => hop("/next"));
    const { error } = await direct(server.url, { follow_redirects: false });
    expect(error).toMatchObject({
      code: "http-status",
      status: 302,
      retryable: false,
      details: { status: 302, headers: { location: "/next", "x-why": "moved" } },
    });
    expect(server.requests).toHaveLength(1);
  });

  it("is for GET alone unless it is asked for", async () => {
    const server = await start(({ path }) => (path === "/" ? hop("/next", 307) : { json: { path } }));
    expect((await direct(server.url, {})).output).toMatchObject({ data: { path: "/next" } });
    const { error } = await direct(server.url, {}, { method: "POST", body: { a: 1 } });
    expect(error).toMatchObject({ code: "redirect", details: { reason: "method" } });
  });

  it.each([
    [301, "POST", "GET"],
    [302, "POST", "GET"],
    [303, "POST", "GET"],
    [303, "PUT", "GET"],
    [303, "DELETE", "GET"],
    [301, "PUT", "PUT"],
    [302, "PATCH", "PATCH"],
    [307, "POST", "POST"],
    [308, "POST", "POST"],
    [308, "DELETE", "DELETE"],
  ])("true sends a %i of a %s on as %s, with its body where the method stays", async (status, method, becomes) => {
    const server = await start(({ path }) => (path === "/" ? hop("/next", status) : { json: {} }));
    const { output } = await direct(server.url, { follow_redirects: true }, { method, body: { a: 1 } });
    expect(output).toMatchObject({ status: 200 });
    const kept = method === becomes;
    expect(server.requests[1]).toMatchObject({ method: becomes, path: "/next", body: kept ? '{"a":1}' : "" });
    expect(server.requests[1]?.headers["content-type"]).toBe(kept ? "application/json" : undefined);
    expect(server.requests[1]?.headers["content-length"]).toBe(kept ? "7" : undefined);
  });

  it("true takes a write to another origin without anything that identifies the caller", async () => {
    const other = await start();
    const own = await start(() => hop(`${other.url}/next`, 307));
    const { output } = await call(
      own.url,
      {
        method: "POST",
        body: { a: 1 },
        headers: { "X-Step": "of-step", "Content-Language": "en" },
        fetcher: { follow_redirects: true },
      },
      {
        config: { url: own.url, hasAuth: true },
        secrets: { user: "jo", password: "pass-word-1", secretHeaders: { "X-Key": "secret-key-1" } },
      },
    );
    expect(output).toMatchObject({ status: 200 });
    expect(other.requests[0]).toMatchObject({ method: "POST", body: '{"a":1}' });
    const names = Object.keys(other.requests[0]?.headers ?? {}).toSorted();
    expect(names).toEqual([
      "accept",
      "accept-encoding",
      "connection",
      "content-length",
      "content-type",
      "host",
      "user-agent",
    ]);
  });
});

describe("a write that was answered with a redirect", () => {
  it.each([
    ["303 to a host that is down", 303, "http://127.0.0.1:9/x"],
    ["302 to a host that is down", 302, "http://127.0.0.1:9/x"],
    ["307 to a host that is down", 307, "http://127.0.0.1:9/x"],
    ["303 to 429", 303, "/429"],
    ["303 to 503 with Retry-After", 303, "/503"],
  ])("is not sent again because of what comes after: %s", async (_, status, location) => {
    const server = await start(({ method, path }) => {
      if (path === "/429" || path === "/503") return { status: Number(path.slice(1)), headers: { "Retry-After": "0" } };
      return method === "POST" ? { status, headers: { location } } : { json: {} };
    });
    const fetcher = { follow_redirects: true };
    const { error } = await runOnce(http, { input: { url: `${server.url}/`, method: "POST", body: {}, fetcher } });
    expect(error?.details).toMatchObject({ sent: true, redirected: true });
    expect(server.requests.filter(({ method, path }) => method === "POST" && path === "/")).toHaveLength(1);
  });
});

describe("max_redirects", () => {
  it.each([
    [{ max_redirects: 2 }, 3],
    [{ max_redirects: 1 }, 2],
    [{}, 6],
  ])("%j makes %i requests to a server that redirects for ever", async (fetcher, requests) => {
    const server = await start(() => ({ status: 302, headers: { location: "/again" } }));
    expect((await direct(server.url, fetcher)).error).toMatchObject({
      code: "redirect",
      details: { reason: "too-many" },
    });
    expect(server.requests).toHaveLength(requests);
  });

  it("0 is the same as following none", async () => {
    const server = await start(() => ({ status: 302, headers: { location: "/again" } }));
    expect((await direct(server.url, { max_redirects: 0 })).error).toMatchObject({ code: "http-status", status: 302 });
  });
});

describe("keep_alive", () => {
  it("false closes the connection behind the answer", async () => {
    const server = await start();
    await direct(server.url, { keep_alive: false });
    await direct(server.url, {});
    await direct(server.url, { keep_alive: true });
    expect(server.requests.map(({ headers }) => headers.connection)).toEqual(["close", "keep-alive", "keep-alive"]);
  });
});

describe("max_content_length", () => {
  it("is a limit below that of the step", async () => {
    const server = await start(() => ({ text: "x".repeat(101) }));
    expect((await direct(server.url, { max_content_length: 101 })).output).toMatchObject({ status: 200 });
    expect((await direct(server.url, { max_content_length: 100 })).error).toMatchObject({
      code: "step-output-too-large",
      details: { limitBytes: 100 },
    });
  });

  it("cannot raise the step's own limit", async () => {
    const server = await start(() => ({ bytes: new Uint8Array(10 * 1024 * 1024 + 1) }));
    const { error } = await direct(server.url, { max_content_length: 100_000_000 });
    expect(error).toMatchObject({ code: "step-output-too-large", message: expect.stringContaining("max-step-size") });
  });
});

it.each([
  [{ max_redirects: 21 }, "max_redirects"],
  [{ max_redirects: -1 }, "max_redirects"],
  [{ max_redirects: 1.5 }, "max_redirects"],
  [{ max_content_length: 0 }, "max_content_length"],
  [{ follow_redirects: "perhaps" }, "follow_redirects"],
  [{ timeout: 5 }, "timeout"],
])("fetcher %j is refused before anything is sent", async (fetcher, named) => {
  const server = await start();
  const { error } = await direct(server.url, fetcher);
  expect(error).toMatchObject({ code: "params-invalid", message: expect.stringContaining(named) });
  expect(server.requests).toEqual([]);
});

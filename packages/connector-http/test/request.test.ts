import { runOnce, startLoopback, type LoopbackHandler, type RunOnceOptions } from "@stepwire/testkit";
import { describe, expect, it, onTestFinished } from "vitest";

import { http } from "../src/index.ts";

type Options = RunOnceOptions<typeof http.connection.def.config, typeof http.connection.def.secrets>;

async function start(handler?: LoopbackHandler) {
  const server = await startLoopback(handler);
  onTestFinished(() => server.close());
  return server;
}
/** Through a connector without credentials unless given. */
const call = async (url: string, input: object, more: Omit<Options, "input"> = {}) =>
  runOnce(http, { input, ...more, config: { url, hasAuth: false, ...more.config } });

describe("method and address", () => {
  it.each(["GET", "POST", "PUT", "PATCH", "DELETE"])("sends %s", async (method) => {
    const server = await start();
    expect((await call(server.url, { method })).output).toMatchObject({ status: 200 });
    expect(server.requests).toMatchObject([{ method, body: "" }]);
  });

  it("is GET unless said otherwise, in capitals only, and of the documented five", async () => {
    const server = await start();
    await call(server.url, {});
    for (const method of ["post", "HEAD", "TRACE", ""]) {
      expect((await call(server.url, { method })).error).toMatchObject({
        code: "params-invalid",
        message: expect.stringContaining("method"),
      });
    }
    expect(server.requests.map(({ method }) => method)).toEqual(["GET"]);
  });

  it.each([
    ["", "/v1/items", "/v1/items"],
    ["/", "v1/items", "/v1/items"],
    ["/api", "/v1/items", "/api/v1/items"],
    ["/api/", "v1/items", "/api/v1/items"],
    ["/api/", "/v1/items/", "/api/v1/items/"],
    ["/api", "", "/api"],
    ["/api", "?a=1", "/api?a=1"],
    ["/api?key=1", "/items?a=2", "/api/items?a=2&key=1"],
    ["/api", "/a%2Fb/c d/ü", "/api/a%2Fb/c%20d/%C3%BC"],
    ["", "//other.example/x", "//other.example/x"],
    ["", "@other.example/x", "/@other.example/x"],
    ["", "http://other.example/x", "/http://other.example/x"],
  ])("joins the base %j and the path %j", async (base, path, called) => {
    const server = await start();
    await call(`${server.url}${base}`, { path });
    expect(server.requests.map((request) => request.path)).toEqual([called]);
  });

  it("appends a path to a url as well", async () => {
    const server = await start();
    await runOnce(http, { input: { url: `${server.url}/a/`, path: "/b" } });
    expect(server.requests[0]?.path).toBe("/a/b");
  });

  it("needs a url or a connector", async () => {
    for (const input of [{}, { path: "/x" }]) {
      const { error } = await runOnce(http, { input });
      expect(error).toMatchObject({ code: "params-invalid", message: expect.stringContaining("connector-id") });
    }
  });

  it.each(["ftp://example.com/", "example.com/x", "file:///etc/passwd", "javascript:alert(1)", ""])(
    "refuses the url %j",
    async (url) => {
      expect((await runOnce(http, { input: { url } })).error?.code).toBe("params-invalid");
    },
  );

  it("refuses user and password in a url without repeating them", async () => {
    const { error } = await runOnce(http, { input: { url: "http://user:geheim123@127.0.0.1:9/" } });
    expect(error).toMatchObject({ code: "url-invalid", details: { reason: "credentials" } });
    expect(JSON.stringify(error)).not.toContain("geheim123");
  });

  it.each(["/a\nb", "/a\r\nHost: other.example", "/a\tb", "/\u0000"])("refuses the path %j", async (path) => {
    const server = await start();
    expect((await call(server.url, { path })).error).toMatchObject({
      code: "url-invalid",
      details: { reason: "control-character" },
    });
    expect(server.requests).toEqual([]);
  });
});

describe("query", () => {
  it("is added to what the address has, whose own parameters win", async () => {
    const server = await start();
    await call(
      `${server.url}/api?fixed=base`,
      { path: "/items?own=path", query: { own: "step", fixed: "step", free: "a b&c=d/é", empty: "" } },
      { secrets: { secretQueryParams: { free: "secret-free", token: "secret-token" } } },
    );
    const query = new URL(server.requests[0]?.path ?? "", "http://x").searchParams;
    expect([...query]).toEqual([
      ["own", "path"],
      ["fixed", "base"],
      ["free", "a b&c=d/é"],
      ["empty", ""],
      ["token", "secret-token"],
    ]);
  });

  it("leaves the spelling of the address's own parameters alone", async () => {
    const server = await start();
    await call(server.url, { path: "/items?filter=a%20b/c:(d)~'e'", query: { size: "10" } });
    expect(server.requests[0]?.path).toBe("/items?filter=a%20b/c:(d)~%27e%27&size=10");
  });

  it("takes numbers and booleans too, which YAML writes without quotes, but no lists", async () => {
    const server = await start();
    await call(server.url, { query: { size: 10, all: true }, headers: { "X-Count": 3 } });
    expect(server.requests[0]).toMatchObject({ path: "/?size=10&all=true", headers: { "x-count": "3" } });
    expect((await call("http://127.0.0.1:9", { query: { ids: [1, 2] } })).error?.code).toBe("params-invalid");
  });
});

describe("headers", () => {
  it("win in the order connector, secret, step, whatever their letter case", async () => {
    const server = await start();
    await call(
      server.url,
      { headers: { "x-three": "step", ACCEPT: "text/csv" } },
      {
        config: {
          url: server.url,
          hasAuth: false,
          headers: { "X-One": "config", "X-Two": "config", "X-Three": "config" },
        },
        secrets: { secretHeaders: { "x-TWO": "secret-two", "X-THREE": "secret-three" } },
      },
    );
    expect(server.requests[0]?.headers).toMatchObject({
      "x-one": "config",
      "x-two": "secret-two",
      "x-three": "step",
      accept: "text/csv",
    });
  });

  it("carry Basic credentials, over which config, secret and step win one after the other", async () => {
    const server = await start();
    const secrets = { user: "jo", password: "pass-word" };
    const config = { url: server.url, hasAuth: true };
    const sent = async (more: { headers?: object; config?: object; secrets?: object }) => {
      await call(server.url, more.headers === undefined ? {} : { headers: more.headers }, {
        config: { ...config, ...more.config },
        secrets: { ...secrets, ...more.secrets },
      });
      return server.requests.at(-1)?.headers.authorization;
    };
    const fromConfig = { headers: { authorization: "Bearer config" } };
    const fromSecrets = { secretHeaders: { AUTHORIZATION: "Bearer secret-token" } };
    expect(await sent({})).toBe(`Basic ${Buffer.from("jo:pass-word").toString("base64")}`);
    expect(await sent({ config: fromConfig })).toBe("Bearer config");
    expect(await sent({ config: fromConfig, secrets: fromSecrets })).toBe("Bearer secret-token");
    expect(await sent({ config: fromConfig, secrets: fromSecrets, headers: { aUTHORIZATION: "Bearer step" } })).toBe(
      "Bearer step",
    );
  });

  it.each([
    [{ "X-A": "a\r\nX-Injected: b" }, "X-A"],
    [{ "X-A": "a\u0000" }, "X-A"],
    [{ "X-A": "snowman ☃" }, "Latin-1"],
    [{ "X A": "a" }, "X A"],
    [{ "X-A:": "a" }, "X-A:"],
    [{ Host: "other.example" }, "Host"],
    [{ "content-length": "3" }, "content-length"],
    [{ "Transfer-Encoding": "chunked" }, "Transfer-Encoding"],
  ])("are refused before anything is sent when they cannot be: %j", async (headers, named) => {
    const server = await start();
    const { error } = await call(server.url, { headers });
    expect(error).toMatchObject({ code: "params-invalid", message: expect.stringContaining(named) });
    expect(server.requests).toEqual([]);
  });

  it("may hold Latin-1", async () => {
    const server = await start();
    await call(server.url, { headers: { "X-A": "grüße\ttab" } });
    expect(server.requests[0]?.headers["x-a"]).toBe("grüße\ttab");
  });
});

describe("body", () => {
  it.each([
    [{ a: { b: [1, "ü", null] } }, '{"a":{"b":[1,"ü",null]}}'],
    [[1, { a: 2 }], '[1,{"a":2}]'],
    [{}, "{}"],
    [[], "[]"],
  ])("goes out as JSON with its content type: %j", async (body, sent) => {
    const server = await start();
    await call(server.url, { method: "POST", body });
    expect(server.requests[0]).toMatchObject({ body: sent, headers: { "content-type": "application/json" } });
  });

  it("keeps a content type of the step's, however it is spelt", async () => {
    const server = await start();
    await call(server.url, { method: "POST", body: { a: 1 }, headers: { "content-TYPE": "application/vnd.api+json" } });
    expect(server.requests[0]).toMatchObject({
      body: '{"a":1}',
      headers: { "content-type": "application/vnd.api+json" },
    });
  });

  it("keeps a content type of the connector's", async () => {
    const server = await start();
    const config = { url: server.url, hasAuth: false, headers: { "Content-Type": "application/merge-patch+json" } };
    await call(server.url, { method: "PATCH", body: { a: 1 } }, { config });
    expect(server.requests[0]?.headers["content-type"]).toBe("application/merge-patch+json");
  });

  it.each(['{"a": "as it is"}', "a=b&c=d", "", "ü\r\n{{x}}"])(
    "is sent as it is when it is the text %j",
    async (body) => {
      const server = await start();
      await call(server.url, { method: "PUT", body, headers: { "Content-Type": "application/json" } });
      expect(server.requests[0]).toMatchObject({ body, headers: { "content-type": "application/json" } });
    },
  );

  it("is text/plain when it is a text and nobody says otherwise", async () => {
    const server = await start();
    await call(server.url, { method: "POST", body: "hello" });
    expect(server.requests[0]?.headers["content-type"]).toBe("text/plain; charset=utf-8");
  });

  it.each([5, true, null])("is refused when it is %j", async (body) => {
    expect((await call("http://127.0.0.1:9", { method: "POST", body })).error?.code).toBe("params-invalid");
  });
});

describe("output", () => {
  it("has status, statusText, headers and data, and nothing else", async () => {
    const server = await start(() => ({
      status: 202,
      statusText: "Taken in",
      headers: { "X-Many": "a", "Content-Type": "application/problem+json; charset=utf-8" },
      json: { a: [1] },
    }));
    const { output } = await call(server.url, {});
    expect(output).toEqual({ status: 202, statusText: "Taken in", headers: expect.any(Object), data: { a: [1] } });
    expect((output as { headers: object }).headers).toMatchObject({ "x-many": "a" });
  });

  const binary = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 255]);
  it.each([
    ["application/json", { text: '{"a":1}' }, { a: 1 }],
    ["text/json", { text: "[1]" }, [1]],
    ["application/vnd.api+json", { text: "null" }, null],
    ["application/json", { text: '\ufeff{"a":1}' }, { a: 1 }],
    ["text/plain", { text: '{"a":1}' }, '{"a":1}'],
    ["text/html", { text: "<p>hi</p>" }, "<p>hi</p>"],
    ["application/xml", { text: "<a/>" }, "<a/>"],
    ["application/atom+xml", { text: "<a/>" }, "<a/>"],
    ["image/svg+xml", { text: "<svg/>" }, "<svg/>"],
    ["application/x-ndjson", { text: "{}\n{}" }, "{}\n{}"],
    ["text/plain; charset=iso-8859-1", { bytes: new Uint8Array([0xfc]) }, "ü"],
    ["text/plain; charset=unknown-8", { text: "ü" }, "ü"],
    ["image/png", { bytes: binary }, Buffer.from(binary).toString("base64")],
    ["application/octet-stream", { text: "abc" }, "YWJj"],
    ["application/json", {}, null],
    ["text/plain", { text: "" }, null],
  ])("has the data of %s %j", async (type, reply, data) => {
    const server = await start(() => ({ ...reply, headers: { "Content-Type": type } }));
    expect((await call(server.url, {})).output).toMatchObject({ data });
  });

  it.each([
    [Buffer.from('{"a":1}'), { a: 1 }],
    [Buffer.from("plain"), "plain"],
    [Buffer.from(binary), Buffer.from(binary).toString("base64")],
    [Buffer.alloc(0), null],
  ])("has the data of an answer that names no type (%#)", async (bytes, data) => {
    const server = await start(() => ({ bytes }));
    expect((await call(server.url, {})).output).toMatchObject({ data });
  });

  it("is none where JSON is promised and does not come", async () => {
    const server = await start(() => ({ text: '{"a": ', headers: { "Content-Type": "application/json" } }));
    const { error } = await call(server.url, {});
    expect(error).toMatchObject({ code: "response-invalid-json", retryable: false });
    expect(error?.message).toContain('{\\"a\\": ');
  });

  it("may be larger than the limit for connectors' answers, up to the step's own limit", async () => {
    const server = await start(() => ({ text: "x".repeat(1_100_000) }));
    const { output } = await call(server.url, {}, { network: { maxResponseContentLength: "1kb" } });
    expect((output as { data: string }).data).toHaveLength(1_100_000);
    const large = await start(() => ({ bytes: new Uint8Array(10 * 1024 * 1024 + 1) }));
    const { error } = await call(large.url, {});
    expect(error).toMatchObject({ code: "step-output-too-large", message: expect.stringContaining("max-step-size") });
  });
});

describe("an error answer", () => {
  it.each([
    [404, "Not Found", { json: { message: "no such item" } }, "[404] Not Found: no such item"],
    [400, "Bad Request", { json: { error: { reason: "bad field", type: "x" } } }, "[400] Bad Request: bad field"],
    [422, "", { json: { title: "T", detail: "D" } }, "[422] Unprocessable Entity: D"],
    [400, "Bad Request", { json: { errors: [{ message: "one" }, { message: "two" }] } }, "[400] Bad Request: one; two"],
    [400, "Bad Request", { json: { odd: 1 } }, '[400] Bad Request: {"odd":1}'],
    [
      502,
      "Bad Gateway",
      { text: "<html><body><h1>502</h1> nginx</body></html>" },
      "[502] Bad Gateway: 502 nginx (after 3 attempts)",
    ],
    [500, "Oh no", { text: "plain words" }, "[500] Oh no: plain words (after 3 attempts)"],
    [
      400,
      "Bad Request",
      { text: "{broken", headers: { "Content-Type": "application/json" } },
      "[400] Bad Request: {broken",
    ],
  ])("%i is in the message with the vendor's own words", async (status, statusText, reply, message) => {
    const server = await start(() => ({ status, ...(statusText === "" ? {} : { statusText }), ...reply }));
    const { error } = await call(server.url, {});
    expect(error).toMatchObject({
      code: "http-status",
      status,
      message,
      retryable: status >= 500,
      details: { status },
    });
  });

  it("without a body names the host", async () => {
    const server = await start(() => ({ status: 401 }));
    expect((await call(server.url, {})).error?.message).toBe(`[401] Unauthorized from ${new URL(server.url).host}`);
  });

  it("keeps at most 2 KiB of the body", async () => {
    const server = await start(() => ({ status: 500, json: { message: "m".repeat(5000), rest: "r".repeat(5000) } }));
    const { error } = await call(server.url, {});
    expect(error?.message.length).toBeLessThan(2100);
    expect(JSON.stringify(error?.details?.["data"]).length).toBeLessThan(2100 * 1.1);
  });

  it("keeps what opens a session out of the headers it shows", async () => {
    const headers = {
      "X-Auth-Token": "t",
      "Set-Cookie": "a=b",
      "Authentication-Info": "x",
      "X-Api-Key": "k",
      "X-Id": "1",
    };
    const server = await start(() => ({ status: 400, headers }));
    const shown = (await call(server.url, {})).error?.details?.["headers"] as Record<string, string>;
    expect(Object.keys(shown).filter((name) => name.startsWith("x-") || name.includes("auth"))).toEqual(["x-id"]);
  });

  it.each([
    ["brackets", `<html>${"<".repeat(100_000)}`],
    ["scripts", `<html>${"<script".repeat(14_000)}`],
    ["an open comment", `<html><!--${"a<b".repeat(30_000)}`],
  ])("of nothing but %s does not keep the process busy", async (_, text) => {
    const server = await start(() => ({ status: 400, text, headers: { "Content-Type": "text/html" } }));
    // Each took nine seconds where a bracket was looked at from every other: more than the test has.
    for (let time = 0; time < 5; time += 1) expect((await call(server.url, {})).error).toMatchObject({ status: 400 });
  });

  it.each([
    [408, true],
    [425, true],
    [429, true],
    [500, true],
    [503, true],
    [400, false],
    [401, false],
    [404, false],
    [409, false],
    [304, false],
  ])("%i may be tried again: %j", async (status, retryable) => {
    const server = await start(() => ({ status }));
    expect((await call(server.url, {})).error).toMatchObject({ status, retryable });
  });

  it("says how long to wait with 503 as well", async () => {
    const server = await start(() => ({ status: 503, headers: { "Retry-After": "2" } }));
    expect((await call(server.url, {})).error).toMatchObject({ code: "http-status", retryAfterMs: 2000 });
  });
});

it("takes a connector's config only as it is documented", async () => {
  for (const [config, named] of [
    [{}, "config.url"],
    [{ url: "ftp://x" }, "config.url"],
    [{ url: "http://x", haders: {} }, "Did you mean headers?"],
    [{ url: "http://x", headers: { A: 1 } }, "config.headers"],
  ] as const) {
    const { error } = await runOnce(http, { config: { hasAuth: false, ...config } as never, input: {} });
    expect(error).toMatchObject({ code: "config-invalid", message: expect.stringContaining(named) });
  }
});

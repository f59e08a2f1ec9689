import { describe, expect, it } from "vitest";
import { z } from "zod";

import { dryRunRequest } from "../src/index.ts";
import { failure, failureOf, get, open, serve } from "./http-support.ts";

/** Answers with what came in: address, headers and body. */
const echo = async () =>
  serve((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ url: request.url, headers: request.headers, body }));
    });
  });
const dataOf = (output: unknown) =>
  (output as { data: { url: string; headers: Record<string, string>; body: string } }).data;

describe("a body", () => {
  it.each([
    [{ json: { a: 1 } }, "application/json", '{"a":1}'],
    [{ json: null }, "application/json", "null"],
    [{ text: "hé" }, "text/plain; charset=utf-8", "hé"],
    [{ form: { "a b": "c&d", e: "é" } }, "application/x-www-form-urlencoded", "a+b=c%26d&e=%C3%A9"],
    [{ bytes: new Uint8Array([104, 105]) }, "application/octet-stream", "hi"],
  ])("%j is sent with its content type", async (body, type, sent) => {
    const server = await echo();
    const connector = open(async (ctx) => ctx.request({ method: "POST", path: "/", ...body }), { url: server.url });
    const data = dataOf(await connector.run("run", {}));
    expect([data.headers["content-type"], data.body]).toEqual([type, sent]);
    expect(data.headers["content-length"]).toBe(String(Buffer.byteLength(sent)));
  });

  it("is one at a time", async () => {
    const connector = open(async (ctx) => ctx.request({ method: "POST", path: "/", json: 1, text: "x" }), {
      url: "http://127.0.0.1:9",
    });
    expect(await failure(connector.run("run", {}))).toMatchObject({
      code: "internal",
      details: { reason: "two-bodies" },
    });
  });
});

describe("an address", () => {
  it("takes lists and scalars in its query, and leaves out what is undefined", async () => {
    const server = await echo();
    const query = { list: ["a", 1, true], text: "a b", none: undefined, zero: 0 };
    const connector = open(async (ctx) => ctx.request({ method: "GET", path: "/x?own=1", query }), { url: server.url });
    expect(dataOf(await connector.run("run", {})).url).toBe("/x?own=1&list=a&list=1&list=true&text=a+b&zero=0");
  });

  it("is needed", async () => {
    const error = await failure(
      open(async (ctx) => ctx.request({ method: "GET", path: "/x" }), { baseUrl: () => "http://x" }).run("run", {}),
    );
    expect(error.code).toBe("connection");
  });

  it.each([
    ["https://api.vendor.example/v2", "https://api.vendor.example/v2/items?a=1", "/gate/items?a=1"],
    ["https://api.vendor.example/v2", "https://api.vendor.example/v2", "/gate"],
    ["https://api.vendor.example/v2", "https://api.vendor.example/v2beta/items", "/gate/v2beta/items"],
    ["https://api.vendor.example/", "https://api.vendor.example/items", "/gate/items"],
  ])("below %s is moved to network.baseUrl: %s", async (base, url, moved) => {
    const server = await echo();
    const connector = open(async (ctx) => ctx.request({ method: "GET", url }), {
      baseUrl: () => base,
      network: { baseUrl: `${server.url}/gate/`, trustedOrigins: ["https://api.vendor.example"] },
    });
    expect(dataOf(await connector.run("run", {})).url).toBe(moved);
  });

  it("made from network.baseUrl is not moved a second time", async () => {
    const server = await echo();
    const connector = open(async (ctx) => ctx.request({ method: "GET", path: "/items" }), {
      baseUrl: () => `${server.url}/v1`,
      network: { baseUrl: `${server.url}/v1/tenant` },
    });
    expect(dataOf(await connector.run("run", {})).url).toBe("/v1/tenant/items");
  });
});

describe("credentials of a type's own", () => {
  const token = "token-of-the-type";

  it.each([
    [[{ kind: "bearer", token: "token" }], "authorization", `Bearer ${token}`],
    [[{ kind: "apiKey", in: "header", name: "X-Key", value: "token" }], "x-key", token],
    [
      [{ kind: "basic", user: "user", password: "token" }],
      "authorization",
      `Basic ${Buffer.from(`jo:${token}`).toString("base64")}`,
    ],
    [
      [
        { kind: "basic", user: "absent", password: "token" },
        { kind: "bearer", token: "token" },
      ],
      "authorization",
      `Bearer ${token}`,
    ],
  ] as const)("%j are placed, and masked in what comes back", async (auth, header, value) => {
    const seen: (string | undefined)[] = [];
    const server = await serve((request, response) => {
      seen.push(request.headers[header] as string);
      response.setHeader("x-echo", String(request.headers[header]));
      response.end(JSON.stringify({ echo: request.headers[header] }));
    });
    const output = await open(get, { url: server.url, auth, secrets: { user: "jo", token } }).run("run", {});
    expect(seen).toEqual([value]);
    expect(JSON.stringify(output)).not.toContain(token);
    expect(JSON.stringify(output)).toContain("[masked]");
  });

  it("go into the query", async () => {
    const server = await serve((request, response) => void response.end(JSON.stringify({ url: request.url })));
    const auth = [{ kind: "apiKey", in: "query", name: "key", value: "token" }] as const;
    const output = await open(get, { url: server.url, auth, secrets: { token } }).run("run", {});
    expect(server.requests).toEqual([`GET /?key=${token}`]);
    expect(JSON.stringify(output)).not.toContain(token);
  });

  it("of which none is complete are asked for", () => {
    expect(() =>
      open(get, { url: "http://x", auth: [{ kind: "bearer", token: "token" }], secrets: { token: "" } }),
    ).toThrow("secrets.token: token is missing.");
  });

  it("that cannot stand in a header are refused before anything is sent, without being shown", async () => {
    const server = await echo();
    const setup = {
      url: server.url,
      auth: [{ kind: "bearer", token: "token" }] as const,
      secrets: { token: "token-with\nbreak" },
    };
    const error = await failureOf(setup);
    expect(error.message).toContain("line break");
    expect(JSON.stringify(error)).not.toContain("token-with");
    expect(server.requests).toEqual([]);
  });
});

describe("a type's own check", () => {
  const answering = async (status: number, body: object, check: Parameters<typeof open>[1] & object) => {
    const server = await serve((_request, response) => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
    return failureOf({ url: server.url, ...check });
  };

  it("turns a 200 into an error with its own words", async () => {
    const error = await answering(
      200,
      { ok: false, error: "missing_scope" },
      {
        check: ({ data }) => ({
          code: "http-status",
          message: `no: ${(data as { error: string }).error}`,
          details: { needed: "chat" },
        }),
      },
    );
    expect(error).toMatchObject({
      code: "http-status",
      status: 200,
      retryable: false,
      message: "[200] OK: no: missing_scope",
      details: { needed: "chat", data: { ok: false } },
    });
  });

  it("may say that later helps, and when", async () => {
    const error = await answering(
      200,
      {},
      {
        check: () => ({ code: "rate-limited", message: "slow down", retryAfterMs: 1500 }),
      },
    );
    expect(error).toMatchObject({ code: "rate-limited", retryable: true, retryAfterMs: 1500 });
  });

  it("may overrule what a status says about trying again", async () => {
    const error = await answering(
      500,
      {},
      { check: () => ({ code: "http-status", message: "for good", retryable: false }) },
    );
    expect(error).toMatchObject({ status: 500, retryable: false });
  });

  it("sees masked data and cannot hide an error status", async () => {
    const seen: unknown[] = [];
    const error = await answering(
      403,
      { echo: "secret-of-check" },
      {
        secrets: { secretHeaders: { "X-Key": "secret-of-check" } },
        check: ({ data }) => void seen.push(data),
      },
    );
    expect(seen).toEqual([{ echo: "[masked]" }]);
    expect(error).toMatchObject({ code: "http-status", status: 403 });
  });

  it("that throws is told as a fault, not as a failed connection", async () => {
    const error = await answering(
      200,
      {},
      {
        check: () => {
          throw new TypeError("bad plugin");
        },
      },
    );
    expect(error).toMatchObject({ code: "internal", retryable: false, message: "bad plugin" });
  });
});

describe("an answer that an action expects", () => {
  it("is checked, and made what the schema makes of it", async () => {
    const server = await serve((_request, response) => void response.end('{"id":5,"rest":true}'));
    const ask = (expect_: z.ZodType) =>
      open(async (ctx) => ctx.request({ method: "GET", path: "/", expect: expect_ }), { url: server.url }).run(
        "run",
        {},
      );
    expect(await ask(z.object({ id: z.coerce.string() }))).toMatchObject({ data: { id: "5" } });
    const error = await failure(ask(z.object({ id: z.string(), key: z.string() })));
    expect(error).toMatchObject({ code: "response-missing-field", retryable: false });
    expect(error.message).toContain("key");
  });

  it("comes as bytes where bytes are asked for", async () => {
    const server = await serve((_request, response) => void response.end(Buffer.from([0, 1, 255])));
    const connector = open(async (ctx) => ctx.request({ method: "GET", path: "/", accept: "bytes" }), {
      url: server.url,
    });
    expect(((await connector.run("run", {})) as { data: Uint8Array }).data).toEqual(new Uint8Array([0, 1, 255]));
  });
});

it("says who it is and what it can read, unless a header says otherwise", async () => {
  const server = await echo();
  expect(dataOf(await open(get, { url: server.url }).run("run", {})).headers).toMatchObject({
    "user-agent": "stepwire",
    "accept-encoding": "gzip, deflate, br",
    connection: "keep-alive",
  });
});

it("blocks metadata addresses whatever the settings say, and private ones where they say so", async () => {
  for (const url of ["http://169.254.169.254/", "http://[fd00:ec2::254]/", "http://[fe80::1]/"]) {
    expect((await failureOf({ url })).code).toBe("private-address-blocked");
  }
  const server = await echo();
  const network = { denyPrivateAddresses: true };
  expect((await failureOf({ url: server.url, network })).code).toBe("private-address-blocked");
  expect((await failureOf({ url: server.url.replace("127.0.0.1", "localhost"), network })).code).toBe(
    "private-address-blocked",
  );
  expect(server.requests).toEqual([]);
  expect(
    await open(get, { url: server.url, network: { ...network, allowedHosts: ["127.0.0.1"] } }).run("run", {}),
  ).toMatchObject({
    status: 200,
  });
});

it("refuses a redirect to a metadata address", async () => {
  const server = await serve(
    (_request, response) => void response.writeHead(302, { location: "http://169.254.169.254/latest" }).end(),
  );
  expect((await failureOf({ url: server.url })).code).toBe("private-address-blocked");
});

it("knows a dry run's request from any other error", () => {
  expect(dryRunRequest(new Error("x"))).toBeUndefined();
});

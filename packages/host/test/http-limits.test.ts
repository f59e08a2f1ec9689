import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { gzipSync } from "node:zlib";

import { StepwireError } from "@stepwire/core";
import { describe, expect, it, onTestFinished } from "vitest";

import { failure, failureOf, get, open, serve, serveBytes } from "./http-support.ts";

const KB = { maxResponseContentLength: "1kb" };

describe("the limit for answers", () => {
  it("refuses a Content-Length above it before the body has come, and hangs up", async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { "content-length": 2000 }).write("x");
    });
    const error = await failureOf({ url: server.url, network: KB });
    expect(error).toMatchObject({
      code: "response-too-large",
      retryable: false,
      details: { limitBytes: 1024, actualBytes: 2000, suggestedLimitBytes: 2000 },
    });
    expect(error.message).toContain("network.maxResponseContentLength");
    await server.idle();
  });

  it("refuses a body of unknown length when it passes it, and hangs up", async () => {
    const server = await serve((_request, response) => {
      response.write("x".repeat(1024));
      response.write("x");
    });
    const error = await failureOf({ url: server.url, network: KB });
    expect(error).toMatchObject({ code: "response-too-large", details: { limitBytes: 1024 } });
    expect(error.details).not.toHaveProperty("actualBytes");
    await server.idle();
  });

  it("lets through what is exactly as large", async () => {
    const server = await serve((_request, response) => void response.end("x".repeat(1024)));
    const { data } = (await open(get, { url: server.url, network: KB }).run("run", {})) as { data: string };
    expect(data).toHaveLength(1024);
  });

  it.each(["gzip", "x-gzip"])("counts what comes out of %s, not what goes in", async (encoding) => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const server = await serve((_request, response) => {
      response.writeHead(200, { "content-encoding": encoding, "content-length": bomb.length }).end(bomb);
    });
    // The packed bytes alone would fit.
    const error = await failureOf({ url: server.url, network: { maxResponseContentLength: "1mb" } });
    expect(bomb.length).toBeLessThan(1024 * 1024);
    expect(error.code).toBe("response-too-large");
  });

  it("cuts off an error answer too, but keeps its status", async () => {
    const server = await serve((_request, response) => void response.writeHead(500).end("x".repeat(2000)));
    expect(await failureOf({ url: server.url, network: KB })).toMatchObject({ code: "http-status", status: 500 });
  });

  it("says nothing of HEAD, whose answer tells a length and has no body", async () => {
    const server = await serve((_request, response) => void response.writeHead(200, { "content-length": 9999 }).end());
    const head = open(async (ctx) => ctx.request({ method: "HEAD", path: "/" }), { url: server.url, network: KB });
    expect(await head.run("run", {})).toMatchObject({ status: 200, headers: { "content-length": "9999" }, data: null });
  });
});

describe("the deadline", () => {
  const network = { responseTimeout: "100ms" };

  it("ends a call to a server that says nothing", async () => {
    const server = await serve(() => undefined);
    const error = await failureOf({ url: server.url, network });
    expect(error).toMatchObject({ code: "timeout", type: "TimeoutError", retryable: true, details: { limitMs: 100 } });
    await server.idle();
  });

  it("ends a call to a server that drips its body for ever", async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write("."), 5);
      response.once("close", () => clearInterval(timer));
    });
    expect((await failureOf({ url: server.url, network })).code).toBe("timeout");
    await server.idle();
  });

  it("is one for all redirects of a call", async () => {
    const server = await serve((request, response) => {
      setTimeout(() => response.writeHead(302, { location: `${request.url}x` }).end(), 40);
    });
    expect((await failureOf({ url: server.url, network })).code).toBe("timeout");
    await server.idle();
  });

  it("of an action ends whatever the action does", async () => {
    const connector = open(() => new Promise(() => undefined), { url: "http://127.0.0.1:9", timeout: "20ms" });
    expect(await failure(connector.run("run", {}))).toMatchObject({ code: "timeout", details: { limitMs: 20 } });
  });

  it("may be longer than a timer of Node can wait", async () => {
    const server = await serve((_request, response) => void response.end("{}"));
    const connector = open(get, { url: server.url, timeout: "52w" });
    expect(await connector.run("run", {})).toMatchObject({ status: 200 });
  });
});

describe("a caller that gives up", () => {
  it.each(["before the headers", "in the middle of the body"])(
    "ends the call %s and frees the connection",
    async (when) => {
      const controller = new AbortController();
      const server = await serve((_request, response) => {
        if (when === "before the headers") controller.abort();
        else response.writeHead(200).write("x");
      });
      const onHeaders = () => setImmediate(() => controller.abort());
      subscribe("http.client.response.finish", onHeaders);
      onTestFinished(() => void unsubscribe("http.client.response.finish", onHeaders));
      const started = Date.now();
      const error = await failureOf({ url: server.url }, { signal: controller.signal });
      expect(error).toMatchObject({ code: "cancelled", type: "CancelledError", retryable: false });
      expect(Date.now() - started).toBeLessThan(1000);
      await server.idle();
    },
  );

  it("before the call sends nothing", async () => {
    const server = await serve((_request, response) => void response.end());
    expect((await failureOf({ url: server.url }, { signal: AbortSignal.abort() })).code).toBe("cancelled");
    expect(server.requests).toEqual([]);
  });

  it("with a reason of ours gets that reason back", async () => {
    const reason = new StepwireError("timeout", "The step has 1s.");
    const error = await failureOf({ url: "http://127.0.0.1:9" }, { signal: AbortSignal.abort(reason) });
    expect(error).toMatchObject({ code: "timeout", message: "The step has 1s." });
  });
});

describe("a broken answer", () => {
  const packed = gzipSync("x".repeat(10_000));
  const head = (length: number) => `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${length}\r\n\r\n`;

  it("of gzip that is cut off is no answer", async () => {
    const half = packed.subarray(0, packed.length - 12);
    const server = await serveBytes(head(half.length), half);
    expect(await failureOf({ url: server.url })).toMatchObject({
      code: "connection",
      details: { reason: "Z_BUF_ERROR" },
    });
  });

  it("of gzip that is none is no answer", async () => {
    const server = await serveBytes(head(5), "plain");
    expect(await failureOf({ url: server.url })).toMatchObject({
      code: "connection",
      details: { reason: "Z_DATA_ERROR" },
    });
  });

  it.each([
    ["a length", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"],
    ["chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"],
    ["a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nhalf"],
  ])("that ends before %s does is no answer", async (_, bytes) => {
    const server = await serveBytes(bytes);
    const error = await failureOf({ url: server.url });
    expect(error).toMatchObject({ code: "connection", retryable: true });
    expect(error.message).toContain("broke off");
  });

  it.each(["zstd", "compress", "gzip, gzip", "aws-chunked"])("in the encoding %s is refused", async (encoding) => {
    const server = await serve(
      (_request, response) => void response.writeHead(200, { "content-encoding": encoding }).end("x"),
    );
    expect(await failureOf({ url: server.url })).toMatchObject({
      code: "unsupported-content-type",
      details: { reason: "content-encoding" },
    });
  });

  it.each(["gzip", "br", "deflate", "identity", ""])("with no body is empty although it says %j", async (encoding) => {
    const server = await serve(
      (_request, response) => void response.writeHead(200, { "content-encoding": encoding }).end(),
    );
    expect(await open(get, { url: server.url }).run("run", {})).toMatchObject({ status: 200, data: null });
  });

  it.each(["HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx", "SSH-2.0-OpenSSH\r\n"])(
    "that is no proper HTTP is a connection error (%#)",
    async (bytes) => {
      const server = await serveBytes(bytes);
      const error = await failureOf({ url: server.url });
      expect(error.code).toBe("connection");
      expect(error.message).toContain("not proper HTTP");
    },
  );

  it("whose headers are too large is no success, and not asked for again", async () => {
    const server = await serveBytes(`HTTP/1.1 200 OK\r\nX: ${"x".repeat(20_000)}\r\n\r\n`);
    const error = await failureOf({ url: server.url });
    expect(error).toMatchObject({ code: "connection", retryable: false, details: { reason: "HPE_HEADER_OVERFLOW" } });
    expect(error.message).toContain("more headers than the 16 KiB");
  });
});

describe("a connection that fails", () => {
  it("is told as refused", async () => {
    const error = await failureOf({ url: "http://127.0.0.1:1" });
    expect(error).toMatchObject({ code: "connection", retryable: true, details: { reason: "ECONNREFUSED" } });
    expect(error.message).toContain("refuses connections");
  });

  it("is told as a name nobody has", async () => {
    const error = await failureOf({ url: "http://nobody.invalid" });
    expect(error).toMatchObject({ code: "connection", retryable: true });
    // A resolver that cannot be reached cannot say that a name is unknown.
    expect(["ENOTFOUND", "EAI_AGAIN"]).toContain(error.details?.["reason"]);
    expect(error.message).toMatch(/its name (is unknown|could not be looked up)/);
  });

  it("is told as reset", async () => {
    const server = await serve((request) => void request.socket.resetAndDestroy());
    expect(await failureOf({ url: server.url })).toMatchObject({
      code: "connection",
      details: { reason: "ECONNRESET" },
    });
  });

  it("never shows the request that was on its way", async () => {
    const server = await serve((request) => void request.socket.destroy());
    const error = await failureOf({
      url: `${server.url}/path-of-the-request?query=of-the-request`,
      secrets: { secretHeaders: { "X-Key": "key-of-the-request" } },
    });
    const shown = `${JSON.stringify(error)} ${error.stack} ${String(error.cause)}`;
    expect(shown).not.toMatch(/of-the-request/);
  });
});

describe("connections", () => {
  it("are kept for the next call and closed with the connector", async () => {
    const server = await serve((_request, response) => void response.end("{}"));
    const connector = open(get, { url: server.url });
    for (let call = 0; call < 3; call += 1) await connector.run("run", {});
    expect(server.requests).toHaveLength(3);
    expect(server.sockets.size).toBe(1);
    await connector.close();
    await server.idle();
  });

  it("are let go when a redirect is refused, while the connector stays open", async () => {
    for (const location of ["http://[", "ftp://x/", "http://user:pass@127.0.0.1:1/", "http://forbidden.example/"]) {
      const server = await serve((_request, response) => {
        // The body never ends: only a client that hangs up lets go of the connection.
        response.writeHead(302, { location }).write("x");
      });
      const error = await failureOf({ url: server.url, network: { allowedHosts: ["127.0.0.1"] } });
      expect(["redirect", "url-invalid", "host-not-allowed"]).toContain(error.code);
      await server.idle();
    }
  });

  it("are let go when a redirect is followed elsewhere", async () => {
    const target = await serve((_request, response) => void response.end("{}"));
    const server = await serve((_request, response) => {
      response.writeHead(302, { location: target.url }).write("x");
    });
    expect(await open(get, { url: server.url }).run("run", {})).toMatchObject({ status: 200 });
    await server.idle();
  });
});

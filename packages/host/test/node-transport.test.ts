/** What goes over the wire, byte by byte, and what becomes of the connection. */
import { lookup } from "node:dns";
import { createServer, type AddressInfo, type Socket } from "node:net";

import { StepwireError } from "@stepwire/core";
import { afterEach, describe, expect, it } from "vitest";

import { createNodeTransport } from "../src/http/node-transport.ts";
import type { OutgoingRequest, Transport } from "../src/http/transport.ts";
import type { Proxy } from "../src/proxy/proxy.ts";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A server that answers every request with an empty 200 and keeps the connection, whatever it is asked for. */
async function listening(): Promise<{ url: URL; connections: string[] }> {
  const connections: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const index = connections.push("") - 1;
    socket.on("error", () => undefined).setEncoding("latin1");
    socket.on("data", (chunk: string) => {
      connections[index] += chunk;
      const [head = "", body] = (connections[index] ?? "").split(/\r\n\r\n(?!.*\r\n\r\n)/s);
      const length = Number(/content-length: (\d+)/i.exec(head.slice(head.lastIndexOf(" HTTP/1.1")))?.[1] ?? 0);
      if (body?.length === length) socket.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/x`), connections };
}

function transport(): Transport {
  const made = createNodeTransport({ lookup });
  closing.push(() => made.close());
  return made;
}

async function sent(by: Transport, url: URL, more: Partial<OutgoingRequest> = {}): Promise<number> {
  const signal = new AbortController().signal;
  const response = await by.send({ method: "POST", url, headers: {}, route: {}, progress: {}, signal, ...more });
  response.body.resume();
  await new Promise((resolve) => response.body.once("close", resolve));
  return response.status;
}

const linesOf = (text = "") => text.split("\r\n");

describe("a request", () => {
  it.each([
    ["a text", "é", 2],
    ["bytes", Buffer.from("é"), 2],
    ["no body", undefined, 0],
  ])("has its headers in Latin-1 with %s", async (_what, body, length) => {
    const { url, connections } = await listening();
    await sent(transport(), url, { headers: { "X-Name": "café" }, ...(body === undefined ? {} : { body }) });
    const [head, content] = (connections[0] ?? "").split("\r\n\r\n");
    expect(linesOf(head)).toEqual([
      "POST /x HTTP/1.1",
      `Host: ${url.host}`,
      "X-Name: café",
      `Content-Length: ${length}`,
      "Connection: keep-alive",
    ]);
    expect(Buffer.from(content ?? "", "latin1").toString()).toBe(body?.toString() ?? "");
  });

  it.each(["GET", "get", "HEAD", "DELETE"])("%s without a body says nothing of its length", async (method) => {
    const { url, connections } = await listening();
    await sent(transport(), url, { method });
    expect(connections[0]).not.toMatch(/content-length|transfer-encoding/i);
  });

  it("to a proxy has the proxy's headers in place of its own of the same name", async () => {
    const { url, connections } = await listening();
    const headers = { "user-agent": "proxy", "Proxy-Authorization": "Basic x" };
    const route = { proxy: { url, setting: "proxyUrl", headers } as unknown as Proxy };
    const target = new URL("http://[::1]/a?b=1");
    await sent(transport(), target, { method: "GET", headers: { "User-Agent": "own", Accept: "*/*" }, route });
    expect(linesOf(connections[0]).slice(0, 5)).toEqual([
      "GET http://[::1]/a?b=1 HTTP/1.1",
      "Host: [::1]",
      "Accept: */*",
      "user-agent: proxy",
      "Proxy-Authorization: Basic x",
    ]);
    expect(connections[0]).not.toContain("own");
  });

  it("that was stopped before is not made", async () => {
    const { url, connections } = await listening();
    const reason = new StepwireError("cancelled", "No more.");
    await expect(sent(transport(), url, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(connections).toEqual([]);
  });

  it("whose certificate OpenSSL does not work with fails as one that was surely not sent", async () => {
    const material = { cert: "nonsense", key: "nonsense" };
    const tls = { mode: "full", certificateSettings: [], certificates: [], clientCertificate: { material } };
    const failed = sent(transport(), new URL("https://localhost:1/"), { route: { tls } as never });
    await expect(failed).rejects.toSatisfy(
      (error) => StepwireError.is(error) && error.code === "connection" && error.details?.["sent"] === false,
    );
  });
});

describe("a connection", () => {
  it("is used again", async () => {
    const { url, connections } = await listening();
    const by = transport();
    for (let i = 0; i < 3; i += 1) expect(await sent(by, url, { body: "x" })).toBe(200);
    expect(connections).toHaveLength(1);
  });

  it("that was to be closed is not used again, even where the server keeps it", async () => {
    const { url, connections } = await listening();
    const by = transport();
    for (let i = 0; i < 2; i += 1) await sent(by, url, { headers: { Connection: "close" } });
    expect(connections).toHaveLength(2);
  });
});

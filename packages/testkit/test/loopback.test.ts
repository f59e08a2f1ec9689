import { connect } from "node:net";
import { once } from "node:events";

import { expect, it, onTestFinished } from "vitest";

import { startLoopback, type LoopbackHandler } from "../src/index.ts";

async function start(handler?: LoopbackHandler) {
  const server = await startLoopback(handler);
  onTestFinished(() => server.close());
  return server;
}

it("records method, path with query, headers and body of every request", async () => {
  const server = await start();
  await fetch(`${server.url}/a?b=c%20d`, { method: "PUT", body: "grüße", headers: { "X-One": "1" } });
  await fetch(`${server.url}/second`);
  expect(server.requests).toMatchObject([
    { method: "PUT", path: "/a?b=c%20d", headers: { "x-one": "1" }, body: "grüße" },
    { method: "GET", path: "/second", body: "" },
  ]);
});

it("answers {} unless told otherwise", async () => {
  const server = await start();
  const response = await fetch(server.url);
  expect([response.status, response.headers.get("content-type"), await response.json()]).toEqual([
    200,
    "application/json",
    {},
  ]);
});

it("sends status, reason, headers and each kind of body", async () => {
  const replies = [
    { status: 418, statusText: "Short and stout", headers: { "X-A": "b" }, json: { a: null } },
    { text: "plain", headers: { "content-type": "text/html" } },
    { bytes: new Uint8Array([0, 255]) },
    { status: 204 },
  ];
  const server = await start(({ path }) => replies[Number(path.slice(1))]);
  const seen: unknown[] = [];
  for (const index of replies.keys()) {
    const { status, statusText, headers, ...response } = await fetch(`${server.url}/${index}`).then(async (given) => ({
      status: given.status,
      statusText: given.statusText,
      headers: given.headers,
      bytes: [...new Uint8Array(await given.arrayBuffer())],
    }));
    seen.push([
      status,
      statusText,
      headers.get("x-a"),
      headers.get("content-type"),
      Buffer.from(response.bytes).toString("latin1"),
    ]);
  }
  expect(seen).toEqual([
    [418, "Short and stout", "b", "application/json", '{"a":null}'],
    [200, "OK", null, "text/html", "plain"],
    [200, "OK", null, null, "\u0000\u00ff"],
    [204, "No Content", null, null, ""],
  ]);
});

it("lets a handler answer by itself", async () => {
  const server = await start((_request, response) => void response.writeHead(202).end("raw"));
  const response = await fetch(server.url);
  expect([response.status, await response.text()]).toEqual([202, "raw"]);
});

it("breaks the connection when a handler throws", async () => {
  const server = await start(() => {
    throw new Error("the test's own mistake");
  });
  await expect(fetch(server.url)).rejects.toThrow("fetch failed");
});

it("cuts every connection when it closes, and refuses new ones", async () => {
  const server = await startLoopback();
  const { port } = new URL(server.url);
  const socket = connect(Number(port), "127.0.0.1");
  await once(socket, "connect");
  const ended = once(socket, "close");
  // Without an idle connection of its own the server would close at once in any case.
  socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  await once(socket, "data");
  await server.close();
  await ended;
  await expect(fetch(server.url)).rejects.toThrow("fetch failed");
});

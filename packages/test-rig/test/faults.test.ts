import { Agent, request } from "node:http";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from "node:zlib";

import { afterAll, describe, expect, it } from "vitest";

import { FAULTS, startFault, type FaultKind, type FaultServer } from "../src/index.ts";
import { call, outcome, SILENCE } from "./support.ts";

const running: FaultServer[] = [];
afterAll(() => Promise.all(running.map((server) => server.close())));

async function use(kind: FaultKind, tls?: "good"): Promise<FaultServer> {
  const server = await startFault(kind, tls && { tls });
  running.push(server);
  return server;
}

/** What Node's bare client makes of each: silence if it waits on. A careful client does better: `outcome` in FAULTS. */
const NODE: Record<FaultKind, string> = {
  silence: SILENCE,
  "close-without-answer": "ECONNRESET",
  "reset-after-request": "ECONNRESET",
  "reset-mid-body": "ECONNRESET",
  "reset-mid-upload": "ECONNRESET",
  "early-413": "413",
  "early-413-stops-reading": "413",
  "endless-100": SILENCE,
  // Here the bare client is better than axios, which waits for its deadline.
  "unasked-101": "closed without an answer",
  "early-hints": "200",
  "retry-after": "429",
  "retry-after-date": "429",
  unavailable: "503",
  garbage: "HPE_INVALID_CONSTANT",
  "drip-headers": SILENCE,
  "endless-headers": "HPE_HEADER_OVERFLOW",
  "big-header": "HPE_HEADER_OVERFLOW",
  "lf-only": "HPE_CR_EXPECTED",
  "nul-in-header": "HPE_INVALID_HEADER_TOKEN",
  "two-lengths": "HPE_UNEXPECTED_CONTENT_LENGTH",
  "length-and-chunked": "HPE_INVALID_TRANSFER_ENCODING",
  "long-chunk-extension": "HPE_CHUNK_EXTENSIONS_OVERFLOW",
  "body-with-204": "HPE_INVALID_CONSTANT",
  "http-1.0": "200",
  "no-content-type": "200",
  trailers: "200",
  // Decoding is not Node's business.
  "gzip-bomb": "200",
  "deflate-bomb": "200",
  "br-bomb": "200",
  "zstd-bomb": "200",
  "drip-body": SILENCE,
  "endless-body": SILENCE,
  "huge-length": SILENCE,
  "never-closes": SILENCE,
  "truncated-body": "ECONNRESET",
  "truncated-chunked": "ECONNRESET",
  "more-than-length": "HPE_INVALID_CONSTANT",
  "truncated-gzip": "200",
  "gzip-garbage": "200",
  "gzip-twice": "200",
  "unknown-encoding": "200",
  "empty-gzip": "200",
};

describe("faults", () => {
  it.each(FAULTS)("$kind: $what", async ({ kind }) => {
    for (const tls of [undefined, "good"] as const) {
      const server = await use(kind, tls);
      const send = async (signal: AbortSignal): Promise<string> =>
        String((await call(server.url, { method: "POST", body: "{}", signal })).status);
      expect(await outcome(send, NODE[kind], () => server.requests.length > 0)).toBe(NODE[kind]);
      expect(server.requests).toMatchObject([{ method: "POST", path: "/" }]);
      await server.idle();
    }
  });

  it.each([
    ["gzip-bomb", gunzipSync],
    ["deflate-bomb", inflateSync],
    ["br-bomb", brotliDecompressSync],
    ["zstd-bomb", zstdDecompressSync],
  ] as const)("%s is 50 MB", async (kind, decompress) => {
    const { url } = await use(kind);
    const bytes = await new Promise<Buffer>((resolve, reject) => {
      request(url, { agent: false }, (response) => void buffer(response).then(resolve, reject)).end();
    });
    expect(bytes.length).toBeLessThan(60_000);
    expect(decompress(bytes).length).toBe(50_000_000);
  });

  it("early-413-stops-reading holds a client that goes on sending, and lets go of one that stops", async () => {
    const server = await use("early-413-stops-reading");
    const upload = Readable.from(
      (function* () {
        for (;;) yield Buffer.alloc(65_536);
      })(),
    );
    // Without an agent that keeps connections, Node ends this one for itself.
    const agent = new Agent({ keepAlive: true });
    const sending = request(server.url, { method: "POST", agent });
    const status = await new Promise((resolve, reject) => {
      sending.on("response", (response) => resolve(response.resume().statusCode));
      sending.on("error", reject);
      upload.pipe(sending);
    });
    expect(status).toBe(413);
    await setTimeout(600);
    expect(server.sockets.size).toBe(1);
    upload.destroy();
    sending.destroy();
    await server.idle();
  });

  it("can be met twice on one connection", async () => {
    const server = await use("retry-after");
    const agent = new Agent({ keepAlive: true });
    const one = async (): Promise<number> =>
      new Promise((resolve, reject) => {
        const sent = request(server.url, { agent }, (response) => {
          response.resume().on("end", () => setImmediate(resolve, response.statusCode ?? 0));
        });
        sent.on("error", reject);
        sent.end();
      });
    expect([await one(), await one(), server.connections, server.requests.length]).toEqual([429, 429, 1, 2]);
    agent.destroy();
    await server.idle();
  });
});

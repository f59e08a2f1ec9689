import { randomBytes } from "node:crypto";
import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";

import { answer, json, JSON_TYPE, type Fault } from "./fault.ts";
import { forEver } from "./for-ever.ts";

/** Faults of the body, of its length and of its encoding. */
export const BODY_FAULTS = {
  "gzip-bomb": bomb("gzip", gzipSync),
  "deflate-bomb": bomb("deflate", deflateSync),
  // The best quality takes a second, and makes nothing smaller here.
  "br-bomb": bomb("br", (zeros) =>
    brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_LGWIN]: 24 } }),
  ),
  "zstd-bomb": bomb("zstd", (zeros) => zstdCompressSync(zeros)),
  "drip-body": {
    what: "one byte of the body every 20 ms, without end",
    outcome: "timeout",
    play: ({ socket }) => {
      socket.write(answer(200, [JSON_TYPE, "Transfer-Encoding: chunked"]));
      forEver(socket, () => "1\r\nx\r\n", 20);
    },
  },
  "endless-body": {
    what: "chunk after chunk, as fast as they are taken",
    outcome: "too-large",
    play: ({ socket }) => {
      socket.write(answer(200, [JSON_TYPE, "Transfer-Encoding: chunked"]));
      forEver(socket, () => `4000\r\n${"x".repeat(0x4000)}\r\n`);
    },
  },
  "huge-length": {
    what: "declares 1 GB and sends one byte every 20 ms",
    outcome: "too-large",
    play: ({ socket }) => {
      socket.write(answer(200, [JSON_TYPE, "Content-Length: 1000000000"]));
      forEver(socket, () => "x", 20);
    },
  },
  "never-closes": {
    what: "a body that the end of the connection is to end, which never comes",
    outcome: "timeout",
    play: ({ socket }) => socket.write(answer(200, [JSON_TYPE, "Connection: close"], '{"a":1}')),
  },
  "truncated-body": {
    what: "fewer bytes than declared, then the end of the connection",
    outcome: "broken",
    play: ({ socket }) => socket.end(answer(200, [JSON_TYPE, "Content-Length: 100"], '{"a":1}')),
  },
  "truncated-chunked": {
    what: "the end of the connection before the last chunk",
    outcome: "broken",
    play: ({ socket }) => socket.end(answer(200, [JSON_TYPE, "Transfer-Encoding: chunked"], "7\r\n" + '{"a":1}\r\n')),
  },
  "more-than-length": {
    what: "more bytes than declared",
    outcome: "broken",
    play: ({ socket }) => socket.end(answer(200, [JSON_TYPE, "Content-Length: 2"], "{} and more")),
  },
  "truncated-gzip": {
    what: "the first half of a gzip stream, with the length of that half",
    outcome: "broken",
    play: ({ socket }) => {
      // Not compressible, so that half of the bytes is half of the text.
      const whole = gzipSync(JSON.stringify({ text: randomBytes(2000).toString("hex") }));
      socket.write(json(200, whole.subarray(0, whole.length / 2), "Content-Encoding: gzip"));
    },
  },
  "gzip-garbage": {
    what: "says gzip and is not",
    outcome: "broken",
    play: ({ socket }) => socket.write(json(200, '{"plain":true}', "Content-Encoding: gzip")),
  },
  "gzip-twice": {
    what: "Content-Encoding: gzip, gzip",
    outcome: "unsupported",
    play: ({ socket }) => socket.write(json(200, gzipSync(gzipSync("{}")), "Content-Encoding: gzip, gzip")),
  },
  "unknown-encoding": {
    what: "Content-Encoding: rot13",
    outcome: "unsupported",
    play: ({ socket }) => socket.write(json(200, '{"n":1}', "Content-Encoding: rot13")),
  },
  "empty-gzip": {
    what: "says gzip and has no body at all",
    outcome: "ok",
    play: ({ socket }) => socket.write(json(200, "", "Content-Encoding: gzip")),
  },
} satisfies Record<string, Fault>;

/** 50 MB of zeros in a few KB or less. Compressed once, when it is first played. */
function bomb(encoding: string, compress: (zeros: Buffer) => Buffer): Fault {
  let bytes: Buffer | undefined;
  return {
    what: `50 MB of zeros as ${encoding}`,
    outcome: "too-large",
    play: ({ socket }) => {
      bytes ??= json(200, compress(Buffer.alloc(50_000_000)), `Content-Encoding: ${encoding}`);
      socket.write(bytes);
    },
  };
}

import { answer, json, type Fault } from "./fault.ts";
import { forEver } from "./for-ever.ts";

/** Faults in the status line, in headers and in the framing that they tell. */
export const HEAD_FAULTS = {
  garbage: {
    what: "bytes that are no HTTP",
    outcome: "broken",
    play: ({ socket }) => socket.end("\u0000\u0001\u0002 this is no HTTP\r\n\r\n"),
  },
  "drip-headers": {
    what: "one byte of a header every 20 ms, without end",
    outcome: "timeout",
    play: ({ socket }) => {
      socket.write("HTTP/1.1 200 OK\r\nX-Drip: ");
      forEver(socket, () => "x", 20);
    },
  },
  "endless-headers": {
    what: "header after header, as fast as they are taken",
    outcome: "broken",
    play: ({ socket }) => {
      socket.write("HTTP/1.1 200 OK\r\n");
      forEver(socket, (count) => `X-Endless-${count}: ${"x".repeat(1000)}\r\n`);
    },
  },
  "big-header": {
    what: "a header of 20 KB",
    outcome: "broken",
    play: ({ socket }) => socket.end(json(200, "{}", `X-Big: ${"x".repeat(20_000)}`)),
  },
  "lf-only": {
    what: "lines that end in LF alone",
    outcome: "broken",
    play: ({ socket }) => socket.end("HTTP/1.1 200 OK\nContent-Length: 2\n\n{}"),
  },
  "nul-in-header": {
    what: "NUL in the value of a header",
    outcome: "broken",
    play: ({ socket }) => socket.end(json(200, "{}", "X-Nul: a\u0000b")),
  },
  "two-lengths": {
    what: "two Content-Length headers that differ",
    outcome: "broken",
    play: ({ socket }) => socket.end(answer(200, ["Content-Length: 2", "Content-Length: 3"], "{} ")),
  },
  "length-and-chunked": {
    what: "Content-Length and Transfer-Encoding: chunked",
    outcome: "broken",
    play: ({ socket }) =>
      socket.end(answer(200, ["Content-Length: 2", "Transfer-Encoding: chunked"], "2\r\n{}\r\n0\r\n\r\n")),
  },
  "long-chunk-extension": {
    what: "a chunk extension of 20 KB",
    outcome: "broken",
    play: ({ socket }) =>
      socket.end(answer(200, ["Transfer-Encoding: chunked"], `2;x=${"x".repeat(20_000)}\r\n{}\r\n0\r\n\r\n`)),
  },
  "body-with-204": {
    what: "a body after 204",
    outcome: "broken",
    play: ({ socket }) => socket.end(answer(204, [], '{"surplus":true}')),
  },
  "http-1.0": {
    what: "HTTP/1.0: no length, the end of the connection ends the body",
    outcome: "ok",
    play: ({ socket }) => socket.end('HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{"old":true}'),
  },
  "no-content-type": {
    what: "JSON without a content type",
    outcome: "ok",
    play: ({ socket }) => socket.write(answer(200, ["Content-Length: 2"], "{}")),
  },
  trailers: {
    what: "headers after the body",
    outcome: "ok",
    play: ({ socket }) =>
      socket.write(
        answer(
          200,
          ["Content-Type: application/json", "Transfer-Encoding: chunked", "Trailer: X-Late"],
          "2\r\n{}\r\n0\r\nX-Late: yes\r\n\r\n",
        ),
      ),
  },
} satisfies Record<string, Fault>;

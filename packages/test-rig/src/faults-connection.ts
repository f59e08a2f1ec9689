import { answer, json, type Fault } from "./fault.ts";
import { forEver } from "./for-ever.ts";

/** Faults of the connection, and of when an answer comes. */
export const CONNECTION_FAULTS = {
  silence: {
    what: "never answers",
    outcome: "timeout",
    play: () => undefined,
  },
  "close-without-answer": {
    what: "ends the connection after the request",
    outcome: "broken",
    play: ({ socket }) => socket.end(),
  },
  "reset-after-request": {
    what: "resets the connection after the request",
    outcome: "broken",
    play: ({ reset }) => reset(),
  },
  "reset-mid-body": {
    what: "resets the connection in the middle of the body",
    outcome: "broken",
    // Not at once: a reset overtakes bytes that the client has not read yet.
    play: ({ socket, reset }) => {
      socket.write(answer(200, ["Content-Length: 1000"], "x".repeat(500)));
      setTimeout(reset, 50);
    },
  },
  "reset-mid-upload": {
    what: "resets the connection as soon as the headers of the request are there",
    outcome: "broken",
    at: "head",
    play: ({ reset }) => reset(),
  },
  "early-413": {
    what: "answers 413 before the body has come, and ends the connection",
    outcome: "status",
    at: "head",
    play: ({ socket, request }) => {
      request.resume();
      socket.end(json(413, '{"error":"too large"}', "Connection: close"));
    },
  },
  "early-413-stops-reading": {
    what: "answers 413 before the body has come, reads nothing for half a second and keeps the connection",
    outcome: "status",
    at: "head",
    // It reads on some time, or it would never see that the client has gone.
    play: ({ socket, request }) => {
      socket.write(json(413, '{"error":"too large"}'));
      setTimeout(() => request.resume(), 500);
    },
  },
  "endless-100": {
    what: "sends 100 Continue again and again",
    outcome: "timeout",
    play: ({ socket }) => forEver(socket, () => "HTTP/1.1 100 Continue\r\n\r\n", 5),
  },
  "unasked-101": {
    what: "switches to a protocol that nobody asked for",
    outcome: "timeout",
    play: ({ socket }) => socket.write(answer(101, ["Connection: Upgrade", "Upgrade: rig"])),
  },
  "early-hints": {
    what: "103 before the answer",
    outcome: "ok",
    play: ({ socket }) => socket.write(Buffer.concat([answer(103, ["Link: </a>; rel=preload"]), json(200, "{}")])),
  },
  "retry-after": {
    what: "429 with Retry-After in seconds",
    outcome: "status",
    play: ({ socket }) => socket.write(json(429, '{"error":"slow down"}', "Retry-After: 2")),
  },
  "retry-after-date": {
    what: "429 with Retry-After as a date, three seconds from now",
    outcome: "status",
    play: ({ socket }) => {
      const date = new Date(Date.now() + 3000).toUTCString();
      socket.write(json(429, '{"error":"slow down"}', `Retry-After: ${date}`));
    },
  },
  unavailable: {
    what: "503 with a page of HTML",
    outcome: "status",
    play: ({ socket }) => {
      const page = "<html>down for maintenance</html>";
      socket.write(answer(503, ["Content-Type: text/html", `Content-Length: ${page.length}`], page));
    },
  },
} satisfies Record<string, Fault>;

import type { Row } from "./row.ts";
import { BLOCKED, DENY, INVALID, NOT_ALLOWED, OPEN, get, only } from "./words.ts";

/** A redirect from a trap that may be called. */
const redirected = (name: string, location: string, code: string, names: string, more: Partial<Row> = {}): Row => ({
  name: `redirect ${name}`,
  settings: OPEN,
  call: get("http://127.0.0.9:PORT/start"),
  redirects: { "/start": location },
  code,
  names,
  dialled: ["127.0.0.9:PORT"],
  ...more,
});

/** Where an answer leads. */
export const REDIRECTED: readonly Row[] = [
  ...[301, 302, 303, 307, 308].map((status) =>
    redirected(
      `${status} to a host that is not listed`,
      `${status} http://evil.example/CANARY`,
      NOT_ALLOWED,
      "evil.example",
      {
        settings: only("127.0.0.9"),
      },
    ),
  ),
  ...[301, 302, 303, 307, 308].map((status) =>
    redirected(`${status} to metadata`, `${status} http://169.254.169.254/CANARY`, BLOCKED, "169.254.169.254"),
  ),
  redirected("to loopback", "302 http://127.0.0.1:PORT/CANARY", BLOCKED, "127.0.0.1"),
  redirected("to loopback in decimal", "302 http://2130706433:PORT/CANARY", BLOCKED, "127.0.0.1"),
  redirected("to IPv6 loopback", "302 http://[::1]:PORT/CANARY", BLOCKED, "::1"),
  redirected("to a mapped address", "302 http://[::ffff:7f00:1]:PORT/CANARY", BLOCKED, "::ffff:7f00:1"),
  redirected("without a scheme", "302 //127.0.0.1:PORT/CANARY", BLOCKED, "127.0.0.1"),
  redirected("with backslashes", "302 \\\\127.0.0.1:PORT\\CANARY", BLOCKED, "127.0.0.1"),
  redirected("with a tab inside", "302 http://127.0.\t0.1:PORT/CANARY", BLOCKED, "127.0.0.1"),
  redirected("to https at loopback", "302 https://127.0.0.1:TLSPORT/CANARY", BLOCKED, "127.0.0.1"),
  redirected("to another port that is not listed", "302 http://127.0.0.9:81/CANARY", NOT_ALLOWED, "127.0.0.9:81", {
    settings: only("127.0.0.9:PORT"),
  }),
  redirected("to a name that is private", "302 http://rebind.example:PORT/CANARY", BLOCKED, "rebind.example", {
    dns: { "rebind.example": [["127.0.0.1"]] },
    asked: ["rebind.example"],
  }),
  redirected("with user info", "302 http://user:CANARY@127.0.0.9:PORT/", INVALID, "redirect"),
  redirected("to file:", "302 file:///etc/CANARY", INVALID, "redirect"),
  redirected("to data:", "302 data:text/plain,CANARY", INVALID, "redirect"),
  redirected("to what is no URL", "302 http://[CANARY", "redirect", "127.0.0.9"),
  redirected("in a loop", "302 /start", "redirect", "127.0.0.9", {
    dialled: Array.from({ length: 6 }, () => "127.0.0.9:PORT"),
  }),
  redirected("of four hops with the last forbidden", "301 /second", BLOCKED, "169.254.169.254", {
    redirects: {
      "/start": "301 /second",
      "/second": "302 http://good.example:PORT/third",
      "/third": "307 //127.0.0.9:PORT/fourth",
      "/fourth": "308 http://169.254.169.254/CANARY",
    },
    dns: { "good.example": [["127.0.0.9"]] },
    dialled: Array.from({ length: 4 }, () => "127.0.0.9:PORT"),
    asked: ["good.example"],
  }),
  redirected("of HEAD", "302 http://169.254.169.254/CANARY", BLOCKED, "169.254.169.254", {
    call: { method: "HEAD", url: "http://127.0.0.9:PORT/start" },
  }),
  redirected("of POST, though its target may be called", "307 http://127.0.0.9:PORT/CANARY", "redirect", "127.0.0.9", {
    call: { method: "POST", url: "http://127.0.0.9:PORT/start", json: { a: 1 } },
    received: ["POST /start"],
  }),
  redirected("of DELETE to loopback", "308 http://127.0.0.1:PORT/CANARY", "redirect", "127.0.0.1", {
    call: { method: "DELETE", url: "http://127.0.0.9:PORT/start" },
  }),
  redirected("that is none: 300 with a location", "300 http://127.0.0.1:PORT/", "http-status", "127.0.0.9"),
  redirected("that may be followed", "302 http://good.example:PORT/there", "ok", "", {
    dns: { "good.example": [["127.0.0.9"]] },
    dialled: ["127.0.0.9:PORT", "127.0.0.9:PORT"],
    asked: ["good.example"],
    received: ["GET /start", "GET /there"],
  }),
  {
    name: "redirect from https to http at loopback",
    settings: { ...DENY, allowedHosts: ["*", "localhost"] },
    call: get("https://localhost:TLSPORT/start"),
    redirects: { "/start": "302 http://127.0.0.1:PORT/CANARY" },
    dns: { localhost: [["127.0.0.1"]] },
    code: BLOCKED,
    names: "127.0.0.1",
    dialled: ["127.0.0.1:TLSPORT"],
    asked: ["localhost"],
  },
  {
    name: "redirect from https to http at a host that is not listed",
    settings: only("localhost"),
    call: get("https://localhost:TLSPORT/start"),
    redirects: { "/start": "302 http://evil.example/CANARY" },
    dns: { localhost: [["127.0.0.1"]] },
    code: NOT_ALLOWED,
    names: "evil.example",
    dialled: ["127.0.0.1:TLSPORT"],
    asked: ["localhost"],
  },
];

import { runInNewContext } from "node:vm";
import { setFlagsFromString } from "node:v8";

import { StepwireError, type ErrorCode } from "@stepwire/core";
import { certificates, FAULTS, startFault, type FaultKind, type FaultServer } from "@stepwire/test-rig";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";

import type { Connector } from "../src/index.ts";
import { failure, get, open, type Work } from "./http-support.ts";

/** For servers that keep a client waiting for ever. */
const LIMIT_MS = 500;
/** For all others, who need not be hurried: a busy machine takes its time to make a bomb. */
const AMPLE_MS = 5000;
/** What a busy machine may add to a deadline. */
const MARGIN_MS = 4000;
const LIMIT_BYTES = 1024 * 1024;
/** More than any buffer between two sockets takes at once. */
const UPLOAD_BYTES = 30_000_000;

/** Kinds of trouble, as a person should be able to tell them apart. HOST stands for the host. */
const TROUBLES = {
  silence: { code: "timeout", says: /^HOST did not answer in full within 500 ms\.$/ },
  closed: { code: "connection", says: /^HOST closed the connection without an answer\.$/ },
  brokenOff: { code: "connection", says: /^The answer of HOST broke off before its end\.$/ },
  noHttp: { code: "connection", says: /^HOST answered with something that is not proper HTTP \(HPE_[A-Z_]+\)\.$/ },
  headers: { code: "connection", says: /^HOST answered with more headers than the 16 KiB that are read/ },
  upgrade: { code: "connection", says: /^HOST answered 101 and changed the protocol, which nobody asked for\.$/ },
  damaged: { code: "connection", says: /^The compressed answer of HOST is cut off or damaged \(Z_[A-Z_]+\)\.$/ },
  tooLarge: {
    code: "response-too-large",
    says: /^The answer of HOST is too large: more than the 1048576 bytes of network\.maxResponseContentLength/,
  },
  declaredTooLarge: {
    code: "response-too-large",
    says: /^The answer of HOST is too large: 1000000000 bytes, more than the 1048576 bytes of network\.max/,
  },
  encoding: {
    code: "unsupported-content-type",
    says: /^The answer of HOST is compressed with [a-z0-9, ]+, which cannot be read\.$/,
  },
} as const satisfies Record<string, { code: ErrorCode; says: RegExp }>;

type Trouble = keyof typeof TROUBLES;

/** What becomes of the connection: freed at once, kept for the next call, or either, depending on who is faster. */
type Connection = "freed" | "kept" | "either";

interface Row {
  /** How it ends: in trouble, in a status that is an error, or well. */
  readonly end:
    | Trouble
    | { readonly status: number; readonly code: ErrorCode; readonly namesHost: true }
    | { readonly data: unknown };
  /** `details.reason`, where there is one. */
  readonly reason?: string;
  readonly connection: Connection;
  /** A request with a body that takes a while, instead of a GET. */
  readonly upload?: true;
}

const trouble = (end: Trouble, reason?: string, connection: Connection = "freed"): Row => ({
  end,
  connection,
  ...(reason === undefined ? {} : { reason }),
});
const upload = (row: Row): Row => ({ ...row, upload: true });
const status = (code: number, connection: Connection = "kept"): Row => ({
  end: { status: code, code: code === 429 ? "rate-limited" : "http-status", namesHost: true },
  connection,
});
const ok = (data: unknown, connection: Connection = "kept"): Row => ({ end: { data }, connection });

const ROWS: Record<FaultKind, Row> = {
  silence: trouble("silence"),
  "close-without-answer": trouble("closed", "ECONNRESET"),
  "reset-after-request": trouble("closed", "ECONNRESET"),
  "reset-mid-body": trouble("brokenOff", "ECONNRESET"),
  "reset-mid-upload": upload(trouble("closed")),
  "early-413": upload(status(413, "freed")),
  "early-413-stops-reading": upload(status(413, "freed")),
  "endless-100": trouble("silence"),
  "unasked-101": trouble("upgrade", "UNASKED_UPGRADE"),
  "early-hints": ok({}),
  "retry-after": status(429),
  "retry-after-date": status(429),
  unavailable: status(503),
  garbage: trouble("noHttp", "HPE_INVALID_CONSTANT"),
  "drip-headers": trouble("silence"),
  "endless-headers": trouble("headers", "HPE_HEADER_OVERFLOW"),
  "big-header": trouble("headers", "HPE_HEADER_OVERFLOW"),
  "lf-only": trouble("noHttp", "HPE_CR_EXPECTED"),
  "nul-in-header": trouble("noHttp", "HPE_INVALID_HEADER_TOKEN"),
  "two-lengths": trouble("noHttp", "HPE_UNEXPECTED_CONTENT_LENGTH"),
  "length-and-chunked": trouble("noHttp", "HPE_INVALID_TRANSFER_ENCODING"),
  "long-chunk-extension": trouble("noHttp", "HPE_CHUNK_EXTENSIONS_OVERFLOW"),
  // The answer is whole before what is wrong begins: it counts, and its connection does not.
  "body-with-204": ok(null, "freed"),
  "more-than-length": ok({}, "freed"),
  "http-1.0": ok({ old: true }, "freed"),
  "no-content-type": ok({}),
  trailers: ok({}),
  "gzip-bomb": trouble("tooLarge", undefined, "either"),
  "deflate-bomb": trouble("tooLarge", undefined, "either"),
  "br-bomb": trouble("tooLarge", undefined, "either"),
  // Not asked for, so not unpacked.
  "zstd-bomb": trouble("encoding", "content-encoding", "either"),
  "drip-body": trouble("silence"),
  "endless-body": trouble("tooLarge"),
  "huge-length": trouble("declaredTooLarge"),
  "never-closes": trouble("silence"),
  "truncated-body": trouble("brokenOff", "ECONNRESET"),
  "truncated-chunked": trouble("brokenOff", "ECONNRESET"),
  "truncated-gzip": trouble("damaged", "Z_BUF_ERROR", "either"),
  "gzip-garbage": trouble("damaged", "Z_DATA_ERROR", "either"),
  "gzip-twice": trouble("encoding", "content-encoding", "either"),
  "unknown-encoding": trouble("encoding", "content-encoding", "either"),
  "empty-gzip": ok(null),
};

const post: Work = async (ctx) => ctx.request({ method: "POST", path: "/", bytes: new Uint8Array(UPLOAD_BYTES) });
const head: Work = async (ctx) => ctx.request({ method: "HEAD", path: "/" });

interface Faulty {
  server: FaultServer;
  connector: Connector;
  host: string;
}

/** A server with the fault, and a connector with small limits whose calls are one attempt each. */
async function faulty(kind: FaultKind, work: Work, limitMs: number, tls?: "good"): Promise<Faulty> {
  const server = await startFault(kind, tls === undefined ? {} : { tls });
  onTestFinished(() => server.close());
  const connector = open(work, {
    url: server.url,
    retry: { maxAttempts: 1 },
    network: {
      responseTimeout: `${limitMs}ms`,
      maxResponseContentLength: "1mb",
      ...(tls === undefined ? {} : { ssl: { certificateAuthoritiesData: certificates().ca } }),
    },
  });
  return { server, connector, host: new URL(server.url).hostname };
}

const limitOf = ({ end }: Row): number => (end === "silence" ? LIMIT_MS : AMPLE_MS);

/** Asserts how a call ends, within its limits. */
async function expectEnd(row: Row, { connector, host }: Faulty): Promise<void> {
  const { end, reason } = row;
  const started = performance.now();
  const told = await connector.run("run", {}).then(
    (output) => ({ data: (output as { data: unknown }).data }),
    (error: unknown) => tell(StepwireError.from(error), host),
  );
  expect(performance.now() - started).toBeLessThan(limitOf(row) + MARGIN_MS);
  expect(told).toMatchObject(typeof end === "object" ? end : expectedTrouble(end, reason));
}

/** Whatever it was, the request had gone out (`sent`): an action that must not be repeated is not. */
function expectedTrouble(end: Trouble, reason: string | undefined): object {
  const expected = { code: TROUBLES[end].code, troubles: [end], namesHost: true, sent: true };
  return reason === undefined ? expected : { ...expected, reason };
}

/** What an error lets people and programs tell apart. */
function tell({ code, status, message, details = {} }: StepwireError, host: string): object {
  const text = message.replaceAll(host, "HOST");
  const troubles = Object.entries(TROUBLES).filter(([, { says }]) => says.test(text));
  const { reason, sent } = details;
  const namesHost = text !== message || String(details["host"]).startsWith(`${host}:`);
  return { code, status, text, troubles: troubles.map(([name]) => name), namesHost, reason, sent };
}

async function expectConnection(connection: Connection, { server, connector }: Faulty): Promise<void> {
  if (connection === "freed") await server.idle();
  // Whole again: the next call goes over it.
  if (connection === "kept") await connector.run("run", {}).catch(() => undefined);
  expect(server.connections).toBe(1);
  await connector.close();
  await server.idle();
}

// The client is loaded with the first request, which takes its time from that.
beforeAll(async () => void (await import("../src/http/node-transport.ts")));

describe.each(["http", "https"] as const)("a server behind %s that plays", (scheme) => {
  it.each(FAULTS.map(({ kind, what }) => [kind, what] as const))("%s: %s", async (kind) => {
    const row = ROWS[kind];
    const work = row.upload === true ? post : get;
    const setting = await faulty(kind, work, limitOf(row), scheme === "https" ? "good" : undefined);
    await expectEnd(row, setting);
    expect(setting.server.requests).toHaveLength(1);
    await expectConnection(row.connection, setting);
  });
});

it("knows an end for every fault, and a fault for every kind of trouble", () => {
  expect(Object.keys(ROWS).toSorted()).toEqual(FAULTS.map(({ kind }) => kind).toSorted());
  const ends = new Set(Object.values(ROWS).map(({ end }) => end));
  for (const name of Object.keys(TROUBLES)) expect(ends).toContain(name);
});

describe("HEAD, whose answers have headers alone,", () => {
  // What the headers say of a body is no trouble; the bytes that follow all the same cost the connection.
  it.each<[FaultKind, Row]>([
    ["gzip-bomb", ok(null, "freed")],
    ["huge-length", ok(null, "freed")],
    ["unknown-encoding", ok(null, "freed")],
    ["truncated-gzip", ok(null, "freed")],
    ["truncated-body", ok(null, "freed")],
    ["never-closes", ok(null, "freed")],
    ["endless-body", ok(null, "freed")],
    ["empty-gzip", ok(null, "kept")],
    ["early-hints", ok(null, "freed")],
    ["unavailable", status(503, "freed")],
    ["silence", trouble("silence")],
    ["endless-headers", trouble("headers", "HPE_HEADER_OVERFLOW")],
    ["unasked-101", trouble("upgrade", "UNASKED_UPGRADE")],
    ["close-without-answer", trouble("closed", "ECONNRESET")],
  ])("ends well or clearly with %s", async (kind, row) => {
    const setting = await faulty(kind, head, limitOf(row));
    await expectEnd(row, setting);
    expect(setting.server.requests).toMatchObject([{ method: "HEAD" }]);
    await expectConnection(row.connection, setting);
  });
});

describe("memory", () => {
  const CALLS = 8;

  it.each(["gzip-bomb", "deflate-bomb", "br-bomb", "endless-body"] as const)(
    "stays small while %s is refused, many at once",
    async (kind) => {
      const { server, connector } = await faulty(kind, get, AMPLE_MS);
      // The server makes its bomb in this process, when it is first asked.
      await failure(connector.run("run", {}));
      collectGarbage();
      const before = process.memoryUsage();
      let most = before;
      const timer = setInterval(() => {
        const now = process.memoryUsage();
        if (now.arrayBuffers > most.arrayBuffers) most = now;
      }, 1);
      const calls = Array.from({ length: CALLS }, async () => failure(connector.run("run", {})));
      const errors = await Promise.all(calls);
      clearInterval(timer);
      expect(errors.map(({ code }) => code)).toEqual(errors.map(() => "response-too-large"));
      // Some times the limit, since the server's own bytes and garbage count too. Whole, each bomb is 50 MB.
      expect(most.arrayBuffers - before.arrayBuffers).toBeLessThan(8 * CALLS * LIMIT_BYTES);
      await connector.close();
      await server.idle();
    },
  );
});

/** Without it, garbage of before could be taken away while what is measured comes in. */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}

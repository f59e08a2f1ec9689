import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";

/** How a careful client ends a call that meets the fault. */
export type FaultOutcome =
  /** The answer is odd, but whole. */
  | "ok"
  /** A whole answer with a status that is an error. */
  | "status"
  /** Nothing but the client's own deadline ends it. */
  | "timeout"
  /** More than a client should take: a limit of 1 MB ends it. */
  | "too-large"
  /** An encoding that the client does not know. */
  | "unsupported"
  /** No answer, or one that is malformed or cut. */
  | "broken";

export interface Fault {
  readonly what: string;
  readonly outcome: FaultOutcome;
  /** Nothing: when the request has come as a whole. `head`: as soon as its headers are there. */
  readonly at?: "head";
  /** Treats one client badly; `reset` ends its connection with RST. */
  play(client: { readonly socket: Socket; readonly request: IncomingMessage; reset(this: void): void }): void;
}

/** Bytes of an answer. Headers are given as lines, since many faults are in how they are written. */
export function answer(status: number, headers: readonly string[], body: string | Buffer = ""): Buffer {
  const lines = [`HTTP/1.1 ${status} Rig`, ...headers].map((line) => `${line}\r\n`);
  return Buffer.concat([Buffer.from(`${lines.join("")}\r\n`, "latin1"), Buffer.from(body)]);
}

export const JSON_TYPE = "Content-Type: application/json";

/** A proper answer: right length, connection kept. */
export function json(status: number, body: string | Buffer, ...headers: readonly string[]): Buffer {
  return answer(status, [JSON_TYPE, `Content-Length: ${Buffer.byteLength(body)}`, ...headers], body);
}

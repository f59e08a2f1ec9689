import { request as requestHttp, type IncomingHttpHeaders } from "node:http";
import { request as requestHttps, type RequestOptions } from "node:https";
import type { Socket } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from "node:tls";

import { expect, vi } from "vitest";

import { certificates, type TestProxy } from "../src/index.ts";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One request on a connection of its own, with Node's client. Trusts the rig's CA. */
export function call(url: string, options: RequestOptions & { readonly body?: string } = {}): Promise<Answer> {
  const { body, ...rest } = options;
  const send = url.startsWith("https:") ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    // An agent, even `false`, would dial by itself and leave `createConnection` alone.
    const agent = rest.createConnection === undefined ? { agent: false } : {};
    let answered = false;
    const request = send(url, { ...agent, ca: certificates().ca, ...rest }, (response) => {
      answered = true;
      text(response).then((read) => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: read });
      }, reject);
    });
    request.on("error", reject);
    // Node drops an upgrade that nobody listens for without a word.
    request.on("close", () => answered || reject(new Error("closed without an answer")));
    request.end(body);
  });
}

/** The code that a promise fails with, or its message where Node gives no code. */
export async function failure(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return "code" in error ? String(error.code) : error.message;
    throw error;
  }
  return "it did not fail";
}

/** What stands for a call that is still open when it is given up. */
export const SILENCE = "ABORT_ERR";

/**
 * How a call ends. Where silence is expected, the call is given up 100 ms after it has arrived: counted from then, so
 * that a slow machine makes the test slow and not red.
 */
export async function outcome(
  start: (signal: AbortSignal) => Promise<string>,
  expected: string,
  arrived: () => boolean,
): Promise<string> {
  const giveUp = new AbortController();
  const ended = start(giveUp.signal);
  const told = ended.catch(() => failure(ended));
  if (expected === SILENCE) {
    await vi.waitFor(() => expect(arrived()).toBe(true), { interval: 5, timeout: 5000 });
    await setTimeout(100);
    giveUp.abort();
  }
  return told;
}

export interface Tunnel {
  readonly status: number;
  readonly socket: Socket;
  /** What came after the headers of the answer. */
  readonly early: string;
}

export interface TunnelOptions {
  /** Of proxy and target. Nothing: the Node rig's. */
  readonly ca?: string;
  readonly signal?: AbortSignal;
}

export function openTunnel(
  proxy: Pick<TestProxy, "url">,
  authority: string,
  headers: Readonly<Record<string, string>> = {},
  options: TunnelOptions = {},
): Promise<Tunnel> {
  const send = proxy.url.startsWith("https:") ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const request = send(proxy.url, {
      agent: false,
      ca: certificates().ca,
      method: "CONNECT",
      path: authority,
      setHost: false,
      headers: { host: authority, ...headers },
      ...options,
    });
    request.on("error", reject);
    request.on("connect", (response, socket, early) => {
      socket.on("error", () => undefined);
      resolve({ status: response.statusCode ?? 0, socket, early: early.toString() });
    });
    request.end();
  });
}

/** A GET through a tunnel, TLS to the target inside of it. */
export async function callThrough(
  proxy: Pick<TestProxy, "url">,
  url: string,
  headers: Readonly<Record<string, string>> = {},
  options: TunnelOptions = {},
): Promise<Answer> {
  const { host } = new URL(url);
  const { status, socket } = await openTunnel(proxy, host, headers, options);
  if (status !== 200) {
    socket.destroy();
    throw new Error(`proxy: ${status}`);
  }
  const { ca = certificates().ca } = options;
  return call(url, { createConnection: () => connectTls({ socket, ca, servername: "localhost" }) });
}

export function handshake(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ port, host: "localhost", ca: certificates().ca, ...options }, () => resolve(socket));
    socket.on("error", reject);
  });
}

export function basic(user: string, password: string): Record<string, string> {
  return { "proxy-authorization": `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` };
}

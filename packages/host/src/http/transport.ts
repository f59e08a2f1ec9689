import type { Socket } from "node:net";
import type { Readable } from "node:stream";

import type { Proxy } from "../proxy/proxy.ts";
import type { Route } from "./agents.ts";

/** One request to one address: no redirects, no retries. */
export interface OutgoingRequest {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body?: string | Buffer;
  signal: AbortSignal;
  route: Route;
  progress: Progress;
}

/**
 * How far a request came, for when it is stopped from outside. Data, no functions: a function that is put into an object
 * keeps all that it can reach through collections of V8's young generation, a whole request and its answer here.
 */
export interface Progress {
  /** Over which socket it goes, once it has one. */
  request?: { readonly socket: Socket | null };
  /** The proxy that is to connect to the target, `host:port`, if it leaves through one. */
  via?: { proxy: Proxy; target: string } | undefined;
}

export interface IncomingResponse {
  status: number;
  statusText: string;
  headers: Record<string, string>;
  body: Readable;
}

/** How requests leave the process; a dry run puts something else in its place. */
export interface Transport {
  /** Throws StepwireError. */
  send(request: OutgoingRequest): Promise<IncomingResponse>;
  close(): void;
  /** Nothing is sent: credentials that would have to be fetched are left out. */
  readonly dry?: boolean;
}

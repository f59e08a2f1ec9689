import type { Agent as HttpAgent } from "node:http";
import type { Readable } from "node:stream";

/** One request to one address: no redirects, no retries. */
export interface OutgoingRequest {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body?: string | Buffer;
  signal: AbortSignal;
}

export interface IncomingResponse {
  status: number;
  statusText: string;
  headers: Record<string, string>;
  body: Readable;
}

/** How requests leave the process; a dry run puts something else in its place. */
export interface Transport {
  send(request: OutgoingRequest): Promise<IncomingResponse>;
  close(): void;
}

/** Addresses a name may lead to; decided when a connection is made, so that what was checked is what is dialled. */
export type Lookup = NonNullable<ConstructorParameters<typeof HttpAgent>[0]>["lookup"];

import type { AnySchema } from "./schema.ts";

/** A request just before it is sent, as a `custom` auth kind sees it. */
export interface HttpRequest {
  method: string;
  /** Absolute, with its query. */
  url: string;
  headers: Record<string, string>;
}

export type HttpMethod = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";

/** Values of a query string; lists repeat the name, `undefined` leaves it out. */
export type Query = Record<string, string | number | boolean | readonly (string | number | boolean)[] | undefined>;

export interface RequestOptions {
  method: HttpMethod;
  /** Joined to `url`, or to the connector's base URL where there is none, with exactly one slash. */
  path?: string;
  /** Absolute; with a connector it must be on one of its trusted origins. */
  url?: string;
  query?: Query;
  headers?: Record<string, string>;
  /** At most one of the four bodies. `json` sets its content type unless a header does. */
  json?: unknown;
  text?: string;
  form?: Record<string, string>;
  bytes?: Uint8Array;
  /** How to read the answer; `auto` (default) goes by its content type. */
  accept?: "json" | "text" | "bytes" | "auto";
  /** Checks `data`; a mismatch is `response-missing-field`. */
  expect?: AnySchema;
  /** Which limit holds for the size of the answer: the host's for responses (default) or the step's for its output. */
  limit?: "response" | "step-output";
  /** Names this request for its idempotency key where the order of requests may vary. */
  key?: string;
}

/** An answer with a 2xx status; every other status is thrown as `http-status` or `rate-limited`. */
export interface HttpResponse<T = unknown> {
  status: number;
  statusText: string;
  /** Names in lower case; several values of one name joined with `, `. */
  headers: Record<string, string>;
  /** Parsed JSON, text, bytes, or `null` for an empty body read as `auto` or `json`. */
  data: T;
}

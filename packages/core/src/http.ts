import type { AnySchema } from "./schema.ts";

/** A request just before it is sent, as a `custom` auth kind sees it. */
export interface HttpRequest {
  method: string;
  /** Absolute, with its query. */
  url: string;
  headers: Record<string, string>;
}

/** GET and HEAD may be repeated and redirected by the host; the others only as far as the action's idempotency allows. */
export type HttpMethod = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";

/** Values of a query string; lists repeat the name, `undefined` leaves it out. */
export type Query = Record<string, string | number | boolean | readonly (string | number | boolean)[] | undefined>;

/** One part of a `multipart/form-data` body: a field, or a file where it has a name. */
export interface MultipartPart {
  name: string;
  content: string | Uint8Array;
  filename?: string;
  /** `text/plain` for a text and `application/octet-stream` for bytes unless given; a field without it has none. */
  contentType?: string;
}

/**
 * One request, as `ctx.request` takes it. The host adds the credentials of the connector and its headers; `Host`,
 * `Content-Length` and the headers of the connection itself are refused.
 */
export interface RequestOptions {
  method: HttpMethod;
  /** Joined to `url`, or to the connector's base URL where there is none, with exactly one slash. */
  path?: string;
  /** Absolute; with a connector it must be on one of its trusted origins. */
  url?: string;
  query?: Query;
  headers?: Record<string, string>;
  /** At most one of the five bodies; each brings a content type unless a header of the connector or the request does. */
  json?: unknown;
  text?: string;
  form?: Record<string, string>;
  bytes?: Uint8Array;
  /** Its content type holds the boundary, so that no header can replace it. */
  multipart?: readonly MultipartPart[];
  /** What `text` or `bytes` are; `text/plain; charset=utf-8` and `application/octet-stream` unless given. */
  contentType?: string;
  /** How to read the answer; `auto` (default) goes by its content type. */
  accept?: "json" | "text" | "bytes" | "auto";
  /** Integers that a number cannot hold exactly, such as ids of 64 bits, come as texts. */
  exactIntegers?: boolean;
  /** Checks `data`; a mismatch is `response-missing-field`. */
  expect?: AnySchema;
  /** Which limit holds for the size of the answer: the host's for responses (default) or the step's for its output. */
  limit?: "response" | "step-output";
  /** A smaller limit for the size of the answer, in bytes. */
  maxBytes?: number;
  /** Most redirects to follow, 0 to 20; 5 unless given. With 0 a redirect is an error answer like any other. */
  maxRedirects?: number;
  /** Also follow the redirect of a request that is neither GET nor HEAD, which may repeat a write elsewhere. */
  redirectWrites?: boolean;
  /** `false` skips the check of the server's certificate; refused where stored credentials would go along. */
  verifyTls?: boolean;
  /** `false` closes the connection behind the answer. */
  keepAlive?: boolean;
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

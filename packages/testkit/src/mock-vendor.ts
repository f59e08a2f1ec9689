import { http, HttpResponse, type HttpResponseResolver } from "msw";
import { setupServer } from "msw/node";

import type { Reply } from "./loopback.ts";

/** A request that was meant for a vendor. */
export interface VendorCall {
  readonly method: string;
  /** Whole, with its query. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed where its content type is JSON, text otherwise, `undefined` without a body. */
  readonly body: unknown;
}

export type VendorHandler = (call: VendorCall) => Reply | Promise<Reply>;

export interface MockVendor {
  /** Every request that a route answered, oldest first. */
  readonly calls: readonly VendorCall[];
  /** Adds routes; they win over earlier ones for the same request. */
  use(routes: Readonly<Record<string, VendorHandler>>): void;
  /** Lets requests go to the network again; more than once does no harm. */
  close(): void;
}

const METHODS = {
  GET: http.get,
  POST: http.post,
  PUT: http.put,
  PATCH: http.patch,
  DELETE: http.delete,
  HEAD: http.head,
  OPTIONS: http.options,
  ALL: http.all,
} as const;

let open: MockVendor | undefined;

/**
 * Answers requests of this process in place of a vendor, until `close()`. Routes are named
 * `"POST https://slack.example/services/:team"`, without a query; methods in capitals, or `ALL`. Nothing leaves the
 * process: a request that no route answers fails, with a message on stderr.
 * Throws `TypeError` for a route name that is none, and while another is open: two would answer the same requests.
 */
export function mockVendor(routes: Readonly<Record<string, VendorHandler>>): MockVendor {
  const calls: VendorCall[] = [];
  const handlersOf = (added: Readonly<Record<string, VendorHandler>>) =>
    Object.entries(added).map(([route, handler]) => {
      const [, method = "", url = ""] = /^([A-Z]+) (https?:\/\/[^\s?#]+)$/.exec(route) ?? [];
      if (!Object.hasOwn(METHODS, method)) {
        throw new TypeError(`${JSON.stringify(route)} is not a route such as "POST https://api.example.com/items".`);
      }
      const resolver: HttpResponseResolver = async ({ request }) => {
        const call = await describe(request);
        calls.push(call);
        return respond(await handler(call));
      };
      return METHODS[method as keyof typeof METHODS](url, resolver);
    });
  if (open !== undefined)
    throw new TypeError("A vendor is being played already; close() it first, or add routes with use().");
  const server = setupServer(...handlersOf(routes));
  server.listen({ onUnhandledFrame: "error" });
  const vendor: MockVendor = {
    calls,
    use: (added) => server.use(...handlersOf(added)),
    close() {
      if (open !== vendor) return;
      open = undefined;
      server.close();
    },
  };
  open = vendor;
  return vendor;
}

async function describe(request: Request): Promise<VendorCall> {
  const text = await request.text();
  const headers = Object.fromEntries(request.headers);
  const isJson = /[/+]json\b/i.test(headers["content-type"] ?? "");
  return {
    method: request.method,
    url: request.url,
    headers,
    body: isJson ? parsed(text) : text === "" ? undefined : text,
  };
}

/** What claims to be JSON and is not stays text: that it was sent is what a test wants to see. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function respond({
  status = 200,
  statusText,
  headers = {},
  json,
  text,
  bytes,
}: Reply): HttpResponse<string | Uint8Array<ArrayBuffer>> {
  const [type, body] =
    json === undefined
      ? [text === undefined ? undefined : "text/plain; charset=utf-8", text]
      : ["application/json", JSON.stringify(json)];
  const own = new Headers(type === undefined ? {} : { "content-type": type });
  for (const [name, value] of Object.entries(headers)) own.set(name, value);
  return new HttpResponse(body ?? (bytes === undefined ? null : new Uint8Array(bytes)), {
    status,
    headers: own,
    ...(statusText === undefined ? {} : { statusText }),
  });
}

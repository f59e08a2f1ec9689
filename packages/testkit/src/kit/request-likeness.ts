import { matches } from "./answers.ts";
import type { TypeScenarios, VendorRequest } from "./scenarios.ts";

const READING = new Set(["GET", "HEAD", "OPTIONS"]);

/** Whether a request changes something: neither its method nor the scenarios say that it only reads. */
export const isWrite = (request: VendorRequest, queries: TypeScenarios["queries"] = []): boolean =>
  !READING.has(request.method) && !queries.some((query) => isQuery(query, request));

/** Whether an entry of `queries` is about a request. */
export const isQuery = (query: NonNullable<TypeScenarios["queries"]>[number], request: VendorRequest): boolean =>
  typeof query === "string" ? matches(query, request) : query(request);

/** To the same place: a date or a made-up id in query or body makes no other request of it. */
export const isAlike = (one: VendorRequest, other: VendorRequest): boolean =>
  one.method === other.method && one.url.origin === other.url.origin && one.url.pathname === other.url.pathname;

/** The very same request, sent again. */
export const isRepeated = (one: VendorRequest, other: VendorRequest): boolean =>
  one.method === other.method && one.url.href === other.url.href && content(one) === content(other);

/** A multipart body without its boundary, which is made up anew each time. */
function content({ headers, body }: VendorRequest): string {
  const boundary = /^multipart\/.*boundary="?([^";]+)/i.exec(headers["content-type"] ?? "")?.[1];
  return boundary === undefined ? body : body.replaceAll(boundary, "");
}

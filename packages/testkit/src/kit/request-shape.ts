import { isObject, pathsIn } from "./json-paths.ts";
import { ESCAPED, INTRUDER } from "./nasty.ts";
import type { VendorRequest } from "./scenarios.ts";

/** What a text must not change, wherever it stands: the place a request goes to, and the names in its query. */
export const shapeOf = ({ method, url }: VendorRequest): string =>
  JSON.stringify([
    method,
    url.origin,
    url.pathname.split("/").length,
    [...new Set(url.searchParams.keys())].toSorted(),
  ]);

/** What a text has made of a request that it was only to be a value in, if anything. */
export function intrusionIn({ url, headers, body }: VendorRequest): string | undefined {
  if (Object.hasOwn(headers, INTRUDER.toLowerCase())) return `with a header ${INTRUDER} of the text's own`;
  if (url.searchParams.has(INTRUDER)) return `with a query parameter ${INTRUDER} of the text's own`;
  if (url.href.includes(ESCAPED)) return "with its escapes as they are, which servers undo";
  const type = headers["content-type"] ?? "";
  if (/^application\/x-www-form-urlencoded/i.test(type) && new URLSearchParams(body).has(INTRUDER))
    return `with a field ${INTRUDER} of the text's own`;
  if (!/[/+]json\b/i.test(type) || body === "") return undefined;
  const json = parsed(body);
  if (json === undefined) return "with a body that is no JSON, though its content type says so";
  const isIntruded = pathsIn(json, (value) => isObject(value) && Object.hasOwn(value, INTRUDER)).length > 0;
  return isIntruded ? `with a field ${INTRUDER} of the text's own` : undefined;
}

/** Whether the body is JSON that holds a text. */
export function holds({ body }: VendorRequest, text: string): boolean {
  const json = parsed(body);
  return json !== undefined && pathsIn(json, (value) => typeof value === "string" && value.includes(text)).length > 0;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

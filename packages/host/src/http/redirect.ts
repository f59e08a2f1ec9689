import { StepwireError } from "@stepwire/core";

import { parseTarget } from "../allow-list.ts";
import type { PreparedRequest } from "./exchange.ts";
import type { IncomingResponse } from "./transport.ts";

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Where an answer sends a request on to, or `undefined` when it is an answer to be read. Only GET and HEAD are sent on:
 * for anything else a server's redirect would either lose the body or repeat the write somewhere else.
 */
export function redirectTarget(
  request: PreparedRequest,
  response: IncomingResponse,
  hop: number,
  maxRedirects: number,
): URL | undefined {
  const location = response.headers["location"];
  if (!REDIRECTS.has(response.status) || location === undefined) return undefined;
  const from = request.url;
  const fail = (message: string, reason: string) =>
    new StepwireError("redirect", message, { status: response.status, details: { reason, from: from.origin } });
  if (!URL.canParse(location, from.href)) {
    throw fail(`${from.hostname} redirects to something that is not a URL.`, "invalid-location");
  }
  const target = parseTarget(new URL(location, from.href).href, "the target of the redirect");
  if (request.method !== "GET" && request.method !== "HEAD") {
    const advice = `Call ${target.origin} directly if that is where it should go.`;
    throw fail(
      `${from.hostname} redirects this ${request.method} to ${target.origin}; only GET and HEAD are sent on. ${advice}`,
      "method",
    );
  }
  if (hop >= maxRedirects)
    throw fail(`${from.hostname} was reached after ${maxRedirects} redirects and redirects again.`, "too-many");
  return target;
}

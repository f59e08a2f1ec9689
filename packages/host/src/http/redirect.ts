import { StepwireError } from "@stepwire/core";

import { parseTarget } from "../allow-list.ts";
import type { PreparedRequest } from "./exchange.ts";
import type { IncomingResponse } from "./transport.ts";

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** How far a request follows redirects. */
export interface RedirectRules {
  /** 0 takes a redirect for the answer. */
  readonly max: number;
  /** Whether one that is neither GET nor HEAD is sent on as well. */
  readonly writes: boolean;
}

export const DEFAULT_REDIRECTS: RedirectRules = { max: 5, writes: false };

/**
 * Where an answer sends a request on to, or `undefined` when it is an answer to be read. Only GET and HEAD are sent on
 * unless asked: for anything else a server's redirect would either lose the body or repeat the write somewhere else.
 */
export function redirectTarget(
  request: PreparedRequest,
  response: IncomingResponse,
  hop: number,
  rules: RedirectRules,
): URL | undefined {
  const location = response.headers["location"];
  if (!REDIRECTS.has(response.status) || location === undefined || rules.max === 0) return undefined;
  const from = request.url;
  const fail = (message: string, reason: string) =>
    new StepwireError("redirect", message, { status: response.status, details: { reason, from: from.origin } });
  if (!URL.canParse(location, from.href)) {
    throw fail(`${from.hostname} redirects to something that is not a URL.`, "invalid-location");
  }
  const target = parseTarget(new URL(location, from.href).href, "the target of the redirect");
  if (isWrite(request.method) && !rules.writes) {
    const advice = `Call ${target.origin} directly if that is where it should go.`;
    throw fail(
      `${from.hostname} redirects this ${request.method} to ${target.origin}; only GET and HEAD are sent on. ${advice}`,
      "method",
    );
  }
  if (hop >= rules.max)
    throw fail(`${from.hostname} was reached after ${rules.max} redirects and redirects again.`, "too-many");
  return target;
}

export const isWrite = (method: string) => method !== "GET" && method !== "HEAD";

/** Whether the next request is a GET without the body (RFC 9110, 15.4): after 303, and for a POST after 301 and 302. */
export function becomesGet(method: string, status: number): boolean {
  return isWrite(method) && (status === 303 || (method === "POST" && (status === 301 || status === 302)));
}

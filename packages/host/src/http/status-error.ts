import { StepwireError, type HttpResponse, type VendorRefusal } from "@stepwire/core";

import type { PreparedRequest } from "./exchange.ts";
import { bounded, boundedBody, boundedDetails, vendorMessage } from "./vendor-message.ts";

/** A server may ask for any pause; nobody waits longer than this for one request. */
const MAX_RETRY_AFTER_MS = 3_600_000;
/** 4xx statuses that say "later", not "never". */
const LATER = new Set([408, 425, 429]);

/** The error for an answer that says no: the status, the vendor's own words, and whether later can help. */
export function statusError(response: HttpResponse, request: PreparedRequest, refusal?: VendorRefusal): StepwireError {
  const { status, statusText, headers, data } = response;
  const retryAfterMs = capped(refusal?.retryAfterMs) ?? retryAfter(headers["retry-after"]);
  const code = refusal?.code ?? (status === 429 ? "rate-limited" : "http-status");
  const said = wordsOf(data, refusal);
  const line = `[${status}] ${statusText}`.trim();
  return new StepwireError(code, said === undefined ? `${line} from ${request.url.host}` : `${line}: ${said}`, {
    status,
    retryable: refusal?.retryable ?? (code === "rate-limited" || status >= 500 || LATER.has(status)),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    details: {
      status,
      statusText,
      method: request.method,
      host: request.url.host,
      headers: shownHeaders(headers),
      data: boundedBody(data),
      ...(boundedDetails(refusal?.details) as Record<string, unknown> | undefined),
    },
  });
}

/** The vendor's words, and behind them what to do. */
function wordsOf(data: unknown, { message, meaning, advice }: Partial<VendorRefusal> = {}): string | undefined {
  const words = message === undefined ? (vendorMessage(data) ?? meaning) : bounded(message);
  if (advice === undefined || words === undefined) return words ?? advice;
  return `${/[.!?…]$/.test(words) ? words : `${words}.`} ${advice}`;
}

/** What a session is opened with belongs into no log. */
function shownHeaders(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !SESSION.test(name)));
}

const SESSION = /cookie|authorization|authentication|token|secret|api-?key|session/i;

/** Milliseconds of a `Retry-After` header, in seconds or as a date; never negative, at most an hour. */
function retryAfter(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  if (/^\d+(?:\.\d+)?$/.test(text)) return capped(Number(text) * 1000);
  // Anything else would be read as some date by Node, such as a number that is none of seconds.
  return /^[A-Z][a-z]{2,8}, .*GMT$/.test(text) ? capped(Date.parse(text) - Date.now()) : undefined;
}

function capped(milliseconds: number | undefined): number | undefined {
  if (milliseconds === undefined || Number.isNaN(milliseconds)) return undefined;
  return Math.min(Math.max(0, Math.ceil(milliseconds)), MAX_RETRY_AFTER_MS);
}

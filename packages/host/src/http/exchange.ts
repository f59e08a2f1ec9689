import {
  StepwireError,
  type AnySchema,
  type HttpResponse,
  type RequestOptions,
  type VendorRefusal,
} from "@stepwire/core";

import type { AllowList } from "../allow-list.ts";
import { issueProblems, problemsError } from "../connector/problem.ts";
import type { Masker } from "../mask.ts";
import type { AddressGuard } from "../private-address.ts";
import { proxyAuthFailure } from "../proxy/proxy-error.ts";
import { decodeBody } from "./decode-body.ts";
import { answerFailure } from "./network-error.ts";
import { readBody, type BodyLimit } from "./read-body.ts";
import { becomesGet, DEFAULT_REDIRECTS, isWrite, redirectTarget, type RedirectRules } from "./redirect.ts";
import type { Routes, Standing } from "./routes.ts";
import { statusError } from "./status-error.ts";
import type { IncomingResponse, OutgoingRequest, Transport } from "./transport.ts";

/** A request before it is known how it will leave. */
export type PreparedRequest = Omit<OutgoingRequest, "route"> & {
  /** At most five, of GET and HEAD, unless given. */
  redirects?: RedirectRules;
  /** The server's certificate is not checked. */
  unverified?: boolean;
};

/** What is the same in every attempt. */
export type Prepared = Omit<PreparedRequest, "signal" | "progress">;

export interface ExchangeParts {
  transport: Transport;
  allowList: AllowList;
  addressGuard: AddressGuard;
  masker: Masker;
  routes: Routes;
  /** How a URL stands to the connector; everything is a stranger where there is none. */
  standing: (url: URL) => Standing;
  check?: ((response: HttpResponse) => VendorRefusal | undefined) | undefined;
  /** The connector's secret query parameters, of which even short values must not go elsewhere. */
  secretQuery?: Readonly<Record<string, string>> | undefined;
}

/** How an answer is to be read. */
export type Reading = Pick<RequestOptions, "accept" | "expect" | "exactIntegers"> & { limit: BodyLimit };

const UNREADABLE = new Set(["response-too-large", "step-output-too-large", "unsupported-content-type"]);
/** What goes along to where the connector's credentials may not. */
const HARMLESS = new Set(["user-agent", "accept", "accept-encoding", "accept-language"]);

/** Sends one request and follows its redirects, each hop judged like the first. Throws StepwireError only. */
export async function exchange(parts: ExchangeParts, first: PreparedRequest, reading: Reading): Promise<HttpResponse> {
  let request = first;
  /** A write that was answered was processed, wherever its answer led. */
  let acted = false;
  try {
    for (let hop = 0; ; hop += 1) {
      const response = await send(parts, request);
      let target: URL | undefined;
      try {
        target = redirectTarget(request, response, hop, request.redirects ?? DEFAULT_REDIRECTS);
      } catch (error) {
        response.body.destroy();
        throw error;
      }
      if (target === undefined) return await finish(parts, request, response, reading);
      response.body.destroy();
      acted ||= isWrite(request.method);
      request = follow(parts, request, target, response.status);
    }
  } catch (error) {
    if (!acted || !StepwireError.is(error)) throw error;
    const { type, message, retryable, retryAfterMs, status, details } = error;
    throw new StepwireError(error.code, message, {
      type,
      retryable,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(status === undefined ? {} : { status }),
      details: { ...details, sent: true, redirected: true },
    });
  }
}

async function send(parts: ExchangeParts, request: PreparedRequest): Promise<IncomingResponse> {
  const { transport, addressGuard, routes, standing } = parts;
  const route = routes.of(request.url, standing(request.url), request.unverified);
  addressGuard.checkLiteral(request.url);
  // Behind a proxy nobody here looks the name up any more.
  if (route.proxy !== undefined) addressGuard.checkName(request.url);
  request.progress.via = route.proxy && { proxy: route.proxy, target: request.url.host };
  const response = await transport.send({ ...request, route });
  if (response.status === 407 && route.proxy !== undefined && request.url.protocol === "http:") {
    response.body.destroy();
    throw proxyAuthFailure(route.proxy);
  }
  return response;
}

/** The request for the next hop: off the trusted origins only what describes the client goes along. */
function follow(parts: ExchangeParts, request: PreparedRequest, target: URL, status: number): PreparedRequest {
  const { standing, allowList } = parts;
  allowList.assertAllowed(target, "the target of a redirect");
  const { body, ...rest } = request;
  const dropped = body === undefined || becomesGet(request.method, status);
  const stays = target.origin === request.url.origin || standing(target) !== "stranger";
  if (!stays) refuseSecrets(parts, request.url, target);
  const headers = Object.entries(request.headers).filter(([name]) => {
    const lower = name.toLowerCase();
    if (lower.startsWith("content-")) return !dropped && (stays || lower === "content-type");
    return stays || HARMLESS.has(lower);
  });
  return {
    ...rest,
    ...(dropped ? {} : { body }),
    method: becomesGet(request.method, status) ? "GET" : request.method,
    url: target,
    headers: Object.fromEntries(headers),
  };
}

/** A server that repeats the query in its redirect would hand on a secret that stands in it. */
function refuseSecrets({ masker, secretQuery = {} }: ExchangeParts, from: URL, target: URL): void {
  const named = Object.entries(secretQuery).some(([name, value]) => target.searchParams.getAll(name).includes(value));
  const spellings = [target.href, decoded(target.href)];
  if (!named && spellings.every((text) => masker.text(text) === text)) return;
  throw new StepwireError(
    "redirect",
    `${from.hostname} redirects to ${target.origin}, which is not trusted, with a secret of the connector in the address.`,
    { details: { reason: "secret-in-location", from: from.origin, host: from.host } },
  );
}

/** With each escape on its own: one that is broken leaves the others. */
const decoded = (text: string) =>
  text.replace(/%[\da-f]{2}/gi, (escape) => String.fromCharCode(Number.parseInt(escape.slice(1), 16)));

async function finish(
  { masker, check }: ExchangeParts,
  request: PreparedRequest,
  response: IncomingResponse,
  { accept, expect, exactIntegers, limit }: Reading,
): Promise<HttpResponse> {
  const host = request.url.hostname;
  const ok = response.status >= 200 && response.status < 300;
  let raw: Buffer;
  try {
    // The headers of an answer to HEAD describe a body that does not come.
    const headers = request.method === "HEAD" ? {} : response.headers;
    raw = await readBody(response.body, headers, limit, host);
  } catch (error) {
    const failure = answerFailure(error, host);
    // That the server said no matters more than that its words cannot be read.
    if (ok || !UNREADABLE.has(failure.code)) throw failure;
    raw = Buffer.alloc(0);
  }
  // An error answer is read as it comes: its words are wanted even where they are not of the kind asked for.
  const decoded = decodeBody(
    raw,
    response.headers,
    ok ? (accept ?? "auto") : "auto",
    ok,
    host,
    masker.text,
    exactIntegers,
  );
  const masked: HttpResponse = {
    status: response.status,
    statusText: masker.text(response.statusText),
    headers: masker.value(response.headers),
    data: decoded instanceof Uint8Array ? decoded : masker.value(decoded),
  };
  const refusal = check?.(masked);
  if (refusal !== undefined || !ok) throw statusError(masked, request, refusal);
  if (expect !== undefined) masked.data = await expected(expect, masked.data, host);
  return masked;
}

/** What the action said it needs of an answer, checked; throws `response-missing-field`. */
async function expected(schema: AnySchema, data: unknown, host: string): Promise<unknown> {
  const result = await schema["~standard"].validate(data);
  if (result.issues === undefined) return result.value;
  throw problemsError(`The answer of ${host}`, issueProblems(result.issues, "response-missing-field", [], [], data));
}

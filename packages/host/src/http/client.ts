import { StepwireError, type HttpResponse, type RequestOptions, type VendorRefusal } from "@stepwire/core";

import { parseTarget, type AllowList } from "../allow-list.ts";
import type { TrustedOrigins } from "../connector/trust.ts";
import { MASK, type Masker } from "../mask.ts";
import type { AddressGuard } from "../private-address.ts";
import { readPolicies, type CallContext, type RequestPlace } from "./call.ts";
import { encodeBody } from "./encode-body.ts";
import { exchange, type ExchangeParts, type Prepared, type Reading } from "./exchange.ts";
import { hasHeader, mergeHeaders } from "./headers.ts";
import { OAuthToken, type OAuthSettings } from "./oauth.ts";
import { RateLimiter } from "./rate-limit.ts";
import type { BodyLimit } from "./read-body.ts";
import { DEFAULT_REDIRECTS } from "./redirect.ts";
import { attempts } from "./attempts.ts";
import { isRepeatable } from "./retry.ts";
import type { Routes } from "./routes.ts";
import { timed } from "./timed.ts";
import type { Transport } from "./transport.ts";
import { turn } from "./turn.ts";
import { addQuery, joinUrl, rebase } from "./url.ts";

/** Credentials of a connector, ready to be put into requests. They leave for trusted origins only. */
export interface Credentials {
  /** Made from user, password or token; every other header wins over them. */
  authHeaders: Record<string, string>;
  configHeaders: Record<string, string>;
  secretHeaders: Record<string, string>;
  secretQuery: Record<string, string>;
  /** Where the access token comes from that stands for `authHeaders`. */
  oauth?: OAuthSettings;
  /** A custom auth kind's own placing, applied last. */
  place?: (request: { method: string; url: string; headers: Record<string, string> }) => {
    method: string;
    url: string;
    headers: Record<string, string>;
  };
}

export interface ClientOptions {
  transport: Transport;
  allowList: AllowList;
  addressGuard: AddressGuard;
  masker: Masker;
  routes: Routes;
  /** Most time one attempt may take in all, redirects included. */
  responseTimeoutMs: number;
  maxResponseBytes: number;
  userAgent: string;
  /** Absent for calls without a connector: nothing is stored, so there is nothing to protect. */
  connector?: {
    name: string;
    credentials: Credentials;
    trusted: TrustedOrigins;
    /** Where the type itself would send requests, and where this connector wants them. */
    baseUrl?: URL;
    baseUrlOverride?: URL;
    check?: (response: HttpResponse) => VendorRefusal | undefined;
  };
}

/**
 * `.` and `..` are resolved before a request is sent, so that a value put into a path could lead anywhere on the
 * server, with the connector's credentials.
 */
function refuseDotSegments(text: string, what: string): void {
  const [path = ""] = text.split(/[?#]/, 1);
  if (!path.split(/[/\\]/).some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment))) return;
  throw new StepwireError(
    "url-invalid",
    `The ${what} holds the segment . or .., which would lead elsewhere. Write it without.`,
    {
      details: { reason: "dot-segment" },
    },
  );
}

/** A `#` would cut off the rest of a path, such as the part behind an id that holds one. */
function refuseFragment(path: string): void {
  if (!path.includes("#")) return;
  throw new StepwireError(
    "url-invalid",
    "The path holds a #, which would cut off the rest. Write %23, or use the filter url_encode.",
    {
      details: { reason: "fragment" },
    },
  );
}

/** Sends requests for one connector (or for none), with everything the settings and the connector ask for. */
export class HttpClient {
  readonly #options: ClientOptions;
  readonly #parts: ExchangeParts;
  readonly #limiter = new RateLimiter();
  readonly #token: OAuthToken | undefined;
  readonly #closed = new AbortController();

  constructor(options: ClientOptions) {
    this.#options = options;
    const { connector, transport, allowList, addressGuard, masker, routes } = options;
    this.#parts = {
      transport,
      allowList,
      addressGuard,
      masker,
      routes,
      standing: (url) => (connector?.trusted.includes(url) === true ? "credentials" : "stranger"),
      check: connector?.check,
      secretQuery: connector?.credentials.secretQuery,
    };
    const oauth = connector?.credentials.oauth;
    if (oauth === undefined || transport.dry === true) return;
    this.#token = new OAuthToken(oauth, { masker, post: (url, form) => this.#postForm(url, form) });
  }

  close(): void {
    // A token that nobody waits for any more must not be asked for again.
    this.#closed.abort(new StepwireError("cancelled", "The connector was closed."));
    this.#options.transport.close();
  }

  /** One request, tried again where that is safe. Throws StepwireError only, masked. */
  async request(request: RequestOptions, call: CallContext): Promise<HttpResponse> {
    const { masker } = this.#options;
    try {
      const place = call.nextRequest();
      const prepared = this.#prepare(request, call, place);
      const reading = { limit: this.#limit(request, call), ...pick(request) };
      const token = hasHeader(prepared.headers, "authorization") ? undefined : this.#token;
      let used: string | undefined;
      let renewals = 0;
      let isAnnounced = false;
      return await attempts(
        {
          ordinal: place.ordinal,
          prepared,
          call,
          limiter: this.#limiter,
          // A token that the server does not know any more is fetched anew, once.
          renew(error) {
            if (used === undefined || error.status !== 401 || (renewals += 1) > 1) return false;
            token?.refused(used);
            return true;
          },
        },
        async (caller) => {
          // Before the request's own time begins: who keeps it waiting is somebody else, who is named.
          if (token !== undefined) used = await whileWanted(caller, token.header());
          // Whoever writes down what is sent does so for all requests of a turn, which start together then as well.
          if (!isAnnounced)
            await (call.beforeRequest?.(place, !isRepeatable(prepared.method, call.idempotency)) ?? turn());
          isAnnounced = true;
          const headers = used === undefined ? prepared.headers : { ...prepared.headers, Authorization: used };
          return timed(this.#time(caller, prepared.url), (signal, progress) =>
            exchange(this.#parts, { ...prepared, headers, signal, progress }, reading),
          );
        },
      );
    } catch (error) {
      // What the network does was put into words where it happened; anything else is a fault, such as a `check` that throws.
      throw masker.error(StepwireError.from(error));
    }
  }

  /** The request for an access token: the connector's trust and proxy hold, its certificate and other credentials do not go along. */
  async #postForm(url: URL, form: Record<string, string>): Promise<HttpResponse> {
    const { allowList, userAgent, maxResponseBytes } = this.#options;
    allowList.assertAllowed(url, "accessTokenUrl");
    const prepared: Prepared = {
      method: "POST",
      url,
      headers: {
        "User-Agent": userAgent,
        Accept: "application/json",
        "Content-Type": "application/x-www-form-urlencoded",
      },
      body: new URLSearchParams(form).toString(),
    };
    const parts: ExchangeParts = { ...this.#parts, standing: () => "token", check: undefined };
    const limit = responseLimit(maxResponseBytes);
    return attempts(
      { ordinal: 0, prepared, call: { ...TOKEN_CALL, signal: this.#closed.signal }, limiter: this.#limiter },
      (caller) =>
        timed(this.#time(caller, url), (signal, progress) =>
          exchange(parts, { ...prepared, signal, progress }, { limit }),
        ),
    );
  }

  #time(caller: AbortSignal, { hostname }: URL) {
    return { caller, milliseconds: this.#options.responseTimeoutMs, host: hostname };
  }

  #prepare(request: RequestOptions, call: CallContext, place: RequestPlace): Prepared {
    const { connector, userAgent, allowList } = this.#options;
    const credentials = connector?.credentials;
    const url = this.#address(request);
    const { body, contentType } = encodeBody(request);
    if (request.verifyTls === false) this.#refuseUnverified();
    addQuery(url, request.query, credentials?.secretQuery);
    let prepared = {
      method: request.method as string,
      url: url.href,
      headers: mergeHeaders(
        {
          "User-Agent": userAgent,
          Accept: "application/json, text/plain, */*",
          "Accept-Encoding": "gzip, deflate, br",
        },
        contentType === undefined ? undefined : { "Content-Type": contentType },
        credentials?.authHeaders,
        credentials?.configHeaders,
        credentials?.secretHeaders,
        keyHeader(request, call, place),
        request.headers,
        // Only whoever made the parts knows their boundary.
        request.multipart === undefined ? undefined : { "Content-Type": contentType ?? "" },
      ),
    };
    if (request.keepAlive === false) prepared.headers["Connection"] = "close";
    if (credentials?.oauth !== undefined && this.#token === undefined && !hasHeader(prepared.headers, "authorization"))
      prepared.headers["Authorization"] = `Bearer ${MASK}`;
    if (credentials?.place !== undefined) {
      const { Connection: close, ...placed } = prepared.headers;
      prepared = credentials.place({ ...prepared, headers: placed });
      prepared.headers = { ...mergeHeaders(prepared.headers), ...(close === undefined ? {} : { Connection: close }) };
    }
    let target = prepared.url === url.href ? url : parseTarget(prepared.url, "the address of the request");
    // An address that was made from the other base stands below it already.
    const isOwn = request.url !== undefined || prepared.url !== url.href;
    if (isOwn && connector?.baseUrl !== undefined && connector.baseUrlOverride !== undefined) {
      target = rebase(target, connector.baseUrl, connector.baseUrlOverride);
    }
    allowList.assertAllowed(target, "the request");
    const { maxRedirects, redirectWrites, verifyTls } = request;
    return {
      method: prepared.method,
      url: target,
      headers: prepared.headers,
      ...(body === undefined ? {} : { body }),
      ...(maxRedirects === undefined && redirectWrites === undefined
        ? {}
        : { redirects: { max: maxRedirects ?? DEFAULT_REDIRECTS.max, writes: redirectWrites === true } }),
      ...(verifyTls === false ? { unverified: true } : {}),
    };
  }

  /** Whoever answers for a server that is not checked would get the credentials. */
  #refuseUnverified(): void {
    const { connector, routes } = this.#options;
    if (connector === undefined) return;
    const { authHeaders, configHeaders, secretHeaders, secretQuery, oauth, place } = connector.credentials;
    const groups = [authHeaders, configHeaders, secretHeaders, secretQuery];
    const none = groups.every((group) => Object.keys(group).length === 0) && oauth === undefined && place === undefined;
    if (none && !routes.showsCertificate) return;
    throw new StepwireError(
      "params-invalid",
      `The request skips the check of the server's certificate, but the connector ${connector.name} would send credentials or headers along. ` +
        "Check the certificate, or set verificationMode: none in the connector's config if whoever answers may have them.",
      { details: { reason: "unverified-credentials" } },
    );
  }

  /** The request's own address, before credentials come in. */
  #address(request: RequestOptions): URL {
    const { connector } = this.#options;
    refuseFragment(request.path ?? "");
    refuseDotSegments(request.path ?? "", "path");
    refuseDotSegments(request.url ?? "", "url");
    if (request.url !== undefined) {
      const url = parseTarget(joinUrl(request.url, request.path ?? ""), "url");
      if (connector !== undefined && !connector.trusted.includes(url)) {
        throw new StepwireError(
          "host-not-allowed",
          `The connector ${connector.name} does not trust ${url.origin}, so its credentials are not sent there. ` +
            `If they should be, add ${url.origin} to the connector's network.trustedOrigins; otherwise leave connector-id out.`,
          { details: { reason: "untrusted-origin", origin: url.origin } },
        );
      }
      return url;
    }
    const base = connector?.baseUrlOverride ?? connector?.baseUrl;
    if (base === undefined) {
      throw new StepwireError(
        "url-invalid",
        "There is no address to call: give a url, or a connector with a base URL.",
      );
    }
    return parseTarget(joinUrl(base.href, request.path ?? ""), "the address of the request");
  }

  #limit(request: RequestOptions, call: CallContext): BodyLimit {
    const limit: BodyLimit =
      request.limit === "step-output"
        ? { bytes: call.maxOutputBytes, setting: "max-step-size", code: "step-output-too-large" }
        : responseLimit(this.#options.maxResponseBytes);
    const { maxBytes = Number.POSITIVE_INFINITY } = request;
    return maxBytes < limit.bytes ? { ...limit, bytes: maxBytes, setting: "the request's own limit" } : limit;
  }
}

/** The same, but not for longer than the caller wants it. */
function whileWanted<T>(caller: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(caller.reason as Error);
    if (caller.aborted) stop();
    else caller.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => caller.removeEventListener("abort", stop));
  });
}

/** A token may be asked for twice: nothing comes of it but another token. */
const TOKEN_CALL: Omit<CallContext, "signal"> = {
  maxOutputBytes: 0,
  idempotency: "natural",
  retry: readPolicies("token", {}).retry,
  nextRequest: () => ({ ordinal: 0, name: 0 }),
  keyOf: () => "",
};

const responseLimit = (bytes: number): BodyLimit => ({
  bytes,
  setting: "network.maxResponseContentLength",
  code: "response-too-large",
});

/** Tells the other system which request this is, where its action says in which header. Reading needs no key. */
function keyHeader(
  request: RequestOptions,
  call: CallContext,
  place: RequestPlace,
): Record<string, string> | undefined {
  if (typeof call.idempotency === "string" || request.method === "GET" || request.method === "HEAD") return undefined;
  return { [call.idempotency.header]: call.keyOf(request, place) };
}

function pick({ accept, expect, exactIntegers }: RequestOptions): Omit<Reading, "limit"> {
  return {
    ...(accept === undefined ? {} : { accept }),
    ...(expect === undefined ? {} : { expect }),
    ...(exactIntegers === undefined ? {} : { exactIntegers }),
  };
}

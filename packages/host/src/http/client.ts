import {
  StepwireError,
  type AnySchema,
  type HttpResponse,
  type RequestOptions,
  type VendorRefusal,
} from "@stepwire/core";

import { parseTarget, type AllowList } from "../allow-list.ts";
import { issueProblems, problemsError } from "../connector/problem.ts";
import type { TrustedOrigins } from "../connector/trust.ts";
import type { Masker } from "../mask.ts";
import type { AddressGuard } from "../private-address.ts";
import { encodeBody } from "./encode-body.ts";
import { mergeHeaders } from "./headers.ts";
import { withDeadline } from "./deadline.ts";
import { decodeBody } from "./decode-body.ts";
import { fromNetworkError } from "./network-error.ts";
import { readBody, type BodyLimit } from "./read-body.ts";
import { redirectTarget } from "./redirect.ts";
import { statusError } from "./status-error.ts";
import type { IncomingResponse, OutgoingRequest, Transport } from "./transport.ts";
import { addQuery, joinUrl, rebase } from "./url.ts";

/** Credentials of a connector, ready to be put into requests. They leave for trusted origins only. */
export interface Credentials {
  /** Made from user, password or token; every other header wins over them. */
  authHeaders: Record<string, string>;
  configHeaders: Record<string, string>;
  secretHeaders: Record<string, string>;
  secretQuery: Record<string, string>;
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
  /** Most time one request may take in all, redirects included. */
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

export interface CallLimits {
  signal: AbortSignal;
  /** The step's limit for its output, for requests that ask for `limit: "step-output"`. */
  maxOutputBytes: number;
}

const MAX_REDIRECTS = 5;
const UNREADABLE = new Set(["response-too-large", "step-output-too-large", "unsupported-content-type"]);

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

/** What the action said it needs of an answer, checked; throws `response-missing-field`. */
async function expected(schema: AnySchema, data: unknown, host: string): Promise<unknown> {
  const result = await schema["~standard"].validate(data);
  if (result.issues === undefined) return result.value;
  throw problemsError(`The answer of ${host}`, issueProblems(result.issues, "response-missing-field", [], [], data));
}

/** Sends requests for one connector (or for none), with everything the settings and the connector ask for. */
export class HttpClient {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  close(): void {
    this.#options.transport.close();
  }

  /** One call: at most five redirects, one deadline over all. Throws StepwireError only, masked. */
  async request(request: RequestOptions, limits: CallLimits): Promise<HttpResponse> {
    const { masker, responseTimeoutMs } = this.#options;
    const first = this.#prepare(request);
    try {
      return await withDeadline(
        limits.signal,
        responseTimeoutMs,
        `${first.url.hostname} did not answer in full`,
        (signal) => this.#exchange({ ...first, signal }, request, limits),
      );
    } catch (error) {
      // What the network does was put into words where it happened; anything else is a fault, such as a `check` that throws.
      throw masker.error(StepwireError.from(error));
    }
  }

  #prepare(request: RequestOptions): Omit<OutgoingRequest, "signal"> {
    const { connector, userAgent, allowList } = this.#options;
    const credentials = connector?.credentials;
    const url = this.#address(request);
    const { body, contentType } = encodeBody(request);
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
        request.headers,
      ),
    };
    if (credentials?.place !== undefined) prepared = credentials.place(prepared);
    let target = parseTarget(prepared.url, "the address of the request");
    // An address that was made from the other base stands below it already.
    const isOwn = request.url !== undefined || prepared.url !== url.href;
    if (isOwn && connector?.baseUrl !== undefined && connector.baseUrlOverride !== undefined) {
      target = rebase(target, connector.baseUrl, connector.baseUrlOverride);
    }
    allowList.assertAllowed(target, "the request");
    return { method: prepared.method, url: target, headers: prepared.headers, ...(body === undefined ? {} : { body }) };
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

  async #exchange(first: OutgoingRequest, options: RequestOptions, limits: CallLimits): Promise<HttpResponse> {
    let request = first;
    for (let hop = 0; ; hop += 1) {
      const response = await this.#send(request);
      let target: URL | undefined;
      try {
        target = redirectTarget(request, response, hop, MAX_REDIRECTS);
      } catch (error) {
        response.body.destroy();
        throw error;
      }
      if (target === undefined) return this.#finish(request, response, options, limits);
      response.body.destroy();
      request = this.#follow(request, target);
    }
  }

  async #send(request: OutgoingRequest): Promise<IncomingResponse> {
    this.#options.addressGuard.checkLiteral(request.url);
    try {
      return await this.#options.transport.send(request);
    } catch (error) {
      throw fromNetworkError(error, request.url.hostname);
    }
  }

  /** The request for the next hop: off the trusted origins only what describes the client goes along. */
  #follow(request: OutgoingRequest, target: URL): OutgoingRequest {
    const { connector, allowList } = this.#options;
    allowList.assertAllowed(target, "the target of a redirect");
    const { body: _, ...rest } = request;
    const stays = target.origin === request.url.origin || connector?.trusted.includes(target) === true;
    if (stays) return { ...rest, url: target };
    const harmless = new Set(["user-agent", "accept", "accept-encoding", "accept-language"]);
    const headers = Object.entries(request.headers).filter(([name]) => harmless.has(name.toLowerCase()));
    return { ...rest, url: target, headers: Object.fromEntries(headers) };
  }

  async #finish(
    request: OutgoingRequest,
    response: IncomingResponse,
    options: RequestOptions,
    limits: CallLimits,
  ): Promise<HttpResponse> {
    const { masker, connector } = this.#options;
    const host = request.url.hostname;
    const ok = response.status >= 200 && response.status < 300;
    let raw: Buffer;
    try {
      // The headers of an answer to HEAD describe a body that does not come.
      const headers = request.method === "HEAD" ? {} : response.headers;
      raw = await readBody(response.body, headers, this.#limit(options, limits));
    } catch (error) {
      const failure = fromNetworkError(error, host);
      // That the server said no matters more than that its words cannot be read.
      if (ok || !UNREADABLE.has(failure.code)) throw failure;
      raw = Buffer.alloc(0);
    }
    // An error answer is read as it comes: its words are wanted even where they are not of the kind asked for.
    const accept = ok ? (options.accept ?? "auto") : "auto";
    const decoded = decodeBody(raw, response.headers, accept, ok, host, masker.text);
    const masked: HttpResponse = {
      status: response.status,
      statusText: masker.text(response.statusText),
      headers: masker.value(response.headers),
      data: decoded instanceof Uint8Array ? decoded : masker.value(decoded),
    };
    const refusal = connector?.check?.(masked);
    if (refusal !== undefined || !ok) throw statusError(masked, request, refusal);
    if (options.expect !== undefined) masked.data = await expected(options.expect, masked.data, host);
    return masked;
  }

  #limit(options: RequestOptions, limits: CallLimits): BodyLimit {
    return options.limit === "step-output"
      ? { bytes: limits.maxOutputBytes, setting: "max-step-size", code: "step-output-too-large" }
      : {
          bytes: this.#options.maxResponseBytes,
          setting: "network.maxResponseContentLength",
          code: "response-too-large",
        };
  }
}

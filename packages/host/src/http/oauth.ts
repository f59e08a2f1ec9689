import { StepwireError, type HttpResponse } from "@stepwire/core";

import type { Masker } from "../mask.ts";
import { headerProblem } from "./headers.ts";

/** OAuth 2 client credentials (RFC 6749, 4.4) as Kibana asks for them: everything in one form. */
export interface OAuthSettings {
  readonly tokenUrl: URL;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope?: string;
  readonly additionalFields: Readonly<Record<string, unknown>>;
}

interface Token {
  /** The whole header value. */
  readonly header: string;
  /** Epoch milliseconds from when on it is not used any more; never, where the server does not say. */
  readonly renewAt: number;
}

/** A token is renewed this long before it expires, or after nine tenths of a short life. */
const MARGIN_MS = 30_000;

/** The access token of one connector: in memory only, fetched once for all who wait for it. */
export class OAuthToken {
  readonly #settings: OAuthSettings;
  readonly #post: (url: URL, form: Record<string, string>) => Promise<HttpResponse>;
  readonly #masker: Masker;
  #token: Token | undefined;
  #pending: Promise<Token> | undefined;

  constructor(
    settings: OAuthSettings,
    parts: { post: (url: URL, form: Record<string, string>) => Promise<HttpResponse>; masker: Masker },
  ) {
    this.#settings = settings;
    this.#post = parts.post;
    this.#masker = parts.masker;
  }

  /** The value for `Authorization`. Throws StepwireError with `details.reason` `oauth-token`. */
  async header(): Promise<string> {
    if (this.#token !== undefined && Date.now() < this.#token.renewAt) return this.#token.header;
    this.#pending ??= this.#fetch().finally(() => (this.#pending = undefined));
    return (await this.#pending).header;
  }

  /** The server refused a request that bore this value; a newer token stays. */
  refused(header: string): void {
    if (this.#token?.header === header) this.#token = undefined;
  }

  async #fetch(): Promise<Token> {
    const { tokenUrl, clientId, clientSecret, scope, additionalFields } = this.#settings;
    const form: Record<string, string> = {
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: clientSecret,
      ...(scope === undefined ? {} : { scope }),
    };
    for (const [name, value] of Object.entries(additionalFields))
      form[name] = typeof value === "string" ? value : JSON.stringify(value);
    let response: HttpResponse;
    try {
      response = await this.#post(tokenUrl, form);
    } catch (error) {
      throw tokenError(StepwireError.from(error), tokenUrl);
    }
    const token = readToken(response, tokenUrl, (secret) => this.#masker.add(secret));
    this.#token = token;
    return token;
  }
}

/** Lenient about what servers send: `expires_in` as text, no `token_type`, a form instead of JSON. */
function readToken({ data }: HttpResponse, { host }: URL, addSecret: (secret: string) => void): Token {
  const isForm = typeof data === "string";
  const fields = isForm ? Object.fromEntries(new URLSearchParams(data)) : ((data ?? {}) as Record<string, unknown>);
  const { access_token: accessToken, token_type: type, expires_in: expiresIn } = fields;
  if (typeof accessToken !== "string" || accessToken === "") {
    const message = `The answer of ${host} (accessTokenUrl) holds no access_token. Is it the address of the token endpoint?`;
    throw new StepwireError("response-missing-field", message, {
      // Of a text that is no form, the token itself may be what looks like a name.
      details: {
        reason: "oauth-token",
        host,
        sent: false,
        ...(isForm ? {} : { fields: Object.keys(fields).slice(0, 20) }),
      },
    });
  }
  addSecret(accessToken);
  const header = `${typeof type === "string" && type !== "" ? type : "Bearer"} ${accessToken}`;
  if (headerProblem("Authorization", header) !== undefined) {
    const message = `The access token of ${host} (accessTokenUrl) holds characters that no header can have.`;
    throw new StepwireError("response-missing-field", message, {
      details: { reason: "oauth-token", host, sent: false },
    });
  }
  const seconds = Number(expiresIn);
  const life = expiresIn === undefined || expiresIn === null || !(seconds > 0) ? undefined : seconds * 1000;
  const renewAt = life === undefined ? Number.POSITIVE_INFINITY : Date.now() + life - Math.min(MARGIN_MS, life / 10);
  return { header, renewAt };
}

/** Nothing of the answer is repeated but what the standard has for it: a token may stand in it that nobody knows yet. */
function tokenError(error: StepwireError, url: URL): StepwireError {
  const { details = {} } = error;
  const message = `No access token could be had from ${url.host} (accessTokenUrl): ${reasonOf(error)}`;
  return new StepwireError(error.code, message, {
    retryable: error.retryable,
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
    ...(error.status === undefined ? {} : { status: error.status }),
    details: {
      ...Object.fromEntries(KEPT.filter((key) => details[key] !== undefined).map((key) => [key, details[key]])),
      cause: details["reason"] ?? error.code,
      reason: "oauth-token",
      // The action's own request was not sent, whatever became of the one for the token.
      sent: false,
    },
  });
}

const KEPT = ["host", "limitMs", "limitBytes", "certificate", "proxy", "attempts"];

function reasonOf({ code, status, message, details }: StepwireError): string {
  if (code === "response-invalid-json") return "its answer is JSON that cannot be read.";
  if (code !== "http-status" && code !== "rate-limited") return message;
  const data = (details?.["data"] ?? {}) as Record<string, unknown>;
  const said = ["error", "error_description"].map((key) => data[key]).filter((text) => typeof text === "string");
  return `[${status}]${said.length === 0 ? "" : ` ${said.join(": ")}`}.`;
}

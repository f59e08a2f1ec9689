import type { HttpResponse, RequestOptions } from "./http.ts";
import type { AnySchema, InferOutput } from "./schema.ts";

/** Lines for the people who run a workflow; secrets are masked in both the message and the fields, which are plain JSON. */
export interface Logger {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** How a rendered value is put into its place: as JSON, as one URL component, or as it is. */
export type RenderAs = "json" | "url" | "text";

/** Everything an action may touch. There are no secrets, no environment and no globals in it. */
export interface Ctx<Config = unknown> {
  /** The connector's own configuration, validated; `undefined` where an optional connection has no connector. */
  readonly config: Config;
  /** Fires when the step is cancelled or runs out of time. Every request stops by itself. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  /**
   * Sends one request through the host: auth, trust, limits, repeats and masking are its business. Resolves with an
   * answer of status 2xx; throws a `StepwireError` for everything else, and `response-missing-field` for what `expect`
   * does not find. What is still under way when the action is over is broken off.
   */
  request<S extends AnySchema>(options: RequestOptions & { expect: S }): Promise<HttpResponse<InferOutput<S>>>;
  request(options: RequestOptions): Promise<HttpResponse>;
  /**
   * Does a part of the action at most once in a run: a part that is done is not
   * done again by a retry or after a crash, its JSON result comes back instead.
   * Outside a run it is a plain call. The name is unique within the action and says what it is about: `comment C1`.
   */
  once<T>(name: string, part: () => Promise<T>): Promise<T>;
  /**
   * Fills a mustache template. `json`: a bare `{{{x}}}` becomes a JSON value, inside a JSON string it
   * becomes escaped text. `url`: each value is percent-encoded as one component. Throws `template-error`
   * or `json-invalid`.
   */
  render(template: string, view: object, as: RenderAs): string;
}

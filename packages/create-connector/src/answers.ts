export const AUTH_KINDS = ["none", "basic", "bearer", "api-key-header", "api-key-query", "envelope"] as const;
export type Auth = (typeof AUTH_KINDS)[number];

export const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
export type Method = (typeof METHODS)[number];

/** All that is asked for; every value has been checked. */
export interface Answers {
  /** The type's id, `vendor/name`. */
  readonly name: string;
  readonly title: string;
  /** https, without a slash at its end. */
  readonly "base-url": string;
  readonly auth: Auth;
  readonly action: string;
  readonly method: Method;
  /** Below the base URL, with parameters such as `{id}`. */
  readonly path: string;
  /** The npm package. */
  readonly package: string;
}

export type Key = keyof Answers;

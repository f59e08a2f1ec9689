import { isBranded, mark } from "./contract.ts";
import { ERROR_CODES, type ErrorCode } from "./error-codes.ts";

/** What an error knows besides its code and its message. */
export interface StepwireErrorOptions {
  /** Overrides what the table of codes says about trying again. */
  retryable?: boolean;
  /** How long the other side asked to wait, in milliseconds. */
  retryAfterMs?: number;
  /** The HTTP status, where one was received. */
  status?: number;
  /** Facts for programs; `reason` tells cases within a code apart. Must be plain JSON without secrets. */
  details?: Record<string, unknown>;
  /** A name that templates read, where it differs from the code's. */
  type?: string;
}

/** The one shape in which an error leaves Stepwire. */
export interface ErrorJson {
  code: ErrorCode;
  type: string;
  message: string;
  retryable: boolean;
  retryAfterMs?: number;
  status?: number;
  details?: Record<string, unknown>;
}

/**
 * The one error class. Its message says what was wrong and what to do about it.
 * Use {@link StepwireError.is} to recognise it: another copy of this package may have made it.
 */
export class StepwireError extends Error {
  readonly code: ErrorCode;
  /** What templates read as `steps.<name>.error.type`. */
  readonly type: string;
  /** Whether trying again later can help. */
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
  readonly status?: number;
  readonly details?: Record<string, unknown>;

  constructor(code: ErrorCode, message: string, options: StepwireErrorOptions = {}) {
    super(message);
    // Code in plain JavaScript may give a code that is none; what it says must not be lost over that.
    const info = Object.hasOwn(ERROR_CODES, code) ? ERROR_CODES[code] : ERROR_CODES.internal;
    this.name = "StepwireError";
    this.code = code;
    this.type = options.type ?? info.type;
    this.retryable = options.retryable ?? info.retryable;
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
    if (options.status !== undefined) this.status = options.status;
    if (options.details !== undefined) this.details = options.details;
    mark(this, "error");
  }

  /** Whether a value is one, whichever copy of this package made it. */
  static is(value: unknown): value is StepwireError {
    return isBranded(value, "error");
  }

  /** Whatever was thrown, as a StepwireError: what is not one becomes `internal` (or `cancelled` for an abort). */
  static from(value: unknown): StepwireError {
    if (StepwireError.is(value)) return value;
    if (value instanceof Error) {
      if (value.name === "AbortError") return new StepwireError("cancelled", "It was cancelled.");
      return new StepwireError("internal", value.message === "" ? value.name : value.message, {
        details: { reason: "thrown", name: value.name },
      });
    }
    return new StepwireError("internal", `Something other than an error was thrown: ${shown(value)}`);
  }

  /** As it stands in outputs and journals, without the stack. */
  toJSON(): ErrorJson {
    const json: ErrorJson = {
      code: this.code,
      type: this.type,
      message: this.message,
      retryable: this.retryable,
    };
    if (this.retryAfterMs !== undefined) json.retryAfterMs = this.retryAfterMs;
    if (this.status !== undefined) json.status = this.status;
    if (this.details !== undefined) json.details = this.details;
    return json;
  }
}

/** Some objects cannot be made a text: they have no prototype, or code that throws. */
function shown(value: unknown): string {
  try {
    return String(value);
  } catch {
    return "an object";
  }
}

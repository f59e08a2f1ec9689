import { StepwireError } from "@stepwire/core";
import type { Sink } from "./walk.ts";

/**
 * Inserts values into a URL template, each percent-encoded as one component. Values that would change which resource
 * is meant are refused: `.` and `..`, control characters, and nothing where a path segment would be left empty.
 */
export class UrlSink implements Sink {
  #result = "";
  /** The segment of the path that is being written, and the variable in it. */
  #segment = "";
  #variable: string | undefined;
  #inPath = true;

  text(piece: string): void {
    this.#result += piece;
    for (const unit of this.#inPath ? piece : "") {
      if (unit === "/" || unit === "?" || unit === "#") this.#endSegment();
      else this.#segment += unit;
      if (unit === "?" || unit === "#") {
        this.#inPath = false;
        return;
      }
    }
  }

  value(value: unknown, name: string): void {
    const encoded = encodeComponent(value, name);
    this.#result += encoded;
    this.#segment += encoded;
    this.#variable = name;
  }

  /** The finished URL. */
  finish(): string {
    if (this.#inPath) this.#endSegment();
    return this.#result;
  }

  #endSegment(): void {
    if (this.#variable !== undefined && /^(?:(?:\.|%2e){1,2})?$/i.test(this.#segment)) {
      const found = this.#segment === "" ? "an empty path segment" : `the path segment ${this.#segment}`;
      throw refused(this.#variable, `would leave ${found} in the URL, which means another address`);
    }
    this.#segment = "";
    this.#variable = undefined;
  }
}

function encodeComponent(value: unknown, name: string): string {
  if (value === undefined || value === null) return "";
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") {
    throw refused(name, "is a list or an object, which cannot stand in a URL");
  }
  const text = String(value);
  if (text === "." || text === "..") throw refused(name, `is ${text}, which means another address in a URL`);
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f]/.test(text)) throw refused(name, "holds control characters, such as a line end");
  if (/\p{Surrogate}/u.test(text)) throw refused(name, "holds half of a character (a lone surrogate)");
  return encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

function refused(name: string, why: string): StepwireError {
  return new StepwireError("template-error", `The value of ${name} ${why}.`, {
    details: { reason: "value", variable: name },
  });
}

import type { Sink } from "./walk.ts";
import { templateError, type CompiledTemplate } from "./template.ts";
import { asJson } from "./value.ts";

/**
 * Inserts values into a JSON template. It follows the quotes of the template's own text, so it knows whether a value
 * stands inside a string, where its text is escaped, or outside, where it becomes a JSON value.
 */
export class JsonSink implements Sink {
  #result = "";
  #inString = false;
  /** The template's text ended with a backslash inside a string: what follows would be part of the escape. */
  #escaping = false;
  readonly #template: CompiledTemplate;
  /** Offsets where pieces start: in the result, in the template. */
  readonly #pieces: { result: number; template: number; isText: boolean }[] = [];

  constructor(template: CompiledTemplate) {
    this.#template = template;
  }

  get result(): string {
    return this.#result;
  }

  text(piece: string, start: number): void {
    this.#pieces.push({ result: this.#result.length, template: start, isText: true });
    this.#result += piece;
    for (const unit of piece) {
      if (this.#escaping) this.#escaping = false;
      else if (unit === '"') this.#inString = !this.#inString;
      else if (unit === "\\") this.#escaping = this.#inString;
    }
  }

  value(value: unknown, name: string, start: number): void {
    if (this.#escaping) {
      // The value's first character would be read as the rest of an escape; it could end the string.
      throw templateError(this.#template.text, start, "json", `a backslash stands right before the variable ${name}.`);
    }
    this.#pieces.push({ result: this.#result.length, template: start, isText: false });
    this.#result += this.#inString ? insideString(value, name) : asJson(value, name);
  }

  /** The offset in the template behind an offset in the result. */
  origin(offset: number): number {
    if (offset >= this.#result.length) return this.#template.text.length;
    const piece = this.#pieces.findLast(({ result }) => result <= offset);
    if (piece === undefined) return 0;
    return piece.isText ? piece.template + offset - piece.result : piece.template;
  }
}

function insideString(value: unknown, name: string): string {
  if (value === undefined || value === null) return "";
  const text = typeof value === "string" ? value : asJson(value, name);
  return JSON.stringify(text).slice(1, -1);
}

import type { Secret } from "./logins.ts";

export interface Leak {
  /** Of the secret. */
  readonly name: string;
  /** Such as `in base64`; empty for clear text. */
  readonly spelling: string;
}

/** So many characters in a row are no accident any more: of the text itself, of its base64, of its hex digits. */
const CLEAR = 8;
const BASE64 = 12;
const HEX = 16;

/**
 * Looks for pieces of secrets, in clear and in other spellings, whatever the case of their letters. What is in `known`,
 * such as the host of a URL that is a secret, is a piece of no secret; it is asked for only when something is found.
 */
export function leakFinder(
  secrets: readonly Secret[],
  known: () => readonly string[],
): (text: string) => Leak | undefined {
  const pieces = new Map<string, Leak>();
  for (const { name, text } of secrets) {
    for (const { spelling, form, length } of spellingsOf(text)) {
      for (const piece of piecesOf(form.toLowerCase(), length)) {
        if (!pieces.has(piece)) pieces.set(piece, { name, spelling });
      }
    }
  }
  let harmless: string | undefined;
  return (text) => {
    const lower = text.toLowerCase();
    for (const length of [CLEAR, BASE64, HEX]) {
      for (const piece of piecesOf(lower, length)) {
        const leak = pieces.get(piece);
        if (leak === undefined) continue;
        harmless ??= known().join("\n").toLowerCase();
        if (!harmless.includes(piece)) return leak;
      }
    }
    return undefined;
  };
}

function spellingsOf(text: string): { spelling: string; form: string; length: number }[] {
  const bytes = Buffer.from(text, "utf8");
  // Inside something longer, base64 begins at one of three places.
  const packed = [0, 1, 2].map((offset) => Buffer.concat([Buffer.alloc(offset), bytes]));
  return [
    { spelling: "", form: text, length: CLEAR },
    { spelling: " backwards", form: backwards(text), length: CLEAR },
    { spelling: " percent-encoded", form: encodeURIComponent(wellFormed(text)), length: CLEAR },
    { spelling: " in hex", form: bytes.toString("hex"), length: HEX },
    ...packed.flatMap((piece, offset) =>
      (["base64", "base64url"] as const).map((encoding) => ({
        spelling: " in base64",
        // What stands at the border is made of the neighbours, too.
        form: piece.toString(encoding).slice(Math.ceil((offset * 8) / 6), Math.floor((piece.length * 8) / 6)),
        length: BASE64,
      })),
    ),
  ];
}

const backwards = (text: string): string => Array.from(text).toReversed().join("");

/** A lone surrogate has no encoding. */
export const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, "\ufffd");

function* piecesOf(text: string, length: number): Iterable<string> {
  for (let start = 0; start + length <= text.length; start += 1) yield text.slice(start, start + length);
}

/** Every text in plain data, keys included, one a line. */
export function textsIn(value: unknown): string {
  const texts: string[] = [];
  const collect = (item: unknown): void => {
    if (typeof item === "string") texts.push(item);
    else if (typeof item !== "object" || item === null) texts.push(JSON.stringify(item) ?? "");
    else if (item instanceof Uint8Array) texts.push(Buffer.from(item).toString("utf8"));
    else {
      for (const [key, child] of Object.entries(item)) {
        texts.push(key);
        collect(child);
      }
    }
  };
  collect(value);
  return texts.join("\n");
}

import type { Match, Pattern } from "./pattern.ts";

/** Gives what stands in for a match, in parts: written at once, they could be longer than a text can be. */
export type Replacement = (match: Match, text: string) => string[];

type Part = (match: Match, text: string) => string;

/**
 * Reads a replacement as `String.replace` of JavaScript does: `$1`, `$<name>`, `$&` for the match, `` $` `` and `$'`
 * for what is before and after it, `$$` for a dollar sign. What names no group stands for itself.
 */
export function compileReplacement(text: string, { captures, names }: Pattern): Replacement {
  const parts: (string | Part)[] = [];
  let end = 0;
  for (const { 0: found, 1: digits, 2: name, index } of text.matchAll(/\$(?:[$&`']|(\d\d?)|<([^>]*)>)/g)) {
    const part = digits === undefined ? named(found, name) : numbered(digits);
    if (part === undefined) continue;
    parts.push(text.slice(end, index), part);
    end = index + found.length;
  }
  parts.push(text.slice(end));
  return (match, subject) => parts.map((part) => (typeof part === "string" ? part : part(match, subject)));

  function named(found: string, name: string | undefined): Part | undefined {
    if (name !== undefined) {
      if (names.size === 0) return undefined;
      const groups = names.get(name) ?? [];
      return ({ texts }) => groups.map((group) => texts[group] ?? "").join("");
    }
    return SIGNS[found];
  }

  function numbered(digits: string): Part | undefined {
    const two = Number(digits);
    if (two >= 1 && two <= captures) return ({ texts }) => texts[two] ?? "";
    const one = Number(digits[0]);
    if (digits.length === 1 || one < 1 || one > captures) return undefined;
    return ({ texts }) => `${texts[one] ?? ""}${digits[1] ?? ""}`;
  }
}

const SIGNS: Readonly<Record<string, Part>> = {
  $$: () => "$",
  "$&": ({ texts }) => texts[0] ?? "",
  "$`": ({ index }, text) => text.slice(0, index),
  "$'": ({ index, texts }, text) => text.slice(index + (texts[0] ?? "").length),
};

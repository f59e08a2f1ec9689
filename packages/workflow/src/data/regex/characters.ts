import type { Flags } from "./syntax.ts";

/** Whether a character, given as its code, is one of those that an atom of a pattern stands for. */
export type CharacterTest = (code: number) => boolean;

/** Answers kept for each test, and tests kept; a plan lives long, and texts can hold any character. */
const MAX_KEPT = 4096;

/**
 * Tests for atoms, each the same for the same source. What a class or an escape stands for, also regardless of
 * case, is what `RegExp` says of a text of one character; that takes no time to speak of, whatever the pattern.
 */
export function characterTests(flags: Flags): (source: string) => CharacterTest {
  const letters = `${flags.ignoreCase ? "i" : ""}${flags.dotAll ? "s" : ""}${flags.unicode ? "u" : ""}`;
  return kept((source: string) => {
    const pattern = new RegExp(`^(?:${source})$`, letters);
    return kept((code: number) => pattern.test(String.fromCodePoint(code)));
  });
}

/** The same function, which remembers what it gave. */
function kept<Key, Value>(compute: (key: Key) => Value): (key: Key) => Value {
  const values = new Map<Key, Value>();
  return (key) => {
    const known = values.get(key);
    if (known !== undefined) return known;
    const value = compute(key);
    if (values.size >= MAX_KEPT) values.clear();
    values.set(key, value);
    return value;
  };
}

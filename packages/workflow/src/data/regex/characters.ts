import type { Flags } from "./syntax.ts";

/** Whether a character, given as its code, is one of those that an atom of a pattern stands for. */
export type CharacterTest = (code: number) => boolean;

/**
 * Tests for atoms, each the same for the same source. What a class or an escape stands for, also regardless of
 * case, is what `RegExp` says of a text of one character; that takes no time to speak of, whatever the pattern.
 */
export function characterTests(flags: Flags): (source: string) => CharacterTest {
  const letters = `${flags.ignoreCase ? "i" : ""}${flags.dotAll ? "s" : ""}${flags.unicode ? "u" : ""}`;
  const tests = new Map<string, CharacterTest>();
  return (source) => {
    const known = tests.get(source);
    if (known !== undefined) return known;
    const pattern = new RegExp(`^(?:${source})$`, letters);
    const answers = new Map<number, boolean>();
    const test: CharacterTest = (code) => {
      const answer = answers.get(code);
      if (answer !== undefined) return answer;
      const fresh = pattern.test(String.fromCodePoint(code));
      answers.set(code, fresh);
      return fresh;
    };
    tests.set(source, test);
    return test;
  };
}

import { describe, expect, test } from "vitest";
import { compilePattern } from "../src/data/regex/pattern.ts";
import { PatternError } from "../src/data/regex/syntax.ts";
import { randomFrom } from "../src/template/random.ts";

type Found = (string | number | undefined)[][];

function mine(source: string, flags: string, text: string): Found {
  return [...compilePattern(source, flags).matches(text, { steps: 1_000_000 })].map(({ index, texts }) => [
    index,
    ...texts,
  ]);
}

function native(source: string, flags: string, text: string): Found {
  const pattern = new RegExp(source, flags);
  const found = flags.includes("g") ? [...text.matchAll(pattern)] : [pattern.exec(text)].filter((one) => one !== null);
  return found.map((match) => [match.index, ...match]);
}

/** Patterns and texts that JavaScript decides by rules of their own. */
const CASES: [pattern: string, flags: string, text: string][] = [
  ["a|ab|abc", "", "abc"],
  ["(a*)*", "", "b"],
  ["(a*)+?", "", "aab"],
  ["(?:a?)*?b", "", "aab"],
  ["(z)((a+)?(b+)?(c))*", "", "zaacbbbcac"],
  ["(?:(a)|b)*", "", "ab"],
  ["(a?)?", "", "b"],
  ["(a?){2,3}", "", "a"],
  ["(?=(a+))a*b\\1", "", "baaabac"],
  ["(.*?)a(?!(a+)b\\2c)\\2(.*)", "", "baaabaac"],
  ["(?<=(\\d+)(\\d+))$", "", "1053"],
  ["(?<=\\1(.))b", "", "aab"],
  ["(?<!a|^)b", "g", "ab cb b"],
  ["\\b\\w+\\b", "g", "one two-three"],
  ["\\Bo", "g", "one oo"],
  ["^b$", "gm", "a\nb\r\nb\u2028b"],
  [".", "gs", "a\n"],
  [".", "g", "a\n\u2029"],
  [".", "gu", "😀a"],
  ["[😀-😂]", "u", "😁"],
  ["\\u{1F600}|\\ud83d\\ude01", "gu", "😀😁"],
  ["\\p{Lu}", "gu", "aÄB"],
  ["ſ", "iu", "S"],
  ["ſ", "i", "S"],
  ["[^x]", "gi", "Xa"],
  ["(ä)\\1", "i", "äÄ"],
  ["[\\]\\\\a-]+", "", "x]\\-a"],
  ["[^]", "g", "a\n"],
  ["[]", "", "a"],
  ["a{,2}|b{1", "g", "a{,2}b{1"],
  ["x{0}y", "", "xy"],
  ["(x){0}y", "", "xy"],
  ["(?<y>\\d{4})-(?<m>\\d\\d)", "", "on 2024-05"],
  ["(?<q>['\"]).*?\\k<q>", "", 'say "it\'s" now'],
  ["\\x41\\u0042\\cJ\\0", "", "AB\n\0"],
  ["]}", "", "]}"],
  ["", "g", "ab"],
  ["a*", "g", "aab"],
  ["a*?", "g", "aa"],
  ["(?:)|a", "g", "a"],
];

describe("a pattern", () => {
  test.each(CASES)("/%s/%s finds in %j what RegExp finds", (source, flags, text) => {
    expect(mine(source, flags, text)).toEqual(native(source, flags, text));
  });

  test("finds what RegExp finds, whatever the pattern", () => {
    const random = randomFrom(0.42);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    const QUANTIFIERS = ["*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,2}?", "{2,}", "{0}"];
    const ATOMS = [
      "a",
      "b",
      ".",
      "[ab]",
      "[^a]",
      "\\w",
      "\\d",
      "\\s",
      "\\b",
      "\\B",
      "^",
      "$",
      "A",
      "\\x61",
      "😀",
      "",
      "k",
      "ſ",
    ];
    const make = (depth: number): string => {
      const inner = (): string => make(depth - 1);
      if (depth === 0) return pick(ATOMS);
      return pick([
        () => pick(ATOMS),
        () => inner() + inner(),
        () => `(?:${inner()}|${inner()})`,
        () => `(${inner()})`,
        () => `(?:${inner()})${pick(QUANTIFIERS)}`,
        () => `(${inner()})${pick(QUANTIFIERS)}`,
        () => `${pick(["(?=", "(?!", "(?<=", "(?<!"])}${inner()})`,
        () => "(a|b)\\1",
      ])();
    };
    let compared = 0;
    while (compared < 3000) {
      const source = make(4);
      const flags = pick(["", "g", "i", "gi", "gm", "s", "u", "giu"]);
      try {
        new RegExp(source, flags);
      } catch {
        continue;
      }
      // Without pairs in texts for the flag u: RegExp finds empty matches between their halves, against its standard.
      const letters = ["a", "b", "A", " ", "\n", "1", "k", "\u212A", "ſ", ...(flags.includes("u") ? [] : ["😀"])];
      const text = Array.from({ length: Math.floor(random() * 9) }, () => pick(letters)).join("");
      expect({ source, flags, text, found: mine(source, flags, text) }).toEqual({
        source,
        flags,
        text,
        found: native(source, flags, text),
      });
      compared += 1;
    }
  });

  test.each([
    ["(", "", "Unterminated group"],
    ["a**", "", "Nothing to repeat"],
    ["[b-a]", "", "Range out of order in character class"],
    ["a", "x", '"x" is no flag that can be used here; there are g, i, m, s, u'],
    ["a", "y", '"y" is no flag that can be used here; there are g, i, m, s, u'],
    ["a", "gg", "Invalid flags supplied to RegExp constructor 'gg'"],
    ["(a)\\2", "", "\\2 refers to a group that is not there"],
    ["\\k<x>", "", "\\k<x> refers to a group that is not there"],
    ["\\01", "", "\\01 is no escape that can be used here"],
    ["a\\c1", "", "\\c is no escape that can be used here"],
    ["(?:(?:a{100}){100}){100}", "", "it is too large once its counted repetitions are written out"],
    ["(".repeat(300) + ")".repeat(300), "", "it has more than 200 groups inside each other"],
    ["a".repeat(10_001), "", "it has 10001 characters, and at most 10000 are allowed"],
  ])("/%s/%s is refused", (source, flags, message) => {
    expect(() => compilePattern(source, flags)).toThrow(new PatternError(message));
  });

  test("does work that grows with pattern and text alone, also where RegExp would take years", () => {
    const steps = (source: string, text: string, flags = ""): number => {
      const budget = { steps: 50_000_000 };
      for (const _match of compilePattern(source, flags).matches(text, budget));
      return 50_000_000 - budget.steps;
    };
    const length = 50_000;
    for (const [source, text, flags] of [
      ["(a+)+$", `${"a".repeat(length)}b`],
      ["(a|a)*b", "a".repeat(length)],
      ["(a|aa)+$", `${"a".repeat(length)}b`],
      ["^(.*),(.*),(.*),(.*)$", `${",".repeat(length)}\n`],
      [String.raw`\s+$`, `${" ".repeat(length)}x`],
      ["(?:a*)*b", "a".repeat(length)],
      ["a+b|a", "a".repeat(length), "g"],
      [String.raw`^(\w+\s?)*$`, `${"word ".repeat(length / 5)}!`],
    ] as const) {
      expect({ source, isBounded: steps(source, text, flags) < 40 * length }).toEqual({ source, isBounded: true });
    }
  });

  test("ends where it would keep too much of what it may have to give up", () => {
    const pattern = compilePattern(`(?:${"()".repeat(3000)}a)*`, "");
    const budget = { steps: 50_000_000 };
    expect(() => [...pattern.matches("a".repeat(100_000), budget)]).toThrow(
      expect.objectContaining({ name: "BudgetError" }),
    );
    expect(budget.steps).toBeGreaterThan(0);
  });

  test.each([
    ["(a+)\\1+b", "a".repeat(50_000)],
    ["(?=(a+)+b)a", "a".repeat(50_000)],
    ["(?<=b(a|aa)+)x", `${"a".repeat(50)}x`],
    ["(?:a?){400}b", "a".repeat(50_000)],
  ])("/%s/ ends with its budget where more cannot be known", (source, text) => {
    const search = (): unknown => [...compilePattern(source, "").matches(text, { steps: 5_000_000 })];
    expect(search).toThrow(expect.objectContaining({ name: "BudgetError" }));
  });
});

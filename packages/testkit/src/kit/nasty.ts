/** A text that somebody may well hand to an action, by a template at least. */
export interface Nasty {
  readonly name: string;
  readonly value: unknown;
}

/** What would turn up in a request if a text got out of its place. */
export const INTRUDER = "Stepwire-Kit";

/** What a server would make `../` of. */
export const ESCAPED = "a%2e%2e%2fb";

export const NASTY_TEXTS: readonly Nasty[] = [
  { name: "quotes and backslashes", value: String.raw`a"b'c\d\n` },
  { name: "JSON", value: `x","${INTRUDER}":"x` },
  { name: "line breaks", value: `a\r\n${INTRUDER}: x\nb\u2028c` },
  // One word, since an action may well take a text apart into words.
  { name: "emoji", value: "😀né" },
  { name: "a lone surrogate", value: "a\ud83db" },
  { name: "templates", value: "{{x}} {{{x}}} ${x} <%= x %>" },
  { name: "two dots", value: ".." },
  { name: "slashes", value: "a/b" },
  { name: "escapes", value: ESCAPED },
  { name: "a query", value: `a?${INTRUDER}=x&${INTRUDER}=y` },
  { name: "a fragment", value: "a#b" },
  { name: "a prototype", value: "__proto__" },
];

/** Where a text is wanted, and something else comes. */
export const NO_TEXTS: readonly Nasty[] = [
  { name: "null", value: null },
  { name: "a number", value: 7 },
  { name: "a list", value: ["x"] },
  { name: "an object", value: { x: "x" } },
];

/** Too long to be worth the time. */
const MAX_LENGTH = 20_000;

/** Texts as long as is allowed, and longer by one. */
export function longTexts(maxLength: number | undefined): Nasty[] {
  if (maxLength === undefined || maxLength > MAX_LENGTH) return [];
  return [
    { name: `${maxLength} characters`, value: "x".repeat(maxLength) },
    { name: `${maxLength + 1} characters`, value: "x".repeat(maxLength + 1) },
  ];
}

/** The same object with keys that belong to the language, which only parsers of JSON can give it. */
export function withPrototypeKeys(object: object): unknown {
  const own = JSON.stringify(object).slice(1);
  const keys = `{"__proto__":{"${INTRUDER}":"x"},"constructor":{"prototype":{"${INTRUDER}":"x"}}`;
  return JSON.parse(`${keys}${own === "}" ? "" : ","}${own}`);
}

const SPACE = /[\t\n\r ]*/y;
// Unrolled, so that neither long texts nor a missing end make it slow.
const PLAIN = String.raw`[^"\\\u0000-\u001f]*`;
const STRING_BODY = String.raw`"${PLAIN}(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})${PLAIN})*`;
const SCALAR = new RegExp(String.raw`${STRING_BODY}"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null`, "y");
/** What can be read of a string that is wrong further on. */
const STRING_START = new RegExp(STRING_BODY, "y");

/**
 * The offset of the first character at which a text stops being JSON, or `undefined` if it is JSON. `JSON.parse` gives
 * the offset only in some of its messages.
 */
export function jsonErrorOffset(text: string): number | undefined {
  const open: ("{" | "[")[] = [];
  /** `first`: a value, or the end of the list just opened; `key`: likewise for a map. */
  let expected: "value" | "first" | "key" | "next-key" | "colon" | "end" = "value";
  let at = 0;
  const match = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0] ?? "";
  };
  for (;;) {
    at += match(SPACE).length;
    const unit = text[at];
    if (unit === undefined) return expected === "end" && open.length === 0 ? undefined : text.length;
    if (expected === "colon") {
      if (unit !== ":") return at;
      expected = "value";
      at += 1;
    } else if (expected === "end") {
      const inside = open.at(-1);
      if (unit === "," && inside !== undefined) expected = inside === "{" ? "next-key" : "value";
      else if (unit === (inside === "{" ? "}" : "]") && inside !== undefined) open.pop();
      else return at;
      at += 1;
    } else if ((expected === "key" && unit === "}") || (expected === "first" && unit === "]")) {
      open.pop();
      expected = "end";
      at += 1;
    } else if (expected === "key" || expected === "next-key") {
      const token = unit === '"' ? match(SCALAR) : "";
      if (token === "") return at + match(STRING_START).length;
      expected = "colon";
      at += token.length;
    } else if (unit === "{" || unit === "[") {
      open.push(unit);
      expected = unit === "{" ? "key" : "first";
      at += 1;
    } else {
      const token = match(SCALAR);
      if (token === "") return at + match(STRING_START).length;
      expected = "end";
      at += token.length;
    }
  }
}

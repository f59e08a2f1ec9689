/** Enough for a notification. */
const MAX_FALLBACK = 3000;
/** Real blocks are some ten levels deep; nobody reads further down. */
const MAX_DEPTH = 20;

/**
 * The text that notifications and screen readers use where a message has blocks and no text: what the blocks say, in
 * their order. `undefined` where they say nothing.
 */
export function fallbackText(blocks: readonly Readonly<Record<string, unknown>>[]): string | undefined {
  const said = blocks
    .map((block) => textsOf(block, 0).join(" "))
    .filter((line) => line !== "")
    .join("\n");
  return said === "" ? undefined : said.slice(0, MAX_FALLBACK);
}

/** Where blocks keep what is read; ids, URLs and values are in other keys. */
const SPOKEN = ["title", "text", "alt_text", "fields", "elements"] as const;

function textsOf(value: unknown, depth: number): string[] {
  if (depth > MAX_DEPTH || typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => textsOf(item, depth + 1));
  const part = value as Record<string, unknown>;
  // Only mrkdwn is written as the message's text is; elsewhere `<` is a `<`.
  const isMrkdwn = part["type"] === "mrkdwn";
  return SPOKEN.flatMap((key) => {
    const inner = Object.hasOwn(part, key) ? part[key] : undefined;
    if (typeof inner !== "string") return textsOf(inner, depth + 1);
    return inner.trim() === "" ? [] : [isMrkdwn ? inner.trim() : escaped(inner.trim())];
  });
}

/** The three characters that Slack gives a meaning to, as it asks for them in texts. */
const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

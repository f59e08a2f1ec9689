/**
 * Whether a text is made of the parts between the stars of a wildcard, in their order. Nothing is ever tried twice: the
 * first place where a part fits leaves the most room for those after it. A regular expression would go back and forth,
 * and never end with some stars in it.
 */
export function matchesWildcard([first = "", ...parts]: readonly string[], text: string): boolean {
  const last = parts.pop() ?? "";
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= text.length - last.length;
}

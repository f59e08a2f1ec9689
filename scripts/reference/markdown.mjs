// Pieces of Markdown.

export const code = (text) => `\`${text}\``;

export const list = (names) => names.map((name) => code(name)).join(", ");

export function table(head, rows) {
  return [head, head.map(() => "---"), ...rows.map((row) => row.map((text) => cell(text)))]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n");
}

const cell = (text) => text.replaceAll("|", "\\|").replaceAll(/\s*\n\s*/g, " ");

/** A link to a heading of the same page. */
export const linkTo = (heading, text = heading) => `[${text}](#${anchorOf(heading)})`;

/** The anchor that GitHub gives a heading. */
export const anchorOf = (heading) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(/\s/g, "-");

/** `1,000`; what is no number stops the page. */
export function number(value) {
  if (typeof value !== "number") throw new Error("A number of the reference is none.");
  return value.toLocaleString("en-US");
}

export const code = (text: string): string => `\`${text}\``;
export const list = (names: readonly string[]): string => names.map((name) => code(name)).join(", ");

/** Lists without the items that say nothing. */
export const sentences = (...texts: (string | false | undefined)[]): string =>
  texts.filter((text) => text !== "" && text !== false && text !== undefined).join(" ");

/** A table whose columns stand below each other in the source, too. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) =>
    row.map((text) => text.replaceAll("|", String.raw`\|`).replaceAll(/\s*\n\s*/g, " ")),
  );
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [first = [], ...others] = cells;
  return [line(first), line(widths.map((width) => "-".repeat(width))), ...others.map(line)].join("\n");
}

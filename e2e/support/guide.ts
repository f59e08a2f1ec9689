/** A fenced block of a guide: ```` ```ts src/index.ts ````. */
export interface Block {
  readonly language: string;
  /** What stands behind the language: the name of a file, or nothing. */
  readonly name: string;
  readonly text: string;
}

/** Every fenced block of a page. One with four backticks may hold others. */
export function blocksOf(page: string): Block[] {
  return [...page.matchAll(/^(`{3,})(\w+)(?: (\S+))?\n([\s\S]*?)^\1$/gm)].map(
    ([, , language = "", name = "", text = ""]) => ({ language, name, text }),
  );
}

/** The commands of a block, each on one line. */
export const commandsOf = ({ text }: Block): string[] =>
  text
    .replaceAll(/\\\n\s*/g, "")
    .split("\n")
    .filter((line) => line !== "");

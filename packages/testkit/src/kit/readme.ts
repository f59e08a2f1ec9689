/** A fenced block of a README: ```` ```yaml page.yaml ````. */
export interface Fence {
  readonly language: string;
  readonly file?: string;
  readonly text: string;
}

export function fencesOf(markdown: string): Fence[] {
  return [...markdown.matchAll(/^```(\w+)(?: (\S+))?[^\n]*\n([\s\S]*?)^```$/gm)].map(
    ([, language = "", file, text = ""]) => ({
      language,
      ...(file === undefined ? {} : { file }),
      text,
    }),
  );
}

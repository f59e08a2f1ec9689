/** A node of the Atlassian document format (developer.atlassian.com/cloud/jira/platform/apis/document/structure). */
interface AdfNode {
  type: string;
  text?: string;
  content?: AdfNode[];
  marks?: { type: "link"; attrs: { href: string } }[];
}

export interface AdfDocument {
  type: "doc";
  version: 1;
  content: unknown[];
}

/**
 * Plain text as a document: blank lines part paragraphs, other line breaks stay line breaks, http and https addresses
 * become links. Text without a visible character is a document without content: Jira refuses empty text nodes.
 */
export function textToAdf(text: string): AdfDocument {
  const paragraphs = text
    .replace(/\r\n?/g, "\n")
    .split(/\n[^\S\n]*(?:\n[^\S\n]*)+/)
    .map((paragraph) => paragraph.replace(/^\n+|\n+$/g, ""))
    .filter((paragraph) => paragraph.trim() !== "");
  return { type: "doc", version: 1, content: paragraphs.map(toParagraph) };
}

function toParagraph(text: string): AdfNode {
  const content = text
    .split("\n")
    .flatMap((line, index) => [...(index === 0 ? [] : [{ type: "hardBreak" }]), ...toInline(line)]);
  return { type: "paragraph", content };
}

function toInline(line: string): AdfNode[] {
  const nodes: AdfNode[] = [];
  let end = 0;
  for (const { 0: found, index } of line.matchAll(/https?:\/\/[^\s<>"]+/gi)) {
    const href = withoutPunctuation(found);
    if (!URL.canParse(href)) continue;
    nodes.push(...toText(line.slice(end, index)), {
      type: "text",
      text: href,
      marks: [{ type: "link", attrs: { href } }],
    });
    end = index + href.length;
  }
  return [...nodes, ...toText(line.slice(end))];
}

const toText = (text: string): AdfNode[] => (text === "" ? [] : [{ type: "text", text }]);

/**
 * What ends a sentence does not belong to its last address, nor does a bracket that was opened before it. Cut from the
 * end, a character at a time: a pattern that looks for the end would take forever on a long run of dots.
 */
function withoutPunctuation(address: string): string {
  const ending = address.includes("(") ? ".,;:!?'…" : ".,;:!?'…)";
  let end = address.length;
  while (ending.includes(address.charAt(end - 1)) && end > 0) end -= 1;
  return address.slice(0, end);
}

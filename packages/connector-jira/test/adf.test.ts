import { describe, expect, it } from "vitest";

import { textToAdf } from "../src/adf.ts";

const text = (words: string) => ({ type: "text", text: words });
const link = (href: string) => ({ type: "text", text: href, marks: [{ type: "link", attrs: { href } }] });
const lineBreak = { type: "hardBreak" };
const paragraphs = (given: string) => textToAdf(given).content.map((node) => (node as { content: unknown }).content);

describe("a text as an Atlassian document", () => {
  it("has a paragraph for what blank lines part, and a hard break for each single line break", () => {
    expect(textToAdf("one\ntwo\n\nthree")).toEqual({
      type: "doc",
      version: 1,
      content: [
        { type: "paragraph", content: [text("one"), lineBreak, text("two")] },
        { type: "paragraph", content: [text("three")] },
      ],
    });
  });

  it.each([
    ["a\r\n\r\nb\rc", [[text("a")], [text("b"), lineBreak, text("c")]]],
    ["a\n \t\n\n\nb", [[text("a")], [text("b")]]],
    ["\n\na\n\n", [[text("a")]]],
    ["a\n", [[text("a")]]],
    ["  indented\n  too", [[text("  indented"), lineBreak, text("  too")]]],
  ])("reads %j", (given, expected) => {
    expect(paragraphs(given)).toEqual(expected);
  });

  it.each(["", " ", "\n", " \n\n \t "])("has no content for %j, since Jira refuses empty nodes", (given) => {
    expect(textToAdf(given)).toEqual({ type: "doc", version: 1, content: [] });
  });

  it.each([
    ["see https://a.example/x?y=1#z.", [text("see "), link("https://a.example/x?y=1#z"), text(".")]],
    ["(http://a.example/b)", [text("("), link("http://a.example/b"), text(")")]],
    ["https://a.example/a_(b)", [link("https://a.example/a_(b)")]],
    [
      "<https://a.example>, HTTPS://B.example!",
      [text("<"), link("https://a.example"), text(">, "), link("HTTPS://B.example"), text("!")],
    ],
    ["javascript:alert(1) ftp://a.example", [text("javascript:alert(1) ftp://a.example")]],
    ["https:// and http://[", [text("https:// and http://[")]],
  ])("makes links of the addresses in %j", (given, expected) => {
    expect(paragraphs(given)).toEqual([expected]);
  });

  it.each([")", ".", ".)"])("reads an address behind which %j stands ten thousand times", (mark) => {
    const marks = mark.repeat(10_000);
    expect(paragraphs(`https://a.example${marks}`)).toEqual([[link("https://a.example"), text(marks)]]);
  });

  it("never holds an empty text node", () => {
    for (const given of ["\n\n\na\n\n\n\nb", "https://a.example\nhttps://b.example", "a\n\nhttps://c.example"]) {
      expect(JSON.stringify(textToAdf(given))).not.toContain('"text":""');
    }
  });
});

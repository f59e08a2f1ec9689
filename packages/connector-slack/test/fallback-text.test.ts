import { expect, it } from "vitest";

import { fallbackText } from "../src/fallback-text.ts";

const mrkdwn = (text: string) => ({ type: "mrkdwn", text });
const plain = (text: string) => ({ type: "plain_text", text });

it.each([
  ["a header", [{ type: "header", text: plain("Down") }], "Down"],
  ["a section with fields", [{ type: "section", fields: [mrkdwn("*Host*"), plain("web-1")] }], "*Host* web-1"],
  ["a context", [{ type: "context", elements: [mrkdwn("by <@U1>"), plain("now")] }], "by <@U1> now"],
  ["a picture", [{ type: "image", image_url: "https://example.com/x.png", alt_text: "a graph" }], "a graph"],
  ["buttons", [{ type: "actions", elements: [{ type: "button", text: plain("Ack"), value: "v1" }] }], "Ack"],
  [
    "rich text",
    [
      {
        type: "rich_text",
        elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "a <b>" }] }],
      },
    ],
    "a &lt;b&gt;",
  ],
  ["Markdown", [{ type: "markdown", text: "**bold** & <plain>" }], "**bold** &amp; &lt;plain&gt;"],
  [
    "several blocks",
    [{ type: "section", text: mrkdwn("one") }, { type: "divider" }, { type: "header", text: plain("two") }],
    "one\ntwo",
  ],
])("says what %s says", (_, blocks, said) => {
  expect(fallbackText(blocks)).toBe(said);
});

it.each([[[{ type: "divider" }]], [[{ type: "section", text: plain("  ") }]], [[{ type: "image", alt_text: 5 }]]])(
  "says nothing for %j",
  (blocks) => {
    expect(fallbackText(blocks)).toBeUndefined();
  },
);

it("is short enough for a notification, however long and deep the blocks are", () => {
  expect(fallbackText([{ type: "section", text: mrkdwn("x".repeat(5000)) }])).toHaveLength(3000);
  let deep: Record<string, unknown> = { text: "too deep" };
  for (let level = 0; level < 10_000; level += 1) deep = { elements: [deep] };
  expect(fallbackText([deep])).toBeUndefined();
});

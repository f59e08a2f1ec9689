/** Every row and every example of docs/workflow/templates.md, executed. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createEngine, DEFAULT_TEMPLATE_LIMITS } from "../src/template/engine.ts";
import { OWN_FILTERS } from "../src/template/filters.ts";
import { findingsOf, run } from "./kit.ts";

const page = readFileSync(new URL("../../../docs/workflow/templates.md", import.meta.url), "utf8");
const blocks = new Map(
  [...page.matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm)].map(([, name = "", text = ""]) => [name, text]),
);
const event = JSON.parse(blocks.get("event.json") ?? "") as Record<string, unknown>;

/** Two steps whose results the page reads, then one that is about the text. */
const around = (key: string, text: string): string => `
steps:
  - { name: look-up, type: any, with: { id: 3 } }
  - { name: open ticket, type: any, with: { id: 4 } }
  - { name: probe, type: any, ${key}: ${JSON.stringify(text)} }
`;
const echo = ({ input }: { input: unknown }): unknown => input;

/** First and second cells of the rows whose first cell is code. */
const rows = [...page.matchAll(/^\| `(.*?)` +\| (.*?) +\|/gm)].map(
  ([, text = "", gives = ""]) => [text.replaceAll(String.raw`\|`, "|"), gives.replaceAll("`", "")] as const,
);
const isCondition = (gives: string): boolean => gives === "false" || gives === "true";
const [, conditionsOn = ""] = page.split("## Conditions");
const conditions = rows.filter(([text, gives]) => isCondition(gives) && inPage(conditionsOn, text));
const templates = rows.filter((row) => !conditions.includes(row));

function inPage(part: string, text: string): boolean {
  return part.includes(`| \`${text.replaceAll("|", String.raw`\|`)}\``);
}

const mistakes = templates.filter(([, gives]) => gives.startsWith("a mistake"));
const values = templates.filter((row) => !mistakes.includes(row));
const withValue = (text: string): string =>
  around("with", text).replace(/with: (".*") }\n$/, "with: { value: $1 } }\n");

test.each(values)("%s gives %s", async (text, gives) => {
  const { result, host } = await run(withValue(text), echo, { event });
  expect(result).toEqual({ status: "completed" });
  expect(host.calls[2]?.input).toEqual(gives === "no value" ? {} : { value: JSON.parse(gives) });
});

test.each(mistakes)("%s is %s", async (text) => {
  expect((await findingsOf(withValue(text))).map(({ rule }) => rule)).toEqual(["liquidSyntaxError"]);
});

test.each(conditions)("%s: %s", async (text, holds) => {
  const { result, host } = await run(around("if", text), echo, { event });
  expect(result).toEqual({ status: "completed" });
  expect(host.calls).toHaveLength(holds === "true" ? 3 : 2);
});

test("the tables are found", () => {
  expect([values.length, mistakes.length, conditions.length]).toEqual([43, 1, 26]);
});

test.each([
  ["tags", ["Look at web-1:\n- sda is full\n- sdb is fine"]],
  ["limits", ["1 2 3 "]],
])("%s", async (name, logs) => {
  const text = blocks.get(name) ?? "";
  expect(await findingsOf(text)).toEqual([]);
  expect((await run(text, undefined, { event })).host.logs).toEqual(logs);
});

test("no example, tag or filter of our own is left out", () => {
  expect([...blocks.keys()]).toEqual(["event.json", "tags", "limits"]);
  const [, tags = ""] = /^## Tags$([\s\S]*?)^## /m.exec(page) ?? [];
  const [, filters = ""] = /^## Filters$([\s\S]*?)^## /m.exec(page) ?? [];
  const { tags: known } = createEngine(DEFAULT_TEMPLATE_LIMITS);
  expect(Object.keys(known).filter((tag) => !tags.includes(`\`${tag}\``))).toEqual([]);
  expect(Object.keys(OWN_FILTERS).filter((name) => !filters.includes(`\`${name}\``))).toEqual([]);
});

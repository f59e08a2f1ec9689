import { expect, test } from "vitest";
import { parseYaml } from "../src/index.ts";

test.each([
  ["a: {{ event.n }}", 5],
  ["? [x, y]\n: 1", 3],
])("a key that is no text is told: %s", (text, column) => {
  const { findings, value } = parseYaml(text, "f.yaml");
  expect(value).toBeUndefined();
  expect(findings).toMatchObject([
    {
      line: 1,
      column,
      message: "A key must be a text, not a map or a list.",
      hint: expect.stringContaining('"{{') as unknown,
    },
  ]);
});

test("a template in quotes is a text", () => {
  expect(parseYaml('a: "{{ event.n }}"', "f.yaml").value).toEqual({ a: "{{ event.n }}" });
});

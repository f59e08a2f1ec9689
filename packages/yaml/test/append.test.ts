import { describe, expect, it } from "vitest";

import { appendToList, parseYaml } from "../src/index.ts";

const ENTRY = { name: "new: one", config: { json: '{\n\t"a": {{{b}}}\n}', text: "#x" } };

const append = (text: string, entry: object = ENTRY, json = false) => {
  const outcome = appendToList(text, "connectors", entry, { json });
  return "text" in outcome ? outcome.text : outcome;
};

describe("an entry goes into a list", () => {
  it("in the list's own style, its texts readable", () => {
    expect(append("# mine\nconnectors:\n    - name: a # x\n      type:   'b'\n  # below\n\n# end\n")).toBe(
      `# mine\nconnectors:\n    - name: a # x\n      type:   'b'\n    - name: "new: one"\n      config:\n        json: |-\n          {\n          \t"a": {{{b}}}\n          }\n        text: "#x"\n  # below\n\n# end\n`,
    );
  });

  it.each([
    ["", "connectors:\n  - a: 1\n"],
    ["# only\n", "# only\nconnectors:\n  - a: 1\n"],
    ["---\n", "---\nconnectors:\n  - a: 1\n"],
    ["\uFEFF# only", "\uFEFF# only\nconnectors:\n  - a: 1\n"],
    ["connectors:", "connectors:\n  - a: 1\n"],
    ["connectors: # none\n\n# end", "connectors: # none\n  - a: 1\n\n# end"],
    ["connectors: null # none\n", "connectors: # none\n  - a: 1\n"],
    ["connectors: [ ] # none\r\n", "connectors: # none\r\n  - a: 1\r\n"],
    ["connectors: &all []\n", "connectors: &all\n  - a: 1\n"],
    ["connectors:\r\n- x: 1", "connectors:\r\n- x: 1\r\n- a: 1\r\n"],
    ["connectors:\n  - x: 1\n\n  - x: 2\n\n# end\n", "connectors:\n  - x: 1\n\n  - x: 2\n\n  - a: 1\n\n# end\n"],
    [
      "connectors: &all\n  - &base { x: 1 }\n  - *base\n",
      "connectors: &all\n  - &base { x: 1 }\n  - *base\n  - a: 1\n",
    ],
    ["connectors:\n  - x: |\n      text\n# end\n", "connectors:\n  - x: |\n      text\n  - a: 1\n# end\n"],
    ["connectors: [{ x: 1 }, ] # c\n", 'connectors: [{ x: 1 }, {"a":1}, ] # c\n'],
    ["{}", '{\n  "connectors": [\n    {\n      "a": 1\n    }\n  ]\n}'],
    ['{"connectors":[]}', '{"connectors":[{"a":1}]}'],
    ['{"connectors":null}', '{"connectors": [{"a":1}]}'],
    [
      '{\n\t"connectors": [\n\t\t{ "x": 1 }\n\t]\n}\n',
      '{\n\t"connectors": [\n\t\t{ "x": 1 },\n\t\t{\n\t\t  "a": 1\n\t\t}\n\t]\n}\n',
    ],
    ['{\n  "connectors": []\n}\n', '{\n  "connectors": [\n    {\n      "a": 1\n    }\n  ]\n}\n'],
  ])("and leaves %j as it stands", (text, expected) => {
    expect(append(text, { a: 1 })).toBe(expected);
  });

  it("of a new file in JSON", () => {
    expect(append("", { a: 1 }, true)).toBe('{\n  "connectors": [\n    {\n      "a": 1\n    }\n  ]\n}\n');
  });

  it.each(["", "connectors:\r\n  - x: 1\r\n", '{"connectors": [{"x": 1}]}', "connectors: []\n"])(
    "with every text that YAML could take for something else: %j",
    (text) => {
      const entry = {
        name: "yes",
        texts: [
          "null",
          "1e3",
          "- a",
          "a: b",
          " #",
          "*x",
          "&x",
          "!x",
          "%x",
          "@x",
          "`",
          "'\"",
          "a\r\nb",
          "a\tb ",
          "\n\n",
          "\u2028é\u0000",
          "${env:X}",
          "<<",
          "---",
          "{{{a}}}",
        ],
        "a: b #": { "": "", "?": true, "\n": 1 },
        long: "x ".repeat(5000),
      };
      const made = append(text, entry);
      expect((parseYaml(made as string, "f").value as { connectors: unknown[] }).connectors.at(-1)).toEqual(entry);
    },
  );
});

it.each([
  // A block list: what is indented deeper than the dash is the item's.
  ["connectors:\n  - x: 1\n    # y: 2\nother: 1\n", "connectors:\n  - x: 1\n    # y: 2\n  - a: 1\nother: 1\n"],
  ["connectors:\n  - x: 1\n    # y: 2\n  # - x: 3\n", "connectors:\n  - x: 1\n    # y: 2\n  - a: 1\n  # - x: 3\n"],
  ["connectors:\n- x: 1\n\n  # y: 2\n\n# end\n", "connectors:\n- x: 1\n\n  # y: 2\n- a: 1\n\n# end\n"],
  ["connectors:\n  - x: |\n      t\n    # y: 2", "connectors:\n  - x: |\n      t\n    # y: 2\n  - a: 1\n"],
  [
    "connectors:\r\n  - x: >+\r\n      t\r\n\r\n   #\r\n",
    "connectors:\r\n  - x: >+\r\n      t\r\n\r\n   #\r\n  - a: 1\r\n",
  ],
  [
    "connectors:\n  - x: 1\n\n  - x: 2\n    # y: 2\nother: 1\n",
    "connectors:\n  - x: 1\n\n  - x: 2\n    # y: 2\n\n  - a: 1\nother: 1\n",
  ],
  // A flow list: what stands on the item's own line is the item's.
  ["connectors: [\n  {x: 1} # y\n]\n", 'connectors: [\n  {x: 1}, # y\n  {\n    "a": 1\n  }\n]\n'],
  ["connectors: [\n  {x: 1}, # y\n  # z\n]\n", 'connectors: [\n  {x: 1}, # y\n  {\n    "a": 1\n  },\n  # z\n]\n'],
  ["connectors: [{x: 1} # y\n  ]\n", 'connectors: [{x: 1}, # y\n  {\n    "a": 1\n  }\n  ]\n'],
  ["connectors: [\n  {x: 1} # y,\n  , ]", 'connectors: [\n  {x: 1}, # y,\n  {\n    "a": 1\n  }\n  , ]'],
])("leaves the comments of the item before with that item: %j", (text, expected) => {
  expect(append(text, { a: 1 })).toBe(expected);
});

it("goes in before a marker that ends the file", () => {
  expect(append("connectors:\n  - a: 1\n...\n", { a: 2 })).toBe("connectors:\n  - a: 1\n  - a: 2\n...\n");
});

it.each([
  ["connectors: [", "it cannot be read"],
  ["connectors: text", "connectors is no list"],
  ["- a\n", "connectors is no list"],
  ["text", "connectors is no list"],
  // A plain yes is true in YAML 1.1, which this file asks for.
  ["%YAML 1.1\n---\nconnectors:\n  - a: 1\n", "connectors is written in a way that cannot be added to"],
  ["...\n", "connectors is written in a way that cannot be added to"],
])("leaves %j alone where the outcome would not be what was meant", (text, problem) => {
  expect(append(text, { name: "yes" })).toEqual({ problem });
});

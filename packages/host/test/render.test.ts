import { StepwireError, type RenderAs } from "@stepwire/core";
import { describe, expect, it } from "vitest";
import { checkTemplate, compileTemplate, render, renderTemplate } from "../src/render/index.ts";
import { jsonErrorOffset } from "../src/render/json-position.ts";

const failure = (run: () => unknown): StepwireError => {
  try {
    run();
  } catch (error) {
    if (StepwireError.is(error)) return error;
    throw error;
  }
  throw new Error("it did not fail");
};
const json = (template: string, view: object): unknown => JSON.parse(renderTemplate(template, view, "json"));

/** Values that break naive insertion. */
const NASTY = [
  'say "hi"',
  "back\\slash",
  "ends with \\",
  "two\nlines\r\n\ttab",
  "\u0000\u0008\u001f",
  "\u2028\u2029",
  "emoji \u{1F600} and e\u0301",
  "\ud800 lone",
  "lone \udc00",
  "{{x}} {{{y}}} {{#z}}",
  '", "admin": true, "x": "',
  "</script>&amp;<b>",
  "\\u0041",
  "",
  "null",
  "]}",
];

describe("json", () => {
  it.each(NASTY)("carries %j intact, bare and inside a string", (value) => {
    const view = { case: { title: value } };
    expect(json('{"a": {{{case.title}}}, "b": "[SIEM] {{{case.title}}}!", "c": {{case.title}}}', view)).toEqual({
      a: value,
      b: `[SIEM] ${value}!`,
      c: value,
    });
    expect(json('{"{{&case.title}}": "{{case.title}}{{case.title}}"}', view)).toEqual({ [value]: value + value });
  });

  it("tells apart braces of the JSON and of the tags", () => {
    expect(json('{"a":{"b":{{{x}}}}}', { x: "v" })).toEqual({ a: { b: "v" } });
    expect(json('{"a":{{x}}}', { x: { y: 1 } })).toEqual({ a: { y: 1 } });
  });

  it.each([
    ["text", '"text"', "text"],
    [12.5, "12.5", "12.5"],
    [true, "true", "true"],
    [null, "null", ""],
    [undefined, "null", ""],
    [Number.NaN, "null", "null"],
    [["a", 'b"'], '["a","b\\""]', '[\\"a\\",\\"b\\\\\\"\\"]'],
    [{ k: "v" }, '{"k":"v"}', '{\\"k\\":\\"v\\"}'],
    [() => "called", "null", ""],
  ])("inserts %j as %s, in a string as %s", (value, bare, inside) => {
    expect(renderTemplate("{{{x}}}", { x: value }, "json")).toBe(bare);
    expect(renderTemplate('"{{{x}}}"', { x: value }, "json")).toBe(`"${inside}"`);
  });

  it("follows the quotes across sections, loops and escaped quotes", () => {
    const template = '{"t": "a \\" {{#tags}}<{{.}}>{{/tags}} \\\\", "l": [{{#tags}}{{.}},{{/tags}}null], "n": {{n}}}';
    expect(json(template, { tags: ['"', "\\"], n: 1 })).toEqual({ t: 'a " <"><\\> \\', l: ['"', "\\", null], n: 1 });
    // The string ends inside the section, or does not: it depends on what is shown.
    const odd = '{"a": "{{#x}}in", "b": {{x}}{{/x}}{{^x}}out"{{/x}}}';
    expect(json(odd, { x: "v" })).toEqual({ a: "in", b: "v" });
    expect(json(odd, {})).toEqual({ a: "out" });
  });

  it("refuses a variable right behind a backslash, which could end the string", () => {
    const error = failure(() => renderTemplate('{"a": "\\{{{x}}}"}', { x: '"' }, "json"));
    expect(error).toMatchObject({ code: "template-error", details: { line: 1, column: 9 } });
    expect(json('{"a": "\\\\{{{x}}}"}', { x: '"' })).toEqual({ a: '\\"' });
  });

  it("says where the result stops being JSON, in terms of the template", () => {
    const template = '{\n  "title": {{{title}}},\n  "tags": [{{#tags}}{{.}},{{/tags}}]\n}';
    const error = failure(() => renderTemplate(template, { title: "a\nlong\ntitle", tags: ["x"] }, "json"));
    expect(error.code).toBe("json-invalid");
    expect(error.details).toMatchObject({ line: 3, column: 36 });
    expect(error.message).toContain('\\"x\\",]');
    expect(failure(() => renderTemplate('{"a": {{x}}{{x}}}', { x: 1.5 }, "json")).details).toMatchObject({
      line: 1,
      column: 12,
    });
    expect(failure(() => renderTemplate('{"a": {{x}}', { x: 1 }, "json")).message).toContain("ends too early");
  });

  it("bounds the excerpt", () => {
    const error = failure(() => renderTemplate('{"a": {{x}} oops}', { x: "y".repeat(10_000) }, "json"));
    expect(String(error.details?.["excerpt"]).length).toBeLessThanOrEqual(80);
    expect(error.message.length).toBeLessThan(250);
  });

  it("refuses values that JSON does not know with an error of its own", () => {
    const cyclic: Record<string, unknown> = {};
    cyclic["self"] = cyclic;
    for (const x of [cyclic, 10n])
      expect(failure(() => renderTemplate("{{x}}", { x }, "json")).code).toBe("template-error");
  });
});

describe("jsonErrorOffset", () => {
  const cases = [
    ['{"a":1}', " [1, 2.5e-3, null, true] ", '"\\u00e9\\n"', "{}", "[]", "[[],{}]", "0", "-0.1"],
    [
      "",
      "{",
      "[1,]",
      '{"a":1,}',
      '{"a" 1}',
      "{a:1}",
      "[1 2]",
      '"a',
      '"\\x"',
      '"a\nb"',
      "01",
      "nul",
      "1 2",
      "]",
      "[}",
      "{]",
      '{"a":}',
    ],
    ["[,1]", "{,}", '{"a":1}}', "\u00a01", "NaN", "'a'", '"\\u12g4"', "-", "1.", "[1", '{"a"', '{"a":', "tru e"],
  ].flat();
  it.each(cases)("agrees with JSON.parse about %j", (text) => {
    const offset = jsonErrorOffset(text);
    const valid = failure2(() => JSON.parse(text)) === undefined;
    expect(offset === undefined).toBe(valid);
    expect(offset ?? 0).toBeLessThanOrEqual(text.length);
  });
  const failure2 = (run: () => unknown): unknown => {
    try {
      run();
      return undefined;
    } catch (error) {
      return error;
    }
  };
  it.each([
    ['{"a": 1,, "b": 2}', 8],
    ['{"a": "x" "b": 2}', 10],
    ["[1, 2", 5],
    ['{"a": "two\nlines"}', 10],
    [`["${"x".repeat(2_000_000)}`, 2_000_002],
  ])("finds the place in %.20s", (text, offset) => {
    expect(jsonErrorOffset(text)).toBe(offset);
  });
});

describe("url", () => {
  it.each([
    ["10042", "10042"],
    [42, "42"],
    ["a b/c?d#e&f=g%h+i", "a%20b%2Fc%3Fd%23e%26f%3Dg%25h%2Bi"],
    ["it's (a) *!", "it%27s%20%28a%29%20%2A%21"],
    ["\u00e9\u{1F600}", "%C3%A9%F0%9F%98%80"],
    ["../../admin", "..%2F..%2Fadmin"],
    ["\\..\\x", "%5C..%5Cx"],
    ["@evil.com:80", "%40evil.com%3A80"],
    ["{{x}}", "%7B%7Bx%7D%7D"],
    ["...", "..."],
    [true, "true"],
  ])("encodes %j as one component", (value, encoded) => {
    const url = renderTemplate("https://h/issue/{{{id}}}/comment?i={{id}}", { id: value }, "url");
    expect(url).toBe(`https://h/issue/${encoded}/comment?i=${encoded}`);
    expect(new URL(url).pathname.split("/")).toHaveLength(4);
  });

  it.each([".", "..", "", null, undefined, "a\nb", "a\u0000", "\u0085", "\ud800", [], {}, ["a"], () => "x"])(
    "refuses %j as a path segment",
    (value) => {
      const error = failure(() => renderTemplate("https://h/issue/{{{id}}}", { id: value }, "url"));
      expect(error).toMatchObject({ code: "template-error", details: { reason: "value", variable: "id" } });
    },
  );

  it.each([
    ["/{{a}}.", { a: "" }],
    ["/.{{a}}", { a: "" }],
    ["/{{a}}{{b}}/x", { a: "", b: "" }],
    ["/%2{{a}}/x", { a: "e" }],
    ["/{{#l}}{{.}}{{/l}}?q", { l: ["", ""] }],
  ])("refuses %s with %j, whose segment means another address", (path, view) => {
    expect(failure(() => renderTemplate(`https://h${path}`, view, "url")).code).toBe("template-error");
  });

  it("refuses dots and control characters in a query too", () => {
    for (const x of [".", "..", "a\tb"]) {
      expect(failure(() => renderTemplate("https://h/?q={{x}}", { x }, "url")).code).toBe("template-error");
    }
  });

  it("lets nothing stand in a query, and beside other text", () => {
    expect(renderTemplate("https://h/a-{{x}}/?q={{x}}&r=.", { x: "" }, "url")).toBe("https://h/a-/?q=&r=.");
  });
});

describe("text", () => {
  it("inserts as it is, without HTML escaping", () => {
    expect(renderTemplate("{{a}} {{{a}}} {{&a}} {{o}} {{m}}|{{n}}", { a: `<"&'/`, o: { k: [1] }, n: 0 }, "text")).toBe(
      `<"&'/ <"&'/ <"&'/ {"k":[1]} |0`,
    );
  });
});

describe("mustache", () => {
  it.each<[string, object, string]>([
    ["{{#a}}yes{{/a}}{{^a}}no{{/a}}", { a: 0 }, "no"],
    ["{{#a}}yes{{/a}}{{^a}}no{{/a}}", { a: [] }, "no"],
    ["{{#a}}{{b}}{{/a}}", { a: { b: 1 }, b: 2 }, "1"],
    ["{{#a}}{{b}}{{/a}}", { a: {}, b: 2 }, "2"],
    ["{{#a}}{{.}}{{^.}}!{{/.}};{{/a}}", { a: [1, 0] }, "1;0!;"],
    ["{{#a}}[{{#.}}{{.}}{{/.}}]{{/a}}", { a: [[1, 2], [3]] }, "[12][3]"],
    ["{{! comment }}{{=<% %>=}}<% a %> {{a}}", { a: "x" }, "x {{a}}"],
    ["{{ a.b.0 }}", { a: { b: ["first"] } }, "first"],
    ["{{#lambda}}x{{/lambda}}{{lambda}}", { lambda: () => "called" }, ""],
    ["{{a}}", { a: "{{b}}", b: "no" }, "{{b}}"],
  ])("renders %s with %j", (template, view, expected) => {
    expect(renderTemplate(template, view, "text")).toBe(expected);
  });

  it.each([
    "constructor",
    "__proto__",
    "toString",
    "a.constructor.name",
    "a.__proto__.x",
    "hasOwnProperty",
    "s.length",
    "a.b.constructor",
  ])("finds nothing behind the prototype: %s", (name) => {
    const view = { a: { b: [] }, s: "text" };
    for (const as of ["text", "json"] satisfies RenderAs[]) {
      expect(renderTemplate(`"{{{${name}}}}{{#${name}}}shown{{/${name}}}"`, view, as)).toBe('""');
    }
  });

  it("finds own keys that look like prototype keys", () => {
    expect(
      renderTemplate(
        "{{__proto__.x}}{{constructor}}",
        JSON.parse('{"__proto__":{"x":1},"constructor":2}') as object,
        "text",
      ),
    ).toBe("12");
  });

  it.each([
    ['{"a": {{{x}}', 1, 7],
    ["{{a}}\n {{b", 2, 2],
    ["{{a}} {{b {{c", 1, 7],
    ["a{{/b}}", 1, 2],
    ["{{#a}}\n{{/b}}", 2, 1],
    ["{{#a}}x", 1, 8],
    ["x\n{{> partial}}", 2, 1],
    ["x {{}}", 1, 3],
    ["x{{=a=}}", 1, 2],
  ])("points at what is wrong in %j", (template, line, column) => {
    const error = failure(() => compileTemplate(template));
    expect(error).toMatchObject({ code: "template-error", details: { reason: "syntax", line, column } });
    expect(error.message).toContain(`Line ${line}, column ${column}`);
  });

  it("parses a text once", () => {
    expect(compileTemplate("once {{x}}")).toBe(compileTemplate("once {{x}}"));
    const first = compileTemplate("dropped {{x}}");
    for (let index = 0; index < 600; index += 1) compileTemplate(`filler ${index}`);
    expect(compileTemplate("dropped {{x}}")).not.toBe(first);
    expect(render(first, { x: 1 }, "text")).toBe("dropped 1");
  });
});

describe("checkTemplate", () => {
  const variables = ["case.title", "case.description", "case.tags", "external.system.id", "external.system.ID"];
  const check = (template: string, as: RenderAs = "json", required: string[] = []): string[] =>
    checkTemplate(template, { as, variables, required });

  it.each([
    '{"fields": {"summary": {{{case.title}}}, "description": {{{case.description}}}, "labels": {{{case.tags}}}}}',
    '{"summary": "[SIEM] {{{case.title}}}", "labels": [{{#case.tags}}"{{.}}",{{/case.tags}} "siem"]}',
    '{"a": {{case}}}',
    '{"a": {{#case}}{{title}}{{/case}}}',
    '{"a": {{case.tags.0}} }',
    '{"a": "{{#case.tags}}{{.}} {{/case.tags}}"{{#case.title}}, "t": {{case.title}}{{/case.title}}}',
    '{"id": {{external.system.ID}}}',
  ])("has nothing against %s", (template) => {
    expect(check(template)).toEqual([]);
  });

  it.each<[string, string[], (string | RegExp)[]]>([
    [
      '{"a": {{{case.titel}}}}',
      [],
      [/^Line 1, column 7: there is no variable case\.titel here\. Did you mean case\.title\?$/],
    ],
    ['{"a": {{{title}}}}', [], [/no variable title here/]],
    ['{"a": {{{case.constructor}}}}', [], [/no variable case\.constructor/]],
    [
      '{"a": {{{case.title}}}}',
      ["case.title", "case.description"],
      ["The template must contain the variable {{{case.description}}}."],
    ],
    ['{"a": 1{{#case.title}}{{/case.title}}}', ["case.title"], [/must contain the variable \{\{\{case\.title/]],
    ['{"a": {{{case.title}}}', [], [/not make valid JSON at its line 1, column 23: it ends too early/]],
    ['{\n"a": {{case.title}}\n"b": 1}', [], [/line 3, column 1/]],
    ['{"a": [{{#case.tags}}{{.}},{{/case.tags}}]}', [], [/valid JSON/]],
    ['{"a": {{#case.title}}{{case.title}}{{/case.title}}}', [], [/^When its variables are empty: .*line 1, column 51/]],
    ['{"a": "{{case.title}}}', [], [/valid JSON/]],
    ["{{> x}}", [], [/partial/]],
    ['{"a": {{{case.title}}', [], [/^Line 1, column 7 of the template: this tag is never closed\.$/]],
  ])("finds what is wrong with %s", (template, required, expected) => {
    const problems = check(template, "json", required);
    expect(problems).toHaveLength(expected.length);
    for (const [index, pattern] of expected.entries()) expect(problems[index]).toMatch(pattern);
  });

  it("takes a required variable in either letter case, whole objects and the item of a section", () => {
    const required = ["external.system.id"];
    expect(check("https://h/{{{external.system.ID}}}", "url", required)).toEqual([]);
    expect(check("https://h/{{{external.system.name}}}", "url", required)).toHaveLength(2);
    expect(check("{{external}}", "text", required)).toEqual([]);
    expect(check("{{#external.system.id}}{{.}}{{/external.system.id}}", "text", required)).toEqual([]);
  });

  it("keeps variables out of the host of a URL", () => {
    expect(check("https://{{{case.title}}}.example.com/", "url")).toEqual([
      "Line 1, column 9: the variable case.title may not stand in the host of the URL.",
    ]);
    expect(check("https://example.com{{{case.title}}}", "url")).toHaveLength(1);
    expect(check("https://example.com/{{{case.title}}}?{{case.title}}", "url")).toEqual([]);
    expect(check("/issue/{{{case.title}}}", "url")).toEqual([]);
  });

  it("does not judge JSON where none is made", () => {
    expect(check("{ not json {{case.title}}", "text")).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";

import { MAX_YAML_LENGTH, parseYaml } from "../src/index.ts";

const read = (text: string) => parseYaml(text, "file.yaml");

describe("what is read", () => {
  it("is YAML 1.2 as plain data", () => {
    const text = "a: yes\nb: 0o17\nc: 1e3\nd: [x, {y: null}]\ne: |\n  two\n  lines\nf: 2024-01-01\n";
    expect(read(text)).toMatchObject({
      file: "file.yaml",
      text,
      findings: [],
      value: { a: "yes", b: 15, c: 1000, d: ["x", { y: null }], e: "two\nlines\n", f: "2024-01-01" },
    });
  });

  it("is JSON too, and a file with a byte order mark", () => {
    expect(read('{"a": {"b": [1, "x"]}}').value).toEqual({ a: { b: [1, "x"] } });
    expect(read("\ufeffa: 1").value).toEqual({ a: 1 });
  });

  it.each([
    ["", null],
    ["# only a comment\n", null],
    ["---\n", null],
    ["text", "text"],
  ])("may be nearly nothing: %j", (text, value) => {
    expect(read(text)).toMatchObject({ findings: [], value });
  });

  it("has __proto__ and its like as ordinary keys", () => {
    const { value, findings } = read("__proto__: {polluted: true}\nconstructor: 1\n");
    expect(findings).toEqual([]);
    expect(Object.keys(value as object)).toEqual(["__proto__", "constructor"]);
    expect((value as { polluted?: boolean }).polluted).toBeUndefined();
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it("repeats what an alias names", () => {
    expect(read("a: &x {b: 1}\nc: *x\n").value).toEqual({ a: { b: 1 }, c: { b: 1 } });
  });
});

describe("what is refused", () => {
  const finding = (text: string) => {
    const { value, findings } = read(text);
    expect(value).toBeUndefined();
    expect(findings.length).toBeGreaterThan(0);
    for (const item of findings)
      expect(item).toMatchObject({ code: "yaml-invalid", severity: "error", file: "file.yaml" });
    return findings[0];
  };

  it.each([
    ["a: [1, 2", 1],
    ["a: 1\n  b: 2", 1],
    ["a: 1\n\tb: 2", 2],
    ['a: "open', 1],
    ["a: &x 1\nb: *y", 2],
    ["a: 1\n---\nb: 2", 2],
    ["- a\nb: 1", 2],
    ["a: %x\n@b: 1", 1],
  ])("%j is, with its line", (text, line) => {
    expect(finding(text)).toMatchObject({ line, column: expect.any(Number), rule: "yamlSyntaxError" });
  });

  it("an alias of nothing is, with its name and place", () => {
    expect(finding("b: 1\na: [x, *y]\ny: &y 1\n")).toMatchObject({
      line: 2,
      column: 8,
      message: "The alias *y repeats nothing.",
      hint: expect.stringContaining("&y"),
    });
  });

  it.each(["a: &a [*a]", "a: &a {b: {c: *a}}"])("%j, which repeats itself, is", (text) => {
    expect(finding(text)?.message).toContain("inside the very part");
  });

  it("a key that stands twice is, with the place of the second", () => {
    expect(finding("a:\n  b: 1\n  c: 2\n  b: 3\n")).toMatchObject({
      line: 4,
      column: 3,
      message: "This key stands twice in the same map.",
      hint: "Keep one of the two.",
    });
  });

  it.each([
    ["a: !!set {a, b}", "!!set", 4],
    ["a: !!omap [a: 1]", "!!omap", 4],
    ["a: !!pairs [a: 1]", "!!pairs", 4],
    ["a: !!binary aGk=", "!!binary", 4],
    ["a: !!timestamp 2024-01-01", "!!timestamp", 4],
    ["a: !!merge x", "!!merge", 4],
    ["a: !foo x", "!foo", 4],
    ["a: &x !foo # really!\n  b: 1", "!foo", 7],
    ["!foo a: 1", "!foo", 1],
    ["%TAG !e! tag:x,2000:\n---\na: [!e!foo x]", "!e!foo", 5],
    ["a: !!js/function 'x'", "!!js/function", 4],
  ])("a tag for what JSON does not have is, with its place: %j", (text, tag, column) => {
    expect(finding(text)).toMatchObject({
      line: text.split("\n").findIndex((line) => line.includes(`${tag} `)) + 1,
      column,
      message: `The tag ${tag} makes something that JSON does not have.`,
      hint: expect.stringContaining("Leave the tag out"),
    });
  });

  it.each(["a: !!int x", "a: !!bool maybe", "a: !!seq {b: 1}"])("a tag that does not fit is: %s", (text) => {
    expect(finding(text)).toMatchObject({ column: 4, message: expect.stringContaining("does not fit its value") });
  });

  it("a tag for what JSON has is not", () => {
    const text = "a: !!str 12\nb: !!int 12\nc: !!float 1.5\nd: !!map {x: !!seq [!!bool true, !!null null]}\ne: ! 1\n";
    expect(read(text)).toMatchObject({
      findings: [],
      value: { a: "12", b: 12, c: 1.5, d: { x: [true, null] }, e: "1" },
    });
  });

  it.each([
    ["9007199254740993", "The number 9007199254740993 cannot be kept exactly; it would become 9007199254740992."],
    ["-9007199254740993", "cannot be kept exactly"],
    ["12345678901234567890123", "cannot be kept exactly"],
    ["0xffffffffffffffffff", "cannot be kept exactly"],
    [".inf", ".inf is not a number that JSON can hold."],
    ["-.INF", "JSON can hold"],
    [".nan", "JSON can hold"],
    ["1e400", "JSON can hold"],
    ["9".repeat(400), "9… is not a number that JSON can hold."],
  ])("the number %s is, where it stands", (number, message) => {
    expect(finding(`a:\n  - 1\n  - ${number}\n`)).toMatchObject({
      line: 3,
      column: 5,
      message: expect.stringContaining(message),
      hint: "Put it into quotes.",
    });
    expect(finding(`${number}: x\n`)).toMatchObject({ line: 1, column: 1 });
    expect(read(`a: "${number}"\n`)).toMatchObject({ findings: [], value: { a: number } });
  });

  it.each([
    ["9007199254740992", 2 ** 53],
    ["18446744073709551616", 2 ** 64],
    ["0x20000000000000", 2 ** 53],
    ["1e22", 1e22],
    ["0.1", 0.1],
    ["1.00000000000000000001", 1],
    ["010", 10],
  ])("the number %s is not", (number, value) => {
    expect(read(`a: ${number}`)).toMatchObject({ findings: [], value: { a: value } });
  });

  it("a date that YAML 1.1 finds in a text is", () => {
    expect(finding("%YAML 1.1\n---\na: 2024-01-01\n")).toMatchObject({ line: 3, column: 4 });
    expect(finding("%YAML 1.1\n---\na: !!set {a}\n")).toMatchObject({ line: 3 });
  });

  it("a second document is, where it begins", () => {
    expect(finding("a: 1\n---\nb: 2\n---\nc: 3\n")).toMatchObject({
      line: 2,
      column: 1,
      message: "The file holds more than one document (---).",
      hint: "Keep one of them in this file.",
    });
  });

  it("all that would be lost is named, in the order of the text", () => {
    expect(read("a: .inf\nb: !foo x\nc: .nan\n").findings.map(({ line }) => line)).toEqual([1, 2, 3]);
  });

  it("every mistake is named", () => {
    expect(read("a: 1\na: 2\nb: 1\nb: 2\n").findings.map(({ line }) => line)).toEqual([2, 4]);
  });

  it("an alias bomb is, at once", () => {
    const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
    for (let level = 1; level < 10; level += 1) {
      const before = `*a${level - 1}`;
      lines.push(`a${level}: &a${level} [${Array.from({ length: 10 }, () => before).join(", ")}]`);
    }
    expect(finding(lines.join("\n"))?.message).toContain("aliases");
  });

  it.each([
    ["lists", "[".repeat(20_000) + "]".repeat(20_000)],
    ["maps", "{a: ".repeat(20_000) + "}".repeat(20_000)],
    ["lists never closed", "[".repeat(100_000)],
    ["dashes", "- ".repeat(20_000)],
  ])("nesting without end is: %s", (_, text) => {
    expect(finding(text)?.message).toBe("This is nested too deeply.");
  });

  it("nesting as deep as anybody writes is not", () => {
    expect(read("[".repeat(200) + "]".repeat(200)).findings).toEqual([]);
  });

  it("a file that is too large is, and one that is as large is not", () => {
    const comment = `# ${"x".repeat(MAX_YAML_LENGTH)}`;
    expect(finding(comment)?.message).toContain(String(MAX_YAML_LENGTH));
    expect(read(comment.slice(0, MAX_YAML_LENGTH)).findings).toEqual([]);
  });
});

describe("positions", () => {
  const source = read(
    "a: 1\nsteps:\n  - name: x\n    with:\n      message: hi\n  - name: y\nanchor: &z\n  inner: 2\nuse: *z\n1: number\n",
  );

  it.each([
    [[], [1, 1]],
    [["a"], [1, 1]],
    [["steps"], [2, 1]],
    [
      ["steps", 0],
      [3, 5],
    ],
    [
      ["steps", 0, "name"],
      [3, 5],
    ],
    [
      ["steps", 0, "with", "message"],
      [5, 7],
    ],
    [
      ["steps", 1, "name"],
      [6, 5],
    ],
    [["1"], [10, 1]],
    [
      ["steps", 0, "with", "missing"],
      [4, 5],
    ],
    [
      ["steps", 9, "name"],
      [2, 1],
    ],
    [
      ["a", "deeper", "still"],
      [1, 1],
    ],
    [["nowhere"], [1, 1]],
    [
      ["use", "inner"],
      [9, 1],
    ],
  ] as const)("of %j is %j", (path, [line, column]) => {
    expect(source.position([...path])).toEqual({ line, column });
  });

  it("of a value is where the value starts", () => {
    expect(source.position(["steps", 0, "with", "message"], "value")).toEqual({ line: 5, column: 16 });
    expect(source.position(["a"], "value")).toEqual({ line: 1, column: 4 });
    expect(source.position(["steps", 1], "value")).toEqual({ line: 6, column: 5 });
  });

  it("counts characters in files with CRLF and with umlauts", () => {
    const other = read("ä: 1\r\nb:\r\n  ü: [x, y]\r\n");
    expect(other.position(["b", "ü"])).toEqual({ line: 3, column: 3 });
    expect(other.position(["b", "ü", 1])).toEqual({ line: 3, column: 10 });
  });

  it("are in findings, with the path as people read it", () => {
    expect(source.finding(["steps", 0, "with"], { code: "params-invalid", message: "m" })).toEqual({
      code: "params-invalid",
      severity: "error",
      message: "m",
      file: "file.yaml",
      line: 4,
      column: 5,
      path: "steps[0].with",
    });
    expect(source.finding([], { code: "params-invalid", message: "m", severity: "warning" })).not.toHaveProperty(
      "path",
    );
    expect(source.finding([], { code: "params-invalid", message: "m", severity: "warning" }).severity).toBe("warning");
  });

  it("of a broken file are at its start", () => {
    expect(parseYaml("x".repeat(MAX_YAML_LENGTH + 1), "f").position(["a"])).toEqual({ line: 1, column: 1 });
  });
});

import { describe, expect, test } from "vitest";
import { dryOutputOf, errorOf, findings, outputOf } from "./data-kit.ts";
import { run } from "./kit.ts";

const source = "source: ${{ event.text }}";

describe("data.regexExtract", () => {
  const extract = (params: string, beside = ""): string =>
    `type: data.regexExtract\n${source}\n${beside}with: { ${params} }`;
  const DATE = String.raw`pattern: '(?<year>\d{4})-(\d\d)(-\d\d)?', fields: { y: year, m: $2, d: $3, all: $0 }`;

  test("gives the groups of the first match by number or name", async () => {
    expect(await outputOf(extract(DATE), { text: "on 2024-05 and 2025-06-07" })).toEqual({
      y: "2024",
      m: "05",
      d: null,
      all: "2024-05",
    });
    expect(await outputOf(extract(DATE), { text: "never" })).toBeNull();
    expect(
      await outputOf(extract("pattern: 'error: (.*)', fields: { e: $1 }, flags: i"), { text: "ERROR: x" }),
    ).toEqual({
      e: "x",
    });
    expect(await outputOf(extract("pattern: 'a(.)', fields: { e: $1 }, flags: g"), { text: "ab ac" })).toEqual({
      e: "b",
    });
  });

  test("goes through a list; what is no text or has no match gives null", async () => {
    expect(await outputOf(extract(DATE), { text: ["2024-01", "x", 5, null, "2025-02-03"] })).toEqual([
      { y: "2024", m: "01", d: null, all: "2024-01" },
      null,
      null,
      null,
      { y: "2025", m: "02", d: "-03", all: "2025-02-03" },
    ]);
    expect(await outputOf(extract(DATE), { text: [] })).toEqual([]);
  });

  test("fails without a match if asked to", async () => {
    for (const must of ["true", '"${{ event.must }}"']) {
      expect(
        await errorOf(extract("pattern: a, fields: { x: $0 }", `errorIfNoMatch: ${must}\n`), { text: "b", must: true }),
      ).toEqual({
        code: "params-invalid",
        type: "NoMatch",
        message: 'Step "it" finds no match in "source": a',
        retryable: false,
        details: { reason: "no-match" },
      });
    }
    expect(
      (await errorOf(extract("pattern: a, fields: { x: $0 }", "errorIfNoMatch: true\n"), { text: ["a", "b"] })).message,
    ).toBe('Step "it" finds no match in element 1 of "source": a');
  });

  test("makes own fields of any name", async () => {
    const value = (await outputOf(
      extract("pattern: '(?<__proto__>a)', fields: { __proto__: __proto__, constructor: $1 }"),
      {
        text: "a",
      },
    )) as object;
    expect(Object.entries(value)).toEqual([
      ["__proto__", "a"],
      ["constructor", "a"],
    ]);
    expect(await findings(extract("pattern: a, fields: { x: constructor }"))).toHaveLength(1);
  });

  test("takes its options from templates too", async () => {
    const step = extract('pattern: "{{ event.p }}", fields: "${{ event.fields }}", flags: "{{ event.flags }}"');
    expect(await findings(step)).toEqual([]);
    const event = { text: "XA", p: "x(a)", fields: { f: "$1" }, flags: "i" };
    expect(await outputOf(step, event)).toEqual({ f: "A" });
    expect(await errorOf(step, { ...event, p: "x(" })).toMatchObject({
      code: "params-invalid",
      message: '"pattern" of step "it" cannot be used: Unterminated group.',
    });
    expect((await errorOf(step, { ...event, p: "x" })).message).toBe(
      '"fields.f" of step "it" is "$1", which the pattern has no group for. There are $0.',
    );
    expect(await dryOutputOf(step, event)).toEqual({ f: "A" });
  });

  test("takes a pattern anew for each round of a foreach", async () => {
    const text = `steps:
  - name: it
    type: data.regexExtract
    foreach: ["(a)", "(b)"]
    source: AB
    with: { pattern: "{{ foreach.item }}", fields: { x: $1 }, flags: i }
`;
    const { host } = await run(text);
    const outputs = host.events.flatMap((one) => (one.kind === "finished" && one.path !== "it" ? [one.output] : []));
    expect(outputs).toEqual([{ x: "A" }, { x: "B" }]);
  });

  test("says what is wrong", async () => {
    expect(await findings(`type: data.regexExtract\n${source}`)).toEqual(['2:5 Step "it" has no "with".']);
    expect(await findings(extract(""))).toEqual(['5:5 "fields" is missing.', '5:5 "pattern" is missing.']);
    expect(await findings(extract("pattern: 'a(', fields: { x: $0 }"))).toEqual([
      '5:22 "pattern" cannot be used: Unterminated group.',
    ]);
    expect(await findings(extract("pattern: a, fields: { x: $1, y: name, z: 5, ok: $0 }"))).toEqual([
      '5:38 "fields.x" is "$1", which the pattern has no group for.',
      '5:45 "fields.y" is "name", which the pattern has no group for.',
      '5:54 "fields.z" must be a text that is not empty, not 5.',
    ]);
    expect(await findings(extract("pattern: a, fields: [x]"))).toEqual(['5:33 "fields" must be a map, not a list.']);
    expect(await findings(extract("pattern: a, fields: { x: $0 }, errorIfNoMatch: true"))).toEqual([
      '5:44 "errorIfNoMatch" stands inside "with".',
    ]);
    for (const text of [5, { a: 1 }, null, undefined]) {
      expect((await errorOf(extract("pattern: a, fields: { x: $0 }"), { text })).message).toMatch(
        /^"source" of step "it" needs a text or a list of texts, and it gives (?:a number|a map|nothing)\.$/,
      );
    }
  });

  test("bounds texts, lists and the work of all together", async () => {
    const step = extract("pattern: '(a+)+$', fields: { x: $0 }");
    expect(await outputOf(step, { text: `${"a".repeat(50_000)}b` })).toBeNull();
    expect(await errorOf(step, { text: "a".repeat(100_001) })).toMatchObject({
      code: "params-invalid",
      message: 'A text of step "it" has 100001 characters; at most 100000 are allowed.',
    });
    expect((await errorOf(step, { text: Array.from({ length: 10_001 }, () => "a") })).message).toBe(
      '"source" of step "it" has 10001 texts; at most 10000 are allowed.',
    );
    const slow = extract(String.raw`pattern: '(a+)\1+b', fields: { x: $0 }`);
    const text = "a".repeat(500);
    expect(await outputOf(slow, { text })).toBeNull();
    expect(await errorOf(slow, { text: Array.from({ length: 1000 }, () => text) })).toMatchObject({
      code: "params-invalid",
      message: expect.stringContaining(
        'The pattern of step "it" needs too many steps on its text: (a+)\\1+b. Say more',
      ),
      details: { reason: "pattern-too-slow" },
    });
  });
});

describe("data.regexReplace", () => {
  const replace = (params: string, beside = ""): string =>
    `type: data.regexReplace\n${source}\n${beside}with: { ${params} }`;

  test("replaces the first match, or with g all of them", async () => {
    const event = { text: "foo Foo foo" };
    expect(await outputOf(replace("pattern: foo, replacement: bar"), event)).toBe("bar Foo foo");
    expect(await outputOf(replace("pattern: foo, replacement: bar, flags: g"), event)).toBe("bar Foo bar");
    expect(await outputOf(replace("pattern: foo, replacement: bar, flags: gi"), event)).toBe("bar bar bar");
    expect(await outputOf(replace("pattern: 'foo ?', replacement: '', flags: g"), event)).toBe("Foo ");
    expect(await outputOf(replace("pattern: x, replacement: bar, flags: g"), event)).toBe("foo Foo foo");
    expect(
      await outputOf(replace("pattern: '{{ event.p }}', replacement: '[{{ event.r }}]'"), { ...event, p: "F", r: 1 }),
    ).toBe("foo [1]oo foo");
  });

  test.each([
    ["$2-$1", "", "(a)(b)?"],
    ["$3$0$00$01$10$$1", "g", "(a)(b)?"],
    ["[$&|$`|$']", "g", "b"],
    ["$<x>$<y>$<", "", "(?<x>b)"],
    ["$<x>", "", "(b)"],
    ["$12$1", "", "(b)"],
    ["$11", "", "(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)"],
    ["-", "g", "x?"],
    ["-", "gu", "x?"],
    ["$", "g", "b"],
    ["$$$$&", "g", "b"],
  ])("writes %j as JavaScript does (%s, %s)", async (replacement, flags, pattern) => {
    const text = "abcdefghijk ab 😀";
    const event = { text, pattern, replacement, flags };
    const step = replace(
      'pattern: "${{ event.pattern }}", replacement: "${{ event.replacement }}", flags: "{{ event.flags }}"',
    );
    expect(await outputOf(step, event)).toBe(text.replace(new RegExp(pattern, flags), replacement));
  });

  test("tells how much it did if asked to", async () => {
    const detailed = (params: string): string => replace(params, "detailed: true\n");
    const text = "Error, error";
    expect(await outputOf(detailed("pattern: error, replacement: w, flags: gi"), { text })).toEqual({
      original: text,
      replaced: "w, w",
      matchCount: 2,
    });
    expect(await outputOf(detailed("pattern: (e)(r), replacement: w"), { text })).toEqual({
      original: text,
      replaced: "Error, wror",
      matchCount: 1,
    });
    expect(await outputOf(detailed("pattern: x, replacement: w"), { text: ["x", 5, "axbx"] })).toEqual({
      original: ["x", 5, "axbx"],
      replaced: ["w", 5, "awbx"],
      matchCount: 2,
    });
  });

  test("goes through a list; what is no text stays as it is", async () => {
    expect(await outputOf(replace("pattern: a, replacement: b"), { text: ["a", "xa", 5, null, { a: 1 }] })).toEqual([
      "b",
      "xb",
      5,
      null,
      { a: 1 },
    ]);
  });

  test("bounds what it writes", async () => {
    const text = "a".repeat(100_000);
    const message = 'The replaced text of step "it" has more than 10485760 characters.';
    expect(await errorOf(replace("pattern: a, replacement: $`, flags: g"), { text })).toMatchObject({
      code: "params-invalid",
      message,
    });
    expect((await errorOf(replace(`pattern: "$", replacement: "${"$`".repeat(10_000)}"`), { text })).message).toBe(
      message,
    );
    expect(
      (await errorOf(replace(`pattern: "()a", replacement: "${"$1".repeat(10_000)}", flags: g`), { text })).message,
    ).toContain("needs too many steps");
    expect((await errorOf(replace(`pattern: a, replacement: ${"x".repeat(200)}, flags: g`), { text })).message).toBe(
      message,
    );
  });

  test("says what is wrong", async () => {
    expect(await findings(replace("pattern: a"))).toEqual(['5:5 "replacement" is missing.']);
    expect(await findings(replace("pattern: a, replacement: 5"))).toEqual([
      '5:38 "replacement" must be a text, not 5.',
    ]);
    expect(await findings(replace("pattern: a, replacement: b, flags: z"))).toEqual([
      '5:22 "pattern" cannot be used: "z" is no flag that can be used here; there are g, i, m, s, u.',
    ]);
    expect(await findings(replace("pattern: a, replacement: b", "detailed: yes please\n"))).toEqual([
      '5:15 "detailed" must be true or false, not "yes please".',
    ]);
  });
});

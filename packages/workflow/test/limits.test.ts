/** Files, templates and data that are too large, too deep or made to hang: each ends, and says what and where. */
import { describe, expect, test } from "vitest";
import { readWorkflow, type RunRequest } from "../src/index.ts";
import { parseKql } from "../src/kql/parse.ts";
import { inputOf, planOf, run, told } from "./kit.ts";

const STEPS = "steps: [{ name: a, type: any }]\n";
const lists = (levels: number, inside: string): string => "[".repeat(levels) + inside + "]".repeat(levels);
const maps = (levels: number, inside: string): string => "{ k: ".repeat(levels) + inside + " }".repeat(levels);
const times = (count: number, make: (index: number) => string): string[] =>
  Array.from({ length: count }, (_, i) => make(i));
/** A step that renders one value, which stands in the seventh line. */
const rendering = (template: string, settings = ""): string =>
  `${settings === "" ? "name: flow" : `settings: ${settings}`}\nsteps:\n  - name: a\n    type: any\n    with:\n      v: >-\n        ${template}\n`;

async function failureOf(template: string, request: Partial<RunRequest> = {}, settings = ""): Promise<unknown> {
  const { result, host } = await run(rendering(template, settings), undefined, request);
  expect(host.calls).toEqual([]);
  return result.error?.message;
}

describe("a file", () => {
  test("has at most 1,048,576 characters", async () => {
    const filled = (length: number): string => `${STEPS}# ${"x".repeat(length - STEPS.length - 2)}`;
    expect(await told(filled(1_048_576))).toEqual([]);
    expect(await told(filled(1_048_577))).toEqual(["1:1 The file has 1048577 characters; at most 1048576 are read."]);
  });

  const bomb = "1:1 Its aliases (*name) expand to too much data.";
  test.each([
    ["many aliases of one value", `consts: { a: &a 1, l: [${"*a,".repeat(2000)}] }\n`, bomb],
    [
      "aliases of aliases",
      `consts: { a: &a [1], ${times(12, (i) => `b${i}: &b${i} [${`*${i === 0 ? "a" : `b${i - 1}`}, `.repeat(10)}]`).join(", ")} }\n`,
      bomb,
    ],
    [
      "merge keys of merge keys",
      `consts: { a: &a { k: 1 }, ${times(20, (i) => `b${i}: &b${i} { <<: [${`*${i === 0 ? "a" : `b${i - 1}`}, `.repeat(4)}] }`).join(", ")} }\n`,
      bomb,
    ],
    [
      "an alias inside of what it repeats",
      "consts: &c { l: [*c] }\n",
      "1:1 An alias (*name) stands inside the very part it repeats.",
    ],
  ])("is refused for %s", async (_what, text, expected) => expect(await told(`${text}${STEPS}`)).toEqual([expected]));

  test("may repeat a long text, and what is made of the copies has the limits of everything else", async () => {
    const long = `consts: { a: &a "${"y".repeat(100_000)}", l: [${"*a,".repeat(900)}] }\n`;
    expect(await told(`${long}${STEPS}`)).toEqual([]);
    const text = `${long}steps: [{ name: a, type: any, with: { v: "{{ consts.l | json | size }}" } }]\n`;
    expect((await run(text)).result.error?.message).toContain("memory alloc limit exceeded");
  });

  const places: [string, (levels: number) => string][] = [
    ["consts", (levels) => `consts: { v: ${maps(levels, "1")} }\n${STEPS}`],
    ["template-metadata", (levels) => `template-metadata: ${maps(levels, "1")}\n${STEPS}`],
    ["a placeholder", (levels) => `consts: ${maps(levels, "__install__.x")}\n${STEPS}`],
    ["a trigger", (levels) => `triggers: [{ type: scheduled, with: ${maps(levels, "1")} }]\n${STEPS}`],
    ["a default", (levels) => `inputs: [{ name: x, type: array, default: ${lists(levels, "1")} }]\n${STEPS}`],
    [
      "an input's schema",
      (levels) => `inputs: ${"{ properties: { a: ".repeat(levels)}{}${" } }".repeat(levels)}\n${STEPS}`,
    ],
    ["outputs", (levels) => `outputs: ${"{ properties: { a: ".repeat(levels)}{}${" } }".repeat(levels)}\n${STEPS}`],
    ["params", (levels) => `steps: [{ name: a, type: any, with: { v: ${lists(levels, "'{{ event.x }}'")} } }]\n`],
    ["data.set", (levels) => `steps: [{ name: a, type: data.set, with: { v: ${maps(levels, "'{{ event.x }}'")} } }]\n`],
    [
      "data.map",
      (levels) =>
        `steps: [{ name: a, type: data.map, items: [1], with: { fields: ${maps(levels, "'{{ item }}'")} } }]\n`,
    ],
    [
      "a list to loop over",
      (levels) => `steps: [{ name: a, type: any, foreach: ${lists(levels, "'{{ event.x }}'")} }]\n`,
    ],
    ["a step's type", (levels) => `steps: [{ name: a, type: ${lists(levels, "x")} }]\n`],
    [
      "steps inside steps",
      (levels) =>
        `steps: [${times(levels, (i) => `{ name: s${i}, type: foreach, foreach: [1], steps: [`).join("")}{ name: a, type: any }${"] }".repeat(levels)}]\n`,
    ],
  ];
  test.each(places)("is refused where it is nested too deeply: %s", async (_where, text) => {
    // How much the stack can take is another one from run to run; in between it is read or refused, and never thrown.
    for (const levels of [200, 500, 1000, 1500]) expect(() => readWorkflow(text(levels), "flow.yaml")).not.toThrow();
    expect(await told(text(10_000))).toEqual([expect.stringMatching(/^\d+:\d+ This is nested too deeply\.$/)]);
  });

  test("with a step in a step in a step runs", async () => {
    const { host } = await run(places.at(-1)?.[1](150) ?? "");
    expect(host.calls.map(({ name }) => name)).toEqual(["a"]);
  });

  test("may have many steps, each reading the one before", async () => {
    const steps = times(
      5000,
      (i) => `- { name: s${i}, type: any, with: { v: "{{ ${i === 0 ? "event.x" : `steps.s${i - 1}.output`} }}" } }\n`,
    );
    expect((await planOf(`steps:\n${steps.join("")}`)).steps).toHaveLength(5000);
  });

  test("may have names and texts of any length", async () => {
    const name = "n".repeat(400_000);
    const { host } = await run(
      `steps:\n  - { name: ${name}, type: any }\n  - { name: b, type: any, with: { v: "${name}" } }\n`,
    );
    expect(host.calls[0]?.path).toBe(name);
    expect(host.calls[1]?.input["v"]).toBe(name);
  });

  test("with mistakes without end has a thousand findings of each severity, of which the last says that there are more", async () => {
    const errors = await told(`tags: [${"1,".repeat(5000)}]\n${STEPS}`);
    expect(errors).toHaveLength(1000);
    expect(errors.at(-1)).toMatch(/There are more errors than are shown/);
    const unknown = `steps:\n  - name: a\n    type: any\n    with:\n${times(5000, () => '      - "{{ nope }}"\n').join("")}`;
    const both = await told(
      unknown.replace("with:\n", "with:\n      v:\n").replace("type: any", "type: any\n    tpye: 1"),
    );
    expect(both.filter((line) => line.includes("(warning)"))).toHaveLength(1000);
    expect(both.filter((line) => line.includes('"tpye" is not a key'))).toHaveLength(1);
    const names = times(2000, (i) => `- { name: s${i}, type: any, with: { v: "{{ steps.t${i}.output }}" } }\n`);
    expect(await told(`steps:\n${names.join("")}`)).toHaveLength(1000);
  });

  test("with a text that looks like the address of a secret is searched once", async () => {
    expect(await told(`consts: { u: "http://${":".repeat(900_000)}" }\n${STEPS}`)).toEqual([]);
  });
});

describe("a template", () => {
  test.each([
    ["{{ event.x }}", "7:9"],
    ["${{ event.x }}", "7:9"],
  ])("has at most 150,000 characters, or what settings say: %s", async (template, place) => {
    const long = template.replace("event.x", `event.x ${"| upcase ".repeat(17_000)}`);
    const message = "This template cannot be used: parse length limit exceeded (settings.liquid.parseLimit).";
    expect(await told(rendering(long))).toEqual([`${place} ${message}`]);
    expect(await told(rendering(long, "{ liquid: { parseLimit: 200000 } }"))).toEqual([]);
    expect(await told(rendering(template, "{ liquid: { parseLimit: 5 } }"))).toEqual([`${place} ${message}`]);
  });

  test.each([
    ["tags", "{% if event.x %}".repeat(4000) + "{% endif %}".repeat(4000)],
    ["brackets", `{{ ${"event[".repeat(20_000)}1${"]".repeat(20_000)} }}`],
    ["brackets of an expression", `\${{ ${"event[".repeat(20_000)}1${"]".repeat(20_000)} }}`],
  ])("is refused where its %s are nested too deeply", async (_what, template) => {
    expect(await told(rendering(template))).toEqual([
      expect.stringMatching(/^7:\d+ This template cannot be used: It is nested too deeply\.$/),
    ]);
  });

  const slow =
    'The template of step "a" (with.v) cannot be rendered: template render limit exceeded (settings.liquid.renderLimit).';
  const large =
    'The template of step "a" (with.v) cannot be rendered: memory alloc limit exceeded (settings.liquid.memoryLimit).';
  const event = {
    big: Array.from({ length: 1_000_000 }, () => 1),
    far: 1e12,
    format: "%999999999Y",
    text: "a".repeat(100_000),
  };
  test.each([
    ["loops in loops", "{% for i in (1..100000) %}{% for j in (1..100000) %}{% endfor %}{% endfor %}", slow],
    [
      "a long list with something to do",
      "{% for i in event.big %}{{ i }}{% for j in event.big %}{% endfor %}{% endfor %}",
      slow,
    ],
    [
      "a list that is searched again and again",
      "{% for i in event.big %}{% if event.big contains 2 %}{% endif %}{% endfor %}",
      slow,
    ],
    ["a huge range", "{{ (1..999999999) | size }}", large],
    ["a huge range as a value", "${{ (1..999999999) }}", large],
    ["a huge range to go through", "{% for i in (1..999999999) %}x{% endfor %}", large],
    ["a huge range of the event", "{% for i in (1..event.far) %}x{% endfor %}", large],
    ["a huge range to look into", "{% if (1..999999999) contains 5 %}x{% endif %}", large],
    [
      "a text that doubles",
      "{% assign s = 'x' %}{% for i in (1..60) %}{% assign s = s | append: s %}{% endfor %}",
      large,
    ],
    [
      "a list that doubles",
      "{% assign l = '1,2' | split: ',' %}{% for i in (1..60) %}{% assign l = l | concat: l %}{% endfor %}",
      large,
    ],
    [
      "a list that grows",
      "{% assign l = '' | split: ',' %}{% for i in (1..100000) %}{% assign l = l | push: i %}{% endfor %}",
      large,
    ],
    ["a text between all characters", "{{ event.text | split: '' | join: event.text | size }}", large],
    ["a replacement of all characters", "{{ event.text | replace: 'a', event.text | size }}", large],
    ["a date of any width", "{{ now | date: event.format }}", large],
  ])("is bounded: %s", async (_what, template, message) => {
    // What is too large must be stopped for that, however slow the machine is.
    const milliseconds = message === slow ? 200 : 2000;
    expect(await failureOf(template, { event }, `{ liquid: { renderLimit: ${milliseconds} } }`)).toBe(message);
  });

  test("makes no text that is longer than the memory it may use", async () => {
    const doubling =
      "{% assign s = 'xxxxxxxxxx' %}{% for i in (1..22) %}{% capture s %}{{ s }}{{ s }}{% endcapture %}{% endfor %}{{ s }}";
    const message =
      'The template of step "a" (with.v) makes a text of 41943040 characters; at most 15000000 are allowed (settings.liquid.memoryLimit).';
    expect(await failureOf(doubling)).toBe(message);
    const { result } = await run(rendering(doubling));
    expect(result.error).toMatchObject({
      type: "TemplateSizeLimitExceeded",
      details: { limit: 15_000_000, actual: 41_943_040 },
    });
    expect(
      await failureOf("{{ event.t }}", { event: { t: "0123456789" } }, "{ liquid: { memoryLimit: 9 } }"),
    ).toContain("makes a text of 10 characters");
  });

  test("reads JSON of any depth, and fails where it is taken on", async () => {
    const request = { event: { j: lists(100_000, "") } };
    expect(await failureOf("${{ event.j | json_parse }}", request)).toMatch(
      /is nested too deeply: it has more than 1000 levels\.$/,
    );
    expect(await failureOf("{{ event.j | json_parse | json }}", request)).toMatch(
      /cannot be rendered: a value in it is nested too deeply\.$/,
    );
  });

  test("limits are kept to what settings may say", async () => {
    const settings = (liquid: string): string => `settings: { liquid: { ${liquid} } }\n${STEPS}`;
    expect(await told(settings("parseLimit: 600000, renderLimit: 2000, memoryLimit: 60000000"))).toEqual([]);
    expect(await told(settings("parseLimit: 600001, renderLimit: 2001, memoryLimit: 60000001"))).toEqual([
      '1:35 "parseLimit" must be at most 600000.',
      '1:56 "renderLimit" must be at most 2000.',
      '1:75 "memoryLimit" must be at most 60000000.',
    ]);
  });
});

describe("a condition", () => {
  test.each([
    ["*a*a*a*a*a*a*a*a*b", "a".repeat(20_000), false],
    ["*a*a*a*a*a*a*a*a*", "a".repeat(20_000), true],
    [`${"*a".repeat(100)}*`, "a".repeat(99), false],
    ["ab*ba", "aba", false],
    ["ab*ba", "abba", true],
    ["a*b*c", "a..c..b..c", true],
    ["a*b*c", "a..c..b", false],
    ["a**c", "ac", true],
    ["* a", "b a", true],
    ["a.c*", "abc", false],
  ])("with the wildcard %s goes through a text once (%#)", async (wildcard, text, expected) => {
    const { host } = await run(`steps: [{ name: a, type: any, if: "event.t: ${wildcard}" }]\n`, undefined, {
      event: { t: text },
    });
    expect(host.calls.length === 1).toBe(expected);
  });

  test("may be long", async () => {
    const long = (condition: string): string => `steps: [{ name: a, type: any, if: ${JSON.stringify(condition)} }]\n`;
    const event = { a: 1, t: `x${" ".repeat(800_000)}y` };
    for (const condition of [
      `${"event.a: 1 and ".repeat(30_000)}event.a: 1`,
      `${"not ".repeat(200_000)}event.a: 1`,
      `event.t: ${event.t}`,
      `event.a${" ".repeat(800_000)}: 1`,
    ]) {
      const { host } = await run(long(condition), undefined, { event });
      expect(host.calls).toHaveLength(1);
    }
  });

  test("is refused where it is nested too deeply", () => {
    const nested = (levels: number): string => `${"(".repeat(levels)}event.a: 1${")".repeat(levels)}`;
    expect(parseKql(nested(199))).toMatchObject({ kind: "is" });
    for (const levels of [201, 100_000]) expect(() => parseKql(nested(levels))).toThrow("This is nested too deeply");
  });
});

describe("a run", () => {
  test("of a loop without an end stops at 2,000 iterations", async () => {
    const { result, host } = await run(
      "steps: [{ name: w, type: while, condition: true, steps: [{ name: a, type: any }] }]\n",
    );
    expect(result.status).toBe("completed");
    expect(host.calls).toHaveLength(2000);
  });

  test.each([
    ["doubles", "${{ variables.x | concat: variables.x }}", "step-output-too-large", 'The output of step "grow" has '],
    [
      "wraps itself",
      '["${{ variables.x }}"]',
      "template-error",
      "The value of ${{ variables.x }} is nested too deeply",
    ],
  ])("ends where a value in a loop %s", async (_what, value, code, message) => {
    const { result } = await run(`steps:
  - { name: start, type: data.set, with: { x: [1] } }
  - name: again
    type: while
    condition: true
    steps: [{ name: grow, type: data.set, with: { x: ${value.startsWith("[") ? value : JSON.stringify(value)} } }]
`);
    expect(result.error).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  test("takes no pattern of an input for longer than its budget", async () => {
    const text = `inputs: { type: object, properties: { a: { type: string, pattern: "^(a+)+$" } } }\n${STEPS}`;
    const { result } = await run(text, undefined, { inputs: { a: `${"a".repeat(100_000)}!` } });
    expect(result.error?.message).toBe('Input "a" must match ^(a+)+$.');
    const back = `inputs: { type: object, properties: { a: { type: string, pattern: "^(a*)*\\\\1$" } } }\n${STEPS}`;
    const { result: slow } = await run(back, undefined, { inputs: { a: `${"a".repeat(5000)}!` } });
    expect(slow.error?.message).toBe(String.raw`Input "a" needs too many steps to be matched with ^(a*)*\1$.`);
  });
});

describe("only a value's own properties are seen", () => {
  const event = JSON.parse(
    '{ "m": { "a": 1 }, "l": [{ "a": 1 }, { "a": 2 }, { "__proto__": { "b": 3 }, "constructor": "own" }], "s": "text", "n": 5, "names": ["constructor", "__proto__", "prototype", "toString"] }',
  ) as Record<string, unknown>;
  const before = "consts: { c: { a: 1 } }";

  const NAMES = ["constructor", "__proto__", "prototype", "toString", "valueOf", "hasOwnProperty", "__defineGetter__"];
  test.each([
    "event.m",
    "event.l",
    "event.s",
    "event.n",
    "now",
    "execution.startedAt",
    "variables",
    "workflow",
    "empty",
    "blank",
    "nil",
  ])("of %s", async (root) => {
    for (const name of NAMES)
      for (const path of [`${root}.${name}`, `${root}['${name}']`, `${root}.${name}.${name}`]) {
        expect(await inputOf(JSON.stringify(`{{ ${path} }}`), { event }, before)).toBe("");
        expect(await inputOf(JSON.stringify(`\${{ ${path} }}`), { event }, before)).toBeUndefined();
      }
  });

  test.each([
    [
      "{% for i in (1..1) %}{{ forloop.constructor }}{{ forloop.__proto__ }}{{ forloop.toString }}{{ forloop.index }}{% endfor %}",
      "1",
    ],
    [
      "{% for k in event.names %}[{{ event.m[k] }}{{ event.l[k] }}{{ event.s[k] }}{{ forloop[k] }}{{ steps[k] }}]{% endfor %}",
      "[][][][]",
    ],
    ["{% if event.m.toString or event.s.trim %}yes{% else %}no{% endif %}", "no"],
    ["{% case event.m.constructor %}{% when nil %}nothing{% else %}something{% endcase %}", "nothing"],
    ["{% for pair in event.m %}{{ pair[0] }}{{ pair.constructor }}{% endfor %}", "a"],
    ["{% assign __proto__ = event.m %}{{ a }}{% capture constructor %}{% endcapture %}{{ toString }}", ""],
    ["{{ event.l | map: 'constructor' | json }}", '[null,null,"own"]'],
    ["{{ event.l | map: '__proto__' | json }}", '[null,null,{"b":3}]'],
    ["{{ event.l | map: 'a.constructor' | json }}", "[null,null,null]"],
    ["{{ event.l | where: 'toString' | size }}", "0"],
    ["{{ event.l | where: 'constructor' | size }}", "1"],
    ["{{ event.l | where: '__proto__' | size }}", "1"],
    ["{{ event.l | where_exp: 'i', 'i.toString' | size }}", "0"],
    ["{{ event.l | reject: 'toString' | size }}", "3"],
    ["{{ event.l | sort: 'toString' | map: 'a' | json }}", "[1,2,null]"],
    ["{{ event.l | sort_natural: 'toString' | map: 'a' | json }}", "[1,2,null]"],
    ["{{ event.l | group_by: 'toString' | size }}", "1"],
    ["{{ event.l | uniq: 'toString' | size }}", "3"],
    ["{{ event.l | sum: 'constructor' }}", "0"],
    ["{{ event.l | find: 'toString' | json }}", ""],
    ["{{ event.l | find_index: 'toString' }}", ""],
    ["{{ event.l | has: 'toString' }}", "false"],
    ["{{ event.m | pick: 'constructor', '__proto__', 'a.constructor', 'a' | json }}", '{"a":1}'],
    ["{{ event.l | last | pick: '__proto__.b', 'constructor' | json }}", '{"__proto__":{"b":3},"constructor":"own"}'],
    ["{{ event.m | entries | map: 'constructor' | json }}", "[null]"],
    ["{{ event.l | last | entries | map: 'key' | join: ',' }}", "__proto__,constructor"],
  ])("by %s", async (template, expected) => {
    expect(await inputOf(JSON.stringify(template), { event }, before)).toBe(expected);
    expect({}).not.toHaveProperty("b");
  });

  test.each([
    ["event.m.constructor: *", false],
    ["event.m.__proto__: *", false],
    ["event.m.toString: *", false],
    ["event.m.a.constructor: *", false],
    ["event.l.map: *", false],
    ["event.l.constructor: own", true],
    ["event.l.__proto__.b: 3", true],
    ["event.l.length.constructor: *", false],
    ["event.s.trim: *", false],
    ["event.n.toFixed: *", false],
    ["now.getTime: *", false],
    ["event: { constructor: * }", false],
    ["event.l: { constructor: own }", true],
  ])("by the condition %s", async (condition, expected) => {
    const { host } = await run(`steps: [{ name: a, type: any, if: "${condition}" }]\n`, undefined, { event });
    expect(host.calls.length === 1).toBe(expected);
  });
});

import { describe, expect, test } from "vitest";
import { dryOutputOf, errorOf, findings, outputOf } from "./data-kit.ts";

describe("data.parseJson", () => {
  const parse = (source: string): string => `type: data.parseJson\nsource: ${source}`;

  test("gives the value that a text stands for", async () => {
    for (const text of ['{"a": [1, null]}', " [] ", '"x"', "5", "true", "null"]) {
      expect(await outputOf(parse("${{ event.text }}"), { text })).toEqual(JSON.parse(text));
    }
    expect(await outputOf(parse("'[1, 2]'"))).toEqual([1, 2]);
  });

  test("reads what a template of several lines writes", async () => {
    const step = `type: data.parseJson
source: |-
  [
  {%- assign sep = '' -%}
  {%- for alert in event.alerts -%}
    {{ sep }}{"id": {{ alert.id | json }}}
    {%- assign sep = ',' -%}
  {%- endfor -%}
  ]
with: {}`;
    expect(await outputOf(step, { alerts: [{ id: 'a"b' }, { id: 2 }] })).toEqual([{ id: 'a"b' }, { id: 2 }]);
    expect(await outputOf(step)).toEqual([]);
  });

  test("leaves a value that is no text as it is", async () => {
    for (const value of [{ a: 1 }, [1], 5, false]) {
      expect(await outputOf(parse("${{ event.value }}"), { value })).toEqual(value);
    }
    expect(await outputOf(parse("{ a: '${{ event.value }}' }"), { value: 1 })).toEqual({ a: 1 });
  });

  test("makes own keys of any name", async () => {
    const value = (await outputOf(parse("${{ event.text }}"), {
      text: '{"__proto__": {"x": 1}, "constructor": 2}',
    })) as object;
    expect(Object.entries(value)).toEqual([
      ["__proto__", { x: 1 }],
      ["constructor", 2],
    ]);
    expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
  });

  test("fails with what was wrong", async () => {
    expect(await findings("type: data.parseJson")).toEqual(['2:5 Step "it" has no "source".']);
    expect(await findings("type: data.parseJson\nwith: { source: x }")).toEqual([
      '4:13 "source" stands inside "with".',
    ]);
    expect(await findings("type: data.parseJson\nsource: x\nwith: { pretty: true }")).toEqual([
      '5:5 "with" of a step of type "data.parseJson" has no keys.',
    ]);
    expect(await errorOf(parse("${{ event.none }}"))).toMatchObject({
      code: "params-invalid",
      message: '"source" of step "it" has no value.',
    });
    expect((await errorOf(parse("${{ event.text }}"), { text: "{a: 1}" })).message).toMatch(
      /^"source" of step "it" is no JSON: .+\.$/,
    );
    expect((await errorOf(parse('"{{ event.value }}"'), { value: { a: 1 } })).message).toMatch(
      /is no JSON: .+ Write \$\{\{ \}\} instead of \{\{ \}\}, which keeps a value what it is\.$/,
    );
  });

  test("bounds depth and size", async () => {
    const deep = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);
    expect(await outputOf(parse("${{ event.text }}"), { text: deep(1000) })).toEqual(JSON.parse(deep(1000)));
    for (const levels of [1001, 1_000_000]) {
      expect(await errorOf(parse("${{ event.text }}"), { text: deep(levels) })).toMatchObject({
        code: "params-invalid",
        message: 'The JSON of step "it" has more than 1000 levels.',
      });
    }
    expect(await errorOf(parse("${{ event.text }}"), { text: " ".repeat(10 * 1024 ** 2 + 1) })).toMatchObject({
      code: "params-invalid",
      message: '"source" of step "it" has 10485761 characters; at most 10485760 are allowed.',
    });
  });

  test("is computed in a dry run", async () => {
    expect(await dryOutputOf(parse("'[1]'"))).toEqual([1]);
    expect(await dryOutputOf(parse("'[1'"))).toBe("<steps.it.output>");
  });
});

describe("data.stringifyJson", () => {
  const stringify = (source: string, params = ""): string =>
    `type: data.stringifyJson\nsource: ${source}\nwith: { ${params} }`;

  test("writes a value in one line or, pretty, in several", async () => {
    const value = { a: [1, null, "x"], b: {} };
    expect(await outputOf(stringify("${{ event.value }}"), { value })).toBe('{"a":[1,null,"x"],"b":{}}');
    expect(await outputOf(stringify("${{ event.value }}", "pretty: false"), { value })).toBe(JSON.stringify(value));
    expect(await outputOf(stringify("${{ event.value }}", "pretty: true"), { value })).toBe(
      JSON.stringify(value, null, 2),
    );
    expect(await outputOf(stringify("${{ event.value }}", 'pretty: "${{ event.yes }}"'), { value, yes: true })).toBe(
      JSON.stringify(value, null, 2),
    );
    expect(await outputOf(stringify("{ id: '${{ event.n }}', text: '{{ event.n }}' }"), { n: 5 })).toBe(
      '{"id":5,"text":"5"}',
    );
  });

  test("writes any value", async () => {
    for (const [value, text] of [
      ["x", '"x"'],
      [5, "5"],
      [null, "null"],
      [false, "false"],
      [Number.NaN, "null"],
      [JSON.parse('{"__proto__": 1}'), '{"__proto__":1}'],
      [new Date(0), '"1970-01-01T00:00:00.000Z"'],
    ]) {
      expect(await outputOf(stringify("${{ event.value }}"), { value })).toBe(text);
    }
  });

  test("says what is wrong", async () => {
    expect(await findings("type: data.stringifyJson")).toEqual(['2:5 Step "it" has no "source".']);
    expect(await findings(stringify("x", "pretty: 2"))).toEqual(['5:21 "pretty" must be true or false, not 2.']);
    expect((await errorOf(stringify("${{ event.none }}"))).message).toBe('"source" of step "it" has no value.');
    expect((await errorOf(stringify("x", 'pretty: "{{ event.yes }}"'), { yes: true })).message).toBe(
      '"pretty" of step "it" must be true or false, not "true". Write true without quotes, or a template as ${{ }}, which keeps its kind.',
    );
  });
});

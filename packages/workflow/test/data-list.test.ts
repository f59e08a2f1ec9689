import { describe, expect, test } from "vitest";
import { dryOutputOf, errorOf, findings, outputOf } from "./data-kit.ts";

const items = "items: ${{ event.items }}";

describe("data.filter", () => {
  const filter = (params: string): string => `type: data.filter\n${items}\nwith: { ${params} }`;

  test("keeps what a condition holds for: KQL or an expression, over item and index", async () => {
    const list = [
      { level: "error", n: 3, tags: ["a", "b"] },
      { level: "info", n: 1 },
      { level: "error", n: 1, tags: ["c"] },
    ];
    const kept = async (condition: string, more = ""): Promise<unknown[]> =>
      (
        (await outputOf(filter(`condition: ${JSON.stringify(condition)}${more}`), { items: list, min: 2 })) as object[]
      ).map((item) => list.findIndex((one) => JSON.stringify(one) === JSON.stringify(item)));
    expect(await kept("item.level: error")).toEqual([0, 2]);
    expect(await kept("item.level: err* and item.n > 2")).toEqual([0]);
    expect(await kept("not item.tags: *")).toEqual([1]);
    expect(await kept("item.tags: c")).toEqual([2]);
    expect(await kept("item.tags.length > 1")).toEqual([0]);
    expect(await kept("index < 2")).toEqual([0, 1]);
    expect(await kept("${{ item.n >= event.min or index == 1 }}")).toEqual([0, 1]);
    expect(await kept("item.n >= {{ event.min }}")).toEqual([0]);
    expect(await kept("true")).toEqual([0, 1, 2]);
    expect(await kept("item.level: error", ", limit: 1")).toEqual([0]);
    expect(await kept("item.level: error", ', limit: "${{ event.min }}"')).toEqual([0, 2]);
    expect(await outputOf(filter("condition: false"), { items: list })).toEqual([]);
  });

  test("tries elements of any kind, and own keys alone", async () => {
    expect(await outputOf(filter("condition: item > 1"), { items: [1, 2, "x", null, [5], { a: 9 }] })).toEqual([
      2,
      "x",
      [5],
    ]);
    const hostile = [JSON.parse('{"__proto__": {"admin": true}}'), {}];
    expect(await outputOf(filter('condition: "item.admin: true"'), { items: hostile })).toEqual([]);
    expect(await outputOf(filter('condition: "item.constructor: *"'), { items: hostile })).toEqual([]);
    expect(await outputOf(filter('condition: "item.__proto__.admin: true"'), { items: hostile })).toHaveLength(1);
  });

  test("says what is wrong, in the file or in the run", async () => {
    expect(await findings(`type: data.filter\n${items}`)).toEqual(['2:5 Step "it" has no "with".']);
    expect(await findings(filter("limit: 1"))).toEqual(['5:5 "condition" is missing.']);
    expect(await findings(filter("condtion: index < 1"))).toEqual([
      '5:13 "condtion" is not a key of "with" of a step of type "data.filter".',
    ]);
    expect(await findings(filter("condition: 'item.x:'"))).toEqual([expect.stringContaining("This is no condition")]);
    expect(await findings(filter("condition: ''"))).toEqual(['5:13 A condition ("condition") is empty.']);
    expect(await findings(filter("condition: 'items.x: 1'"))).toEqual([
      expect.stringContaining('(warning) Nothing is called "items"'),
    ]);
    for (const limit of ["0", "-1", "1.5", "many", "'5'", "[]"]) {
      expect(await findings(filter(`condition: true, limit: ${limit}`))).toEqual([
        expect.stringContaining('"limit" must be a whole number of at least 1, not '),
      ]);
    }
    expect(await errorOf(filter('condition: true, limit: "{{ event.n }}"'), { items: [], n: 5 })).toMatchObject({
      code: "params-invalid",
      message:
        '"limit" of step "it" must be a whole number of at least 1, not "5". Write 5 without quotes, or a template as ${{ }}, which keeps its kind.',
    });
    expect(await errorOf(filter("condition: true"), { items: { a: 1 } })).toMatchObject({
      code: "params-invalid",
      message: '"items" of step "it" needs a list, and ${{ event.items }} gives a map.',
      details: { reason: "not-a-list" },
    });
    expect((await errorOf(filter('condition: "${{ item }}"'), { items: [[]] })).message).toContain("gives a list");
  });

  test("is computed in a dry run", async () => {
    expect(await dryOutputOf(filter("condition: item > 1"), { items: [1, 2] })).toEqual([2]);
  });
});

describe("data.find", () => {
  const find = (params: string): string => `type: data.find\n${items}\nwith: { ${params} }`;

  test("gives the first element and its place, or nothing in both", async () => {
    const list = [{ s: 1 }, null, { s: 5 }, { s: 6 }];
    expect(await outputOf(find("condition: item.s > 2"), { items: list })).toEqual({ item: { s: 5 }, index: 2 });
    expect(await outputOf(find("condition: index >= 3"), { items: list })).toEqual({ item: { s: 6 }, index: 3 });
    expect(await outputOf(find('condition: "${{ item == nil }}", errorIfEmpty: true'), { items: list })).toEqual({
      item: null,
      index: 1,
    });
    expect(await outputOf(find("condition: item.s > 9"), { items: list })).toEqual({ item: null, index: null });
    expect(await outputOf(find("condition: item.s > 9, errorIfEmpty: false"), { items: [] })).toEqual({
      item: null,
      index: null,
    });
  });

  test("fails where it must find something", async () => {
    for (const must of ["true", '"${{ event.must }}"']) {
      expect(
        await errorOf(find(`condition: "item.s > 9", errorIfEmpty: ${must}`), { items: [{ s: 1 }], must: true }),
      ).toEqual({
        code: "params-invalid",
        type: "NoMatch",
        message: 'Step "it" finds no element for which the condition holds: item.s > 9',
        retryable: false,
        details: { reason: "no-match", total: 1 },
      });
    }
    expect(await findings(find("condition: true, errorIfEmpty: maybe"))).toEqual([
      '5:44 "errorIfEmpty" must be true or false, not "maybe".',
    ]);
    expect(await findings(find("condition: true, errorIfEmtpy: true"))).toEqual([
      '5:30 "errorIfEmtpy" is not a key of "with" of a step of type "data.find".',
    ]);
  });
});

describe("data.concat", () => {
  const concat = (arrays: string, params = ""): string => `type: data.concat\narrays: ${arrays}\nwith: { ${params} }`;

  test("joins lists in order; what has no value is empty", async () => {
    const arrays = '["${{ event.a }}", [x, "${{ event.n }}"], "${{ event.none }}", null]';
    expect(await outputOf(concat(arrays), { a: [1, [2]], n: 3 })).toEqual([1, [2], "x", 3]);
    expect(await outputOf("type: data.concat\narrays: ${{ event.lists }}", { lists: [[1], [2]] })).toEqual([1, 2]);
  });

  test("opens inner lists and takes each value once", async () => {
    const event = { a: [1, [2, [3, [4]]]], b: [{ x: 1, y: [2] }, "1", null] };
    const arrays = '["${{ event.a }}", "${{ event.b }}"]';
    const rest = [{ x: 1, y: [2] }, "1", null];
    expect(await outputOf(concat(arrays, "flatten: true"), event)).toEqual([1, 2, [3, [4]], ...rest]);
    expect(await outputOf(concat(arrays, "flatten: 2"), event)).toEqual([1, 2, 3, [4], ...rest]);
    expect(await outputOf(concat(arrays, "flatten: 10"), event)).toEqual([1, 2, 3, 4, ...rest]);
    expect(await outputOf(concat(arrays, "flatten: false"), event)).toEqual([1, [2, [3, [4]]], ...rest]);
    const twice = '[[1, "1", null, { a: 1, b: 2 }, [1]], [{ b: 2, a: 1 }, 1, null, [1], [1, 2]]]';
    expect(await outputOf(concat(twice, "dedupe: true"))).toEqual([1, "1", null, { a: 1, b: 2 }, [1], [1, 2]]);
    expect(
      await outputOf(concat("[[[1], 1]]", 'dedupe: "${{ event.yes }}", flatten: "${{ event.n }}"'), {
        yes: true,
        n: 1,
      }),
    ).toEqual([1]);
  });

  test("bounds how much it joins", async () => {
    const many = Array.from({ length: 60_000 }, (_, index) => index);
    expect(await errorOf(concat('["${{ event.many }}", "${{ event.many }}"]'), { many })).toMatchObject({
      message: 'The lists of step "it" have more than 100000 elements together.',
    });
    expect(await outputOf(concat('["${{ event.many }}", "${{ event.many }}"]', "dedupe: true"), { many })).toHaveLength(
      60_000,
    );
    const lists = `[${Array.from({ length: 51 }, () => "[]").join()}]`;
    expect(await findings(concat(lists))).toEqual(['4:13 "arrays" holds 51 lists; at most 50 are allowed.']);
    expect((await errorOf("type: data.concat\narrays: ${{ event.lists }}", { lists: JSON.parse(lists) })).message).toBe(
      '"arrays" of step "it" holds 51 lists; at most 50 are allowed.',
    );
  });

  test("says what is wrong", async () => {
    expect(await findings("type: data.concat")).toEqual(['2:5 Step "it" has no "arrays".']);
    expect(await findings("type: data.concat\nwith: { arrays: [[1]] }")).toEqual([
      '4:13 "arrays" stands inside "with".',
    ]);
    expect(await findings(concat("[]"))).toEqual(['4:13 "arrays" must hold at least one list.']);
    expect(await findings(concat("{ a: 1 }"))).toEqual(['4:13 "arrays" must be a list of lists, not a map.']);
    for (const flatten of ["0", "11", "1.5", "all"]) {
      expect(await findings(concat("[[1]]", `flatten: ${flatten}`))).toEqual([
        expect.stringContaining('"flatten" must be true, false or a whole number from 1 to 10, not '),
      ]);
    }
    expect(await errorOf(concat('[[1], "${{ event.m }}"]'), { m: { a: 1 } })).toMatchObject({
      code: "params-invalid",
      message: '"arrays[1]" of step "it" gives a map, not a list. Write it as ${{ }}.',
    });
  });
});

describe("data.dedupe", () => {
  const dedupe = (params: string, beside = ""): string => `type: data.dedupe\n${items}\n${beside}with: { ${params} }`;
  const list = [
    { id: 1, host: { name: "a" }, v: 1 },
    { id: 1, host: { name: "b" }, v: 2 },
    { id: 1, host: { name: "a" }, v: 3 },
    { id: 2, "host.name": "a", v: 4 },
  ];
  const kept = async (step: string): Promise<unknown[]> =>
    ((await outputOf(step, { items: list, how: "keep_last" })) as { v: number }[]).map(({ v }) => v);

  test("keeps the first or the last of those whose keys are equal", async () => {
    expect(await kept(dedupe("keys: [id]"))).toEqual([1, 4]);
    expect(await kept(dedupe("keys: [host.name]"))).toEqual([1, 2]);
    expect(await kept(dedupe("keys: [id, host.name]"))).toEqual([1, 2, 4]);
    expect(await kept(dedupe("keys: [id, host.name]", "strategy: keep_first\n"))).toEqual([1, 2, 4]);
    expect(await kept(dedupe("keys: [id, host.name]", "strategy: keep_last\n"))).toEqual([3, 2, 4]);
    expect(await kept(dedupe("keys: [host.name]", 'strategy: "${{ event.how }}"\n'))).toEqual([4, 2]);
  });

  test("tells kinds apart, and a missing key from null", async () => {
    const mixed = [
      { k: 1 },
      { k: "1" },
      { k: null },
      {},
      { k: { a: 1, b: 2 } },
      { k: { b: 2, a: 1 } },
      "k",
      "k",
      1,
      null,
    ];
    expect(await outputOf(dedupe("keys: [k]"), { items: mixed })).toEqual([
      { k: 1 },
      { k: "1" },
      { k: null },
      {},
      { k: { a: 1, b: 2 } },
      "k",
      1,
      null,
    ]);
    const joined = [
      { a: "x::y", b: "z" },
      { a: "x", b: "y::z" },
    ];
    expect(await outputOf(dedupe("keys: [a, b]"), { items: joined })).toEqual(joined);
    const hostile = [JSON.parse('{"__proto__": 1}'), JSON.parse('{"__proto__": 2}'), {}];
    expect(await outputOf(dedupe("keys: [__proto__]"), { items: hostile })).toHaveLength(3);
    expect(await outputOf(dedupe("keys: [constructor]"), { items: hostile })).toHaveLength(1);
  });

  test("says what is wrong", async () => {
    expect(await findings(`type: data.dedupe\n${items}`)).toEqual(['2:5 Step "it" has no "with".']);
    expect(await findings(dedupe(""))).toEqual(['5:5 "keys" is missing.']);
    expect(await findings(dedupe("keys: []"))).toEqual([
      '5:19 "keys" must be a list that is not empty, not an empty list.',
    ]);
    expect(await findings(dedupe("keys: id"))).toEqual(['5:19 "keys" must be a list that is not empty, not "id".']);
    expect(await findings(dedupe("keys: [id, 5]"))).toEqual([
      '5:24 "keys[1]" must be a text that is not empty, not 5.',
    ]);
    expect(await findings(dedupe("keys: [id]", "strategy: keep_frist\n"))).toEqual([
      '5:15 "strategy" must be one of keep_first, keep_last, not "keep_frist".',
    ]);
    expect(await findings(dedupe("keys: [id], strategy: keep_last"))).toEqual([
      '5:25 "strategy" stands inside "with".',
    ]);
    expect(
      (await errorOf(dedupe("keys: [id]", 'strategy: "${{ event.how }}"\n'), { items: [], how: "x" })).message,
    ).toBe('"strategy" of step "it" must be one of keep_first, keep_last, not "x".');
  });
});

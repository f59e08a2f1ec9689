import { describe, expect, test } from "vitest";
import { dryOutputOf, errorOf, findings, outputOf } from "./data-kit.ts";

const aggregate = (params: string): string => `type: data.aggregate\nitems: \${{ event.items }}\nwith: { ${params} }`;
const COUNT = "metrics: [{ name: count, operation: count }]";

describe("data.aggregate", () => {
  test("groups by one field or several and computes every metric", async () => {
    const items = [
      { status: "open", host: { name: "a" }, age: 5 },
      { status: "open", host: { name: "b" }, age: 3.5 },
      { status: "closed", host: { name: "a" }, age: -2 },
      { status: "open", host: { name: "a" }, age: 1 },
    ];
    const all = ["count", "sum", "avg", "min", "max"].map(
      (name) => `{ name: ${name}, operation: ${name}, field: age }`,
    );
    expect(await outputOf(aggregate(`group_by: [status], metrics: [${all.join()}]`), { items })).toEqual([
      { status: "open", count: 3, sum: 9.5, avg: 9.5 / 3, min: 1, max: 5 },
      { status: "closed", count: 1, sum: -2, avg: -2, min: -2, max: -2 },
    ]);
    expect(await outputOf(aggregate(`group_by: [status, host.name], ${COUNT}`), { items })).toEqual([
      { status: "open", "host.name": "a", count: 2 },
      { status: "open", "host.name": "b", count: 1 },
      { status: "closed", "host.name": "a", count: 1 },
    ]);
    expect(await outputOf(aggregate(`group_by: [status], ${COUNT}`), { items: [] })).toEqual([]);
  });

  test("counts a missing field as null, tells kinds apart and leaves out what is no number", async () => {
    const items = [
      { k: null, n: 1 },
      { n: "2" },
      { k: 1, n: null },
      { k: "1" },
      { k: { a: 1, b: 2 } },
      { k: { b: 2, a: 1 } },
      "x",
      5,
    ];
    const metrics = "metrics: [{ name: count, operation: count }, { name: sum, operation: sum, field: n }]";
    expect(await outputOf(aggregate(`group_by: [k], ${metrics}`), { items })).toEqual([
      { k: null, count: 4, sum: 1 },
      { k: 1, count: 1, sum: null },
      { k: "1", count: 1, sum: null },
      { k: { a: 1, b: 2 }, count: 2, sum: null },
    ]);
  });

  test("never makes a number that JSON does not have", async () => {
    const items = [{ n: 1e308 }, { n: 1e308 }, { n: Number.NaN }, { n: Number.POSITIVE_INFINITY }];
    const metrics = ["sum", "avg", "min", "max"]
      .map((name) => `{ name: ${name}, operation: ${name}, field: n }`)
      .join();
    expect(await outputOf(aggregate(`group_by: [k], metrics: [${metrics}]`), { items })).toEqual([
      { k: null, sum: null, avg: null, min: 1e308, max: 1e308 },
    ]);
  });

  test("groups by ranges: the first number belongs to it, the last does not", async () => {
    const ages = [29, 30, 49.9, 50, 80, "40", null, 100].map((age) => ({ dep: "x", age }));
    const ranges = "[{ to: 30, label: junior }, { from: 30, to: 50 }, { from: 50, to: 100 }]";
    const step = aggregate(`group_by: [dep], ${COUNT}, order: desc, buckets: { field: age, ranges: ${ranges} }`);
    expect(await outputOf(step, { items: ages })).toEqual([
      { dep: "x", _bucket: "junior", count: 1 },
      { dep: "x", _bucket: "30-50", count: 2 },
      { dep: "x", _bucket: "50-100", count: 2 },
    ]);
    const open = aggregate(
      `group_by: [dep], ${COUNT}, buckets: { field: age, ranges: [{ to: 30 }, { from: 90 }, {}] }`,
    );
    expect(((await outputOf(open, { items: ages })) as { _bucket: string }[]).map((row) => row["_bucket"])).toEqual([
      "<30",
      "*",
      "90+",
    ]);
  });

  test("orders by a metric, a field or the range, nothing last, and keeps the first ones", async () => {
    const items = [
      { k: "b", n: 1 },
      { k: "a" },
      { k: "c", n: 3 },
      { k: 10, n: 3 },
      { k: 9, n: 2 },
      { k: null, n: 7 },
      { k: true, n: 8 },
      { k: [1], n: 9 },
    ];
    const keys = async (params: string): Promise<unknown[]> =>
      (
        (await outputOf(aggregate(`group_by: [k], metrics: [{ name: n, operation: max, field: n }], ${params}`), {
          items,
        })) as { k: unknown }[]
      ).map(({ k }) => k);
    expect(await keys("order_by: n")).toEqual(["b", 9, "c", 10, null, true, [1], "a"]);
    expect(await keys("order_by: n, order: asc, limit: 2")).toEqual(["b", 9]);
    expect(await keys("order_by: n, order: desc")).toEqual([[1], true, null, "c", 10, 9, "b", "a"]);
    expect(await keys("order_by: k")).toEqual([9, 10, "a", "b", "c", true, [1], null]);
    expect(await keys("order_by: k, order: desc")).toEqual([[1], true, "c", "b", "a", 10, 9, null]);
    expect(await keys("limit: 1")).toEqual(["b"]);
    const ranges = aggregate(
      `group_by: [x], ${COUNT}, order_by: _bucket, buckets: { field: n, ranges: [{ from: 5, label: much }, { to: 5, label: few }] }`,
    );
    expect(((await outputOf(ranges, { items })) as { _bucket: string }[]).map((row) => row["_bucket"])).toEqual([
      "few",
      "much",
    ]);
  });

  test("takes its options from templates too", async () => {
    const event = {
      items: [{ a: 1 }, { a: 2 }, { a: 2 }],
      field: "a",
      metrics: [{ name: "n", operation: "count" }],
      by: "n",
      limit: 1,
    };
    const step = aggregate(
      'group_by: ["{{ event.field }}"], metrics: "${{ event.metrics }}", order_by: "{{ event.by }}", order: desc, limit: "${{ event.limit }}"',
    );
    expect(await findings(step)).toEqual([]);
    expect(await outputOf(step, event)).toEqual([{ a: 2, n: 2 }]);
    expect((await errorOf(step, { ...event, by: "m" })).message).toBe(
      '"with" of step "it" orders by "m", which no row has. Rows have a, n.',
    );
    expect((await errorOf(step, { ...event, metrics: [{ name: "n", operation: "sum" }] })).message).toBe(
      '"metrics[0].field" of step "it" is missing. Name the field to compute "sum" of; only "count" needs none.',
    );
    expect((await errorOf(step, { ...event, field: "" })).message).toBe(
      '"group_by[0]" of step "it" must be a text that is not empty, not an empty text.',
    );
    expect(await dryOutputOf(step, event)).toEqual([{ a: 2, n: 2 }]);
    const half = aggregate(`group_by: ["{{ event.field }}"], ${COUNT}, order_by: a, order: desc`);
    expect(await findings(half)).toEqual([]);
    expect(await outputOf(half, event)).toEqual([
      { a: 2, count: 2 },
      { a: 1, count: 1 },
    ]);
  });

  test("keeps hostile names to itself", async () => {
    const items = [JSON.parse('{"__proto__": "p", "n": 1}'), { n: 2 }];
    const step = aggregate(
      "group_by: [__proto__, constructor], metrics: [{ name: toString, operation: sum, field: n }], order_by: __proto__",
    );
    const rows = (await outputOf(step, { items })) as object[];
    expect(rows.map((row) => Object.entries(row))).toEqual([
      [
        ["__proto__", "p"],
        ["constructor", null],
        ["toString", 1],
      ],
      [
        ["__proto__", null],
        ["constructor", null],
        ["toString", 2],
      ],
    ]);
    expect(({} as Record<string, unknown>)["p"]).toBeUndefined();
  });

  test("says what is wrong where it stands", async () => {
    expect(await findings("type: data.aggregate\nitems: [1]")).toEqual(['2:5 Step "it" has no "with".']);
    expect(await findings(aggregate(""))).toEqual(['5:5 "group_by" is missing.', '5:5 "metrics" is missing.']);
    const wrong = async (params: string): Promise<string[]> =>
      (await findings(aggregate(params))).map((one) => one.replace(/^\S+ /, ""));
    expect(await wrong(`group_by: status, ${COUNT}`)).toEqual([
      '"group_by" must be a list that is not empty, not "status".',
    ]);
    expect(await wrong("group_by: [a], metrics: [{ operation: sum }, { name: x, operation: median }, 5]")).toEqual([
      '"metrics[0].name" is missing.',
      '"metrics[0].field" is missing.',
      '"metrics[1].operation" must be one of count, sum, avg, min, max, not "median".',
      '"metrics[2]" must be a map, not 5.',
    ]);
    expect(await findings(aggregate("group_by: [a], metrics: [{ name: x, operation: count, fild: y }]"))).toEqual([
      '5:73 "metrics[0].fild" is no option.',
    ]);
    expect(await wrong("group_by: [a], metrics: [{ name: a, operation: count }]")).toEqual([
      '"with" gives rows the key "a" more than once.',
    ]);
    expect(await wrong(`group_by: [a], ${COUNT}, order_by: total`)).toEqual([
      '"with" orders by "total", which no row has.',
    ]);
    expect(await wrong(`group_by: [a], ${COUNT}, order: down`)).toEqual([
      '"order" must be one of asc, desc, not "down".',
    ]);
    expect(await wrong(`group_by: [a], ${COUNT}, limit: 0`)).toEqual([
      '"limit" must be a whole number of at least 1, not 0.',
    ]);
    expect(await wrong(`group_by: [a], ${COUNT}, sort_by: a`)).toEqual([
      '"sort_by" is not a key of "with" of a step of type "data.aggregate".',
    ]);
    expect(await wrong(`group_by: [a], ${COUNT}, buckets: { ranges: [{ from: 5, to: 5 }, { from: x }] }`)).toEqual([
      '"buckets.field" is missing.',
      '"buckets.ranges[0]" is empty: 5 is not below 5.',
      '"buckets.ranges[1].from" must be a number, not "x".',
    ]);
    expect(await wrong(`group_by: [_bucket], ${COUNT}, buckets: { field: n, ranges: [{}] }`)).toEqual([
      '"with" gives rows the key "_bucket" more than once.',
    ]);
  });

  test("goes through 100,000 elements", async () => {
    const items = Array.from({ length: 100_000 }, (_, index) => ({ k: index, n: 1 }));
    expect(await outputOf(aggregate(`group_by: [k], ${COUNT}, order_by: k, order: desc, limit: 1`), { items })).toEqual(
      [{ k: 99_999, count: 1 }],
    );
    expect((await errorOf(aggregate(`group_by: [k], ${COUNT}`), { items: [...items, {}] })).message).toBe(
      '"items" of step "it" has 100001 elements; at most 100000 are allowed.',
    );
  });
});

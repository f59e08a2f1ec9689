import { describe, expect, test } from "vitest";
import { dryOutputOf, errorOf, findings, flow, outputOf } from "./data-kit.ts";
import { dryRun } from "../src/index.ts";
import { START } from "./fake-host.ts";
import { planOf, run, told } from "./kit.ts";

const map = (fields: string, items = "${{ event.items }}"): string =>
  `type: data.map\nitems: ${items}\nwith:\n  fields:\n${fields
    .split("\n")
    .map((line) => `    ${line}`)
    .join("\n")}`;

describe("data.map", () => {
  test("gives each element the new shape, and typed expressions keep their kinds", async () => {
    const step = map(
      `id: "\${{ item.id }}"\ntext: "no. {{ index }}: {{ item.id }}"\nat: \${{ index }}\ntags: \${{ item.tags }}\nsource: api\nfixed: true\nnested: { twice: "\${{ item.id | times: 2 }}", list: ["{{ item.id }}", x] }`,
    );
    expect(await outputOf(step, { items: [{ id: 1, tags: ["a"] }, { id: 2 }] })).toEqual([
      {
        id: 1,
        text: "no. 0: 1",
        at: 0,
        tags: ["a"],
        source: "api",
        fixed: true,
        nested: { twice: 2, list: ["1", "x"] },
      },
      { id: 2, text: "no. 1: 2", at: 1, source: "api", fixed: true, nested: { twice: 4, list: ["2", "x"] } },
    ]);
  });

  test("takes elements of any kind, also among steps and variables", async () => {
    const step = map("value: ${{ item }}\nevent: ${{ event.name }}\nid: ${{ execution.id }}");
    const items = ["a", 1, null, true, [1, 2], { x: 1 }];
    expect(await outputOf(step, { items, name: "e" })).toEqual(
      items.map((value) => ({ value, event: "e", id: "run-1" })),
    );
  });

  test("gives a map for a map, an empty list for an empty list", async () => {
    expect(await outputOf(map("id: ${{ item.id }}"), { items: { id: 7 } })).toEqual({ id: 7 });
    expect(await outputOf(map("id: ${{ item.id }}"), { items: [] })).toEqual([]);
    expect(await outputOf(map("id: ${{ item }}", "[1, '${{ event.n }}']"), { n: 2 })).toEqual([{ id: 1 }, { id: 2 }]);
  });

  test("sees only the element's own keys, and makes keys of any name", async () => {
    const items = [JSON.parse('{"__proto__": {"x": 1}, "a": 1}')];
    const step = map(
      `proto: "\${{ item['__proto__'].x }}"\nmaker: "\${{ item.constructor }}"\n__proto__: { y: "\${{ item.a }}" }`,
    );
    const [row] = (await outputOf(step, { items })) as [Record<string, unknown>];
    expect(Object.keys(row)).toEqual(["proto", "__proto__"]);
    expect(row["proto"]).toBe(1);
    expect(Object.getOwnPropertyDescriptor(row, "__proto__")?.value).toEqual({ y: 1 });
    expect(({} as Record<string, unknown>)["y"]).toBeUndefined();
  });

  test("maps lists in the element with $map, which sees what is around it", async () => {
    const fields = `org: \${{ item.name }}
departments:
  $map: { items: "\${{ item.departments }}", item: dept, index: at }
  name: \${{ dept.name }}
  no: \${{ at }}
  outer: \${{ index }}
  people:
    $map: { items: "\${{ dept.people }}" }
    who: "{{ item }} of {{ dept.name }}, no. {{ index }}"`;
    const items = [
      { name: "A", departments: [{ name: "x", people: ["ann", "bob"] }, { name: "y" }] },
      { name: "B", departments: "none" },
    ];
    expect(await outputOf(map(fields), { items })).toEqual([
      {
        org: "A",
        departments: [
          { name: "x", no: 0, outer: 0, people: [{ who: "ann of x, no. 0" }, { who: "bob of x, no. 1" }] },
          { name: "y", no: 1, outer: 0, people: [] },
        ],
      },
      { org: "B", departments: [] },
    ]);
  });

  test("refuses what is no list of anything", async () => {
    for (const [items, found] of [
      ["text", "a text"],
      [5, "a number"],
      [null, "nothing"],
      [true, "a boolean"],
    ]) {
      const { code, message } = await errorOf(map("id: ${{ item }}"), { items });
      expect({ code, message }).toEqual({
        code: "params-invalid",
        message: `"items" of step "it" needs a list or a map, and \${{ event.items }} gives ${found}.`,
      });
    }
  });

  test("stops at 100,000 elements, those of $map included", async () => {
    const items = Array.from({ length: 100_001 }, () => 0);
    expect(await errorOf(map("id: x"), { items })).toMatchObject({
      code: "params-invalid",
      message: '"items" of step "it" has 100001 elements; at most 100000 are allowed.',
      details: { limit: 100_000, actual: 100_001 },
    });
    const many = map('all: { $map: { items: "${{ event.items }}" }, x: 1 }');
    expect((await errorOf(many, { items: Array.from({ length: 400 }, () => 0) })).message).toBe(
      'Step "it" makes more than 100000 elements, those of "$map" included.',
    );
  });

  test("names mistakes where they stand", async () => {
    expect(await findings("type: data.map\nwith: { fields: { a: b } }")).toEqual(['2:5 Step "it" has no "items".']);
    expect(await findings("type: data.map\nitems: ${{ event.x }}")).toEqual(['2:5 Step "it" has no "with".']);
    expect(await findings("type: data.map\nitems: ${{ event.x }}\nwith: {}")).toEqual(['5:5 "fields" is missing.']);
    expect(await findings(map("a: b", "'{{ event.x }}'"))).toEqual([
      '4:12 "items" must be a list or a map, not a text made by a template.',
    ]);
    expect(await findings(map("a: b", "hosts"))).toEqual(['4:12 "items" must be a list or a map, not "hosts".']);
    expect(await findings(map("a: b", "5"))).toEqual(['4:12 "items" must be a list or a map, not a number.']);
    expect(await findings("type: data.map\nwith: { items: [1], fields: { a: b } }")).toEqual([
      '4:13 "items" stands inside "with".',
    ]);
    expect(await findings("type: data.map\nitems: [1]\nwith: { feilds: { a: b } }")).toEqual([
      '5:13 "feilds" is not a key of "with" of a step of type "data.map".',
    ]);
    expect(await findings("type: data.map\nitems: [1]\nwith: { fields: [a] }")).toEqual([
      '5:21 "fields" must be a map, not a list.',
    ]);
    expect(await findings(map("$map: { items: [] }\na: b"))).toEqual([
      '7:9 "$map" stands in "fields" itself, which is mapped already.',
    ]);
    expect(await findings(map("a: { $map: { itmes: x } }"))).toEqual(['7:22 "itmes" is not a key of "$map".']);
    expect(await findings(map("a: { $map: { item: x } }"))).toEqual(['7:14 "$map" has no "items".']);
    expect(await findings(map("a: { $map: x }"))).toEqual(['7:20 "$map" must be a map, not a text.']);
    expect(await findings(map("a: { $map: { items: [], item: 'a b' } }"))).toEqual([
      '7:39 "a b" is no name that a template can read.',
    ]);
    expect(await findings(map("a: { $map: { items: [], index: __proto__ } }"))).toHaveLength(1);
    expect(await findings(map("a: ${{ item.x | nofilter }}"))).toEqual([
      expect.stringContaining('There is no filter "nofilter"'),
    ]);
    const deep = (levels: number): string => (levels === 0 ? "1" : `{ $map: { items: [1] }, a: ${deep(levels - 1)} }`);
    expect(await findings(map(`a: ${deep(10)}`))).toEqual([]);
    expect(await findings(map(`a: ${deep(11)}`))).toEqual([
      expect.stringContaining('"$map" stands inside 10 others, and that is as deep as it may be.'),
    ]);
  });

  test("knows item, index and the names of $map inside of it alone", async () => {
    expect(
      await findings(map('a: { $map: { items: "${{ item.x }}", item: tag }, b: "{{ tag.y }} {{ index }}" }')),
    ).toEqual([]);
    expect(await findings(map('a: "${{ tag.y }}"'))).toEqual([
      '7:17 (warning) Nothing is called "tag" in a workflow; it is read as nothing.',
    ]);
    expect(await findings(map("a: b", '"${{ item.x }}"'))).toEqual([
      '4:17 (warning) Nothing is called "item" in a workflow; it is read as nothing.',
    ]);
    expect(await told(`${flow(map("a: b"))}  - { name: c, type: console, with: { message: "{{ item }}" } }\n`)).toEqual(
      [expect.stringContaining('(warning) Nothing is called "item"')],
    );
    expect(await findings(map('a: "{{ steps.it.output }}"'))).toEqual([
      expect.stringContaining('Step "it" reads its own result.'),
    ]);
  });

  test("is wrapped like other steps, and its result is read by them", async () => {
    const text = `steps:
  - name: it
    type: data.map
    if: "event.items: *"
    foreach: "\${{ event.items }}"
    items: "\${{ foreach.item }}"
    with: { fields: { id: "{{ foreach.index }}{{ item }}" } }
  - { name: bad, type: data.map, items: "\${{ event.none }}", with: { fields: {} }, on-failure: { continue: true } }
  - name: last
    type: console
    with: { message: "{{ steps.it.output | json }} {{ steps.it.output.size }} {{ steps.bad.error.code }}" }
`;
    const { result, host } = await run(text, undefined, { event: { items: [["a"], ["b", "c"]] } });
    expect(result).toEqual({ status: "completed" });
    expect(host.ends).toEqual(["it[0]:completed", "it[1]:completed", "it:completed", "bad:failed", "last:completed"]);
    expect(host.logs).toEqual(['[{"id":"1b"},{"id":"1c"}] 2 params-invalid']);
  });

  test("is computed in a dry run where all of it is known", async () => {
    expect(await dryOutputOf(map("id: ${{ item }}"), { items: [1] })).toEqual([{ id: 1 }]);
    expect(await dryOutputOf(map("id: ${{ item }}"), { items: 1 })).toBe("<steps.it.output>");
    const text = `steps:
  - { name: before, type: any }
  - { name: it, type: data.map, items: "\${{ steps.before.output }}", with: { fields: { id: "\${{ item }}" } } }
  - { name: half, type: data.map, items: [1], with: { fields: { id: "\${{ steps.before.output.id }}" } } }
  - { name: see, type: any, with: { value: ["{{ steps.it.output[0].id }}", "\${{ steps.half.output }}"] } }
`;
    const steps = [...dryRun(await planOf(text), { runId: "dry", startedAt: START })];
    expect(steps.at(-1)?.input).toEqual({ value: ["<steps.it.output[0].id>", "<steps.half.output>"] });
  });
});

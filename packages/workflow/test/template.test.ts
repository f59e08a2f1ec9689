import { describe, expect, test } from "vitest";
import { inputOf, run } from "./kit.ts";
import { START } from "./fake-host.ts";

const event = {
  title: 'He said "hi" \\ and {{ consts.secret }} {% raw %} 🚀',
  tags: ["a", "b"],
  map: { x: 1 },
  n: 5,
  yes: true,
  nothing: null,
  odd: JSON.parse('{"__proto__": {"polluted": 1}, "constructor": "c", "size": 7}') as unknown,
  json: '{"k": [1, 2]}',
  evil: { toString: "no function" },
};
const before = "consts: { secret: s3, list: [1, 2, 3] }";

describe("templates in with", () => {
  test.each([
    ['"{{ event.n }}"', "5"],
    ['"n={{ event.n }}, {{ event.yes }}"', "n=5, true"],
    ['"{{ event.missing }}"', ""],
    ['"{{ event.missing.deeper }}"', ""],
    ['"{{ event.nothing }}"', ""],
    ['"{{ event.tags }}"', "ab"],
    ['"{{ event.map }}"', "[object Object]"],
    ["'{{ event.map | json }}'", '{"x":1}'],
    ['"{{ event.title }}"', event.title],
    ['"${{ event.n }}"', 5],
    ['"${{event.n}}"', 5],
    ['"${{ event.yes }}"', true],
    ['"${{ event.tags }}"', ["a", "b"]],
    ['"${{ event.map }}"', { x: 1 }],
    ['"${{ event.title }}"', event.title],
    ['"${{ event.nothing }}"', null],
    ['"${{ event.missing }}"', undefined],
    ['"${{ event.n == 5 }}"', true],
    ['"${{ event.n == 5 and event.yes != true }}"', false],
    ["\"${{ event.tags contains 'b' }}\"", true],
    ['"${{ event.tags | first }}"', "a"],
    ['"${{ event.tags | size }}"', 2],
    ['" ${{ event.n }}"', " $5"],
    ['"${{ event.n }} "', "$5 "],
    ['"x ${{ event.n }}"', "x $5"],
    ["|\n        ${{ event.n }}\n", "$5\n"],
    ["'${{ event.json | json_parse }}'", { k: [1, 2] }],
    ["'${{ \"nope\" | json_parse }}'", "nope"],
    ["'${{ event.n | json_parse }}'", 5],
    [
      "'{% assign pairs = event.map | entries %}{% for p in pairs %}{{ p.key }}={{ p.value }};{{ p[0] }}={{ p[1] }}{% endfor %}'",
      "x=1;x=1",
    ],
    ["'${{ event.map | entries }}'", [{ key: "x", value: 1 }]],
    ['\'${{ event | pick: "map.x", "n", "missing" }}\'', { map: { x: 1 }, n: 5 }],
    ["'${{ event.odd | pick: \"__proto__\" }}'", JSON.parse('{"__proto__": {"polluted": 1}}')],
    ["'{{ event.odd.constructor }} {{ event.map.constructor }}{{ event.map.__proto__ }}'", "c "],
    [
      "'{{ event.constructor }}{{ constructor }}{{ __proto__ }}{% assign k = \"constructor\" %}{{ steps[k].name }}'",
      "",
    ],
    ["'{% if event.yes %}yes{% else %}no{% endif %}'", "yes"],
    ["'{% increment steps %}{{ inputs.x }}'", "0"],
    ["'{{ now }}'", new Date(START).toString()],
    ["'${{ now }}'", "2026-01-15T12:00:00.000Z"],
    ["'{{ now | date: \"%Y-%m-%d %H:%M\" }}'", "2026-01-15 12:00"],
    ['\'{{ "now" | date: "%Y-%m-%d %H:%M" }}\'', "2026-01-15 12:00"],
    ["'{{ execution.startedAt | date: \"%s\" }}'", String(START / 1000)],
    ["'{{ execution.id }} {{ workflow.name }} {{ kibanaUrl }}'", "run-1 flow "],
    ["'{{ event.tags | sample }}'", "a"],
    ["plain", "plain"],
    ["12", 12],
    [
      '{ "{{ event.n }}": ["{{ event.n }}", 1, null, "${{ event.missing }}"], gone: "${{ event.missing }}" }',
      { "{{ event.n }}": ["5", 1, null, null] },
    ],
  ])("%s", async (yaml, expected) => {
    expect(await inputOf(yaml, { event }, before)).toEqual(expected);
  });

  test("keys such as __proto__ stay keys", async () => {
    const value = await inputOf('{ "__proto__": "{{ event.n }}", a: 1 }', { event });
    expect(Object.keys(value as object)).toEqual(["__proto__", "a"]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test("an expression gives a copy, so that nobody changes what others read", async () => {
    const { host } = await run(
      "steps:\n  - { name: a, type: any }\n  - { name: b, type: any, with: { v: '${{ steps.a.output }}' } }\n  - { name: c, type: any, with: { v: '${{ steps.a.output }}' } }\n",
      (call) => {
        if (call.name === "b") (call.input["v"] as { list: number[] }).list.push(2);
        return { list: [1] };
      },
    );
    expect(host.calls[2]?.input).toEqual({ v: { list: [1] } });
  });

  test("step names with hyphens, spaces, quotes and emoji can be read", async () => {
    const { host } = await run(
      `steps:
  - { name: a-b, type: any }
  - { name: open ticket, type: any }
  - { name: "say \\"🚀\\"", type: any }
  - { name: __proto__, type: any }
  - name: last
    type: any
    with:
      v: "{{ steps.a-b.output }} {{ steps['open ticket'].output }} {{ steps['say \\"🚀\\"'].output }} {{ steps.__proto__.output }}"
`,
      (call) => call.path,
    );
    expect(host.calls[4]?.input).toEqual({ v: 'a-b "open ticket" "say \\"🚀\\"" __proto__' });
  });

  test.each([
    ["'{{ event.evil }}'", "Cannot convert object to primitive value"],
    ["'{% for i in (1..100000000) %}x{% endfor %}'", "limit exceeded"],
  ])("%s fails its step", async (yaml, message) => {
    const { result, host } = await run(`steps:\n  - { name: a, type: any, with: { v: ${yaml} } }\n`, undefined, {
      event,
    });
    expect(result.status).toBe("failed");
    expect(result.error?.code).toBe("template-error");
    expect(result.error?.message).toContain('step "a" (with.v)');
    expect(result.error?.message).toContain(message);
    expect(result.error?.message).not.toContain("line:");
    expect(host.calls).toEqual([]);
  });

  test("a template cannot change what others read", async () => {
    const { host } = await run(
      "steps:\n  - { name: a, type: any, with: { v: '{% increment event %}{% assign inputs = 1 %}{% capture consts %}x{% endcapture %}', w: '{{ event.n }}' } }\n",
      undefined,
      { event: { n: 5 } },
    );
    expect(host.calls[0]?.input).toEqual({ v: "0", w: "5" });
  });

  test("the clock is read once for a step, and only if it is used", async () => {
    const { host } = await run(
      "steps:\n  - { name: a, type: any, with: { v: '{{ now }}{{ now }}', w: '{{ now }}' } }\n  - { name: b, type: any }\n",
    );
    expect(host.clockReads).toEqual(["a!now"]);
  });
});

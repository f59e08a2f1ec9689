import { describe, expect, test } from "vitest";
import { readWorkflow } from "../src/index.ts";
import { planOf, run, told } from "./kit.ts";

describe("hostile files", () => {
  test.each([100, 1000, 3000, 10_000])("nesting of %i levels is read or refused, never thrown", (depth) => {
    const nested = "[".repeat(depth) + "'{{ event.x }}'" + "]".repeat(depth);
    const { findings } = readWorkflow(`steps:\n  - { name: a, type: any, with: { v: ${nested} } }\n`, "flow.yaml");
    expect(findings.length).toBeLessThanOrEqual(1);
  });

  test.each([100, 1000, 5000])("%i steps inside each other", (depth) => {
    const open = Array.from({ length: depth }, (_, i) => `{ name: s${i}, type: if, condition: true, steps: [`).join("");
    const { findings } = readWorkflow(`steps: [${open}{ name: last, type: any }${"]}".repeat(depth)}]\n`, "flow.yaml");
    expect(findings.length).toBeLessThanOrEqual(1);
  });

  test("a template that is too long is refused", async () => {
    const long = `{{ event.x }}${"x".repeat(150_000)}`;
    expect(await told(`steps:\n  - { name: a, type: any, with: { v: "${long}" } }\n`)).toEqual([
      expect.stringContaining("parse length limit exceeded"),
    ]);
    const raised = `settings: { liquid: { parseLimit: 300000 } }\nsteps:\n  - { name: a, type: any, with: { v: "${long}" } }\n`;
    expect(await told(raised)).toEqual([]);
  });

  test.each([
    "where_exp: 'i', 'event.a contains i' | size",
    "reject_exp: 'i', 'event.a contains i' | size",
    "group_by_exp: 'i', 'event.a contains i' | size",
    "find_exp: 'i', 'event.a contains event.none'",
    "find_index_exp: 'i', 'event.a contains event.none'",
    "has_exp: 'i', 'event.a contains event.none'",
    // Filters inside of an expression count, too.
    "where_exp: 'i', 'event.a | where_exp: \"j\", \"i == j\" | first'",
  ])("a filter that looks at a long list for each of its items stops at the limit: %s", async (filter) => {
    const event = { a: Array.from({ length: 6000 }, (_, i) => `item ${i}`) };
    for (const open of ["{{", "${{"]) {
      const text = `settings: { liquid: { renderLimit: 200 } }\nsteps:\n  - name: a\n    type: any\n    with:\n      v: >-\n        ${open} event.a | ${filter} }}\n`;
      const before = performance.now();
      const { result } = await run(text, undefined, { event });
      expect(performance.now() - before).toBeLessThan(1500);
      expect(result.error).toMatchObject({
        code: "template-error",
        message: expect.stringContaining("template render limit exceeded"),
      });
    }
  });

  test("what a filter does for each item is charged to the memory limit", async () => {
    const text = `settings: { liquid: { memoryLimit: 5000 } }\nsteps:\n  - { name: a, type: any, with: { v: "{{ event.a | sum }}{{ event.a | find_exp: 'i', 'i == 0' }}" } }\n`;
    const { result } = await run(text, undefined, { event: { a: Array.from({ length: 6000 }, () => 1) } });
    expect(result.error).toMatchObject({ message: expect.stringContaining("memory alloc limit exceeded") });
  });

  describe("data that is nested without end", () => {
    const nest = (levels: number, wrap: (inner: unknown) => unknown): unknown => {
      let value: unknown = 1;
      for (let level = 0; level < levels; level += 1) value = wrap(value);
      return value;
    };
    const events: [string, Record<string, unknown>][] = [1001, 3000, 9000, 50_000].flatMap((levels) => [
      [`maps of ${levels} levels`, { d: nest(levels, (d) => ({ d })) }],
      [`lists of ${levels} levels`, { d: nest(levels, (d) => [d]) }],
    ]);

    test.each(events)("fails the step that copies it: %s", async (_, event) => {
      const { result } = await run("steps:\n  - { name: a, type: any, with: { v: '${{ event.d }}' } }\n", undefined, {
        event,
      });
      expect(result.error).toMatchObject({
        code: "template-error",
        message: "The value of ${{ event.d }} is nested too deeply: it has more than 1000 levels.",
      });
    });

    const deep = { d: nest(50_000, (d) => [d]), m: nest(50_000, (d) => ({ d })) };
    test.each([
      ["with: { v: '{{ event.d }}' }", 'The template of step "a" (with.v) cannot be rendered: '],
      ["with: { v: '{{ event.m | json }}' }", 'The template of step "a" (with.v) cannot be rendered: '],
      ["if: 'event.d: 1'", 'The condition of step "a" (if) cannot be decided: '],
      ["if: '{{ \"event.d: 1\" }}'", 'The condition of step "a" (if) cannot be decided: '],
      ["foreach: '${{ event.d }}'", "The value of ${{ event.d }} is "],
    ])("fails what follows it down: %s", async (text, message) => {
      const { result } = await run(`steps:\n  - { name: a, type: any, ${text} }\n`, undefined, { event: deep });
      expect(result.error).toMatchObject({
        code: "template-error",
        message: expect.stringMatching(/nested too deeply/),
      });
      expect(result.error?.message.slice(0, message.length)).toBe(message);
    });

    test("is no matter where it is not read, nor at a thousand levels", async () => {
      const event = { ...deep, d: nest(1000, (d) => ({ d })) };
      const { result } = await run("steps:\n  - { name: a, type: any, with: { v: '${{ event.d }}' } }\n", undefined, {
        event,
      });
      expect(result).toEqual({ status: "completed" });
    });
  });

  test("steps that are called like things of JavaScript", async () => {
    const names = ["constructor", "__proto__", "toString", "hasOwnProperty", "then"];
    const text = `steps:\n${names.map((name) => `  - { name: ${name}, type: any, on-failure: { continue: true } }\n`).join("")}  - { name: last, type: any, with: { v: "${names.map((name) => `{{ steps.${name}.error.message }}`).join(",")}" } }\n`;
    const { host } = await run(text, (call) => {
      if (call.name !== "last") throw new Error(call.path);
      return {};
    });
    expect(host.calls.at(-1)?.input["v"]).toBe(names.join(","));
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  test("keys of a step type are not looked up in prototypes", async () => {
    expect(await told("steps: [{ name: a, type: constructor }]\n")).toEqual([
      `1:26 No package provides "constructor".`,
    ]);
    expect(await told("triggers: [{ type: constructor }]\nsteps: [{ name: a, type: any }]\n")).toEqual([
      `1:20 There is no trigger "constructor".`,
    ]);
  });

  test("variables named __proto__ stay variables", async () => {
    const { host } = await run(
      `steps:
  - { name: set, type: data.set, with: { __proto__: { a: 1 }, b: 2 } }
  - { name: get, type: any, with: { v: "\${{ variables }}", a: "{{ variables.__proto__.a }}", c: "{{ variables.a }}" } }
`,
    );
    expect(JSON.stringify(host.calls[0]?.input)).toBe('{"v":{"__proto__":{"a":1},"b":2},"a":"1","c":""}');
  });

  test("data of an event is never taken for a template or a condition's syntax", async () => {
    const title = `"] }} {{ consts.secret }} \${{ consts.secret }} {% raw %} or event.x: * \\ 🚀`;
    const { host } = await run(
      `consts: { secret: s3cret }
steps:
  - { name: set, type: data.set, with: { t: "{{ event.title }}", typed: "\${{ event }}" } }
  - { name: a, type: any, with: { v: "{{ variables.t }}", w: "\${{ variables.typed.title }}" } }
  - { name: b, type: any, foreach: "\${{ event.list }}", with: { v: "{{ foreach.item }}" } }
`,
      undefined,
      { event: { title, list: [title] } },
    );
    expect(host.calls.map(({ input }) => input)).toEqual([{ v: title, w: title }, { v: title }]);
  });

  test("a plan is made of many steps in reasonable time", async () => {
    const many = Array.from(
      { length: 1000 },
      (_, i) => `  - { name: s${i}, type: any, with: { v: "{{ event.x }}" } }\n`,
    );
    const before = performance.now();
    await planOf(`steps:\n${many.join("")}`);
    expect(performance.now() - before).toBeLessThan(3000);
  });
});

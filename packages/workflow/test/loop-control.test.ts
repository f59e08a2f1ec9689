import { describe, expect, test } from "vitest";
import { run, told } from "./kit.ts";

/** A loop over five items, in which `inside` stands between two steps. */
const each = (inside: string, more = ""): string => `steps:
  - name: each
    type: foreach
    foreach: [0, 1, 2, 3, 4]
${more}    steps:
      - { name: before, type: any }
${inside}      - { name: after, type: any }
  - { name: last, type: any, with: { index: "\${{ steps.each.index }}", exit: "\${{ steps.exit }}" } }
`;

const paths = (host: { calls: { path: string }[] }): string[] => host.calls.map(({ path }) => path);

const breakAt = `      - { name: exit, type: loop.break, if: "foreach.index: 1" }\n`;
const continueAt = `      - { name: exit, type: loop.continue, if: "foreach.index < 3" }\n`;

describe("loop.break", () => {
  test("ends a foreach; nothing failed", async () => {
    const { result, host } = await run(each(breakAt));
    expect(result).toEqual({ status: "completed" });
    expect(host.ends).toEqual([
      "each[0].before:completed",
      "each[0].exit:skipped",
      "each[0].after:completed",
      "each[1].before:completed",
      "each[1].exit:completed",
      "each:completed",
      "last:completed",
    ]);
    expect(host.calls.at(-1)?.input).toEqual({ index: 1, exit: {} });
  });

  test("ends a while without asking its condition", async () => {
    const { result, host } = await run(`steps:
  - name: poll
    type: while
    condition: "event.none: *"
    max-iterations: { limit: 2, on-limit: fail }
    steps:
      - { name: s, type: any }
      - { name: exit, type: loop.break }
`);
    expect(result.status).toBe("completed");
    expect([paths(host), host.decisions]).toEqual([["poll[0].s"], []]);
  });
});

describe("loop.continue", () => {
  test("goes on with the next item", async () => {
    const { result, host } = await run(each(continueAt));
    expect(result.status).toBe("completed");
    expect(paths(host).filter((path) => path.endsWith("after"))).toEqual(["each[3].after", "each[4].after"]);
    expect(paths(host).filter((path) => path.endsWith("before")).length).toBe(5);
  });

  test("goes on with the condition of a while", async () => {
    const { result, host } = await run(`steps:
  - name: poll
    type: while
    condition: "while.iteration < 2"
    steps:
      - { name: s, type: any }
      - { name: next, type: loop.continue }
      - { name: never, type: any }
`);
    expect(result.status).toBe("completed");
    expect(paths(host)).toEqual(["poll[0].s", "poll[1].s", "poll[2].s"]);
  });
});

describe("the way out", () => {
  const exit = "{ name: exit, type: loop.break }";
  const fail = (call: { name: string }): unknown => {
    if (call.name === "bad") throw new Error("bad");
    return {};
  };
  test.each([
    ["an if", `      - { name: wrap, type: if, condition: "foreach.index: 1", steps: [${exit}] }\n`],
    [
      "an else",
      `      - { name: wrap, type: if, condition: "foreach.index: 0", steps: [{ name: x, type: console }], else: [${exit}] }\n`,
    ],
    [
      "a case",
      `      - { name: wrap, type: switch, expression: "{{ foreach.index }}", cases: [{ match: 1, steps: [${exit}] }] }\n`,
    ],
    [
      "a default",
      `      - { name: wrap, type: switch, expression: "{{ foreach.index }}", cases: [{ match: 0, steps: [{ name: x, type: console }] }], default: [${exit}] }\n`,
    ],
    [
      "several levels",
      `      - { name: wrap, type: switch, timeout: 5s, expression: "{{ foreach.index }}", cases: [{ match: 1, steps: [{ name: inner, type: if, condition: true, steps: [${exit}] }] }] }\n`,
    ],
  ])("leads out of %s, which is completed", async (_what, inside) => {
    const { result, host } = await run(each(inside));
    expect(result.status).toBe("completed");
    expect(paths(host)).toEqual(["each[0].before", "each[0].after", "each[1].before", "last"]);
    expect(host.ends).toContain("each[1].wrap:completed");
    expect(host.ends).toContain("each:completed");
  });

  test("leads out of the fallback of a step in the loop", async () => {
    const { result, host } = await run(
      each(`      - { name: bad, type: any, on-failure: { retry: { max-attempts: 1 }, fallback: [${exit}] } }\n`),
      fail,
    );
    expect(result.status).toBe("completed");
    expect(paths(host)).toEqual(["each[0].before", "each[0].bad", "each[0].bad", "last"]);
    expect(host.ends.slice(1, 5)).toEqual([
      "each[0].bad:failed",
      "each[0].bad:failed",
      "each[0].bad!fallback.exit:completed",
      "each:completed",
    ]);
  });

  test("leads out of the fallback of an iteration", async () => {
    const policy = `    iteration-on-failure: { fallback: [{ name: next, type: loop.continue, if: "foreach.index: 0" }, ${exit}] }\n`;
    const { result, host } = await run(each("      - { name: bad, type: any }\n", policy), fail);
    expect(result.status).toBe("completed");
    expect(paths(host)).toEqual(["each[0].before", "each[0].bad", "each[1].before", "each[1].bad", "last"]);
  });

  test("leads out of the innermost loop alone", async () => {
    const inner = `      - name: inner
        type: while
        condition: true
        steps: [{ name: s, type: any }, ${exit}]
`;
    const { host } = await run(each(inner, "    max-iterations: 2\n"));
    expect(paths(host)).toEqual([
      "each[0].before",
      "each[0].inner[0].s",
      "each[0].after",
      "each[1].before",
      "each[1].inner[0].s",
      "each[1].after",
      "last",
    ]);
  });

  test("from the fallback of a loop leads out of the loop around it", async () => {
    const inner = `      - name: inner
        type: foreach
        foreach: [1]
        on-failure: { fallback: [${exit}] }
        steps: [{ name: bad, type: any }]
`;
    const { result, host } = await run(each(inner), fail);
    expect(result.status).toBe("completed");
    expect(paths(host)).toEqual(["each[0].before", "each[0].inner[0].bad", "last"]);
  });

  test("is no failure for any policy or timeout on it", async () => {
    const policy = "{ retry: { max-attempts: 3 }, fallback: [{ name: NAME, type: any }], continue: true }";
    const text = each(
      `      - { name: exit, type: loop.break }\n`,
      `    on-failure: ${policy.replace("NAME", "f")}\n    iteration-on-failure: ${policy.replace("NAME", "g")}\n    timeout: 1m\n    iteration-timeout: 1m\n`,
    );
    const { result, host } = await run(`settings: { on-failure: ${policy.replace("NAME", "h")} }\n${text}`);
    expect(result.status).toBe("completed");
    expect(paths(host)).toEqual(["each[0].before", "last"]);
    expect(host.events.some((event) => event.kind === "retrying" || ("error" in event && event.error))).toBe(false);
  });
});

describe("findings", () => {
  const hint = "is in no loop that it could leave.";
  const leave = (name: string): string => `{ name: ${name}, type: loop.break }`;
  test.each([
    [`steps:\n  - ${leave("a")}\n`, [`2:22 Step "a" of type "loop.break" ${hint}`]],
    [
      `steps:\n  - { name: a, type: loop.continue, if: "event.x: 1" }\n`,
      [`2:22 Step "a" of type "loop.continue" ${hint}`],
    ],
    [
      `steps:\n  - { name: i, type: if, condition: true, steps: [${leave("a")}] }\n`,
      [`2:68 Step "a" of type "loop.break" ${hint}`],
    ],
    // A repeated step is no loop.
    [
      `steps:\n  - { name: s, type: any, foreach: [1], on-failure: { fallback: [${leave("a")}] } }\n`,
      [`2:83 Step "a" of type "loop.break" ${hint}`],
    ],
    // The fallback of a loop is outside of it.
    [
      `steps:\n  - { name: l, type: foreach, foreach: [1], steps: [{ name: s, type: any }], on-failure: { fallback: [${leave("a")}] } }\n`,
      [`2:120 Step "a" of type "loop.break" ${hint}`],
    ],
    // Steps of this policy can be anywhere.
    [
      `settings: { on-failure: { fallback: [${leave("a")}] } }\nsteps:\n  - { name: s, type: any }\n`,
      [`1:55 Step "a" of type "loop.break" ${hint}`],
    ],
    [
      `steps:\n  - name: l\n    type: foreach\n    foreach: [1]\n    steps:\n      - { name: p, type: parallel, foreach: [1], concurrency: 2, steps: [${leave("a")}] }\n`,
      [`6:91 Step "a" of type "loop.break" ${hint}`],
    ],
    [
      `steps:\n  - { name: l, type: while, condition: true, steps: [{ name: a, type: loop.break, with: {} }] }\n`,
      ['2:83 "with" is not a key of a step of type "loop.break".'],
    ],
  ])("%s", async (text, expected) => expect(await told(text)).toEqual(expected));
});

import { describe, expect, test } from "vitest";
import { dryRun } from "../src/index.ts";
import { CountingHost } from "./counting-host.ts";
import { FakeHost, START } from "./fake-host.ts";
import { findingsOf, planOf, run, told } from "./kit.ts";

const loop = (condition: string, more = ""): string => `steps:
  - name: poll
    type: while
    condition: ${JSON.stringify(condition)}
${more}    steps:
      - { name: check, type: any, with: { n: "\${{ while.iteration }}", same: "\${{ steps.poll.iteration }}" } }
  - { name: last, type: any, with: { n: "\${{ steps.poll.iteration }}", out: "\${{ steps.check.output }}" } }
`;

/** Answers "busy" so many times, then "done". */
const busy = (times: number) => {
  let left = times;
  return (call: { name: string }): unknown => (call.name === "check" ? { state: left-- > 0 ? "busy" : "done" } : {});
};

describe("while", () => {
  test.each([
    ["false", 1],
    ["event.none: x", 1],
    ["steps.check.output.state: busy", 4],
    ["${{ steps.check.output.state == 'busy' }}", 4],
    ["while.iteration < 2", 3],
    ["steps.poll.iteration < 2", 3],
    ["{{ while.iteration | at_most: 1 | minus: 1 }}", 1],
  ])("%s ends after %i iterations, the first of which always runs", async (condition, count) => {
    const { result, host } = await run(loop(condition), busy(3));
    expect(result.status).toBe("completed");
    const numbers = Array.from({ length: count }, (_, i) => i);
    expect(host.calls.map(({ path, input }) => [path, input])).toEqual([
      ...numbers.map((n) => [`poll[${n}].check`, { n, same: n }]),
      ["last", { n: count - 1, out: expect.anything() }],
    ]);
    expect(host.ends.slice(-2)).toEqual(["poll:completed", "last:completed"]);
  });

  test("each decision is taken once, under a path of its own, and a replay takes it again", async () => {
    const text = loop("steps.check.output.state: busy", "    on-failure: { retry: { max-attempts: 1 } }\n");
    const answers = (): (() => unknown) => {
      const list = [{ state: "busy" }, new Error("once"), { state: "busy" }, { state: "done" }, {}];
      return () => {
        const answer = list.shift();
        if (answer instanceof Error) throw answer;
        return answer;
      };
    };
    const first = await run(text, answers());
    expect(first.result.status).toBe("completed");
    expect(first.host.calls.map(({ path, attempt }) => `${path}#${attempt}`)).toEqual([
      "poll[0].check#1",
      "poll[1].check#1",
      "poll[0].check#2",
      "poll[1].check#2",
      "last#1",
    ]);
    expect(first.host.decisions).toEqual([
      ["poll[0]!while!condition", true],
      ["poll[0]!while!condition#2", true],
      ["poll[1]!while!condition", false],
    ]);
    const again = await run(text, undefined, {}, new FakeHost(answers(), first.host.decisions));
    expect(again.host.calls.map(({ path }) => path)).toEqual(first.host.calls.map(({ path }) => path));
  });

  test("stops at its cap, quietly or failing; 2000 if it has none", async () => {
    const count = async (more: string) => {
      const { result, host } = await run(loop("true", more), undefined);
      return [result.status, host.calls.filter(({ name }) => name === "check").length, result.error];
    };
    expect(await count("    max-iterations: 3\n")).toEqual(["completed", 3, undefined]);
    expect(await count("    max-iterations: { limit: 3, on-limit: fail }\n")).toEqual([
      "failed",
      3,
      expect.objectContaining({
        code: "workflow-invalid",
        type: "LoopLimitExceeded",
        message: 'The loop "poll" stops at 3 (max-iterations).',
        details: { reason: "max-iterations", limit: 3 },
      }),
    ]);
    expect(await count("")).toEqual(["completed", 2000, undefined]);
  });

  test("a loop that ends with its last iteration does not fail", async () => {
    const { result } = await run(
      loop("while.iteration < 2", "    max-iterations: { limit: 3, on-limit: fail }\n"),
      busy(0),
    );
    expect(result.status).toBe("completed");
  });

  test("an iteration can fail or run out of time alone", async () => {
    const more = "    iteration-timeout: 5s\n    iteration-on-failure: { continue: true }\n";
    const { result, host } = await run(loop("while.iteration < 2", more), async (call, host) => {
      if (call.path === "poll[0].check") throw new Error("first");
      if (call.path === "poll[1].check") await host.wait(9000, call.signal);
      return {};
    });
    expect(result.status).toBe("completed");
    expect(host.ends).toEqual([
      "poll[0].check:failed",
      "poll[1].check:failed",
      "poll[2].check:completed",
      "poll:completed",
      "last:completed",
    ]);
    expect(host.errorOf("poll[1].check")?.code).toBe("timeout");
  });

  test("a failure ends it; its own policy comes then", async () => {
    const failed = await run(loop("true"), () => {
      throw new Error("broke");
    });
    expect(failed.result).toMatchObject({ status: "failed", error: { message: "broke" } });
    expect(failed.host.ends).toEqual(["poll[0].check:failed", "poll:failed"]);
    const kept = await run(loop("true", "    on-failure: { continue: true }\n"), (call) => {
      if (call.name === "check") throw new Error("broke");
      return {};
    });
    expect(kept.result.status).toBe("completed");
  });

  test("inside other loops each root belongs to the innermost loop of its kind", async () => {
    const { host } = await run(`steps:
  - name: each
    type: foreach
    foreach: [a, b]
    steps:
      - name: again
        type: while
        condition: "while.iteration < 1"
        steps:
          - name: inner
            type: foreach
            foreach: [x]
            steps: [{ name: s, type: any, with: { v: "{{ steps.each.item }}{{ while.iteration }}{{ foreach.item }}" } }]
`);
    expect(host.calls.map(({ path, input }) => [path, input["v"]])).toEqual([
      ["each[0].again[0].inner[0].s", "a0x"],
      ["each[0].again[1].inner[0].s", "a1x"],
      ["each[1].again[0].inner[0].s", "b0x"],
      ["each[1].again[1].inner[0].s", "b1x"],
    ]);
  });

  test("`if` skips it, and `timeout` bounds all iterations together", async () => {
    const skipped = await run(loop("true", "    if: false\n"));
    expect(skipped.host.ends).toEqual(["poll:skipped", "last:completed"]);
    const host = new CountingHost(async (call, own) => {
      await own.wait(2000, call.signal);
      return {};
    });
    const late = await run(loop("true", "    timeout: 5s\n"), undefined, {}, host);
    expect(late.result.error).toMatchObject({ code: "timeout", message: expect.stringContaining('Step "poll"') });
    expect(host.calls.length).toBe(3);
    expect(host.timers).toBe(0);
  });

  test("a loop that only computes can be cancelled", async () => {
    const controller = new AbortController();
    setImmediate(() => controller.abort());
    const { result } = await run(
      `steps:
  - name: spin
    type: while
    condition: true
    max-iterations: 1000000
    steps: [{ name: n, type: data.set, with: { n: "\${{ while.iteration }}" } }]
`,
      undefined,
      { signal: controller.signal },
    );
    expect(result.status).toBe("cancelled");
  });
});

describe("findings", () => {
  test.each([
    [loop("steps.last.output: *"), ['4:17 Step "last" comes later, so it has no result yet.']],
    ["steps:\n  - { name: a, type: while, steps: [{ name: s, type: any }] }\n", ['2:5 Step "a" has no "condition".']],
    ["steps:\n  - { name: a, type: while, condition: true }\n", ['2:5 Step "a" has no "steps".']],
    [loop("while.count < 5"), ['4:17 (warning) There is no "while.count".']],
    [loop("foreach.index < 5"), ['4:17 (warning) "foreach" has a value inside a loop only.']],
    [
      loop("true").replace('steps.poll.iteration }}", out', 'while.iteration }}", out'),
      ['7:46 (warning) "while" has a value inside a while loop only.'],
    ],
    [
      "steps:\n  - { name: a, type: while, condition: 'n == 1', steps: [{ name: s, type: any }] }\n",
      [expect.stringContaining("2:4")],
    ],
  ])("%s", async (text, expected) => expect(await told(text)).toEqual(expected));

  test("the condition sees the steps inside, and nothing else of the file does before them", async () => {
    expect(await findingsOf(loop("steps.check.output: * and steps.poll.iteration < 3"))).toEqual([]);
  });
});

test("a dry run shows one iteration", async () => {
  const text = loop(
    "steps.check.output.state: busy",
    "    iteration-on-failure: { fallback: [{ name: f, type: any }] }\n",
  );
  const steps = [...dryRun(await planOf(text), { runId: "dry", startedAt: START })];
  expect(steps.map(({ path, input, when }) => [path, input, when])).toEqual([
    ["poll[0].check", { n: 0, same: 0 }, []],
    ["poll[0]!fallback.f", {}, ["poll fails"]],
    ["last", { n: 0, out: "<steps.check.output>" }, []],
  ]);
});

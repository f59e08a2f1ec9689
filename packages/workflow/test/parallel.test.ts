import { getEventListeners } from "node:events";
import { StepwireError } from "@stepwire/core";
import { describe, expect, test } from "vitest";
import { dryRun, type StepCall } from "../src/index.ts";
import { CountingHost } from "./counting-host.ts";
import { FakeHost, START } from "./fake-host.ts";
import { findingsOf, planOf, run, told } from "./kit.ts";

type Handler = (call: StepCall, host: FakeHost) => Promise<unknown>;

/** Answers with the path after a time of its own for each path, 1 s where there is none; `fail` are paths that fail then. */
const timed =
  (times: Record<string, number> = {}, fail: readonly string[] = []): Handler =>
  async (call, host) => {
    if (call.name === "last") return {};
    await host.wait(times[call.path] ?? 1000, call.signal);
    if (fail.includes(call.path)) throw new StepwireError("http-status", `${call.path} broke`, { status: 500 });
    return { from: call.path };
  };

const named = (more = "", last = "${{ steps.fan.output }}"): string => `steps:
  - { name: first, type: console, with: { message: hi } }
  - name: fan
    type: parallel
${more}    branches:
      - name: left
        steps: [{ name: l1, type: any, with: { v: "{{ steps.first.output }}" } }, { name: l2, type: any, with: { v: "{{ steps.l1.output.from }}" } }]
      - name: the right
        steps: [{ name: r, type: any }]
  - { name: last, type: any, with: { v: "${last}" } }
`;

const each = (
  more = "",
  steps = '[{ name: s, type: any, with: { v: "{{ foreach.item }}{{ foreach.index }}{{ foreach.total }}" } }]',
): string => `steps:
  - name: fan
    type: parallel
    foreach: "\${{ event.list }}"
    concurrency: 2
${more}    steps: ${steps}
  - { name: last, type: any, with: { v: "\${{ steps.fan.output }}", s: "\${{ steps.s }}" } }
`;

const list = (count: number): { event: Record<string, unknown> } => ({
  event: { list: Array.from({ length: count }, (_, i) => `i${i}`) },
});
const paths = (host: FakeHost): string[] => host.calls.map(({ path }) => path);
/** What the step `last` was given. */
const seen = (host: FakeHost): Record<string, unknown> => host.calls.at(-1)?.input["v"] as Record<string, unknown>;
const statuses = (output: unknown): unknown =>
  (output as { results: { status: string }[] }).results.map(({ status }) => status);
const outputOf = (host: FakeHost, path = "fan"): unknown => {
  for (const event of host.events) if (event.kind === "finished" && event.path === path) return event.output;
  return undefined;
};

describe("branches", () => {
  test("run at the same time, each step after the one before it, and their results are put together", async () => {
    const { result, host } = await run(named(), timed({ r: 500 }));
    expect(result.status).toBe("completed");
    expect(host.calls.map(({ path, input }) => [path, input["v"]]).slice(0, 3)).toEqual([
      ["fan.left.l1", "hi"],
      ['fan."the right".r', undefined],
      ["fan.left.l2", "fan.left.l1"],
    ]);
    expect(host.time - START).toBe(2000);
    const left = { status: "completed", output: { from: "fan.left.l2" } };
    const right = { status: "completed", output: { from: 'fan."the right".r' } };
    expect(seen(host)).toEqual({
      results: [
        { index: 0, key: "left", ...left, startedAt: START, finishedAt: START + 2000, durationMs: 2000 },
        { index: 1, key: "the right", ...right, startedAt: START, finishedAt: START + 1000, durationMs: 1000 },
      ],
      total: 2,
      succeeded: 2,
      failed: 0,
      status: "completed",
      branches: { left, "the right": right },
    });
    expect(outputOf(host)).toEqual(seen(host));
  });

  test("are read by name, even by one that objects have already", async () => {
    const text = named("", "{{ steps.fan.output.branches['__proto__'].status }} {{ steps.r.output.from }}");
    const { host } = await run(text.replace("the right", "__proto__"), timed());
    expect(host.calls.at(-1)?.input["v"]).toBe("completed fan.__proto__.r");
  });

  test("know what was before and what they do themselves, however fast the others are", async () => {
    const text = `steps:
  - { name: set, type: data.set, with: { n: 0, mine: none } }
  - name: fan
    type: parallel
    mode: settled
    branches:
      - name: a
        steps:
          - { name: a1, type: data.set, with: { n: 1, mine: a } }
          - { name: a2, type: any, with: { v: "{{ variables.n }}{{ variables.mine }}" } }
      - name: b
        steps:
          - { name: b1, type: any, with: { v: "{{ variables.n }}{{ variables.mine }}" } }
          - { name: b2, type: data.set, with: { n: 0 } }
          - { name: b3, type: any, with: { v: "{{ variables.n }}{{ variables.mine }}" } }
  - { name: last, type: any, with: { v: "{{ variables.n }}{{ variables.mine }}" } }
`;
    for (const times of [{ "fan.a.a2": 10 }, { "fan.a.a2": 5000 }, { "fan.b.b1": 9000 }]) {
      const { host } = await run(text, timed(times));
      const values = Object.fromEntries(host.calls.map(({ name, input }) => [name, input["v"]]));
      // Of what both set, the last branch's stays; it counts that it set it, not that it changed it.
      expect(values).toEqual({ a2: "1a", b1: "0none", b3: "0none", last: "0a" });
    }
  });

  test("that repeat the same steps leave those of the last item, whichever ended last", async () => {
    for (const slow of ["fan[0].s", "fan[2].s"]) {
      const { host } = await run(each(), timed({ [slow]: 9000 }), list(3));
      expect(host.calls.map(({ path, input }) => [path, input["v"]]).slice(0, 3)).toEqual([
        ["fan[0].s", "i003"],
        ["fan[1].s", "i113"],
        ["fan[2].s", "i223"],
      ]);
      expect(host.calls.at(-1)?.input["s"]).toEqual({ input: { v: "i223" }, output: { from: "fan[2].s" } });
      expect(seen(host)["results"]).toMatchObject([{ key: "i0" }, { key: "i1" }, { key: "i2" }]);
      expect("branches" in seen(host)).toBe(false);
    }
  });

  test("leave their newest results, also where a loop around them comes by again", async () => {
    const text = `steps:
  - name: twice
    type: foreach
    foreach: [1, 2]
    steps:
      - name: fan
        type: parallel
        branches:
          - { name: a, steps: [{ name: a1, type: any, with: { v: "{{ foreach.item }}" } }] }
          - { name: b, steps: [{ name: b1, type: any, with: { v: "{{ foreach.item }}" } }] }
  - { name: last, type: any, with: { v: "{{ steps.a1.input.v }}{{ steps.b1.input.v }}" } }
`;
    expect((await run(text, timed())).host.calls.at(-1)?.input).toEqual({ v: "22" });
  });

  test("without any there is nothing to do", async () => {
    const { result, host } = await run(each(), timed(), list(0));
    expect(result.status).toBe("completed");
    expect(seen(host)).toEqual({ results: [], total: 0, succeeded: 0, failed: 0, status: "completed" });
  });

  test("more than a hundred are refused before the first begins", async () => {
    expect((await run(each(), timed(), list(100))).result.status).toBe("completed");
    const { result, host } = await run(each(), timed(), list(101));
    expect(result.error).toMatchObject({
      code: "params-invalid",
      message: expect.stringContaining("has 101 items; at most 100"),
      details: { reason: "fan-out-limit", limit: 100, total: 101 },
    });
    expect(host.calls).toEqual([]);
  });

  test("are held to max-step-size together", async () => {
    const { result } = await run(each("    max-step-size: 100b\n"), timed(), list(3));
    expect(result.error).toMatchObject({ code: "step-output-too-large", details: { limitBytes: 100 } });
  });

  test("a policy for all steps is for those in branches", async () => {
    const text = `settings: { on-failure: { retry: { max-attempts: 1, delay: 5s } } }\n${each()}`;
    let left = 1;
    const { result, host } = await run(
      text,
      async (call) => {
        if (call.path === "fan[1].s" && left-- > 0) throw new Error("once");
        return {};
      },
      list(2),
    );
    expect(result.status).toBe("completed");
    expect(paths(host)).toEqual(["fan[0].s", "fan[1].s", "fan[1].s", "last"]);
  });
});

describe("concurrency", () => {
  /** The most that were under way at once. */
  const most = async (more: string, count: number, steps?: string): Promise<number> => {
    let [now, max] = [0, 0];
    const text = each("", steps).replace("    concurrency: 2\n", more);
    const { result } = await run(
      text,
      async (call, host) => {
        now += 1;
        max = Math.max(max, now);
        await host.wait(1000 + 100 * Number(/\d+/.exec(call.path)?.[0] ?? 0), call.signal);
        now -= 1;
        return {};
      },
      list(count),
    );
    expect(result.status).toBe("completed");
    return max;
  };

  test.each([
    ["", 30, 5],
    ["    concurrency: 3\n", 30, 3],
    ["    concurrency: { max: 20 }\n", 30, 20],
    ["    concurrency: { count-waiting: true }\n", 30, 5],
    ["    concurrency: 4\n", 2, 2],
  ])("%j with %i items: %i", async (more, count, expected) => expect(await most(more, count)).toBe(expected));

  const waiting = "[{ name: pause, type: wait, with: { duration: 1h } }, { name: s, type: any }]";

  test("a branch that waits keeps its place", async () => {
    const { host } = await run(each("", waiting), timed(), list(4));
    expect(host.time - START).toBe(2 * (3_600_000 + 1000));
  });

  test("or gives it away until it goes on, and then no more work than may be at once", async () => {
    const text = each("", waiting).replace("concurrency: 2", "concurrency: { max: 2, count-waiting: false }");
    const { host } = await run(text, timed(), list(4));
    expect(host.slept.map(([path]) => path)).toEqual([0, 1, 2, 3].map((i) => `fan[${i}].pause!until`));
    expect(host.time - START).toBe(3_600_000 + 2000);
    expect(await most("    concurrency: { max: 2, count-waiting: false }\n", 9, waiting)).toBe(2);
  });
});

test("a branch that runs out of time while it waits gives no place away twice", async () => {
  const steps =
    "[{ name: s, type: any }, { name: pause, type: wait, with: { duration: '{{ foreach.item }}' } }, { name: t, type: any }]";
  const text = each("    branch-timeout: 10s\n    mode: settled\n", steps).replace(
    "concurrency: 2",
    "concurrency: { max: 1, count-waiting: false }",
  );
  let [now, max] = [0, 0];
  const handler: Handler = async (call, host) => {
    max = Math.max(max, (now += 1));
    await host.wait(1000, call.signal).finally(() => (now -= 1));
    return {};
  };
  const { host } = await run(text, handler, {
    event: { list: ["1h", "1h", "1h", ...Array.from({ length: 20 }, () => "1s")] },
  });
  expect(max).toBe(1);
  expect(host.ends.slice(0, 4)).toContain("fan[0].s:completed");
});

describe("a branch that fails", () => {
  test("lets those that run come to their end, starts no more, and fails the step", async () => {
    const { result, host } = await run(each(), timed({ "fan[0].s": 500, "fan[1].s": 5000 }, ["fan[0].s"]), list(4));
    expect(result).toMatchObject({
      status: "failed",
      error: {
        code: "http-status",
        status: 500,
        message: 'Branch 0 of step "fan" failed: fan[0].s broke',
        details: { branch: 0, failed: 1, total: 4 },
      },
    });
    expect(paths(host)).toEqual(["fan[0].s", "fan[1].s"]);
    expect(host.time - START).toBe(5000);
    expect(host.ends).toEqual(["fan[0].s:failed", "fan[1].s:completed", "fan:failed"]);
    expect(statuses(outputOf(host))).toEqual(["failed", "completed", "skipped", "skipped"]);
    expect((outputOf(host) as { results: unknown[] }).results[3]).toEqual({ index: 3, key: "i3", status: "skipped" });
  });

  test("the first branch's failure is the step's, not the fastest one's", async () => {
    const { result } = await run(
      named(),
      timed({ "fan.left.l1": 900, 'fan."the right".r': 100 }, ["fan.left.l1", 'fan."the right".r']),
    );
    expect(result.error).toMatchObject({
      message: 'Branch "left" of step "fan" failed: fan.left.l1 broke',
      details: { branch: 0, failed: 2, total: 2 },
    });
  });

  test("does not fail the step in settled mode", async () => {
    const { result, host } = await run(named("    mode: settled\n"), timed({}, ["fan.left.l1"]));
    expect(result.status).toBe("completed");
    const error = {
      type: "ConnectorExecutionError",
      message: "fan.left.l1 broke",
      code: "http-status",
      status: 500,
      retryable: false,
    };
    expect(seen(host)).toMatchObject({
      succeeded: 1,
      failed: 1,
      status: "failed",
      branches: { left: { status: "failed", error }, "the right": { status: "completed" } },
    });
    expect(paths(host)).not.toContain("fan.left.l2");
  });

  test("leaves its results readable where something around goes on", async () => {
    const text = `steps:
  - name: once
    type: foreach
    foreach: [1]
    iteration-on-failure: { continue: true }
    steps:
      - name: fan
        type: parallel
        branches:
          - { name: a, steps: [{ name: a1, type: any }] }
          - { name: b, steps: [{ name: b1, type: any }] }
  - { name: last, type: any, with: { v: "{{ steps.fan.output.failed }} {{ steps.fan.error.code }} {{ steps.b1.output.from }}" } }
`;
    const { result, host } = await run(text, timed({}, ["once[0].fan.a.a1"]));
    expect(result.status).toBe("completed");
    expect(host.calls.at(-1)?.input["v"]).toBe("1 http-status once[0].fan.b.b1");
  });

  test("is repeated with all branches by a retry around it, under the same paths", async () => {
    let left = 1;
    const text = `steps:
  - name: once
    type: foreach
    foreach: [1]
    on-failure: { retry: { max-attempts: 1 } }
    steps:
      - name: fan
        type: parallel
        branches:
          - { name: a, steps: [{ name: a1, type: any }] }
          - { name: b, steps: [{ name: b1, type: any }] }
`;
    const { result, host } = await run(text, async (call) => {
      if (call.name === "b1" && left-- > 0) throw new Error("once");
      return {};
    });
    expect(result.status).toBe("completed");
    expect(host.calls.map(({ path, attempt }) => `${path}#${attempt}`)).toEqual([
      "once[0].fan.a.a1#1",
      "once[0].fan.b.b1#1",
      "once[0].fan.a.a1#2",
      "once[0].fan.b.b1#2",
    ]);
    expect(host.clockReads.filter((path) => path.includes("fan.a"))).toEqual([
      "once[0].fan.a!started",
      "once[0].fan.a!finished",
      "once[0].fan.a!started#2",
      "once[0].fan.a!finished#2",
    ]);
  });
});

describe("timeouts and cancelling", () => {
  const stops = async (text: string, request: Parameters<typeof run>[2], slow: Record<string, number>, at?: number) => {
    const controller = new AbortController();
    const host = new CountingHost(timed(slow));
    if (at !== undefined) host.at(START + at, () => controller.abort());
    const { result } = await run(text, undefined, { ...request, signal: controller.signal }, host);
    expect(host.timers).toBe(0);
    return { result, host };
  };

  test("branch-timeout is for each branch from its own beginning", async () => {
    const text = each("    branch-timeout: 5s\n    mode: settled\n");
    const { result, host } = await stops(text, list(4), { "fan[0].s": 4000, "fan[1].s": 9000, "fan[2].s": 4000 });
    expect(result.status).toBe("completed");
    expect(statuses(seen(host))).toEqual(["completed", "timed_out", "completed", "completed"]);
    expect(seen(host)).toMatchObject({ succeeded: 3, failed: 1, status: "failed" });
    expect((seen(host)["results"] as unknown[])[1]).toMatchObject({
      durationMs: 5000,
      error: { type: "TimeoutError", message: 'Branch 1 of step "fan" took longer than its timeout of 5 s.' },
    });
    expect(host.errorOf("fan[1].s")?.code).toBe("timeout");
  });

  test("a timeout of a step's own call is a failure of the branch, not its timeout", async () => {
    const { host } = await run(
      each("    branch-timeout: 5s\n    mode: settled\n"),
      async (call) => {
        if (call.path === "fan[0].s") throw new StepwireError("timeout", "The answer took too long.");
        return {};
      },
      list(2),
    );
    expect(statuses(seen(host))).toEqual(["failed", "completed"]);
  });

  test("in fail-fast mode the branch that was late is named once", async () => {
    const { result } = await run(each("    branch-timeout: 5s\n"), timed({ "fan[1].s": 9000 }), list(2));
    expect(result.error).toMatchObject({
      code: "timeout",
      message: 'Branch 1 of step "fan" took longer than its timeout of 5 s.',
      details: { timeoutMs: 5000, branch: 1, failed: 1, total: 2 },
    });
  });

  test("the step's timeout stops all branches, and none begins after it", async () => {
    const text = each("    timeout: 5s\n    mode: settled\n");
    const { result, host } = await stops(text, list(4), { "fan[0].s": 9000, "fan[2].s": 9000 });
    expect(result.error).toMatchObject({ code: "timeout", message: expect.stringContaining('Step "fan"') });
    expect(host.time - START).toBe(5000);
    expect(statuses(outputOf(host))).toEqual(["timed_out", "completed", "timed_out", "timed_out"]);
    const { host: early } = await stops(text, list(4), { "fan[0].s": 9000, "fan[1].s": 9000 });
    expect(paths(early)).toEqual(["fan[0].s", "fan[1].s"]);
    expect(statuses(outputOf(early))).toEqual(["timed_out", "timed_out", "timed_out", "timed_out"]);
  });

  test("cancelling stops all branches, also those in line for a place", async () => {
    const wait = "[{ name: pause, type: wait, with: { duration: 3s } }, { name: s, type: any }]";
    const text = each("    mode: settled\n", wait).replace(
      "concurrency: 2",
      "concurrency: { max: 1, count-waiting: false }",
    );
    const { result, host } = await stops(text, list(4), { "fan[0].s": 9000 }, 5000);
    expect(result.status).toBe("cancelled");
    expect(host.time - START).toBe(5000);
    expect(paths(host)).toEqual(["fan[0].s"]);
    expect(host.errorOf("fan")?.code).toBe("cancelled");
  });

  test("a branch in line for a place still runs out of time", async () => {
    const steps =
      "[{ name: s, type: any }, { name: pause, type: wait, with: { duration: '{{ foreach.item }}' } }, { name: t, type: any }]";
    const text = each("    branch-timeout: 10s\n    mode: settled\n", steps).replace(
      "concurrency: 2",
      "concurrency: { max: 1, count-waiting: false }",
    );
    // The second branch is back from its pause first, and has the only place until 10.5 s.
    const { host } = await stops(text, { event: { list: ["5s", "1s", "5s"] } }, { "fan[1].t": 7500 });
    expect(statuses(seen(host))).toEqual(["timed_out", "completed", "completed"]);
    expect((seen(host)["results"] as unknown[])[0]).toMatchObject({ durationMs: 10_000 });
    expect(paths(host)).toEqual(["fan[0].s", "fan[1].s", "fan[2].s", "fan[1].t", "fan[2].t", "last"]);
  });

  test("no listener stays at the run's signal", async () => {
    const controller = new AbortController();
    const quiet = new (class extends FakeHost {
      // The fake's own listeners are not what is counted here.
      override withTimeout<T>(
        _path: string,
        _ms: number,
        signal: AbortSignal,
        body: (signal: AbortSignal) => Promise<T>,
      ) {
        return body(signal);
      }
      override async sleepUntil(): Promise<void> {}
    })(async (call, host) => {
      if (call.name === "last") return {};
      await new Promise<void>((resolve) => host.at(host.time + 1000, resolve));
      return {};
    });
    const wait = "[{ name: pause, type: wait, with: { duration: 3s } }, { name: s, type: any }]";
    const text = each("", wait).replace("concurrency: 2", "concurrency: { max: 1, count-waiting: false }");
    const { result } = await run(text, undefined, { ...list(9), signal: controller.signal }, quiet);
    expect(result.status).toBe("completed");
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  });
});

describe("a replay", () => {
  test("starts the same branches, though another one fails first in it", async () => {
    const fail = ["fan[0].s"];
    const first = await run(each(), timed({ "fan[0].s": 5000, "fan[1].s": 500, "fan[2].s": 500 }, fail), list(5));
    expect(first.host.decisions.slice(1)).toEqual([
      ["fan[0]!start", true],
      ["fan[1]!start", true],
      ["fan[2]!start", true],
      ["fan[3]!start", true],
      ["fan[4]!start", true],
    ]);
    const quick = timed({ "fan[0].s": 1 }, fail);
    const again = await run(each(), undefined, list(5), new FakeHost(quick, first.host.decisions));
    expect(paths(again.host)).toEqual(paths(first.host));
    expect(statuses(outputOf(again.host))).toEqual(statuses(outputOf(first.host)));
    const other = await run(each(), quick, list(5));
    expect(paths(other.host)).toEqual(["fan[0].s", "fan[1].s"]);
  });

  test("in settled mode nothing depends on time, so nothing is decided", async () => {
    const { host } = await run(named("    mode: settled\n"), timed());
    expect(host.decisions).toEqual([]);
  });
});

describe("findings", () => {
  const branch = (name: string, steps = `[{ name: s${name}, type: any }]`): string =>
    `{ name: ${name}, steps: ${steps} }`;
  const fan = (rest: string): string => `steps:\n  - { name: p, type: parallel, ${rest} }\n`;
  const items = "foreach: [1], steps: [{ name: s, type: any }]";
  const rules = async (text: string): Promise<unknown> =>
    (await findingsOf(text)).map(({ rule, severity, line, column, message }) => [
      rule,
      severity,
      line,
      column,
      message,
    ]);

  test.each([
    [`${items}, branches: [${branch("a")}, ${branch("b")}]`, "branches", 'Step "p" has both "foreach" and "branches".'],
    ["concurrency: 2", "", 'Step "p" has neither "foreach" nor "branches".'],
    ["foreach: [1]", "", 'Step "p" has no "steps".'],
    [
      `branches: [${branch("a")}, ${branch("b")}], steps: [{ name: s, type: any }]`,
      "steps: [{ name: s, ",
      'Step "p" has both "branches" and "steps".',
    ],
  ])("%s", async (rest, at, message) => {
    const column = at === "" ? 5 : (fan(rest).split("\n")[1]?.indexOf(`, ${at}`) ?? 0) + 3;
    expect(await rules(fan(rest))).toEqual([["invalidParallelMode", "error", 2, column, message]]);
  });

  test.each([
    [`branches: [${branch("a")}]`, ['2:42 "branches" needs at least two branches.']],
    [
      `branches: [${branch("a")}, ${branch("a", "[{ name: other, type: any }]")}]`,
      ['2:98 Two branches are called "a".'],
    ],
    [
      `branches: [${branch("a")}, ${branch(`${"x".repeat(257)}`)}]`,
      ["2:98 The name of a branch has 257 characters; at most 256 are allowed."],
    ],
    [
      `branches: [${branch("a")}, { nme: b }]`,
      ['2:92 "nme" is not a key of a branch.', '2:90 A branch has no "steps".'],
    ],
    [`branches: [${branch("a")}, ${branch("b", "[]")}]`, ['2:108 "steps" is empty.']],
    [`${items}, concurrency: 21`, ["2:92 At most 20 branches can run at once, not 21."]],
    [`${items}, concurrency: 0`, ['2:92 "concurrency" must be a whole number of at least 1, not 0.']],
    [`${items}, concurrency: { max: 21 }`, ["2:99 At most 20 branches can run at once, not 21."]],
    [`${items}, concurrency: { count-waiting: 1 }`, ['2:109 "count-waiting" must be true or false, not a number.']],
    [`${items}, mode: fast`, ['2:85 "mode" must be one of fail-fast, settled.']],
    [`${items}, branch-timeout: soon`, ['2:95 "branch-timeout" must be a duration, not "soon".']],
    [`${items}, on-failure: { continue: true }`, ['2:79 "on-failure" is not a key of a step of type "parallel".']],
    [`${items}, if: "event.x: 1"`, ['2:79 "if" is not a key of a step of type "parallel".']],
    [
      `foreach: 5, steps: [{ name: s, type: any }]`,
      ['2:32 "foreach" must be a list or a text that gives one, not a number.'],
    ],
  ])("%s", async (rest, expected) => expect(new Set(await told(fan(rest)))).toEqual(new Set(expected)));

  test("fan-outs that are long or whose length nobody knows", async () => {
    const long = fan(`foreach: [${"1, ".repeat(100)}1], steps: [{ name: s, type: any }]`);
    expect(await rules(long)).toEqual([
      ["parallelFanOutExceedsLimit", "warning", 2, 32, 'Step "p" has 101 items; a run fails with more than 100.'],
    ]);
    const open = fan('foreach: "${{ event.list }}", steps: [{ name: s, type: any }]');
    expect(await rules(open)).toEqual([
      ["unboundedParallelFanOut", "warning", 2, 32, 'Step "p" does not say how many items may run at once; it is 5.'],
    ]);
    const text = `\${{ event.list }}${" ".repeat(2000)}`;
    expect(
      await rules(fan(`foreach: ${JSON.stringify(text)}, concurrency: 2, steps: [{ name: s, type: any }]`)),
    ).toEqual([["schemaViolation", "error", 2, 41, '"foreach" has 2017 characters; at most 2000 are allowed.']]);
  });

  test.each([
    "type: if, condition: true, steps: [{ name: x, type: any }]",
    "type: switch, expression: a, cases: [{ match: a, steps: [{ name: x, type: any }] }]",
    "type: foreach, foreach: [1], steps: [{ name: x, type: any }]",
    "type: while, condition: true, steps: [{ name: x, type: any }]",
    "type: parallel, foreach: [1], steps: [{ name: x, type: any }]",
    "type: waitForInput",
    "type: waitForApproval",
  ])("no nested flow in a branch: %s", async (step) => {
    for (const rest of [
      `foreach: [1], steps: [{ name: n, ${step} }]`,
      `branches: [${branch("a")}, ${branch("b", `[{ name: n, ${step} }]`)}]`,
    ]) {
      const found = (await findingsOf(fan(rest))).filter(({ severity }) => severity === "error");
      const type = /type: ([\w.]+)/.exec(step)?.[1] ?? "";
      expect(found.map(({ rule, message }) => [rule, message])).toEqual([
        ["graphBuildError", `A step of type "${type}" cannot stand in a branch of step "p".`],
      ]);
    }
  });

  test.each(["if: false", "foreach: [1]", "timeout: 5s", "on-failure: { continue: true }"])(
    "no %s on a step in a branch",
    async (more) => {
      const text = fan(`foreach: [1], steps: [{ name: s, type: any, ${more} }]`);
      const key = more.slice(0, more.indexOf(":"));
      expect(await rules(text)).toEqual([
        ["graphBuildError", "error", 2, 76, `A step in a branch of step "p" cannot have "${key}".`],
      ]);
    },
  );

  test("branches do not read each other, and what is after them reads all", async () => {
    const text = `steps:
  - name: p
    type: parallel
    branches:
      - { name: a, steps: [{ name: a1, type: any }, { name: a2, type: any, with: { v: "{{ steps.a1.output }}" } }] }
      - { name: b, steps: [{ name: b1, type: any, with: { v: "{{ steps.a1.output }}" } }] }
  - { name: last, type: any, with: { v: "{{ steps.a1.output }}{{ steps.b1.output }}{{ steps.p.output.branches.a.output }}" } }
`;
    expect(await told(text)).toEqual([
      '6:66 Step "a1" is in another branch, which runs at the same time, so it has no result here.',
    ]);
  });
});

test("a dry run shows all branches", async () => {
  const shown = async (text: string, event = {}): Promise<unknown> =>
    [...dryRun(await planOf(text), { runId: "dry", startedAt: START, event })].map(({ path, input, when }) => [
      path,
      input?.["v"],
      when,
    ]);
  expect(await shown(named())).toEqual([
    ["fan.left.l1", "<steps.first.output>", []],
    ["fan.left.l2", "<steps.l1.output.from>", []],
    ['fan."the right".r', undefined, []],
    ["last", "<steps.fan.output>", []],
  ]);
  expect(await shown(each(), list(2).event)).toEqual([
    ["fan[0].s", "i002", []],
    ["fan[1].s", "i112", []],
    ["last", "<steps.fan.output>", []],
  ]);
});

import { StepwireError } from "@stepwire/core";
import { describe, expect, test } from "vitest";
import type { StepCall } from "../src/index.ts";
import { FakeHost } from "./fake-host.ts";
import { run } from "./kit.ts";

/** Fails `times` times, then answers. */
function failing(times: number, name = "a"): (call: StepCall) => unknown {
  let left = times;
  return (call) => {
    if (call.name === name && left-- > 0) {
      throw new StepwireError("http-status", "[503] Service Unavailable", {
        status: 503,
        retryable: true,
        details: { data: "busy" },
      });
    }
    return { ok: true };
  };
}

const flow = (onFailure: string): string =>
  `steps:\n  - { name: a, type: any, on-failure: ${onFailure} }\n  - { name: b, type: any, with: { error: "\${{ steps.a.error }}", out: "\${{ steps.a.output }}" } }\n`;

describe("on-failure", () => {
  const retry = "retry: { max-attempts: 2 }";
  const fallback = 'fallback: [{ name: f, type: any, with: { e: "{{ error.message }}|{{ steps.a.error.code }}" } }]';
  test.each([
    // on-failure, failures, status, calls
    ["{}", 0, "completed", ["a", "b"]],
    ["{}", 1, "failed", ["a"]],
    [`{ ${retry} }`, 1, "completed", ["a", "a", "b"]],
    [`{ ${retry} }`, 2, "completed", ["a", "a", "a", "b"]],
    [`{ ${retry} }`, 3, "failed", ["a", "a", "a"]],
    [`{ ${fallback} }`, 0, "completed", ["a", "b"]],
    [`{ ${fallback} }`, 1, "failed", ["a", "a!fallback.f"]],
    ["{ continue: true }", 1, "completed", ["a", "b"]],
    ["{ continue: false }", 1, "failed", ["a"]],
    [`{ ${fallback}, continue: true }`, 1, "completed", ["a", "a!fallback.f", "b"]],
    [`{ ${retry}, ${fallback} }`, 2, "completed", ["a", "a", "a", "b"]],
    [`{ ${retry}, ${fallback} }`, 3, "failed", ["a", "a", "a", "a!fallback.f"]],
    [`{ ${retry}, continue: true }`, 3, "completed", ["a", "a", "a", "b"]],
    [`{ ${retry}, ${fallback}, continue: true }`, 3, "completed", ["a", "a", "a", "a!fallback.f", "b"]],
    ['{ continue: "${{ error.status == 503 }}" }', 1, "completed", ["a", "b"]],
    ['{ continue: "error.status: 500" }', 1, "failed", ["a"]],
    ['{ retry: { max-attempts: 2, condition: "error.status: 503" } }', 1, "completed", ["a", "a", "b"]],
    ['{ retry: { max-attempts: 2, condition: "${{ error.status == 429 }}" } }', 1, "failed", ["a"]],
    ['{ retry: { max-attempts: 2, condition: "steps.a.error.retryable: true" } }', 1, "completed", ["a", "a", "b"]],
  ])("%s after %i failures", async (onFailure, failures, status, paths) => {
    const { result, host } = await run(flow(onFailure), failing(failures));
    expect(result.status).toBe(status);
    expect(host.calls.map(({ path }) => path)).toEqual(paths);
  });

  test("the last error is the run's, with everything it says", async () => {
    const { result } = await run(flow(`{ ${retry}, ${fallback} }`), failing(3));
    expect(result.error).toEqual({
      code: "http-status",
      type: "ConnectorExecutionError",
      message: "[503] Service Unavailable",
      retryable: true,
      status: 503,
      details: { data: "busy" },
    });
  });

  test("fallbacks and later steps read the error; after a retry that worked there is none", async () => {
    const failed = await run(flow(`{ ${fallback}, continue: true }`), failing(1));
    expect(failed.host.calls.slice(1).map(({ input }) => input)).toEqual([
      { e: "[503] Service Unavailable|http-status" },
      {
        error: {
          type: "ConnectorExecutionError",
          message: "[503] Service Unavailable",
          code: "http-status",
          retryable: true,
          details: { data: "busy" },
          status: 503,
        },
      },
    ]);
    const worked = await run(flow(`{ ${retry} }`), failing(1));
    expect(worked.host.calls.at(-1)?.input).toEqual({ out: { ok: true } });
  });

  test("attempts are told one by one", async () => {
    const { host } = await run(flow("{ retry: { max-attempts: 2, delay: 2s } }"), failing(1));
    expect(host.events.slice(0, 5).map((event) => ({ ...event, error: undefined }))).toMatchObject([
      { kind: "started", path: "a", attempt: 1 },
      { kind: "finished", path: "a", attempt: 1, status: "failed" },
      { kind: "retrying", path: "a", attempt: 1, delayMs: 2000 },
      { kind: "started", path: "a", attempt: 2 },
      { kind: "finished", path: "a", attempt: 2, status: "completed" },
    ]);
    expect(host.slept).toEqual([["a!delay", 2000]]);
  });

  test.each([
    ["delay: 2s", 0.5, [2000, 2000, 2000, 2000]],
    ["delay: 2s, max-delay: 1s", 0.5, [1000, 1000, 1000, 1000]],
    ["strategy: exponential", 0.5, [1000, 2000, 4000, 8000]],
    ["strategy: exponential, delay: 100ms, multiplier: 3", 0.5, [100, 300, 900, 2700]],
    ["strategy: exponential, max-delay: 3s", 0.5, [1000, 2000, 3000, 3000]],
    ["strategy: exponential, jitter: true", 0.25, [250, 500, 1000, 2000]],
    ["delay: 2s, jitter: true", 0, []],
    ["jitter: true", 0.9, []],
  ])("%s", async (delays, random, expected) => {
    const host = new FakeHost(failing(9));
    host.randomValue = random;
    await run(flow(`{ retry: { max-attempts: 4, ${delays} } }`), undefined, {}, host);
    expect(host.slept.map(([, ms]) => ms)).toEqual(expected);
    expect(host.calls.length).toBe(5);
  });

  test("a fallback that fails is the run's error, unless it goes on", async () => {
    const both = (call: StepCall): unknown => {
      throw new Error(`${call.name} broke`);
    };
    const fail = await run(flow("{ fallback: [{ name: f, type: any }] }"), both);
    expect(fail.result.error?.message).toBe("f broke");
    const onward = "{ fallback: [{ name: f, type: any }], continue: true }";
    const go = await run(flow(onward), (call) => (call.name === "b" ? {} : both(call)));
    expect(go.result.status).toBe("completed");
  });

  test("a failing template can be retried, fallen back from and continued after", async () => {
    const { result, host } = await run(
      "steps:\n  - name: a\n    type: any\n    with: { v: '{{ event.evil }}' }\n    on-failure: { continue: true, fallback: [{ name: f, type: any }] }\n",
      undefined,
      { event: { evil: { toString: 1 } } },
    );
    expect(result.status).toBe("completed");
    expect(host.calls.map(({ path }) => path)).toEqual(["a!fallback.f"]);
    expect(host.events.slice(0, 2)).toMatchObject([{ kind: "started" }, { kind: "finished", status: "failed" }]);
  });

  test("a retry repeats the whole step-level foreach and evaluates `if` again", async () => {
    let left = 1;
    const { host, result } = await run(
      `steps:
  - name: set
    type: data.set
    with: { n: 0 }
  - name: a
    type: any
    if: "variables.n: 0"
    foreach: [1, 2]
    on-failure: { retry: { max-attempts: 1 } }
    with: { v: "{{ foreach.item }}" }
`,
      (call) => {
        if (call.path === "a[1]" && left-- > 0) throw new Error("second item");
        return {};
      },
    );
    expect(result.status).toBe("completed");
    expect(host.calls.map(({ path, attempt }) => [path, attempt])).toEqual([
      ["a[0]", 1],
      ["a[1]", 1],
      ["a[0]", 2],
      ["a[1]", 2],
    ]);
    expect(host.decisions.map(([path]) => path)).toEqual(["a!if", "a!items", "a!if#2", "a!items#2"]);
  });
});

describe("settings.on-failure", () => {
  const text = (own: string): string => `settings:
  on-failure:
    fallback: [{ name: page, type: any, with: { e: "{{ error.message }}" } }]
    continue: true
steps:
  - { name: a, type: any${own} }
  - name: each
    type: foreach
    foreach: [1]
    steps: [{ name: c, type: any }]
`;
  test("is for every leaf step, loops not included", async () => {
    const { result, host } = await run(text(""), (call) => {
      if (call.name === "page") throw new Error("even this");
      throw new Error(`${call.name} broke`);
    });
    expect(result.status).toBe("completed");
    expect(host.calls.map(({ path }) => path)).toEqual([
      "a",
      "a!fallback.page",
      "each[0].c",
      "each[0].c!fallback.page",
    ]);
    expect(host.calls[3]?.input).toEqual({ e: "c broke" });
  });

  test("is not for the steps of a fallback", async () => {
    const { host } = await run(
      `settings: { on-failure: { retry: { max-attempts: 2 } } }
steps:
  - { name: a, type: any, on-failure: { fallback: [{ name: f, type: any }] } }
`,
      () => {
        throw new Error("broke");
      },
    );
    expect(host.calls.map(({ path }) => path)).toEqual(["a", "a!fallback.f"]);
  });

  test("gives way to a step's own", async () => {
    const { result, host } = await run(text(", on-failure: { retry: { max-attempts: 1 } }"), () => {
      throw new Error("broke");
    });
    expect(result.status).toBe("failed");
    expect(host.calls.map(({ path }) => path)).toEqual(["a", "a"]);
  });
});

describe("loops", () => {
  test("an iteration can fail alone", async () => {
    const { result, host } = await run(
      `steps:
  - name: each
    type: foreach
    foreach: [1, 2, 3]
    iteration-on-failure: { continue: true, retry: { max-attempts: 1 }, fallback: [{ name: f, type: any, with: { v: "{{ foreach.item }}" } }] }
    steps:
      - { name: s, type: any, with: { v: "\${{ foreach.item }}" } }
`,
      (call) => {
        if (call.path === "each[1].s") throw new Error("second");
        return {};
      },
    );
    expect(result.status).toBe("completed");
    expect(host.calls.map(({ path, attempt }) => `${path}#${attempt}`)).toEqual([
      "each[0].s#1",
      "each[1].s#1",
      "each[1].s#2",
      "each[1]!fallback.f#1",
      "each[2].s#1",
    ]);
    expect(host.calls[3]?.input).toEqual({ v: "2" });
  });
});

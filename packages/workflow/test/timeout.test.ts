import { StepwireError } from "@stepwire/core";
import { describe, expect, test } from "vitest";
import { FakeHost } from "./fake-host.ts";
import { run } from "./kit.ts";

/** Takes its time, and says whether it was stopped. */
const slow =
  (ms: number, stopped: string[] = []) =>
  async (call: { path: string; signal: AbortSignal }, host: FakeHost): Promise<unknown> => {
    call.signal.addEventListener("abort", () => stopped.push(call.path));
    await host.wait(ms, call.signal);
    return {};
  };

describe("timeouts", () => {
  test("a step that takes too long is stopped and fails", async () => {
    const stopped: string[] = [];
    const { result, host } = await run("steps:\n  - { name: a, type: any, timeout: 5s }\n", slow(9000, stopped));
    expect(result).toMatchObject({
      status: "failed",
      error: {
        code: "timeout",
        type: "TimeoutError",
        message: 'Step "a" took longer than its timeout of 5 s.',
        details: { timeoutMs: 5000 },
      },
    });
    expect(stopped).toEqual(["a"]);
    expect(host.ends).toEqual(["a:failed"]);
    expect(host.errorOf("a")?.code).toBe("timeout");
    expect((await run("steps:\n  - { name: a, type: any, timeout: 10s }\n", slow(9000))).result.status).toBe(
      "completed",
    );
  });

  test("each retry has a fresh one; on-failure comes after", async () => {
    const text =
      "steps:\n  - { name: a, type: any, timeout: 5s, on-failure: { retry: { max-attempts: 2 }, continue: true } }\n  - { name: b, type: any, timeout: 1m, with: { e: '{{ steps.a.error.type }}' } }\n";
    const { result, host } = await run(text, slow(9000));
    expect(result.status).toBe("completed");
    expect(host.calls.map(({ path }) => path)).toEqual(["a", "a", "a", "b"]);
    expect(host.calls[3]?.input).toEqual({ e: "TimeoutError" });
  });

  test("bounds all items of a step-level foreach together", async () => {
    const { result, host } = await run(
      "steps:\n  - { name: a, type: any, timeout: 5s, foreach: [1, 2, 3, 4] }\n",
      slow(2000),
    );
    expect(result.error?.code).toBe("timeout");
    expect(host.ends).toEqual(["a[0]:completed", "a[1]:completed", "a[2]:failed", "a:failed"]);
    expect(host.errorOf("a[2]")?.code).toBe("timeout");
  });

  test("can be a template", async () => {
    const text = "steps:\n  - { name: a, type: any, timeout: '{{ event.limit }}' }\n";
    const short = await run(text, slow(9000), { event: { limit: "5s" } });
    expect(short.result.error?.code).toBe("timeout");
    const wrong = await run(text, slow(1), { event: { limit: "soon" } });
    expect(wrong.result.error).toMatchObject({ code: "params-invalid", message: expect.stringContaining('"soon"') });
  });

  test("of an outer loop is no failure of the steps in it", async () => {
    const { result, host } = await run(
      `steps:
  - name: each
    type: foreach
    foreach: [1, 2, 3]
    timeout: 5s
    steps:
      - { name: s, type: any, on-failure: { retry: { max-attempts: 5 }, continue: true, fallback: [{ name: f, type: any }] } }
`,
      slow(3000),
    );
    expect(result).toMatchObject({ status: "failed", error: { code: "timeout" } });
    expect(host.calls.map(({ path }) => path)).toEqual(["each[0].s", "each[1].s"]);
  });

  test("that ends a pause is told as what it is by everything inside", async () => {
    const { host } = await run(
      `steps:
  - name: each
    type: foreach
    foreach: [1]
    timeout: 5s
    steps:
      - name: check
        type: if
        condition: true
        steps: [{ name: s, type: any, on-failure: { retry: { max-attempts: 5, delay: 1h } } }]
`,
      () => {
        throw new Error("no");
      },
    );
    expect(host.ends).toEqual(["each[0].check.s:failed", "each[0].check:failed", "each:failed"]);
    expect([host.errorOf("each[0].check")?.code, host.errorOf("each")?.code]).toEqual(["timeout", "timeout"]);
  });

  test("of one iteration", async () => {
    let count = 0;
    const { result, host } = await run(
      "steps:\n  - name: each\n    type: foreach\n    foreach: [1, 2]\n    iteration-timeout: 5s\n    iteration-on-failure: { continue: true }\n    steps: [{ name: s, type: any }, { name: t, type: any }]\n",
      (call, host) => slow((count += 1) === 1 ? 9000 : 1000)(call, host),
    );
    expect(result.status).toBe("completed");
    expect(host.calls.map(({ path }) => path)).toEqual(["each[0].s", "each[1].s", "each[1].t"]);
  });

  test("of the workflow end the run as timed_out, whatever on-failure says", async () => {
    const { result, host } = await run(
      "settings: { timeout: 1h, on-failure: { continue: true } }\nsteps:\n  - { name: a, type: any }\n  - { name: b, type: any, on-failure: { retry: { max-attempts: 9 }, continue: true } }\n  - { name: c, type: any }\n",
      slow(40 * 60_000),
    );
    expect(result).toMatchObject({ status: "timed_out", error: { code: "timeout" } });
    expect(host.ends).toEqual(["a:completed", "b:failed"]);
  });

  test("the workflow's is six hours if nothing is said", async () => {
    const text = "steps:\n  - { name: a, type: any }\n";
    expect((await run(text, slow(6 * 3_600_000 - 1))).result.status).toBe("completed");
    expect((await run(text, slow(6 * 3_600_000 + 1))).result.status).toBe("timed_out");
  });
});

describe("cancelling", () => {
  test("stops the step that runs, even one that does not listen, and nothing follows", async () => {
    const controller = new AbortController();
    const { result, host } = await run(
      "steps:\n  - { name: a, type: any, on-failure: { retry: { max-attempts: 3 }, fallback: [{ name: f, type: any }], continue: true } }\n  - { name: b, type: any }\n",
      (_call, host) => {
        host.at(host.time + 1000, () => controller.abort());
        return new Promise(() => undefined);
      },
      { signal: controller.signal },
    );
    expect(result).toMatchObject({ status: "cancelled", error: { code: "cancelled" } });
    expect(host.calls.length).toBe(1);
    expect(host.errorOf("a")?.code).toBe("cancelled");
  });

  test("of the last step is no success, though the step would go on", async () => {
    const controller = new AbortController();
    const { result } = await run(
      "steps:\n  - { name: a, type: any, on-failure: { continue: true } }\n",
      (_call, host) => {
        host.at(host.time + 1000, () => controller.abort());
        return new Promise(() => undefined);
      },
      { signal: controller.signal },
    );
    expect(result.status).toBe("cancelled");
  });

  test("ends a pause between retries", async () => {
    const controller = new AbortController();
    const { result, host } = await run(
      "steps:\n  - { name: a, type: any, on-failure: { retry: { max-attempts: 3, delay: 1h } } }\n",
      (_call, host) => {
        host.at(host.time + 1000, () => controller.abort());
        throw new Error("no");
      },
      { signal: controller.signal },
    );
    expect(result.status).toBe("cancelled");
    expect(host.calls.length).toBe(1);
  });

  test("before the start runs nothing", async () => {
    const { result, host } = await run("steps:\n  - { name: a, type: any }\n", undefined, {
      signal: AbortSignal.abort(),
    });
    expect(result.status).toBe("cancelled");
    expect(host.events).toEqual([]);
  });

  test("a step that calls itself cancelled while nobody cancelled is a failed step", async () => {
    const { result } = await run("steps:\n  - { name: a, type: any, on-failure: { continue: true } }\n", () => {
      throw new StepwireError("cancelled", "I stop.");
    });
    expect(result.status).toBe("completed");
  });
});

import { describe, expect, test } from "vitest";
import { CountingHost } from "./counting-host.ts";
import { START } from "./fake-host.ts";
import { run, told } from "./kit.ts";

const flow = (duration: string): string => `steps:
  - { name: pause, type: wait, with: { duration: ${duration} } }
  - { name: last, type: any, with: { pause: "\${{ steps.pause }}" } }
`;

const YEAR_MS = 365 * 86_400_000;

describe("wait", () => {
  test.each([
    ["5s", 5000, "5s"],
    ["1h30m", 5_400_000, "1h30m"],
    ["500ms", 500, "500ms"],
    ["365d", YEAR_MS, "365d"],
    ['"{{ event.minutes }}m"', 120_000, "2m"],
    ['"${{ event.text }}"', 3000, "3s"],
  ])("%s", async (duration, ms, shown) => {
    const { result, host } = await run(`settings: { timeout: 52w2d }\n${flow(duration)}`, undefined, {
      event: { minutes: 2, text: "3s" },
    });
    expect(result.status).toBe("completed");
    expect(host.slept).toEqual([["pause!until", ms]]);
    expect(host.time).toBe(START + ms);
    // It has no output, as in Kibana.
    expect(host.calls[0]?.input).toEqual({ pause: { input: { duration: shown } } });
    expect(host.events.slice(0, 2)).toEqual([
      { kind: "started", path: "pause", name: "pause", type: "wait", attempt: 1, input: { duration: shown } },
      { kind: "finished", path: "pause", name: "pause", type: "wait", attempt: 1, status: "completed" },
    ]);
  });

  test("a run that is resumed waits for the rest only", async () => {
    const host = new CountingHost();
    host.now = () => START - 4000;
    await run(flow("5s"), undefined, {}, host);
    expect(host.slept).toEqual([["pause!until", 1000]]);
  });

  test.each([
    ["soon", 'gives "soon", which is no duration'],
    ["0s", 'gives "0s", which is no time at all'],
    ["366d", 'gives "366d", which is longer than 365d'],
    ["-5s", "is no duration"],
    ["", "is no duration"],
    [7, "gives a number, which is no duration"],
    [undefined, "gives nothing, which is no duration"],
  ])("a template that gives %j fails", async (value, message) => {
    const { result, host } = await run(flow('"${{ event.v }}"'), undefined, { event: { v: value } });
    expect(result.error).toMatchObject({ code: "params-invalid", message: expect.stringContaining(message) });
    expect(host.slept).toEqual([]);
  });

  test("`if` skips it", async () => {
    const { host } = await run(flow("5s").replace("type: wait", "type: wait, if: false"));
    expect([host.ends, host.slept]).toEqual([["pause:skipped", "last:completed"], []]);
  });

  test("ends at once when the run is cancelled or runs out of time, and leaves no timer", async () => {
    const controller = new AbortController();
    const host = new CountingHost();
    const cancel = host.at(START + 1000, () => controller.abort());
    const { result } = await run(flow("5h"), undefined, { signal: controller.signal }, host);
    expect([result.status, host.time, host.timers]).toEqual(["cancelled", START + 1000, 0]);
    expect(host.errorOf("pause")?.code).toBe("cancelled");
    cancel();
    const late = new CountingHost();
    const timed = await run(`settings: { timeout: 1m }\n${flow("5h")}`, undefined, {}, late);
    expect([timed.result.status, late.time, late.timers]).toEqual(["timed_out", START + 60_000, 0]);
  });

  test("a policy for all steps is not for it", async () => {
    const { result, host } = await run(
      `settings: { on-failure: { retry: { max-attempts: 2 }, continue: true } }\n${flow('"{{ event.v }}"')}`,
    );
    expect(result.status).toBe("failed");
    expect(host.ends).toEqual(["pause:failed"]);
  });
});

describe("findings", () => {
  const one = (rest: string): string => `steps:\n  - { name: a, type: wait${rest} }\n`;
  test.each([
    [one(""), ['2:5 Step "a" has no "with".']],
    [one(", with: {}"), ['2:28 Step "a" has no "duration".']],
    [one(", with: 5"), ['2:34 "with" must be a map, not a number.']],
    [one(", with: { duraton: 5s }"), ['2:36 "duraton" is not a key of "with" of a step of type "wait".']],
    [one(", with: { duration: 5 }"), ['2:46 "duration" must be a duration, not a number.']],
    [one(", with: { duration: 0s }"), ['2:46 "duration" must be longer than nothing.']],
    [one(", with: { duration: -5s }"), ['2:46 "duration" must be a duration, not "-5s".']],
    [one(", with: { duration: 30m1h }"), ['2:46 "duration" must be a duration, not "30m1h".']],
    [one(", with: { duration: 53w }"), ['2:46 "duration" is longer than 365d, the longest wait there is.']],
    [one(', with: { duration: "{{ steps.zz.output }}" }'), ['2:50 There is no step "zz".']],
    [one(", with: { duration: 5s }, on-failure: { continue: true }"), [expect.stringContaining('"on-failure" is not')]],
  ])("%s", async (text, expected) => expect(await told(text)).toEqual(expected));
});

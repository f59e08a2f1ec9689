import { expect, test } from "vitest";
import { concurrencyKey } from "../src/index.ts";
import { START } from "./fake-host.ts";
import { planOf } from "./kit.ts";

const keyOf = async (concurrency: string, event: Record<string, unknown> = {}): Promise<string> => {
  const plan = await planOf(
    `settings: { concurrency: ${concurrency} }\ninputs: [{ name: team, type: string, default: ops }]\nsteps:\n  - { name: a, type: console, with: { message: x } }\n`,
  );
  return concurrencyKey(plan, { runId: "r", startedAt: START, event });
};

test("the concurrency key is rendered with what there is before the first step", async () => {
  const key = `{ strategy: queue, key: "{{ event.host }}/{{ inputs.team }}/{{ workflow.name }}" }`;
  expect(await keyOf(key, { host: "h1" })).toBe("h1/ops/flow");
  expect(await keyOf(`{ strategy: queue, key: "\${{ event.n }}" }`, { n: 5 })).toBe("5");
});

test("an empty concurrency key is no limit, and so is none, and no strategy", async () => {
  expect(await keyOf(`{ strategy: drop, key: " {{ event.nothing }} " }`)).toBe("");
  expect(await keyOf(`{ strategy: drop }`)).toBe("");
  expect(await keyOf(`{ key: all }`)).toBe("");
});

test("a concurrency key that cannot be rendered counts as it is written", async () => {
  const endless = "{% for i in (1..999999999) %}x{% endfor %}";
  expect(await keyOf(`{ strategy: drop, key: "${endless}" }`)).toBe(endless);
});

test("a concurrency key has at most 512 characters", async () => {
  expect(await keyOf(`{ strategy: drop, key: "{{ event.long }}" }`, { long: "x".repeat(600) })).toHaveLength(512);
});

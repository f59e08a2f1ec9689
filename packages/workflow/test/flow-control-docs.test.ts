/** Every example of docs/workflow/flow-control.md, executed. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { StepCall } from "../src/index.ts";
import { findingsOf, run } from "./kit.ts";

const page = readFileSync(new URL("../../../docs/workflow/flow-control.md", import.meta.url), "utf8");
const blocks = new Map(
  [...page.matchAll(/^```yaml (\S+)\n([\s\S]*?)^```$/gm)].map(([, name = "", text = ""]) => [name, text]),
);

/** Answers by the path of the URL, in order where there are several. */
const answers = (table: Record<string, unknown[]>) => (call: StepCall) => {
  const answer = table[new URL(call.input["url"] as string).pathname]?.shift();
  if (answer === undefined) throw new Error("no answer");
  return answer;
};

const examples: [name: string, event: Record<string, unknown>, logs: string[], table?: Record<string, unknown[]>][] = [
  ["switch", { severity: 9, team: "storage" }, ["call whoever is on duty"]],
  ["switch", { severity: 1, team: "storage" }, ["one of ours"]],
  ["switch", { severity: 1, team: "network" }, ["for network"]],
  [
    "while",
    {},
    ["done after 2 more looks"],
    { "/42": [{ state: "running" }, { state: "running" }, { state: "done" }] },
  ],
  [
    "break",
    {
      disks: [
        { name: "sr0", kind: "cdrom", used: 100 },
        { name: "sda", used: 10 },
        { name: "sdb", used: 95 },
        { name: "sdc", used: 99 },
      ],
    },
    ["checking sda", "checking sdb", "sdb is full"],
  ],
  ["wait", { minutes: 5 }, ["5 minutes later"]],
  [
    "fan-out",
    { hosts: ["a", "b c", "d"] },
    ["2 of 3 answered; a: completed b c: failed d: completed"],
    { "/a": [{}], "/d": [{}] },
  ],
  [
    "branches",
    { team: "storage", id: 7 },
    ["ann: seen 3 times (completed)"],
    { "/storage": [{ name: "ann" }], "/7": [{ count: 3 }] },
  ],
];

test.each(examples)("%s", async (name, event, logs, table = {}) => {
  const text = blocks.get(name) ?? "";
  expect(await findingsOf(text)).toEqual([]);
  const { result, host } = await run(text, answers(table), { event });
  expect(result).toEqual({ status: "completed" });
  expect(host.logs).toEqual(logs);
});

test("no example is left out", () => {
  expect(page.match(/^```yaml/gm)?.length).toBe(blocks.size);
  expect(new Set(examples.map(([name]) => name))).toEqual(new Set(blocks.keys()));
});

import { expect, test } from "vitest";
import { run } from "./kit.ts";

const flow = (more: string): string => `steps:
  - { name: s, type: any, ${more}, with: { v: "{{ foreach.item }}" } }
  - { name: last, type: any, with: { s: "\${{ steps.s }}" } }
`;

test("a repeated step has a record of the repetition, and one for each item", async () => {
  const { host } = await run(flow("foreach: [a, b]"));
  const ends = host.events.flatMap((event) =>
    event.kind === "finished" ? [[event.path, event.name, event.type, event.status]] : [],
  );
  expect(ends).toEqual([
    ["s[0]", "s", "any", "completed"],
    ["s[1]", "s", "any", "completed"],
    ["s", "foreach_s", "foreach", "completed"],
    ["last", "last", "any", "completed"],
  ]);
  expect(host.calls.at(-1)?.input).toEqual({ s: { input: { v: "b" }, output: {} } });
});

test("without items it leaves no result", async () => {
  const { host } = await run(flow("foreach: []"));
  expect([host.ends, host.calls.at(-1)?.input]).toEqual([["s:completed", "last:completed"], {}]);
});

test("`if` is asked before the list is made", async () => {
  const { result, host } = await run(flow(`if: "event.x: 1", foreach: "\${{ event.none }}"`));
  expect([result.status, host.ends]).toEqual(["completed", ["s:skipped", "last:completed"]]);
});

test("`if` is inside on-failure and outside of the timeout", async () => {
  const text = flow(`if: "\${{ event.list }}", timeout: "{{ event.none }}", on-failure: { continue: true }`);
  const wrong = await run(text, undefined, { event: { list: [1] } });
  expect(wrong.result.status).toBe("completed");
  const skipped = await run(text);
  expect([skipped.result.status, skipped.host.ends]).toEqual(["completed", ["s:skipped", "last:completed"]]);
});

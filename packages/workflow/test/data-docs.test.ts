import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { run } from "./kit.ts";

const guide = new URL("../../../docs/workflow/data-steps.md", import.meta.url);

/** A workflow of the guide, and the output of its last step as the guide has it. */
const examples = [...(await readFile(guide, "utf8")).matchAll(/```yaml\n(.*?)```\n\n```json\n(.*?)```/gs)].map(
  ([, yaml = "", json = ""]) => ({ yaml, json }),
);

test("the guide shows every data step", () => {
  const types = new Set(
    examples.flatMap(({ yaml }) => [...yaml.matchAll(/type: (data\.\w+)/g)].map(([, type = ""]) => type)),
  );
  expect([...types].toSorted((a, b) => a.localeCompare(b))).toEqual([
    "data.aggregate",
    "data.concat",
    "data.dedupe",
    "data.filter",
    "data.find",
    "data.map",
    "data.parseJson",
    "data.regexExtract",
    "data.regexReplace",
    "data.set",
    "data.stringifyJson",
  ]);
});

test("every example of the guide stands before what it gives", async () => {
  const all = (await readFile(guide, "utf8")).match(/```yaml\n/g);
  expect(examples).toHaveLength(all?.length ?? 0);
});

test.each(examples.map(({ yaml, json }) => [/type: (data\.\w+)/.exec(yaml)?.[1], yaml, json]))(
  "the example of %s gives what the guide says",
  async (_type, yaml = "", json = "") => {
    const { result, host } = await run(yaml);
    expect(result).toEqual({ status: "completed" });
    const end = host.events.findLast(({ kind }) => kind === "finished");
    expect(end).toMatchObject({ output: JSON.parse(json) });
    expect((end as { output?: unknown }).output).toEqual(JSON.parse(json));
  },
);

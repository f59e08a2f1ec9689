/** Every example of docs/workflow/composition.md, executed. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { planWorkflow, readWorkflow, type Catalog, type StepCall } from "../src/index.ts";
import { FakeHost } from "./fake-host.ts";
import { catalog, findingsOf, run, types } from "./kit.ts";

const page = readFileSync(new URL("../../../docs/workflow/composition.md", import.meta.url), "utf8");
const blocks = new Map(
  [...page.matchAll(/^```yaml (\S+)\n([\s\S]*?)^```$/gm)].map(([, name = "", text = ""]) => [name, text]),
);

/** The examples call each other; the http step takes what the real one does. */
const all: Catalog = {
  ...catalog,
  async stepType(type) {
    const found = types[type];
    return type === "http" && found !== undefined
      ? { ...found, validate: async (value) => ({ value }) }
      : catalog.stepType(type);
  },
  async workflow(name) {
    return planWorkflow(readWorkflow(blocks.get(name) ?? "", `${name}.yaml`), all);
  },
};

async function ran(name: string, event: Record<string, unknown>, handler?: (call: StepCall) => unknown) {
  return run(blocks.get(name) ?? "", handler, { event }, new FakeHost(handler), all);
}

test.each([...blocks])("%s has no mistake, and its own name", async (name, text) => {
  expect(await findingsOf(text, all)).toEqual([]);
  expect(readWorkflow(text, "any.yaml").name).toBe(name);
});

test("report-disk reads the output of create-ticket", async () => {
  const { result, host } = await ran("report-disk", { host: "web-1", used: 97 }, () => ({ data: { id: 7 } }));
  expect(result).toEqual({ status: "completed" });
  expect(host.logs).toEqual(["See ticket 7"]);
  expect(host.calls.map(({ path, input }) => [path, input["body"]])).toEqual([
    ["ticket!workflow.post", { title: "web-1: disk full", urgent: true }],
  ]);
});

test("first-full-disk ends with the first that is full", async () => {
  const disks = [
    { name: "sda", used: 10 },
    { name: "sdb", used: 95 },
    { name: "sdc", used: 99 },
  ];
  const { result, host } = await ran("first-full-disk", { disks });
  expect(result).toEqual({ status: "completed", outputs: { disk: "sdb" } });
  expect(host.logs).toEqual([]);
  expect((await ran("first-full-disk", { disks: [] })).host.logs).toEqual(["all disks have room"]);
});

test.each([
  ["web-1", "page ann"],
  ["web-2", "page whoever is on duty"],
])("page-owner handles the reason of find-owner: %s", async (host, message) => {
  const { result, host: there } = await ran("page-owner", { host });
  expect(result).toEqual({ status: "completed" });
  expect(there.logs).toEqual([message]);
});

test("scan-all starts a run for each host", async () => {
  const { result, host } = await ran("scan-all", { hosts: ["a", "b"] });
  expect(result).toEqual({ status: "completed" });
  expect(host.submissions.map(({ plan, inputs }) => [plan.name, inputs])).toEqual([
    ["scan", { host: "a" }],
    ["scan", { host: "b" }],
  ]);
  expect(host.logs).toEqual(["scanning a in run submitted-1", "scanning b in run submitted-2"]);
});

test("every block of YAML is an example with a name", () => {
  expect(page.match(/^```yaml/gm)?.length).toBe(blocks.size);
});

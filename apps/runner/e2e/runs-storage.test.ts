/** What is kept of runs: where it cannot be used nothing is sent, and no secret is in it. */
import { existsSync } from "node:fs";

import { expect, it } from "vitest";

import { stepwire, stepwireJson } from "./support/command.ts";
import { makeProject } from "./support/project.ts";
import { changeRuns, keptBytes, killAt, newest, startRuns, WORKFLOW } from "./support/runs.ts";
import { call, CREDENTIALS, PASSWORD, SECRET_FORMS } from "./support/workflows.ts";

type Runs = Awaited<ReturnType<typeof startRuns>>;

it.each<[what: string, words: string, harm: (runs: Runs) => void | Promise<void>]>([
  [
    "is below a file",
    "w.yaml/runs",
    ({ project }) => project.write({ "stepwire.yaml": "runtime: { dataDir: w.yaml/runs }\n" }),
  ],
  ["holds garbage", "is no database", ({ project }) => project.write({ ".stepwire/runs.db": "garbage ".repeat(999) })],
  [
    "is of a newer version",
    "newer Stepwire (format 99",
    async ({ project, options }) => {
      await stepwire(["run", "quick.yaml"], options);
      changeRuns(project.folder, "PRAGMA user_version = 99");
    },
  ],
  [
    "is of another program",
    "database of another program",
    async ({ project, options }) => {
      await stepwire(["run", "quick.yaml"], options);
      changeRuns(project.folder, "PRAGMA application_id = 7");
    },
  ],
])("sends nothing where the file of the runs %s, and says so", async (_what, words, harm) => {
  const runs = await startRuns({
    "w.yaml": WORKFLOW,
    "quick.yaml": "steps: [{ name: a, type: console, with: { message: x } }]\n",
  });
  await harm(runs);
  for (const args of [["run", "w.yaml"], ["runs", "list"], ["runs", "resume", "a"], ["doctor"]]) {
    const { status, stderr } = await stepwire(args, runs.options);
    expect({ args, status }).toEqual({ args, status: 2 });
    expect(stderr).toContain(words);
    expect(stderr).toContain("(storage)");
  }
  const { json } = await stepwireJson(["runs", "show", "a"], runs.options);
  expect(json).toMatchObject({ status: "refused", findings: [{ code: "storage" }] });
  expect(runs.vendor.requests).toEqual([]);
});

it("asks for settings that can be read before it looks for runs where they may not be", async () => {
  const { folder: cwd } = makeProject({ "stepwire.yaml": "runtime: { dataDri: x }\n" });
  const { status, stderr } = await stepwire(["runs"], { cwd });
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining("dataDri") as unknown });
  expect(existsSync(`${cwd}/.stepwire`)).toBe(false);
});

it("keeps and shows no secret, in no encoding", async () => {
  const echo = "{{ steps.first.output.data.said }} {{ event.given }}";
  const runs = await startRuns({
    "w.yaml": `steps:
${call("first", "/first")}  - { name: repeat, type: console, with: { message: "${echo}" } }
  - { name: slow, type: http, connector-id: api, with: { path: "/slow", headers: { x-given: "{{ event.given }}" } } }
  - { name: again, type: http, connector-id: api, with: { path: "/again", headers: { x-given: "{{ event.given }}" } } }
`,
    "event.json": JSON.stringify({ given: `${PASSWORD} ${Buffer.from(CREDENTIALS).toString("base64")}` }),
  });
  await killAt("/slow", runs, ["w.yaml", "--event", "event.json"]);
  const id = await newest(runs.options);
  const outputs = [keptBytes(runs.project.folder)];
  const tell = async (wanted: number, ...args: string[]) => {
    const { status, stdout, stderr } = await stepwire(args, runs.options);
    expect({ args, status, stderr }).toEqual({ args, status: wanted, stderr });
    outputs.push(stdout + stderr);
  };
  await tell(0, "runs", "list");
  await tell(0, "runs", "show", id, "--verbose");
  await tell(0, "runs", "show", id, "--output", "json");
  runs.silent.clear();
  runs.bad.add("/again");
  await tell(1, "runs", "resume", id, "--verbose");
  await tell(1, "runs", "retry", id, "--verbose", "--output", "json", "--log-format", "json");
  runs.bad.clear();
  await tell(0, "runs", "retry", id, "--from", "first", "--verbose");
  await tell(0, "runs", "show", id, "--verbose");
  outputs.push(keptBytes(runs.project.folder));
  expect(runs.counts()).toEqual({ "/first": 2, "/slow": 3, "/again": 3 });
  for (const output of outputs) for (const form of SECRET_FORMS) expect(output).not.toContain(form);
  expect(outputs.filter((output) => output.includes("[masked]")).length).toBeGreaterThan(5);
});

it("has the doctor tell where the runs are, and make nothing", async () => {
  const runs = await startRuns();
  const at = async () => (await stepwireJson(["doctor"], runs.options)).json as { runs: object };
  const folder = runs.project.file(".stepwire");
  expect((await at()).runs).toEqual({ folder, bytes: 0, interrupted: 0 });
  expect(existsSync(folder)).toBe(false);
  await killAt("/slow", runs);
  expect((await at()).runs).toEqual({ folder, bytes: expect.any(Number) as unknown, interrupted: 1 });
  const { status, stdout } = await stepwire(["doctor"], runs.options);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^runs +\/.*\.stepwire {2}\d+ KB, 1 interrupted$/m);
});

/** What docs/runs.md and docs/operations.md say, done as a reader would. */
import { spawnSync } from "node:child_process";
import { cpSync, readFileSync } from "node:fs";
import path from "node:path";

import { expect, it } from "vitest";

import { RUN_STATUSES } from "../src/output/run-status.ts";
import { start, startProcess, stepwire } from "./support/command.ts";
import { makeProject, root } from "./support/project.ts";
import { killAt, newest, post, startRuns } from "./support/runs.ts";

const page = (name: string): string => readFileSync(path.join(root, "docs", name), "utf8");
const operations = page("operations.md");

/** The first fenced block that holds a text. */
function blockWith(text: string): string {
  const blocks = [...operations.matchAll(/^```[^\n]*\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? "");
  return blocks.find((block) => block.includes(text)) ?? "";
}

it("names every status that a run can have", async () => {
  const table = [...page("runs.md").matchAll(/^\| `(\w+)` +\|/gm)].map((match) => match[1] ?? "");
  expect(table.slice(0, RUN_STATUSES.length)).toEqual([...RUN_STATUSES]);
  const { stdout } = await stepwire(["help", "runs"], { cwd: makeProject().folder });
  for (const status of RUN_STATUSES) expect(stdout).toContain(status);
});

it("does not send again where the condition of the page leaves that failure out", async () => {
  const condition = /^`(condition: .*interrupted.*)`\.$/m.exec(page("runs.md"))?.[1] ?? "";
  const policy = `, on-failure: { retry: { max-attempts: 2, ${condition} } }`;
  const runs = await startRuns({ "w.yaml": `steps:\n${post("slow", "/slow", policy)}` });
  await killAt("/slow", runs);
  runs.silent.clear();
  const { status, stderr } = await stepwire(["runs", "resume", await newest(runs.options)], runs.options);
  expect(status).toBe(1);
  expect(stderr).toContain("Look whether it was done. To do it again: stepwire runs retry ");
  expect(runs.counts()).toEqual({ "/slow": 1 });
});

it("has a workflow for cron that is right, and a line that starts it", async () => {
  const nightly = blockWith("name: nightly").replace("https://inventory.example.com", "{{ event.base }}");
  const runs = await startRuns({ "nightly.yaml": nightly, "event.json": "{}" });
  runs.project.write({ "event.json": JSON.stringify({ base: runs.vendor.url }) });
  const command = /cd \/srv\/flows && node_modules\/.bin\/stepwire (run nightly.yaml --quiet) /.exec(operations)?.[1];
  const args = [...(command ?? "").split(" "), "--event", "event.json"];
  runs.silent.add("/hosts");
  const first = start(args, runs.options);
  await runs.vendor.arrived("/hosts");
  const second = await stepwire(args, runs.options);
  expect(second).toMatchObject({ status: 0, stdout: expect.stringMatching(/^skipped: /) as unknown, stderr: "" });

  // A process that was killed stands in nobody's way.
  first.child.kill("SIGKILL");
  await first.done;
  runs.silent.clear();
  expect(await stepwire(args, runs.options)).toMatchObject({ status: 0, stderr: "" });
});

it("goes on with a run whose folder was taken to another place, as from an artifact of CI", async () => {
  const runs = await startRuns();
  await killAt("/slow", runs);
  const id = await newest(runs.options);
  const elsewhere = makeProject({ "connectors.yaml": readFileSync(runs.project.file("connectors.yaml")) });
  cpSync(runs.project.file(".stepwire"), elsewhere.file(".stepwire"), { recursive: true });
  runs.silent.clear();
  expect((await stepwire(["runs", "resume", id], { ...runs.options, cwd: elsewhere.folder })).status).toBe(0);
  expect(runs.counts()).toEqual({ "/first": 1, "/slow": 2, "/then": 1 });
});

const hasSqlite = spawnSync("sh", ["-c", "command -v sqlite3"]).status === 0;
it.skipIf(!hasSqlite)("backs up under a running process", async () => {
  const runs = await startRuns();
  const run = start(["run", "w.yaml"], runs.options);
  await runs.vendor.arrived("/slow");
  const restored = makeProject({ "connectors.yaml": readFileSync(runs.project.file("connectors.yaml")) });
  restored.write({ ".stepwire/.keep": "" });
  const command = blockWith(".backup").replace("/var/backups/runs.db", restored.file(".stepwire/runs.db"));
  const { status } = await startProcess("sh", ["-c", command], runs.options).done;
  expect(status).toBe(0);
  const list = await stepwire(["runs", "list"], { ...runs.options, cwd: restored.folder });
  expect(list.stdout).toMatch(/^[\da-f]{8} {2}flow {2}interrupted /);
  run.child.kill("SIGKILL");
  await run.done;
});

/** Runs whose process dies or is stopped, and how they go on: nothing that was done is done twice. */
import { rmSync } from "node:fs";

import { expect, it } from "vitest";

import { start, stepwire, stepwireJson } from "./support/command.ts";
import { changeRuns, killAt, newest, post, showRun, startRuns, WORKFLOW } from "./support/runs.ts";
import { API, call } from "./support/workflows.ts";

it("goes on after kill -9 in the middle of a read, which is sent again, and nothing else is", async () => {
  const runs = await startRuns();
  await killAt("/slow", runs);
  const list = await stepwire(["runs"], runs.options);
  expect(list.stdout).toMatch(/^[\da-f]{8} {2}flow {2}interrupted {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\n$/);
  const id = list.stdout.slice(0, 8);
  const show = await stepwire(["runs", "show", id], runs.options);
  expect(show.stdout).toMatch(/\n {2}✓ first +http .*\n {2}… slow +http .* did not end\n$/);
  expect(show.stderr).toContain(`stepwire runs resume ${id}`);

  runs.silent.clear();
  const resumed = await stepwire(["runs", "resume", id], runs.options);
  expect(resumed).toMatchObject({ status: 0, stdout: expect.stringMatching(/^completed in /) as unknown });
  expect(resumed.stderr).toMatch(/^flow {2}run [\w-]+ {2}resumed\n {2}✓ slow {2}http .*\n {2}✓ then {2}http .*\n$/);
  expect(runs.counts()).toEqual({ "/first": 1, "/slow": 2, "/then": 1 });
  expect(await showRun(runs.options, id)).toMatchObject({ status: "completed", steps: [{}, {}, {}] });

  const again = await stepwire(["runs", "resume", id], runs.options);
  expect(again).toMatchObject({ status: 2, stderr: expect.stringContaining("is completed") as unknown });
});

it.each([
  ["fails", "", { status: 1, stdout: expect.stringMatching(/^failed/) as unknown }, { "/first": 1, "/slow": 1 }],
  [
    "is passed over by continue",
    ", on-failure: { continue: true }",
    { status: 0 },
    { "/first": 1, "/slow": 1, "/then": 1 },
  ],
])("never sends a write again whose fate is not known: the step %s", async (_how, policy, ended, counts) => {
  const workflow = `steps:\n${post("first", "/first")}${post("slow", "/slow", policy)}${post("then", "/then")}`;
  const runs = await startRuns({ "w.yaml": workflow });
  await killAt("/slow", runs);
  runs.silent.clear();
  const id = await newest(runs.options);
  expect(await stepwire(["runs", "resume", id], runs.options)).toMatchObject({
    ...ended,
    stderr: expect.stringContaining("must not be sent twice") as unknown,
  });
  expect(runs.counts()).toEqual(counts);
  const { steps } = await showRun(runs.options, id);
  expect(steps[1]).toMatchObject({ path: "slow", status: "failed", error: { code: "interrupted" } });
});

it("says after Ctrl-C how to go on, and goes on", async () => {
  const runs = await startRuns();
  const run = start(["run", "w.yaml"], runs.options);
  await runs.vendor.arrived("/slow");
  run.child.kill("SIGINT");
  const { status, stderr } = await run.done;
  const id = await newest(runs.options);
  expect(status).toBe(3);
  const go = stderr.indexOf(`stepwire runs resume ${id}`);
  expect(go).toBeGreaterThan(0);
  expect(stderr.indexOf("stepwire run w.yaml")).toBeGreaterThan(go);
  expect(stderr).toContain("it fails as interrupted");

  runs.silent.clear();
  const { result, json } = await stepwireJson(["runs", "resume", id.slice(0, 12)], runs.options);
  expect(result.status).toBe(0);
  expect(json).toMatchObject({ runId: id, status: "completed", steps: [{}, {}, {}] });
  expect(runs.counts()).toEqual({ "/first": 1, "/slow": 2, "/then": 1 });
});

it("does a step that failed again, or begins where it is told to", async () => {
  const runs = await startRuns();
  runs.silent.clear();
  runs.bad.add("/slow");
  const failed = await stepwire(["run", "w.yaml"], runs.options);
  const id = await newest(runs.options);
  expect(failed).toMatchObject({ status: 1, stderr: expect.stringContaining(`stepwire runs retry ${id}`) as unknown });
  expect((await stepwire(["runs", "retry", id], runs.options)).status).toBe(1);
  runs.bad.clear();
  const retried = await stepwire(["runs", "retry", id], runs.options);
  expect(retried).toMatchObject({ status: 0, stderr: expect.stringContaining("  retried\n") as unknown });
  expect(runs.counts()).toEqual({ "/first": 1, "/slow": 3, "/then": 1 });

  expect(await stepwire(["runs", "retry", id], runs.options)).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("--from STEP") as unknown,
  });
  expect(await stepwire(["runs", "retry", id, "--from", "nothing"], runs.options)).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("usage-invalid") as unknown,
  });
  expect((await stepwire(["runs", "retry", id, "--from", "first"], runs.options)).status).toBe(0);
  expect(runs.counts()).toEqual({ "/first": 2, "/slow": 4, "/then": 2 });
});

it("cancels a run of another process", async () => {
  const runs = await startRuns();
  const run = start(["run", "w.yaml"], runs.options);
  await runs.vendor.arrived("/slow");
  const id = await newest(runs.options);
  const cancel = await stepwire(["runs", "cancel", id], runs.options);
  expect(cancel).toMatchObject({ status: 0, stdout: `cancelled  flow  run ${id}\n`, stderr: "" });
  expect(await run.done).toMatchObject({ status: 3, stdout: expect.stringMatching(/^cancelled in /) as unknown });
  expect(await stepwire(["runs", "cancel", id], runs.options)).toMatchObject({ status: 2 });
});

it("cancels a run whose process is gone, so that it is interrupted no more", async () => {
  const runs = await startRuns();
  await killAt("/slow", runs);
  const id = await newest(runs.options);
  const { result, json } = await stepwireJson(["runs", "cancel", id], runs.options);
  expect(result.status).toBe(0);
  expect(Object.keys(json as object)).toEqual(["runId", "workflow", "status", "startedAt", "finishedAt"]);
  expect(json).toMatchObject({ runId: id, workflow: "flow", status: "cancelled" });
});

it("takes a run over from a process that was stopped, which can do nothing more then", async () => {
  const runs = await startRuns();
  const run = start(["run", "w.yaml"], runs.options);
  await runs.vendor.arrived("/slow");
  const id = await newest(runs.options);
  run.child.kill("SIGSTOP");
  runs.silent.clear();
  const refused = await stepwire(["runs", "resume", id], runs.options);
  expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining("--take-over") as unknown });
  const over = await stepwire(["runs", "resume", id, "--take-over"], runs.options);
  expect(over).toMatchObject({ status: 0, stdout: expect.stringMatching(/^completed/) as unknown });

  // It learns of that at once, and waits for its answer no longer.
  run.child.kill("SIGCONT");
  const taken = "Another process has taken this run over";
  expect(await run.done).toMatchObject({ status: 1, stderr: expect.stringContaining(taken) as unknown });
  expect(runs.counts()).toEqual({ "/first": 1, "/slow": 2, "/then": 1 });
  expect(await showRun(runs.options, id)).toMatchObject({ status: "completed" });
});

it("says so when a run that was asked to stop does not", { timeout: 60_000 }, async () => {
  const runs = await startRuns();
  const run = start(["run", "w.yaml"], runs.options);
  await runs.vendor.arrived("/slow");
  run.child.kill("SIGSTOP");
  const id = await newest(runs.options);
  const cancel = await stepwire(["runs", "cancel", id], runs.options);
  expect(cancel).toMatchObject({ status: 1, stdout: `running  flow  run ${id}\n` });
  expect(cancel.stderr).toContain("has not ended yet");
});

it.each([
  [
    "changed",
    (write: (text: string) => void) => write("steps: [{ name: other, type: console, with: { message: x } }]\n"),
  ],
  ["deleted", undefined],
])("goes on with the workflow as it was, though its file was %s", async (_what, change) => {
  const runs = await startRuns();
  await killAt("/slow", runs);
  if (change === undefined) rmSync(runs.project.file("w.yaml"));
  else change((text) => runs.project.write({ "w.yaml": text }));
  runs.silent.clear();
  expect(await stepwire(["runs", "resume", await newest(runs.options)], runs.options)).toMatchObject({ status: 0 });
  expect(runs.counts()).toEqual({ "/first": 1, "/slow": 2, "/then": 1 });
});

it("refuses to go on without a connector that was taken away, and can when it is back", async () => {
  const runs = await startRuns();
  await killAt("/slow", runs);
  const id = await newest(runs.options);
  runs.project.write({ "connectors.yaml": "connectors: []\n" });
  const text = await stepwire(["runs", "resume", id], runs.options);
  expect(text).toMatchObject({ status: 2, stdout: "" });
  expect(text.stderr).toContain("connector-not-found");
  expect(text.stderr).toContain("has changed since");
  const { result, json } = await stepwireJson(["runs", "resume", id], runs.options);
  expect(result.status).toBe(2);
  expect(json).toMatchObject({
    status: "refused",
    findings: Array.from({ length: 3 }, () => ({ code: "connector-not-found" })),
  });
  expect(runs.counts()).toEqual({ "/first": 1, "/slow": 1 });

  runs.silent.clear();
  runs.project.write({ "connectors.yaml": API(runs.vendor.url) });
  expect((await stepwire(["runs", "resume", id], runs.options)).status).toBe(0);
});

it("tells in one line of runs that were broken off, and takes none of them up", async () => {
  const runs = await startRuns({
    "w.yaml": WORKFLOW,
    "x.yaml": WORKFLOW.replace("/slow", "/slower"),
    "other.yaml": `steps:\n${call("one", "/one")}`,
  });
  runs.silent.add("/slower");
  await killAt("/slow", runs);
  await killAt("/slower", runs, ["x.yaml"]);
  const id = await newest(runs.options);
  const { status, stderr } = await stepwire(["run", "other.yaml"], runs.options);
  expect(status).toBe(0);
  const told = stderr.split("\n").filter((line) => line.includes("interrupted"));
  expect(told).toEqual([
    expect.stringMatching(/^2 interrupted runs: .*\(flow\), .*\(flow\)\. .*stepwire runs resume ID$/),
  ]);
  expect(told[0]).toContain(id.slice(0, 8));
  const json = (await stepwire(["run", "other.yaml", "--log-format", "json"], runs.options)).stderr
    .trimEnd()
    .split("\n");
  const lines = json.map((line) => JSON.parse(line) as { message: string });
  expect(lines.filter(({ message }) => message === "2 interrupted runs")).toMatchObject([
    { level: "warn", runs: [{ runId: id, status: "interrupted" }, {}] },
  ]);
  expect((await stepwire(["run", "other.yaml", "--quiet"], runs.options)).stderr).toBe("");
  expect(runs.counts()).toEqual({ "/first": 2, "/slow": 1, "/slower": 1, "/one": 3 });
});

it("says why a run was skipped, and ends with 0", async () => {
  const settings = "settings: { concurrency: { key: one, strategy: drop } }\n";
  const runs = await startRuns({ "w.yaml": settings + WORKFLOW });
  const first = start(["run", "w.yaml"], runs.options);
  await runs.vendor.arrived("/slow");
  const second = await stepwire(["run", "w.yaml"], runs.options);
  expect(second).toMatchObject({ status: 0, stdout: expect.stringMatching(/^skipped: 1 of 1 runs /) as unknown });
  const show = await stepwire(["runs", "show", await newest(runs.options)], runs.options);
  expect(show.stdout).toMatch(/\nskipped .*\n1 of 1 runs /);
  first.child.kill("SIGKILL");
  await first.done;
  expect(runs.counts()).toEqual({ "/first": 1, "/slow": 1 });
});

it("finds a run by the beginning of its id, if only one begins so", async () => {
  const runs = await startRuns({ "w.yaml": "steps: [{ name: a, type: console, with: { message: x } }]\n" });
  for (const _run of [1, 2]) await stepwire(["run", "w.yaml", "--quiet"], runs.options);
  changeRuns(
    runs.options.cwd,
    "UPDATE runs SET id = 'aaaaaaaa-bbbb-1' WHERE n = 1",
    "UPDATE runs SET id = 'aaaaaaaa-bbbb-2' WHERE n = 2",
  );
  expect((await stepwire(["runs", "list"], runs.options)).stdout).toMatch(/^aaaaaaaa-bbbb-2 .*\naaaaaaaa-bbbb-1 /);
  const ambiguous = await stepwire(["runs", "show", "aaaaaaaa"], runs.options);
  expect(ambiguous).toMatchObject({ status: 2, stderr: expect.stringContaining("Write more of it") as unknown });
  expect((await stepwire(["runs", "show", "aaaaaaaa-bbbb-1"], runs.options)).status).toBe(0);
  for (const command of ["show", "resume", "retry", "cancel"]) {
    const { result, json } = await stepwireJson(["runs", command, "zzz"], runs.options);
    expect(result.status).toBe(2);
    expect(json).toMatchObject({ status: "refused", findings: [{ code: "run-not-found" }] });
  }
});

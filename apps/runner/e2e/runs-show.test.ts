/** Runs as people read them. */
import { expect, it } from "vitest";

import { stepwire, stepwireJson } from "./support/command.ts";
import { makeProject } from "./support/project.ts";
import { newest, post, startRuns } from "./support/runs.ts";
import { call, HOSTILE, STEERING } from "./support/workflows.ts";

const NESTED = `name: nested
outputs: [{ name: answer, type: string }]
steps:
  - { name: never, type: console, if: "event.no: true", with: { message: x } }
  - name: fan
    type: parallel
    branches:
      - { name: left, steps: [{ name: one, type: console, with: { message: x } }, { name: two, type: console, with: { message: x } }] }
      - { name: right, steps: [{ name: "a name", type: console, with: { message: x } }] }
  - { name: call, type: workflow.execute, with: { workflow-id: inner } }
${call("guarded", "/bad", ", on-failure: { fallback: [{ name: page, type: console, with: { message: x } }], continue: true }")}\
  - name: each
    type: foreach
    foreach: [1]
    steps:
  ${post("last", "/bad", ", on-failure: { retry: { max-attempts: 1, delay: 1ms } }")}`;

it("shows the steps of a run as a tree, and what to do", async () => {
  const runs = await startRuns({
    "w.yaml": NESTED,
    "inner.yaml": `name: inner\nsteps:\n${call("deep", "/ok")}`,
  });
  runs.bad.add("/bad");
  await stepwire(["run", "w.yaml"], runs.options);
  const id = await newest(runs.options);
  const { status, stdout, stderr } = await stepwire(["runs", "show", id], runs.options);
  expect(status).toBe(0);
  const time = String.raw`\d+(?:\.\d)? m?s`;
  const step = (head: string, more = "") => new RegExp(String.raw`^${head} +\+${time} +${time}${more}$`);
  const expected = [
    new RegExp(`^nested {2}run ${id}$`),
    new RegExp(String.raw`^failed in ${time} {2}begun \d{4}-\d\d-\d\d \d\d:\d\d:\d\d$`),
    /^ {2}– never +console +skipped$/,
    step(" {2}✓ fan +parallel"),
    /^ {4}left$/,
    step(" {6}✓ one +console"),
    step(" {6}✓ two +console"),
    step(' {4}✓ right."a name" +console'),
    step(" {2}✓ call +workflow.execute"),
    step(" {4}✓ !workflow.deep +http"),
    step(" {2}✗ guarded +http"),
    /^ {6}http-status {2}\[400\] Bad Request: no such thing$/,
    step(" {4}✓ !fallback.page +console"),
    step(" {2}✗ each +foreach"),
    step(String.raw` {4}✗ \[0\]\.last +http`, " {2}2 attempts"),
    /^ {8}http-status {2}\[400\] Bad Request: no such thing$/,
    /^$/,
  ];
  expect(stdout.split("\n")).toEqual(expected.map((line) => expect.stringMatching(line) as unknown));
  expect(stderr).toBe(`To do what failed again, and what comes after it: stepwire runs retry ${id}\n`);

  const { json } = await stepwireJson(["runs", "show", id], runs.options);
  expect(json).toMatchObject({ runId: id, workflow: "nested", status: "failed", error: { code: "http-status" } });
  expect((json as { steps: object[] }).steps).toHaveLength(11);
  const verbose = await stepwire(["runs", "show", id, "--verbose"], runs.options);
  expect(verbose.stdout).toMatch(/✗ guarded .*\n.*no such thing\n {6}input: \{\n {6} {2}"path": "\/bad"\n/);
});

it("shows of very many iterations the first and those that failed", async () => {
  const items = JSON.stringify(Array.from({ length: 500 }, (_, index) => index));
  const runs = await startRuns({
    "w.yaml": `name: many
steps:
  - name: each
    type: foreach
    foreach: ${items}
    steps:
      - { name: say, type: data.set, with: { a: 1 } }
      - name: call
        if: "foreach.item: 250"
        type: http
        connector-id: api
        with: { path: /bad }
        on-failure: { continue: true }
`,
  });
  runs.bad.add("/bad");
  expect((await stepwire(["run", "w.yaml", "--quiet"], runs.options)).status).toBe(0);
  const { stdout } = await stepwire(["runs", "show", await newest(runs.options)], runs.options);
  const heads = stdout.split("\n").filter((line) => /^ {4}\[/.test(line));
  expect(heads).toEqual(["    [0]", "    [1]", "    [2]", "    [250]"]);
  expect(stdout).toContain("\n    … 496 more completed\n");
  expect(stdout.split("\n").length).toBeLessThan(25);
});

it("lists the newest first, as many and of the status that are wanted", async () => {
  const runs = await startRuns({
    "good.yaml": "name: good\nsteps: [{ name: a, type: console, with: { message: x } }]\n",
    "bad.yaml": `name: bad\nsteps:\n${call("a", "/bad")}`,
  });
  runs.bad.add("/bad");
  expect((await stepwire(["runs"], runs.options)).stdout).toMatch(/^No runs in \/.*\.stepwire\.\n$/);
  for (const name of ["good", "bad", "good"]) await stepwire(["run", `${name}.yaml`], runs.options);
  const list = async (...more: string[]) => {
    const { json } = await stepwireJson(["runs", "list", ...more], runs.options);
    return (json as { runs: object[] }).runs;
  };
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as unknown;
  const run = (workflow: string, status: string) => ({
    runId: expect.stringMatching(/^[\da-f-]{36}$/) as unknown,
    workflow,
    status,
    startedAt: time,
    finishedAt: time,
  });
  expect(await list()).toEqual([run("good", "completed"), run("bad", "failed"), run("good", "completed")]);
  expect(await list("--limit", "1", "--status", "completed")).toEqual([run("good", "completed")]);
  expect(await list("--status", "timed_out")).toEqual([]);
  expect((await stepwire(["runs", "list", "--status", "failed"], runs.options)).stdout).toMatch(
    /^[\da-f]{8} {2}bad {2}failed {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}\d+ ms\n$/,
  );
  expect((await stepwire(["runs", "list", "--status", "timed_out"], runs.options)).stdout).toMatch(
    /^No timed out runs /,
  );
});

it.each([
  [["runs", "lst"], "Did you mean list?"],
  [["runs", "list", "more"], "does not take more"],
  [["runs", "list", "--from", "a"], "There is no option --from"],
  [["runs", "list", "--status", "faild"], "Did you mean failed?"],
  [["runs", "list", "--limit", "0"], "whole number from 1"],
  [["runs", "list", "--limit", "many"], "whole number from 1"],
  [["runs", "list", "--output", "xml"], "--output is text or json"],
  [["runs", "show"], "Which run?"],
  [["runs", "show", ""], "There is no run"],
  [["runs", "show", "a", "b"], "takes one run"],
  [["runs", "show", "a", "--take-over"], "There is no option --take-over"],
  [["runs", "resume", "a", "--log-format", "xml"], "--log-format is text or json"],
])("refuses what makes no sense: %j", async (args, words) => {
  const { status, stdout, stderr } = await stepwire(args, { cwd: makeProject().folder });
  expect({ status, stdout, stderr }).toEqual({
    status: 2,
    stdout: "",
    stderr: expect.stringContaining(words) as unknown,
  });
});

it("lets nothing of a run steer a terminal", async () => {
  const runs = await startRuns({
    "w.yaml": `name: ${JSON.stringify(HOSTILE)}\nsteps: [{ name: ${JSON.stringify(HOSTILE)}, type: console, with: { message: ${JSON.stringify(HOSTILE)} } }]\n`,
  });
  await stepwire(["run", "w.yaml"], runs.options);
  const id = await newest(runs.options);
  for (const args of [["list"], ["show", id, "--verbose"], ["show", id, "--output", "json"]]) {
    const { status, stdout, stderr } = await stepwire(["runs", ...args], runs.options);
    expect(status).toBe(0);
    expect(stdout + stderr).not.toMatch(STEERING);
  }
});

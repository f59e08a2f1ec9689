import path from "node:path";

import { describe, expect, it } from "vitest";

import { describeConnector } from "../../src/index.ts";
import { startKit } from "../../src/kit/run-kit.ts";
import { scenarioProblems } from "../../src/kit/scenario-shape.ts";
import type { Scenarios } from "../../src/kit/scenarios.ts";
import plugin from "./sample/index.js";
import sample from "./sample/scenarios.js";

const example = { input: {}, answers: { "GET /me": { json: {} } } };
const page = (more: object) => ({
  "acme/pager": { connector: {}, actions: { page: { examples: [example], ...more } } },
});
const type = (more: object) => ({ "acme/pager": { connector: {}, actions: {}, ...more } });
const answers = (given: object) => page({ examples: [{ input: {}, answers: given }] });

describe("scenarios", () => {
  it("of the sample are right", () => {
    expect(scenarioProblems(sample)).toEqual([]);
  });

  it.each([
    [[], "scenarios: It is no object."],
    [{ "acme/pager": null }, "acme/pager: It is no object."],
    [{ "acme/pager": { connector: {} } }, "acme/pager: It has no actions."],
    [type({ querys: [] }), "acme/pager: There is no querys. Did you mean queries?"],
    [
      type({ queries: ["search"] }),
      'acme/pager.queries[0]: "search" is no request. Write its method and its path: "POST /pages".',
    ],
    [type({ openapi: "./vendor.json" }), "acme/pager.openapi: It is no URL: write new URL(…, import.meta.url)."],
    [type({ connector: { secret: {} } }), "acme/pager.connector: There is no secret. Did you mean secrets?"],
    [page({ antiExample: [] }), "acme/pager.actions.page: There is no antiExample. Did you mean antiExamples?"],
    [page({ examples: example }), "acme/pager.actions.page.examples: It is no list."],
    [page({ examples: [{ input: {} }] }), "acme/pager.actions.page.examples[0]: It has no answers."],
    [page({ statuses: { 404: { outcome: "ok" } } }), "acme/pager.actions.page.statuses.404: It has no reason."],
    [
      answers({ "post /pages": {} }),
      'acme/pager.actions.page.examples[0].answers: "post /pages" is no request. Write its method and its path: "POST /pages".',
    ],
    [
      answers({ "GET /me": [{ jsn: {} }] }),
      'acme/pager.actions.page.examples[0].answers["GET /me"][0]: There is no jsn. Did you mean json?',
    ],
    [answers({ "GET /me": [] }), 'acme/pager.actions.page.examples[0].answers["GET /me"]: It is empty.'],
  ])("%j are wrong", (scenarios, problem) => {
    expect(scenarioProblems(scenarios)).toEqual([problem]);
  });

  it("that are wrong are refused before anything is played", () => {
    const wrong = page({ exmples: [] }) as unknown as Scenarios;
    expect(() => startKit({ plugin, scenarios: wrong })).toThrow("acme/pager.actions.page: There is no exmples.");
  });

  it("of a type that is not there are noticed", async () => {
    const run = startKit({ plugin, scenarios: { ...sample, "acme/pagr": { connector: {}, actions: {} } } });
    const { problems } = await run.result("examples").finally(() => run.close());
    expect(problems).toEqual([
      {
        where: "acme/pagr",
        message: "The scenarios speak of a type that the package does not have.",
        fix: "Correct the id, or take it out.",
      },
    ]);
  });
});

it("a folder may be relative", async () => {
  const folder = path.relative(process.cwd(), path.join(import.meta.dirname, "sample"));
  const run = startKit({ plugin, scenarios: sample, folder });
  expect((await run.result("package").finally(() => run.close())).problems).toEqual([]);
});

it("a check that breaks off leaves the others their say", async () => {
  let reads = 0;
  const own = {
    ...sample["acme/pager"],
    get queries(): string[] {
      // The first one reads its shape.
      if (reads++ === 0) return [];
      throw new Error("torn");
    },
  };
  const run = startKit({ plugin, scenarios: { "acme/pager": own } as Scenarios });
  const results = await run.results().finally(() => run.close());
  expect(results.flatMap(({ problems }) => problems)).toContainEqual({
    where: "kit effects",
    message: "The check broke off: torn",
    fix: "Correct what the message names; if the connector is right, it is a fault of @stepwire/testkit.",
  });
  expect(results.find(({ id }) => id === "schema")?.status).toBe("passed");
});

it.each([
  [{ plugin, scenarios: sample }, "test is no function"],
  [{ test: it, plugin }, "scenarios are missing"],
  [{ test: it, plugin, scenarios: sample, folder: import.meta.dirname }, "has no package.json that can be read"],
  [{ test: it, plugin: {}, scenarios: sample }, "plugin is not what definePlugin() returns"],
])("describeConnector refuses what it cannot work with", (options, says) => {
  expect(() => describeConnector(options as never)).toThrow(says);
});

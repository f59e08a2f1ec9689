import type { Plugin } from "@stepwire/core";

import { readExpectedFailures } from "./expected-failures.ts";
import { failureText, reportTable } from "./format.ts";
import { GROUPS } from "./groups.ts";
import { startKit } from "./run-kit.ts";
import type { Scenarios } from "./scenarios.ts";

/** The `test` of vitest, `node:test`, Jest and their like. */
export type TestFunction = (name: string, run: () => Promise<void>, timeout?: number) => unknown;

export interface DescribeConnectorOptions {
  readonly test: TestFunction;
  /** The package's default export. */
  readonly plugin: Plugin;
  readonly scenarios: Scenarios;
  /** The package's folder: `new URL("..", import.meta.url)` from a test in `test/`. */
  readonly folder?: URL | string;
  /** A JSON list of `{ "group", "where", "reason" }`. One that no longer fails fails the run. */
  readonly expectedFailures?: URL | string;
}

/** Some groups wait for deadlines of many calls. */
const TIMEOUT_MS = 120_000;

/**
 * The conformance kit: registers one test for each group of checks, and one that prints the table of all of them.
 * Works offline; vendors are played on this machine. Throws TypeError for arguments that are wrong.
 */
export function describeConnector(options: DescribeConnectorOptions): void {
  const { test, plugin, scenarios, folder, expectedFailures } = options;
  if (typeof test !== "function")
    throw new TypeError(
      'test is no function. Pass that of your runner: import { test } from "vitest", or "node:test".',
    );
  if (scenarios === undefined)
    throw new TypeError("scenarios are missing. Pass what defineScenarios() returns; {} where there are none yet.");
  const run = startKit({
    plugin,
    scenarios,
    ...(folder === undefined ? {} : { folder }),
    ...(expectedFailures === undefined ? {} : { expectedFailures: readExpectedFailures(expectedFailures) }),
  });
  for (const { id, title } of GROUPS) {
    test(
      `${id}: ${title}`,
      async () => {
        const text = failureText(await run.result(id));
        if (text !== "") throw new Error(text);
      },
      TIMEOUT_MS,
    );
  }
  test(
    "report: every group",
    async () => {
      // Groups that were filtered out are run for it: a table with gaps would speak for what nobody looked at.
      const results = await run.results();
      await run.close();
      console.log(`\n${reportTable(results)}\n`);
    },
    TIMEOUT_MS,
  );
}

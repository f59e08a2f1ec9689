import { isPlugin, StepwireError, type Plugin } from "@stepwire/core";

import { sortOut, type ExpectedFailure } from "./expected-failures.ts";
import { GROUPS } from "./groups.ts";
import { openKit } from "./kit.ts";
import { findingsOf, type Problem } from "./problem.ts";
import { assertScenarios } from "./scenario-shape.ts";
import type { Scenarios } from "./scenarios.ts";

export interface KitOptions {
  readonly plugin: Plugin;
  /** Without them only the package itself is looked at, and the report says so. */
  readonly scenarios?: Scenarios;
  /** The package's folder; groups that look at the package do not run without it, and say so. */
  readonly folder?: URL | string;
  readonly expectedFailures?: readonly ExpectedFailure[];
}

export interface GroupResult {
  readonly id: string;
  readonly title: string;
  /** `expected`: all that failed was on the list. */
  readonly status: "passed" | "failed" | "expected" | "not-run";
  readonly checked: number;
  readonly problems: readonly Problem[];
  /** Problems that were on the list. */
  readonly known: readonly Problem[];
  /** Entries of the list that failed no more: they have to go. */
  readonly stale: readonly ExpectedFailure[];
  /** What could not be looked at, and why. */
  readonly notRun: readonly string[];
}

export interface KitRun {
  /** Of one group; each is run once, one at a time, in the order they are asked for. */
  result(id: string): Promise<GroupResult>;
  /** Of all groups. */
  results(): Promise<GroupResult[]>;
  close(): Promise<void>;
}

const BROKEN_OFF = "Correct what the message names; if the connector is right, it is a fault of @stepwire/testkit.";

/**
 * Prepares the kit for a plugin. Throws TypeError for what is no plugin, a folder that is no package's, scenarios that are
 * wrong, and expected failures of unknown groups.
 */
export function startKit({ plugin, scenarios, folder, expectedFailures = [] }: KitOptions): KitRun {
  if (!isPlugin(plugin))
    throw new TypeError("plugin is not what definePlugin() returns. Pass the package's default export.");
  if (scenarios !== undefined) assertScenarios(scenarios);
  for (const { group } of expectedFailures) {
    if (GROUPS.some(({ id }) => id === group)) continue;
    throw new TypeError(
      `The expected failures name a group ${group}. There are: ${GROUPS.map(({ id }) => id).join(", ")}.`,
    );
  }
  const kit = openKit(plugin, scenarios, folder);
  const done = new Map<string, Promise<GroupResult>>();
  // One after the other: they share a stage, and some replace what belongs to the whole process.
  let last: Promise<unknown> = Promise.resolve();
  const result = (id: string): Promise<GroupResult> => {
    const known = done.get(id);
    if (known !== undefined) return known;
    const next = last.then(async (): Promise<GroupResult> => {
      const group = GROUPS.find((candidate) => candidate.id === id);
      if (group === undefined) throw new TypeError(`There is no group ${id}.`);
      const { problems, checked, notRun } = await findingsOf(async (report) => {
        if (group.withoutScenarios !== true && !kit.hasScenarios) return report.notRun("there are no scenarios");
        try {
          await group.check(kit, report);
        } catch (error) {
          // One group that fails leaves the others their say.
          report.problem(`kit ${id}`, `The check broke off: ${StepwireError.from(error).message}`, BROKEN_OFF);
        }
      });
      const { unexpected, known: expected, stale } = sortOut(expectedFailures, id, problems);
      const bad = unexpected.length > 0 || stale.length > 0;
      const status = bad ? "failed" : expected.length > 0 ? "expected" : checked === 0 ? "not-run" : "passed";
      const reasons = status === "not-run" && notRun.length === 0 ? ["there was nothing of this kind"] : notRun;
      return { id, title: group.title, status, checked, problems: unexpected, known: expected, stale, notRun: reasons };
    });
    last = next.catch(() => undefined);
    done.set(id, next);
    return next;
  };
  return {
    result,
    results: () => Promise.all(GROUPS.map(({ id }) => result(id))),
    async close() {
      await last;
      await kit.close();
    },
  };
}

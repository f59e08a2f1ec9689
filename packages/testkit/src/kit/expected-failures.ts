import { readFileSync } from "node:fs";

import type { Problem } from "./problem.ts";

/** A failure that is known, and why it may stay for now. */
export interface ExpectedFailure {
  /** The group's id. */
  readonly group: string;
  /** The place, as the kit reports it. */
  readonly where: string;
  readonly reason: string;
}

/**
 * Reads a JSON list of expected failures. Throws TypeError saying what is wrong with the file: a list that cannot be read
 * must not pass for an empty one.
 */
export function readExpectedFailures(file: URL | string): ExpectedFailure[] {
  const name = typeof file === "string" ? file : file.pathname;
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new TypeError(`The expected failures cannot be read: ${name}: ${(error as Error).message}`);
  }
  if (!Array.isArray(value)) throw new TypeError(`${name} is not a list of { "group", "where", "reason" }.`);
  return value.map((entry: unknown, index) => {
    const { group, where, reason } = (entry ?? {}) as Record<string, unknown>;
    for (const [key, text] of Object.entries({ group, where, reason })) {
      if (typeof text !== "string" || text.trim() === "") {
        throw new TypeError(
          `${name}: entry ${index + 1} has no ${key}. Every one needs "group", "where" and "reason".`,
        );
      }
    }
    return { group: group as string, where: where as string, reason: reason as string };
  });
}

/** A group's problems that are not on the list, and the list's entries that stand for nothing any more. */
export function sortOut(
  expected: readonly ExpectedFailure[],
  group: string,
  problems: readonly Problem[],
): { unexpected: Problem[]; known: Problem[]; stale: ExpectedFailure[] } {
  const own = expected.filter((entry) => entry.group === group);
  const isKnown = ({ where }: Problem) => own.some((entry) => entry.where === where);
  return {
    unexpected: problems.filter((problem) => !isKnown(problem)),
    known: problems.filter(isKnown),
    stale: own.filter(({ where }) => !problems.some((problem) => problem.where === where)),
  };
}

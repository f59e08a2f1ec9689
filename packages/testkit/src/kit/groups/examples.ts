import { callExample, callTest } from "../call.ts";
import { examplesOf, type Kit } from "../kit.ts";
import type { Report } from "../problem.ts";

/** What all other groups build on: a call that succeeds, for every action. */
export async function examples(kit: Kit, report: Report): Promise<void> {
  for (const type of kit.unseen) {
    report.problem(type.id, "It has no scenarios.", `Add an entry ${JSON.stringify(type.id)} to the scenarios.`);
  }
  for (const id of kit.strange) {
    report.problem(
      id,
      "The scenarios speak of a type that the package does not have.",
      "Correct the id, or take it out.",
    );
  }
  for (const subject of kit.subjects) {
    const { type, scenarios } = subject;
    for (const action of Object.keys(type.actions)) {
      if ((scenarios.actions[action]?.examples ?? []).length > 0) continue;
      report.problem(
        `${type.id}.${action}`,
        "It has no example.",
        `Add one under actions.${action}.examples of the scenarios.`,
      );
    }
    for (const action of Object.keys(scenarios.actions)) {
      if (Object.hasOwn(type.actions, action)) continue;
      report.problem(
        `${type.id}.${action}`,
        "The scenarios speak of an action that the type does not have.",
        "Take it out.",
      );
    }
    for (const { action, example, where } of examplesOf(subject)) {
      const { outcome, unexpected } = await callExample(kit, subject, action, example);
      report.checked();
      // One that is repeated is still one.
      for (const { method, url } of new Map(
        unexpected.map((request) => [`${request.method} ${request.url.href}`, request]),
      ).values()) {
        report.problem(
          where,
          `It sent ${method} ${url.href}, to which the example has no answer.`,
          "Add the request to its answers.",
        );
      }
      if (outcome.error !== undefined) {
        if (unexpected.length === 0) {
          report.problem(
            where,
            `It failed: ${outcome.error.code}: ${outcome.error.message}`,
            "Correct the action, or the example.",
          );
        }
      } else if (example.output !== undefined && !holds(outcome.output, example.output)) {
        report.problem(
          where,
          `Its output is ${JSON.stringify(outcome.output)}, and the example says ${JSON.stringify(example.output)}.`,
          "Correct the action, or the example.",
        );
      }
    }
    if (type.connection.def.test === undefined) continue;
    const { outcome } = await callTest(kit, subject);
    report.checked();
    if (outcome.error !== undefined) {
      report.problem(
        `${type.id} test`,
        `It failed: ${outcome.error.code}: ${outcome.error.message}`,
        "Say under test of the scenarios what the vendor answers to it.",
      );
    }
  }
}

/** Whether all that is expected is there: lists in their whole length, objects with more fields if need be. */
function holds(actual: unknown, expected: unknown): boolean {
  if (Array.isArray(expected)) {
    return (
      Array.isArray(actual) &&
      actual.length === expected.length &&
      expected.every((item, index) => holds(actual[index], item))
    );
  }
  if (typeof expected !== "object" || expected === null) return Object.is(actual, expected);
  if (typeof actual !== "object" || actual === null) return false;
  return Object.entries(expected).every(
    ([key, value]) => Object.hasOwn(actual, key) && holds((actual as Record<string, unknown>)[key], value),
  );
}

/** What the language's lists say is what there is. */
import { StepwireError } from "@stepwire/core";
import { expect, test } from "vitest";
import {
  ERROR_FIELDS,
  EXECUTION_FIELDS,
  FOREACH_FIELDS,
  PARENT_FIELDS,
  ROOTS,
  STEP_FIELDS,
  WHILE_FIELDS,
  WORKFLOW_FIELDS,
} from "../src/language/scope.ts";
import { baseScope } from "../src/run/state.ts";
import { BUILT_IN_STEP_TYPES, stepTypeOf } from "../src/steps/index.ts";
import { START } from "./fake-host.ts";
import { planOf, run } from "./kit.ts";

const parent = { workflowId: "outer", executionId: "run-0", depth: 0 };
const keys = (value: unknown): string[] => Object.keys(value as object).toSorted();

test.each([...Object.keys(BUILT_IN_STEP_TYPES), "slack"])("editors know the keys of %s, and no others", (type) => {
  const { keys: known, schema } = stepTypeOf(type);
  expect(keys(schema.properties)).toEqual([...known].toSorted());
});

test("the roots are those that a run has", async () => {
  const plan = await planOf("steps: [{ name: a, type: console }]");
  const base = baseScope(plan, { runId: "run-1", startedAt: START, parent }, {}, {}, {});
  expect(keys(ROOTS)).toEqual([...Object.keys(base), "now", "foreach", "while", "error"].toSorted());
});

test("each root holds what its list says", async () => {
  const { host } = await run(
    `steps:
  - { name: base, type: any, with: { execution: "\${{ execution }}", workflow: "\${{ workflow }}", parent: "\${{ parent }}" } }
  - name: each
    type: foreach
    foreach: [1]
    steps: [{ name: in_each, type: any, with: { foreach: "\${{ foreach }}", own: "\${{ steps.each }}" } }]
  - name: again
    type: while
    condition: false
    steps: [{ name: in_while, type: any, with: { while: "\${{ while }}", own: "\${{ steps.again }}" } }]
  - name: bad
    type: any
    with: { fails: true }
    on-failure: { fallback: [{ name: after, type: any, with: { error: "\${{ error }}", own: "\${{ steps.bad }}" } }], continue: true }
  - { name: last, type: any, with: { own: "\${{ steps.base }}" } }
`,
    ({ input }) => {
      if (input["fails"] !== true) return {};
      const details = { reason: "busy" };
      throw new StepwireError("rate-limited", "Slow down.", { status: 429, retryAfterMs: 1000, details });
    },
    { parent },
  );
  const inputs = Object.fromEntries(host.calls.map(({ name, input }) => [name, input]));
  const { base, in_each: each, in_while: again, after, last } = inputs as Record<string, Record<string, unknown>>;
  expect(keys(base?.["execution"])).toEqual(keys(EXECUTION_FIELDS));
  expect(keys(base?.["workflow"])).toEqual(keys(WORKFLOW_FIELDS));
  expect(keys(base?.["parent"])).toEqual(keys(PARENT_FIELDS));
  expect(keys(each?.["foreach"])).toEqual(keys(FOREACH_FIELDS));
  expect(keys(again?.["while"])).toEqual(keys(WHILE_FIELDS));
  expect(keys(after?.["error"])).toEqual(keys(ERROR_FIELDS));
  const ofSteps = [each, again, after, last].flatMap((input) => keys(input?.["own"]));
  expect([...new Set(ofSteps)].toSorted()).toEqual(keys(STEP_FIELDS));
});

import type { WhileBody } from "../plan.ts";
import { readCondition } from "../read/texts.ts";
import { throwIfAborted } from "../run/deadline.ts";
import { holds } from "../run/decide.ts";
import { beginExecution, recordStep } from "../run/state.ts";
import { CONDITION, described } from "./editor.ts";
import { LOOP_KEYS, LOOP_SCHEMA, readLoop, runIteration, stopAtCap } from "./loop.ts";
import { needs } from "./read.ts";
import type { BuiltInStepType } from "./step-type.ts";

/** A loop that only computes lets timers and a cancellation in after so many iterations. */
const ITERATIONS_IN_A_ROW = 100;

/** Runs at least once: its condition is decided after each iteration, and may read what the iteration made. */
export const whileStep: BuiltInStepType<WhileBody> = {
  kind: "while",
  types: { while: "Runs steps again for as long as a condition holds" },
  keys: ["condition", ...LOOP_KEYS],
  leaf: false,
  schema: {
    properties: {
      condition: described(CONDITION, "Decided after each iteration: whether there is another one."),
      ...LOOP_SCHEMA,
    },
    required: ["condition", "steps"],
  },
  read(r, step) {
    const { path, map, place, site } = step;
    const loop = readLoop(r, step, { inWhile: true }, "Give the steps to run again and again.");
    const after = {
      ...place,
      inWhile: true,
      order: Math.max(place.order, r.steps.length),
      also: [...place.also, site.name],
    };
    const condition = needs(r, step, "condition", 'Write KQL such as `condition: "steps.check.output.state: running"`.')
      ? readCondition(r, [...path, "condition"], map["condition"], after)
      : undefined;
    return condition === undefined ? undefined : { kind: "while", condition, ...loop };
  },
  async run(step) {
    const { run, node, body, execution, frame, begin } = step;
    begin();
    for (let iteration = 0; ; iteration += 1) {
      throwIfAborted(frame.signal);
      const state = { iteration };
      recordStep(run, node.name, state);
      const path = `${execution.path}[${iteration}]`;
      const inner = { ...frame, locals: { ...frame.locals, while: state } };
      if (!(await runIteration(step, path, inner))) return undefined;
      const after = beginExecution(run, inner, `${path}!while`);
      if (!(await holds(run, body.condition, after, "condition"))) return undefined;
      const done = iteration + 1;
      if (done >= body.cap.limit) {
        stopAtCap(node.name, body.cap);
        return undefined;
      }
      if (done % ITERATIONS_IN_A_ROW === 0) await run.host.sleepUntil(after.part("breath"), 0, frame.signal);
    }
  },
  *dry({ body, at, keep, steps, fallback }) {
    const state = { iteration: 0 };
    keep(state);
    const first = { ...at, path: `${at.path}[0]`, locals: { ...at.locals, while: state } };
    yield* steps(body.steps, first);
    yield* fallback(body.iterationPolicy, first);
  },
};

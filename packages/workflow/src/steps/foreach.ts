import type { ForeachBody } from "../plan.ts";
import { readItems } from "../read/items.ts";
import { throwIfAborted } from "../run/deadline.ts";
import { itemsOf } from "../run/decide.ts";
import { recordStep } from "../run/state.ts";
import { described, ITEMS } from "./editor.ts";
import { LOOP_KEYS, LOOP_SCHEMA, readLoop, runIteration, stopAtCap } from "./loop.ts";
import { needs } from "./read.ts";
import type { BuiltInStepType } from "./step-type.ts";

export const foreach: BuiltInStepType<ForeachBody> = {
  kind: "foreach",
  types: { foreach: "Runs steps for each item of a list" },
  keys: ["foreach", ...LOOP_KEYS],
  leaf: false,
  schema: {
    properties: {
      foreach: described(ITEMS, "The list to go through, or an expression that gives one."),
      ...LOOP_SCHEMA,
    },
    required: ["foreach", "steps"],
  },
  read(r, step) {
    const { path, map, place } = step;
    const hint = "Write the list to go through, such as `foreach: ${{ event.alerts }}`.";
    const items = needs(r, step, "foreach", hint)
      ? readItems(r, [...path, "foreach"], map["foreach"], place)
      : undefined;
    const loop = readLoop(r, step, { inLoop: true }, "Give the steps to run for each item.");
    return items === undefined ? undefined : { kind: "foreach", items, ...loop };
  },
  async run(step) {
    const { run, node, body, execution, frame, begin } = step;
    begin();
    const items = await itemsOf(run, body.items, execution);
    recordStep(run, node.name, { items, total: items.length });
    for (const [index, item] of items.entries()) {
      throwIfAborted(frame.signal);
      if (index >= body.cap.limit) {
        stopAtCap(node.name, body.cap, items.length);
        return undefined;
      }
      const state = { item, index, total: items.length, items };
      recordStep(run, node.name, state);
      const locals = { ...frame.locals, foreach: state };
      if (!(await runIteration(step, `${execution.path}[${index}]`, { ...frame, locals }))) break;
    }
    return undefined;
  },
  *dry({ body, at, each, keep, steps, fallback }) {
    for (const one of each(body.items, at, body.cap.limit)) {
      keep(one.locals["foreach"] as Record<string, unknown>);
      yield* steps(body.steps, one);
    }
    yield* fallback(body.iterationPolicy, at);
  },
};

import type { IfBody } from "../plan.ts";
import { readCondition } from "../read/texts.ts";
import { holds } from "../run/decide.ts";
import { recordStep } from "../run/state.ts";
import { CONDITION, described, STEPS } from "./editor.ts";
import { needs } from "./read.ts";
import type { BuiltInStepType, DryPlace } from "./step-type.ts";

export const ifStep: BuiltInStepType<IfBody> = {
  kind: "if",
  types: { if: "Runs steps if a condition holds" },
  keys: ["condition", "steps", "else"],
  leaf: false,
  schema: {
    properties: {
      condition: CONDITION,
      steps: described(STEPS, "Run if it holds."),
      else: described(STEPS, "Run if it does not."),
    },
    required: ["condition", "steps"],
  },
  read(r, step) {
    const { path, map, place, around } = step;
    const condition = needs(r, step, "condition", 'Write KQL such as `condition: "event.severity: high"`.')
      ? readCondition(r, [...path, "condition"], map["condition"], place)
      : undefined;
    const steps = needs(r, step, "steps", "Give the steps to run if the condition holds.")
      ? r.readSteps([...path, "steps"], map["steps"], around)
      : [];
    const otherwise = "else" in map ? r.readSteps([...path, "else"], map["else"], around) : [];
    return condition === undefined ? undefined : { kind: "if", condition, steps, else: otherwise };
  },
  async run({ run, node, body, execution, frame, begin, steps }) {
    begin();
    recordStep(run, node.name, {});
    const taken = await holds(run, body.condition, execution, "condition");
    await steps(taken ? body.steps : body.else, { ...frame, path: execution.path });
    return undefined;
  },
  *dry({ body, at, decide, keep, steps }) {
    const taken = decide(body.condition, at);
    const { text } = body.condition;
    const when = (extra: string): DryPlace => (taken === undefined ? { ...at, when: [...at.when, extra] } : at);
    keep({});
    if (taken !== false) yield* steps(body.steps, when(text));
    if (taken !== true) yield* steps(body.else, when(`not (${text})`));
  },
};

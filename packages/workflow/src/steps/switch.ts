import { StepwireError } from "@stepwire/core";
import type { StepNode, SwitchBody } from "../plan.ts";
import { checkKeys, complain, readList, readMap, readText, type Reader } from "../read/reader.ts";
import type { Place } from "../read/sites.ts";
import { readTemplate } from "../read/texts.ts";
import { recordStep } from "../run/state.ts";
import type { Template } from "../template/compile.ts";
import { readsFailure } from "../template/references.ts";
import type { Scope } from "../template/scope.ts";
import type { Path } from "../template/tree.ts";
import { kindOf } from "../values.ts";
import { described, IF, STEP_TIMEOUT, STEPS, TEXT } from "./editor.ts";
import { needs } from "./read.ts";
import type { BodyReading, BuiltInStepType, DryPlace } from "./step-type.ts";

type Case = SwitchBody["cases"][number];

const MATCH = {
  type: ["string", "number", "boolean"],
  description: "Compared with the expression as a text; a template may stand here.",
};

export const switchStep: BuiltInStepType<SwitchBody> = {
  kind: "switch",
  types: { switch: "Runs the steps of the first case that matches" },
  keys: ["expression", "cases", "default", "if", "timeout"],
  leaf: false,
  schema: {
    properties: {
      if: IF,
      timeout: STEP_TIMEOUT,
      expression: described(TEXT, "A template whose text is compared."),
      cases: {
        type: "array",
        minItems: 1,
        description: "What to compare with, in order.",
        items: {
          type: "object",
          properties: {
            match: MATCH,
            case: described(MATCH, "The same as match."),
            steps: described(STEPS, "Run if it is the first that matches."),
          },
          required: ["steps"],
          additionalProperties: false,
        },
      },
      default: described(STEPS, "Run if no case matches."),
    },
    required: ["expression", "cases"],
  },
  read(r, step) {
    const { path, map, place, around } = step;
    const expression = needs(r, step, "expression", 'Write what to compare, such as `expression: "{{ event.kind }}"`.')
      ? readExpression(r, [...path, "expression"], map["expression"], place)
      : undefined;
    const cases = needs(r, step, "cases", 'List the cases, such as `- { match: "high", steps: [...] }`.')
      ? readCases(r, step)
      : [];
    const otherwise = "default" in map ? r.readSteps([...path, "default"], map["default"], around) : [];
    return expression === undefined ? undefined : { kind: "switch", expression, cases, default: otherwise };
  },
  async run({ run, node, body, execution, frame, begin, steps }) {
    const { value, taken } = await run.host.decide(execution.part("case"), () => choose(body, execution.scope));
    const input = { expression: value };
    begin(input);
    recordStep(run, node.name, { input });
    await steps(body.cases[taken]?.steps ?? body.default, { ...frame, path: execution.path });
    return undefined;
  },
  *dry({ body, at, scope, watch, keep, steps }) {
    const { text, references } = body.expression;
    let taken: readonly StepNode[] | undefined;
    try {
      const { value, isKnown } = watch(() => choose(body, scope(at)));
      // A dry run has no errors, though a run may.
      if (isKnown && !readsFailure(references)) taken = body.cases[value.taken]?.steps ?? body.default;
    } catch {
      // What cannot be rendered is told when the step really runs; any case may be meant.
    }
    keep({});
    if (taken !== undefined) return yield* steps(taken, at);
    const when = (outcome: string): DryPlace => ({ ...at, when: [...at.when, `${text} is ${outcome}`] });
    for (const one of body.cases) yield* steps(one.steps, when(JSON.stringify(one.match.text)));
    yield* steps(body.default, when("none of its cases"));
  },
};

/** The expression's value as a text, and the first case that has the same; -1 for none. */
function choose({ expression, cases }: SwitchBody, scope: Scope): { value: string; taken: number } {
  const value = textOf(expression, scope);
  return { value, taken: cases.findIndex(({ match }) => textOf(match, scope) === value) };
}

/** Nothing is the empty text, so that `{{ }}` and `${{ }}` choose the same case. Throws `template-error`. */
function textOf(template: Template, scope: Scope): string {
  const value = template.render(scope);
  if (value === undefined || value === null) return "";
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return String(value);
  throw new StepwireError(
    "template-error",
    `A switch compares texts, numbers and booleans, and ${template.text} gives ${kindOf(value)}.`,
  );
}

function readExpression(r: Reader, path: Path, value: unknown, place: Place): Template | undefined {
  const text = readText(r, path, value, `"expression"`);
  return text === undefined ? undefined : readTemplate(r, path, text, place);
}

function readCases(r: Reader, step: BodyReading): Case[] {
  const path = [...step.path, "cases"];
  const list = readList(r, path, step.map["cases"], `"cases"`);
  if (list?.length === 0) complain(r, path, { message: `"cases" is empty.`, hint: "Give at least one case." }, "value");
  const known = new Map<string, number>();
  return (list ?? []).flatMap((item, index) => {
    const at = [...path, index];
    const one = readCase(r, at, item, step);
    if (one === undefined || one.match.dynamic) return one ?? [];
    const earlier = known.get(one.match.text);
    if (earlier === undefined) known.set(one.match.text, index);
    else {
      const message = `Case ${earlier + 1} matches ${JSON.stringify(one.match.text)} already, so this one never runs.`;
      complain(r, at, { severity: "warning", message });
    }
    return one;
  });
}

/** A case. Older examples write `case` where the language has `match`. */
function readCase(r: Reader, path: Path, value: unknown, { place, around }: BodyReading): Case | undefined {
  const map = readMap(r, path, value, "A case");
  if (map === undefined) return undefined;
  const misspelt = checkKeys(r, path, map, ["match", "case", "steps"], "a case");
  const key = "match" in map ? "match" : "case";
  if ("match" in map && "case" in map)
    complain(r, [...path, "case"], { message: `A case has both "match" and "case".`, hint: `Keep "match".` });
  if (!(key in map) && !misspelt.has("match") && !misspelt.has("case"))
    complain(r, path, { message: `A case has no "match".`, hint: "Write the value that it is for." });
  if (!("steps" in map) && !misspelt.has("steps"))
    complain(r, path, { message: `A case has no "steps".`, hint: "Give the steps to run if it matches." });
  const match = key in map ? readMatch(r, [...path, key], map[key], place) : undefined;
  const steps = "steps" in map ? r.readSteps([...path, "steps"], map["steps"], around) : [];
  return match === undefined ? undefined : { match, steps };
}

function readMatch(r: Reader, path: Path, value: unknown, place: Place): Template | undefined {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return readTemplate(r, path, String(value), place);
  const message = `"${String(path.at(-1))}" must be a text, a number or a boolean, not ${kindOf(value)}.`;
  complain(r, path, { message }, "value");
  return undefined;
}

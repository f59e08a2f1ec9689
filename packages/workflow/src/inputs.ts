import type { ErrorCode, JsonSchema } from "@stepwire/core";
import { formatPath, nearest, StepwireError } from "@stepwire/core";
import type { Problem } from "./catalog.ts";
import { schemaProblems } from "./json-schema.ts";
import type { Rule } from "./language/rules.ts";
import type { Plan } from "./plan.ts";
import { createScope } from "./template/scope.ts";
import { renderTree } from "./template/tree.ts";
import { isRecord, setOwn } from "./values.ts";

export interface InputProblem extends Problem {
  code: ErrorCode;
  /** An input that nothing declares is a warning: it is passed on, and the workflow never reads it. */
  severity: "error" | "warning";
  rule: Extract<Rule, "missingRequiredInput" | "invalidInputType" | "unknownInputKey" | "invalidDefaultValue">;
  /** Such as `inputs.owner`. */
  path: string;
}

/**
 * Inputs as a run would have them, with defaults filled in and texts such as `"12"` and `"true"` turned into
 * what the workflow declares, and what is wrong with them.
 */
export function checkInputs(
  plan: Plan,
  given: Record<string, unknown>,
): { inputs: Record<string, unknown>; problems: InputProblem[] } {
  const properties = isRecord(plan.inputs["properties"]) ? plan.inputs["properties"] : {};
  const open = plan.inputs["additionalProperties"];
  const problems: InputProblem[] = [];
  const inputs = coerced(given, properties);
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(properties, name) && (open === undefined || open === false))
      problems.push(unknownInput(name, properties));
  }
  for (const [name, property] of Object.entries(properties)) {
    if (Object.hasOwn(inputs, name) || !isRecord(property) || !("default" in property)) continue;
    try {
      const value = defaultOf(plan, name, property, inputs);
      if (value !== undefined) setOwn(inputs, name, value);
    } catch (error) {
      const { code, message } = StepwireError.from(error);
      problems.push({
        code,
        rule: "invalidDefaultValue",
        severity: "error",
        path: formatPath(["inputs", name]),
        message,
      });
    }
  }
  // Unknown keys are told above, with the severity of an unknown key.
  for (const { path, message } of schemaProblems(inputs, { ...plan.inputs, additionalProperties: undefined })) {
    const missing = message === "is required";
    problems.push({
      code: "params-invalid",
      rule: missing ? "missingRequiredInput" : "invalidInputType",
      severity: "error",
      path: formatPath(["inputs", ...path]),
      message: `Input "${formatPath(path)}" ${message}.`,
      ...(missing ? { hint: hintFor(properties, String(path[0])) } : {}),
    });
  }
  return { inputs, problems };
}

/** What a workflow that a step calls gets of the inputs that it is given. Throws what is wrong with them. */
export function inputsOfCalled(plan: Plan, given: Record<string, unknown>): Record<string, unknown> {
  const { inputs, problems } = checkInputs(plan, given);
  const wrong = problems.find(({ severity }) => severity === "error");
  if (wrong !== undefined) throw new StepwireError(wrong.code, `Workflow "${plan.name}": ${wrong.message}`);
  return inputs;
}

function unknownInput(name: string, properties: Record<string, unknown>): InputProblem {
  const known = Object.keys(properties);
  const guess = nearest(name, known);
  const hint = guess === undefined ? `There are ${known.join(", ")}.` : `Did you mean "${guess}"?`;
  return {
    code: "params-invalid",
    rule: "unknownInputKey",
    severity: "warning",
    path: formatPath(["inputs", name]),
    message: `The workflow has no input "${name}".`,
    ...(known.length === 0 ? {} : { hint }),
  };
}

function defaultOf(plan: Plan, name: string, property: JsonSchema, inputs: Record<string, unknown>): unknown {
  const tree = plan.inputDefaults.get(name);
  if (tree === undefined) return structuredClone(property["default"]);
  const scope = createScope(
    { inputs, consts: plan.consts, workflow: { name: plan.name, enabled: plan.enabled } },
    { now: () => 0, random: () => 0 },
  );
  return coerce(renderTree(tree, scope), property);
}

/** A copy of values, each as the schema of its name wants it. */
export function coerced(given: Record<string, unknown>, properties: Record<string, unknown>): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    setOwn(values, name, isRecord(property) ? coerce(value, property) : value);
  }
  return values;
}

/** Command lines and templates give texts; a text that is exactly one value of the wanted type becomes it. */
function coerce(value: unknown, schema: JsonSchema): unknown {
  if (typeof value !== "string") return value;
  const text = value.trim();
  switch (schema["type"]) {
    case "number":
    case "integer":
      return /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : value;
    case "boolean":
      return text === "true" ? true : text === "false" ? false : value;
    case "array":
    case "object":
      return /^[[{]/.test(text) ? parsed(text, value) : value;
    default:
      return value;
  }
}

function parsed(text: string, otherwise: unknown): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return otherwise;
  }
}

function hintFor(properties: Record<string, unknown>, name: string): string {
  const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
  const description = isRecord(property) ? property["description"] : undefined;
  return typeof description === "string" ? `Give it: ${description}` : `Give it a value, such as --input ${name}=...`;
}

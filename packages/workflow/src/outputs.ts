import { formatPath, StepwireError, type JsonSchema } from "@stepwire/core";
import { coerced } from "./inputs.ts";
import { schemaProblems } from "./json-schema.ts";
import { isRecord } from "./values.ts";

/**
 * Outputs as the workflow declares them, with texts such as `"12"` turned into what it says; any where it declares
 * none. Throws `output-invalid`.
 */
export function checkOutputs(
  schema: JsonSchema | undefined,
  given: Record<string, unknown>,
  step: string,
): Record<string, unknown> {
  if (schema === undefined) return given;
  const outputs = coerced(given, isRecord(schema["properties"]) ? schema["properties"] : {});
  const [problem, ...more] = outputProblems(schema, outputs);
  if (problem === undefined) return outputs;
  const others = more.length === 0 ? "" : ` (${more.length} more)`;
  throw new StepwireError(
    "output-invalid",
    `Step "${step}" gives outputs that the workflow does not declare so: ${problem.message}${others}`,
    { details: { outputs: [problem, ...more].map(({ message }) => message) } },
  );
}

export interface OutputProblem {
  /** Keys below the outputs. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What is wrong with outputs. Of a closed list of fields, no other may be given. */
export function outputProblems(schema: JsonSchema, outputs: Record<string, unknown>): OutputProblem[] {
  const closed = "additionalProperties" in schema ? schema : { ...schema, additionalProperties: false };
  return schemaProblems(outputs, closed).map(({ path, message }) => ({
    path,
    message: path.length === 0 ? `The outputs ${message}.` : `Output "${formatPath(path)}" ${message}.`,
  }));
}

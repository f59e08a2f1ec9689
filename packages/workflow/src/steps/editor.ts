/** Parts of the JSON Schema for editors that several step types share. */
export const DURATION = {
  type: "string",
  title: "duration",
  pattern: String.raw`^(\d+(w|d|h|ms|m|s))+$`,
  description: "Such as 30s or 1h30m.",
};
export const SIZE = {
  type: "string",
  title: "size",
  pattern: String.raw`^\d+(\.\d+)?\s*([bB]|[kKmMgG][bB])$`,
  description: "Such as 10mb.",
};
export const TEMPLATE = { type: "string", pattern: String.raw`\{[{%]` };
export const TEXT = { type: "string", minLength: 1 };
export const CONDITION = {
  type: ["string", "boolean"],
  title: "condition",
  description: "KQL such as `event.severity: high`, or `${{ expression }}`.",
};
export const STEPS = { $ref: "#/$defs/steps" };
export const POLICY = { $ref: "#/$defs/on-failure" };
export const TIMEOUT = { anyOf: [DURATION, TEMPLATE] };
export const ITEMS = {
  type: ["string", "array"],
  title: "list",
  description: "A list, or an expression that gives one.",
};

/** The same with words of its own. */
export const described = <Schema extends object>(
  schema: Schema,
  description: string,
): Schema & { description: string } => ({
  ...schema,
  description,
});

export const CONNECTOR_ID = described(TEXT, "The name or id of the connector; a template may give it.");

/** What can be around a step. */
export const IF = described(CONDITION, "The step is skipped unless this holds.");
export const STEP_TIMEOUT = described(TIMEOUT, "How long the step may take, all of its items together.");
export const ON_FAILURE = described(POLICY, "What to do when the step fails.");

/** What wraps a step that holds no others. */
export const LEAF = {
  if: IF,
  foreach: described(ITEMS, "Runs the step once for each item of this list, which it reads as foreach.item."),
  timeout: STEP_TIMEOUT,
  "on-failure": ON_FAILURE,
};

/** Parts of the JSON Schema for editors that several step types share. */
export const DURATION = {
  type: "string",
  pattern: String.raw`^(\d+(w|d|h|ms|m|s))+$`,
  description: "Such as 30s or 1h30m.",
};
export const SIZE = {
  type: "string",
  pattern: String.raw`^\d+(\.\d+)?\s*([bB]|[kKmMgG][bB])$`,
  description: "Such as 10mb.",
};
export const TEMPLATE = { type: "string", pattern: String.raw`\{[{%]` };
export const TEXT = { type: "string", minLength: 1 };
export const CONDITION = {
  type: ["string", "boolean"],
  description: "KQL such as `event.severity: high`, or ${{ expression }}.",
};
export const STEPS = { $ref: "#/$defs/steps" };
export const POLICY = { $ref: "#/$defs/on-failure" };
export const TIMEOUT = { anyOf: [DURATION, TEMPLATE] };
export const ITEMS = { type: ["string", "array"], description: "A list, or an expression that gives one." };

/** What wraps a step that holds no others. */
export const LEAF = { if: CONDITION, foreach: ITEMS, timeout: TIMEOUT, "on-failure": POLICY };

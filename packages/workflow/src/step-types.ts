/** The step types of the language that run without any package, and what each is for. */
export const BUILT_IN_STEP_TYPES: Readonly<Record<string, string>> = {
  console: "Writes a message to the log",
  "data.set": "Sets variables",
  foreach: "Runs steps for each item of a list",
  if: "Runs steps if a condition holds",
};

const KNOWN_TYPES = new Set([
  "while",
  "switch",
  "parallel",
  "merge",
  "wait",
  "delay",
  "waitForInput",
  "waitForApproval",
]);
const KNOWN_FAMILIES = ["data", "workflow", "loop", "elasticsearch", "kibana", "cases", "ai", "security"];

/** Whether Kibana's language has this step type, though it cannot run here. */
export function isKnownElsewhere(type: string): boolean {
  if (Object.hasOwn(BUILT_IN_STEP_TYPES, type)) return false;
  return KNOWN_TYPES.has(type) || KNOWN_FAMILIES.includes(type.slice(0, Math.max(0, type.indexOf("."))));
}

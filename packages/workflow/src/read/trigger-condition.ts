import { parseKql } from "../kql/parse.ts";
import { KqlSyntaxError } from "../kql/syntax.ts";
import type { Path } from "../template/tree.ts";
import { checkKeys, complain, readMap, readText, type Reader } from "./reader.ts";
import { positionIn } from "./texts.ts";
import { readChoice } from "./values.ts";

/** What becomes of an event that a workflow caused itself. */
const WORKFLOW_EVENTS = ["ignore", "allow-all", "avoid-loop"] as const;

/** `on` of an event-driven trigger: which events count. Nothing here starts a run by it. */
export function checkEvents(r: Reader, path: Path, value: unknown): void {
  const map = readMap(r, path, value, `"on"`);
  if (map === undefined) return;
  checkKeys(r, path, map, ["condition", "workflowEvents"], `"on" of a trigger`);
  if ("workflowEvents" in map) readChoice(r, [...path, "workflowEvents"], map["workflowEvents"], WORKFLOW_EVENTS);
  if (!("condition" in map)) return;
  const at = [...path, "condition"];
  const text = readText(r, at, map["condition"], `"condition" of a trigger`);
  if (text === undefined) return;
  try {
    parseKql(text);
  } catch (error) {
    if (!(error instanceof KqlSyntaxError)) throw error;
    const { message, hint, offset } = error;
    const complaint = { rule: "invalidTriggerCondition", message: `This is no condition: ${message}.`, hint } as const;
    complain(r, at, complaint, () => positionIn(r, at, text, offset));
  }
}

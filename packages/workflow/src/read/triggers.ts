import { nearest } from "@stepwire/core";
import type { Path } from "../template/tree.ts";
import { checkKeys, complain, readList, readMap, readText, type Reader } from "./reader.ts";

const KEYS: Record<string, readonly string[]> = {
  manual: ["type", "inputs"],
  scheduled: ["type", "with"],
  alert: ["type"],
  webhook: ["type", "inputs", "auth", "with"],
};
/** What any of the event-driven triggers may have; their names hold a dot, such as `workflows.failed`. */
const EVENT_KEYS = ["type", "on", "with"];

export interface Triggers {
  triggers: Record<string, unknown>[];
  /** Where the manual trigger declares inputs. */
  inputs?: { path: Path; value: unknown };
}

/** `triggers`; a workflow without any can be started by hand. */
export function readTriggers(r: Reader, value: unknown): Triggers {
  if (value === undefined) return { triggers: [{ type: "manual" }] };
  const list = readList(r, ["triggers"], value, `"triggers"`);
  if (list === undefined) return { triggers: [] };
  if (list.length === 0) {
    complain(r, ["triggers"], { message: `"triggers" is empty.`, hint: "Leave it out, or write `- type: manual`." });
  }
  const result: Triggers = { triggers: [] };
  for (const [index, entry] of list.entries()) {
    const path = ["triggers", index];
    const map = readMap(r, path, entry, "A trigger");
    if (map === undefined) continue;
    if (!("type" in map)) complain(r, path, { message: `A trigger has no "type".`, hint: "Write `type: manual`." });
    const type = "type" in map ? readText(r, [...path, "type"], map["type"], `"type" of a trigger`) : undefined;
    if (type === undefined) continue;
    const known = Object.hasOwn(KEYS, type) ? KEYS[type] : type.includes(".") ? EVENT_KEYS : undefined;
    if (known === undefined) complainOfType(r, path, type);
    else checkKeys(r, path, map, known, `a trigger of type "${type}"`);
    result.triggers.push(map);
    if (
      "inputs" in map &&
      map["inputs"] !== null &&
      known?.includes("inputs") === true &&
      result.inputs === undefined
    ) {
      result.inputs = { path: [...path, "inputs"], value: map["inputs"] };
    }
  }
  return result;
}

function complainOfType(r: Reader, path: Path, type: string): void {
  const guess = nearest(type, Object.keys(KEYS));
  const hint = guess === undefined ? `There are ${Object.keys(KEYS).join(", ")}.` : `Did you mean "${guess}"?`;
  complain(r, [...path, "type"], { message: `There is no trigger "${type}".`, hint }, "value");
}

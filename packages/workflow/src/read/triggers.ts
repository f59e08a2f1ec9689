import { nearest } from "@stepwire/core";
import { EVENT_TRIGGER, TRIGGER_TYPES, type TriggerType } from "../language/triggers.ts";
import type { Path } from "../template/tree.ts";
import { checkEvents } from "./trigger-condition.ts";
import { checkKeys, complain, readList, readMap, readText, type Reader } from "./reader.ts";
import { checkSchedule } from "./schedule.ts";

const TYPES: Readonly<Record<string, TriggerType>> = TRIGGER_TYPES;

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
    const known = Object.hasOwn(TYPES, type) ? TYPES[type] : type.includes(".") ? EVENT_TRIGGER : undefined;
    if (known === undefined) complainOfType(r, path, type);
    else checkKeys(r, path, map, Object.keys(known.keys), `a trigger of type "${type}"`);
    if (type === "scheduled") checkSchedule(r, path, map);
    if (known === EVENT_TRIGGER && "on" in map) checkEvents(r, [...path, "on"], map["on"]);
    result.triggers.push(map);
    if (
      "inputs" in map &&
      map["inputs"] !== null &&
      known !== undefined &&
      "inputs" in known.keys &&
      result.inputs === undefined
    ) {
      result.inputs = { path: [...path, "inputs"], value: map["inputs"] };
    }
  }
  return result;
}

function complainOfType(r: Reader, path: Path, type: string): void {
  const guess = nearest(type, Object.keys(TYPES));
  const hint = guess === undefined ? `There are ${Object.keys(TYPES).join(", ")}.` : `Did you mean "${guess}"?`;
  complain(r, [...path, "type"], { message: `There is no trigger "${type}".`, hint }, "value");
}

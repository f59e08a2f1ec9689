import type { Condition } from "../condition.ts";
import type { Reader } from "../read/reader.ts";
import { readCondition } from "../read/texts.ts";
import { isRecord } from "../values.ts";
import type { BodyReading } from "./step-type.ts";

/** What to write where there is no `with.condition`. */
export const CONDITION_HINT = {
  with: 'Write `with: { condition: "item.severity > 2" }`.',
  condition: "Write KQL such as `condition: item.severity > 2`.",
};

/** `with.condition`, which reads `item` and `index`; where it is missing, that is told with the other options. */
export function readElementCondition(r: Reader, { path, map, place }: BodyReading): Condition | undefined {
  const params = map["with"];
  if (!isRecord(params) || !("condition" in params)) return undefined;
  return readCondition(r, [...path, "with", "condition"], params["condition"], {
    ...place,
    locals: ["item", "index"],
  });
}

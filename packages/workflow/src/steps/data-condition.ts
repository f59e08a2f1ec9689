import type { Condition } from "../condition.ts";
import { complain, type Reader } from "../read/reader.ts";
import { readCondition } from "../read/texts.ts";
import { isRecord } from "../values.ts";
import type { BodyReading } from "./step-type.ts";

/** `with.condition`, which reads `item` and `index`. */
export function readElementCondition(r: Reader, { path, map, place, site }: BodyReading): Condition | undefined {
  const params = map["with"];
  const at = [...path, "with", "condition"];
  if (isRecord(params) && "condition" in params) {
    return readCondition(r, at, params["condition"], { ...place, locals: ["item", "index"] });
  }
  complain(r, "with" in map ? [...path, "with"] : path, {
    message: `"with" of step "${site.name}" has no "condition".`,
    hint: "Write KQL such as `condition: item.severity > 2`.",
  });
  return undefined;
}

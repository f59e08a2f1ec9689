import { parseDuration, StepwireError } from "@stepwire/core";
import type { WaitBody } from "../plan.ts";
import { checkKeys, complain } from "../read/reader.ts";
import { called } from "../read/sites.ts";
import { readTimeout } from "../read/values.ts";
import { capital, kindOf } from "../values.ts";
import { described, IF, TIMEOUT } from "./editor.ts";
import { leafDry, leafRun } from "./leaf.ts";
import { needs, readWith } from "./read.ts";
import type { BuiltInStepType } from "./step-type.ts";

/** Whoever writes more has most likely mistaken a unit. */
export const LONGEST_WAIT_MS = 365 * 86_400_000;
const TOO_LONG = "is longer than 365d, the longest wait there is";

export const wait: BuiltInStepType<WaitBody> = {
  kind: "wait",
  types: { wait: "Waits for some time" },
  keys: ["with", "if"],
  leaf: false,
  schema: {
    properties: {
      if: IF,
      with: {
        type: "object",
        properties: { duration: described(TIMEOUT, "How long to wait.") },
        required: ["duration"],
        additionalProperties: false,
      },
    },
    required: ["with"],
  },
  read(r, step) {
    const { path, map, site, place } = step;
    const hint = "Write how long to wait, such as `with: { duration: 30s }`.";
    if (!needs(r, step, "with", hint)) return undefined;
    const params = readWith(r, path, map);
    if (params === undefined) return undefined;
    const misspelt = checkKeys(r, [...path, "with"], params, ["duration"], `"with" of a step of type "wait"`);
    if (!("duration" in params)) {
      const message = `${capital(called(site))} has no "duration".`;
      if (!misspelt.has("duration")) complain(r, [...path, "with"], { message, hint });
      return undefined;
    }
    const at = [...path, "with", "duration"];
    const duration = readTimeout(r, at, params["duration"], place);
    if (duration === undefined) return undefined;
    if (typeof duration === "number" && duration > LONGEST_WAIT_MS)
      complain(r, at, { message: `"duration" ${TOO_LONG}.` }, "value");
    return { kind: "wait", duration, text: String(params["duration"]) };
  },
  run: leafRun(async ({ run, node, body, execution, frame, begin }) => {
    const { duration } = body;
    const text = typeof duration === "number" ? body.text : duration.render(execution.scope);
    const ms = typeof duration === "number" ? duration : durationOf(node.name, body.text, text);
    begin({ duration: text });
    // An absolute time, so that a run that is resumed waits for the rest only.
    const until = run.host.now(execution.part("until")) + ms;
    const pause = (): Promise<void> => run.host.sleepUntil(execution.part("until"), until, frame.signal);
    await (frame.idle === undefined ? pause() : frame.idle(pause));
  }),
  dry: leafDry(() => undefined),
};

/** Milliseconds of a rendered duration. Throws `params-invalid`. */
function durationOf(name: string, source: string, value: unknown): number {
  const ms = typeof value === "string" ? parseDuration(value.trim()) : undefined;
  if (ms !== undefined && ms > 0 && ms <= LONGEST_WAIT_MS) return ms;
  const shown = typeof value === "string" ? JSON.stringify(value.slice(0, 100)) : kindOf(value);
  const problem =
    ms === undefined
      ? "is no duration; write a number and a unit, such as 30s"
      : ms === 0
        ? "is no time at all"
        : TOO_LONG;
  throw new StepwireError(
    "params-invalid",
    `The duration of step "${name}", ${source}, gives ${shown}, which ${problem}.`,
  );
}

import { DEFAULT_LOOP_CAP, type LoopCap, type StepBody } from "../plan.ts";
import type { Path } from "../template/tree.ts";
import { capital, isRecord } from "../values.ts";
import { readItems } from "./items.ts";
import { readPolicy } from "./policy.ts";
import { checkKeys, complain, readMap, readText, type Reader } from "./reader.ts";
import { called, type Place, type StepSite, type Surroundings } from "./sites.ts";
import { readCondition, readTemplate, readTree } from "./texts.ts";
import { readChoice, readNumber, readTimeout } from "./values.ts";

interface BodyContext {
  type: string;
  site: StepSite;
  /** What the step's own values see. */
  place: Place;
  around: Surroundings;
  /** Keys that were meant but misspelt, which need not be called missing too. */
  misspelt: ReadonlySet<string>;
}

/** The part of a step that is its type's own. */
export function readBody(
  r: Reader,
  path: Path,
  map: Record<string, unknown>,
  context: BodyContext,
): StepBody | undefined {
  switch (context.type) {
    case "if":
      return readIf(r, path, map, context);
    case "foreach":
      return readForeach(r, path, map, context);
    case "console":
      return readConsole(r, path, map, context);
    case "data.set":
      return readSet(r, path, map, context);
    default:
      return readExternal(r, path, map, context);
  }
}

/** Whether a key is there; where it is neither there nor misspelt, that is a finding. */
function needs(
  r: Reader,
  path: Path,
  map: Record<string, unknown>,
  key: string,
  { site, misspelt }: BodyContext,
  hint: string,
): boolean {
  if (key in map) return true;
  if (!misspelt.has(key)) complain(r, path, { message: `${capital(called(site))} has no "${key}".`, hint });
  return false;
}

function readWith(r: Reader, path: Path, map: Record<string, unknown>): Record<string, unknown> | undefined {
  const value = map["with"];
  return value === undefined || value === null ? {} : readMap(r, [...path, "with"], value, `"with"`);
}

function readIf(r: Reader, path: Path, map: Record<string, unknown>, context: BodyContext): StepBody | undefined {
  const { place, around } = context;
  const condition = needs(r, path, map, "condition", context, 'Write KQL such as `condition: "event.severity: high"`.')
    ? readCondition(r, [...path, "condition"], map["condition"], place)
    : undefined;
  const steps = needs(r, path, map, "steps", context, "Give the steps to run if the condition holds.")
    ? r.readSteps([...path, "steps"], map["steps"], around)
    : [];
  const otherwise = "else" in map ? r.readSteps([...path, "else"], map["else"], around) : [];
  return condition === undefined ? undefined : { kind: "if", condition, steps, else: otherwise };
}

function readForeach(r: Reader, path: Path, map: Record<string, unknown>, context: BodyContext): StepBody | undefined {
  const { place, around, site } = context;
  const items = needs(
    r,
    path,
    map,
    "foreach",
    context,
    "Write the list to go through, such as `foreach: ${{ event.alerts }}`.",
  )
    ? readItems(r, [...path, "foreach"], map["foreach"], place)
    : undefined;
  const inside = { ...around, inLoop: true, also: [...around.also, site.name] };
  const iteration = { ...place, inLoop: true, also: inside.also };
  const steps = needs(r, path, map, "steps", context, "Give the steps to run for each item.")
    ? r.readSteps([...path, "steps"], map["steps"], inside)
    : [];
  const cap = "max-iterations" in map ? readCap(r, [...path, "max-iterations"], map["max-iterations"]) : undefined;
  const timeout =
    "iteration-timeout" in map
      ? readTimeout(r, [...path, "iteration-timeout"], map["iteration-timeout"], iteration)
      : undefined;
  const policy =
    "iteration-on-failure" in map
      ? readPolicy(r, [...path, "iteration-on-failure"], map["iteration-on-failure"], iteration, inside)
      : undefined;
  if (items === undefined) return undefined;
  return {
    kind: "foreach",
    items,
    steps,
    cap: cap ?? DEFAULT_LOOP_CAP,
    ...(timeout === undefined ? {} : { iterationTimeout: timeout }),
    ...(policy === undefined ? {} : { iterationPolicy: policy }),
  };
}

function readCap(r: Reader, path: Path, value: unknown): LoopCap | undefined {
  if (!isRecord(value)) {
    const limit = readNumber(r, path, value, 1);
    return limit === undefined ? undefined : { limit, onLimit: "continue" };
  }
  checkKeys(r, path, value, ["limit", "on-limit"], `"max-iterations"`);
  const limit = readNumber(r, [...path, "limit"], value["limit"], 1);
  const onLimit =
    "on-limit" in value
      ? readChoice(r, [...path, "on-limit"], value["on-limit"], ["continue", "fail"] as const)
      : "continue";
  return limit === undefined || onLimit === undefined ? undefined : { limit, onLimit };
}

function readConsole(
  r: Reader,
  path: Path,
  map: Record<string, unknown>,
  { place }: BodyContext,
): StepBody | undefined {
  const params = readWith(r, path, map);
  if (params === undefined) return undefined;
  checkKeys(r, [...path, "with"], params, ["message"], `"with" of a step of type "console"`);
  return { kind: "console", message: readTree(r, [...path, "with", "message"], params["message"] ?? "", place) };
}

function readSet(r: Reader, path: Path, map: Record<string, unknown>, context: BodyContext): StepBody | undefined {
  if (!needs(r, path, map, "with", context, "Write the variables to set, such as `with: { owner: ann }`."))
    return undefined;
  const params = readWith(r, path, map);
  if (params === undefined) return undefined;
  for (const key of Object.keys(params)) r.variables.add(key);
  return { kind: "set", values: readTree(r, [...path, "with"], params, context.place) };
}

function readExternal(r: Reader, path: Path, map: Record<string, unknown>, context: BodyContext): StepBody | undefined {
  const { type, site, place } = context;
  const text =
    "connector-id" in map ? readText(r, [...path, "connector-id"], map["connector-id"], `"connector-id"`) : undefined;
  const connectorId = text === undefined ? undefined : readTemplate(r, [...path, "connector-id"], text, place);
  const raw = readWith(r, path, map);
  if (raw === undefined) return undefined;
  const tree = readTree(r, [...path, "with"], raw, place);
  const connectorSpoilt = context.misspelt.has("connector-id") || ("connector-id" in map && connectorId === undefined);
  site.external = { type, with: tree, raw, connectorId, connectorSpoilt };
  return { kind: "external", with: tree, ...(connectorId === undefined ? {} : { connectorId }) };
}

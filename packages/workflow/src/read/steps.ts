import { STEP_KEYS } from "../language/step-keys.ts";
import type { StepBody, StepNode } from "../plan.ts";
import { KEYS_OF_STEP_TYPES, stepTypeOf } from "../steps/index.ts";
import type { Path } from "../template/tree.ts";
import { readItems } from "./items.ts";
import { readPolicy } from "./policy.ts";
import { checkKeys, complain, complainOfKey, meantBy, readList, readMap, readText, type Reader } from "./reader.ts";
import type { Place, StepSite, Surroundings } from "./sites.ts";
import { readCondition } from "./texts.ts";
import { readSize, readTimeout } from "./values.ts";

/** A list of steps; all that is wrong in it becomes findings. */
export function readSteps(r: Reader, path: Path, value: unknown, around: Surroundings): StepNode[] {
  const list = readList(r, path, value, `"${String(path.at(-1))}"`);
  if (list === undefined) return [];
  if (list.length === 0) {
    complain(r, path, { message: `"${String(path.at(-1))}" is empty.`, hint: "Give at least one step." }, "value");
  }
  return list.flatMap((step, index) => readStep(r, [...path, index], step, around) ?? []);
}

function readStep(r: Reader, path: Path, value: unknown, around: Surroundings): StepNode | undefined {
  const map = readMap(r, path, value, "A step");
  if (map === undefined) return undefined;
  const type = readRequired(r, path, map, "type", "Write what the step does, such as `type: http`.");
  const name = readRequired(
    r,
    path,
    map,
    "name",
    "Give the step a name of its own; other steps read its result by it.",
  );
  const site: StepSite = { name: name ?? "", path, order: around.everywhere === true ? -1 : r.steps.length };
  r.steps.push(site);
  if (type === undefined) return undefined;
  const stepType = stepTypeOf(type);
  const what = stepType.kind === "external" ? "a step" : `a step of type "${type}"`;
  const misspelt =
    stepType.open === true
      ? new Set<string>()
      : checkKeys(
          r,
          path,
          untold(r, path, map, stepType.keys, what),
          [...Object.keys(STEP_KEYS), ...stepType.keys],
          what,
        );
  const place: Place = {
    order: around.everywhere === true ? Number.POSITIVE_INFINITY : site.order,
    also: around.also,
    inLoop: around.inLoop,
    inWhile: around.inWhile,
    hasError: around.hasError,
    ...(name === undefined ? {} : { step: name }),
  };
  const maxOutputBytes =
    ("max-step-size" in map ? readSize(r, [...path, "max-step-size"], map["max-step-size"]) : undefined) ??
    around.maxOutputBytes;
  const inner = { ...around, maxOutputBytes };
  const wrappers = readWrappers(r, path, map, stepType, place, inner);
  const repeats = stepType.leaf && "foreach" in map;
  const body = stepType.read(r, {
    type,
    path,
    map,
    site,
    place: repeats ? { ...place, inLoop: true } : place,
    around: inner,
    misspelt,
  });
  return body === undefined
    ? undefined
    : { name: site.name, type, maxOutputBytes, body: body as StepBody, ...wrappers };
}

/** The step without the keys that are told elsewhere: a misspelt name, and an `if` where there can be none. */
function untold(
  r: Reader,
  path: Path,
  map: Record<string, unknown>,
  keys: readonly string[],
  what: string,
): Record<string, unknown> {
  const name = meantInStep(map, "name");
  const misplaced = "if" in map && !keys.includes("if") ? "if" : undefined;
  if (misplaced !== undefined) {
    const hint = 'Put it into a step of type "if".';
    complain(r, [...path, misplaced], { message: `"if" is not a key of ${what}.`, hint });
  }
  if (name === undefined && misplaced === undefined) return map;
  return Object.fromEntries(Object.entries(map).filter(([key]) => key !== name && key !== misplaced));
}

/** The key that a step has in place of one that it needs. */
function meantInStep(map: Record<string, unknown>, key: "name" | "type"): string | undefined {
  return key in map ? undefined : meantBy(map, key, [...Object.keys(STEP_KEYS), ...KEYS_OF_STEP_TYPES]);
}

type Wrappers = Pick<StepNode, "if" | "timeout" | "foreach" | "policy">;

function readWrappers(
  r: Reader,
  path: Path,
  map: Record<string, unknown>,
  { keys, leaf }: ReturnType<typeof stepTypeOf>,
  place: Place,
  around: Surroundings,
): Wrappers {
  const has = (key: string): boolean => key in map && keys.includes(key);
  const condition = has("if") ? readCondition(r, [...path, "if"], map["if"], place) : undefined;
  const timeout = has("timeout") ? readTimeout(r, [...path, "timeout"], map["timeout"], place) : undefined;
  const foreach = leaf && has("foreach") ? readItems(r, [...path, "foreach"], map["foreach"], place) : undefined;
  const policy = has("on-failure")
    ? readPolicy(r, [...path, "on-failure"], map["on-failure"], place, around)
    : leaf && !around.inFallback
      ? around.policy
      : undefined;
  return {
    ...(condition === undefined ? {} : { if: condition }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(foreach === undefined ? {} : { foreach }),
    ...(policy === undefined ? {} : { policy }),
  };
}

function readRequired(
  r: Reader,
  path: Path,
  map: Record<string, unknown>,
  key: "name" | "type",
  hint: string,
): string | undefined {
  if (key in map) return readText(r, [...path, key], map[key], `"${key}" of a step`);
  const meant = meantInStep(map, key);
  if (meant !== undefined) {
    complainOfKey(r, path, meant, "a step", key);
    return undefined;
  }
  const named = map["name"];
  complain(r, path, { message: `${typeof named === "string" ? `Step "${named}"` : "A step"} has no "${key}".`, hint });
  return undefined;
}

/** Reports names that two steps bear. */
export function checkNames(r: Reader): void {
  const first = new Map<string, StepSite>();
  for (const site of r.steps) {
    if (site.name === "") continue;
    const other = first.get(site.name);
    if (other === undefined) {
      first.set(site.name, site);
      continue;
    }
    const { line } = r.source.position([...other.path, "name"]);
    complain(
      r,
      [...site.path, "name"],
      {
        rule: "duplicateStepName",
        message: `Two steps are called "${site.name}"; the other is in line ${line}.`,
        hint: "Give each step a name of its own, also inside branches, loops and fallbacks.",
      },
      "value",
    );
  }
}

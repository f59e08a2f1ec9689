import { POLICY_KEYS, RETRY_DEFAULTS, RETRY_KEYS, RETRY_STRATEGIES } from "../language/step-keys.ts";
import type { Policy, Retry } from "../plan.ts";
import type { Path } from "../template/tree.ts";
import { checkKeys, complain, readMap, type Reader } from "./reader.ts";
import type { Place, Surroundings } from "./sites.ts";
import { readCondition } from "./texts.ts";
import { readBoolean, readChoice, readDuration, readNumber } from "./values.ts";

/** An `on-failure` map. `place` is the step it belongs to, `around` what its fallback steps see. */
export function readPolicy(
  r: Reader,
  path: Path,
  value: unknown,
  place: Place,
  around: Surroundings,
): Policy | undefined {
  const map = readMap(r, path, value, `"${String(path.at(-1))}"`);
  if (map === undefined) return undefined;
  checkKeys(r, path, map, Object.keys(POLICY_KEYS), `"${String(path.at(-1))}"`);
  const also = place.step === undefined ? place.also : [...place.also, place.step];
  const failed: Place = { ...place, also, hasError: true };
  const retry = "retry" in map ? readRetry(r, [...path, "retry"], map["retry"], failed) : undefined;
  const fallback =
    "fallback" in map
      ? r.readSteps([...path, "fallback"], map["fallback"], { ...around, also, hasError: true, inFallback: true })
      : undefined;
  const goOn = "continue" in map ? readCondition(r, [...path, "continue"], map["continue"], failed) : undefined;
  return {
    ...(retry === undefined ? {} : { retry }),
    ...(fallback === undefined ? {} : { fallback }),
    ...(goOn === undefined ? {} : { continue: goOn }),
  };
}

function readRetry(r: Reader, path: Path, value: unknown, place: Place): Retry | undefined {
  const map = readMap(r, path, value, `"retry"`);
  if (map === undefined) return undefined;
  const misspelt = checkKeys(r, path, map, Object.keys(RETRY_KEYS), `"retry"`);
  const given = <T>(key: string, read: (path: Path, value: unknown) => T | undefined): T | undefined =>
    key in map ? read([...path, key], map[key]) : undefined;

  const maxAttempts = given("max-attempts", (at, found) => readNumber(r, at, found, 1));
  if (!("max-attempts" in map) && !misspelt.has("max-attempts")) {
    complain(r, path, {
      message: `"retry" needs "max-attempts".`,
      hint: "Write how often to try again, such as `max-attempts: 3`.",
    });
  }
  const delayMs = given("delay", (at, found) => readDuration(r, at, found));
  const maxDelayMs = given("max-delay", (at, found) => readDuration(r, at, found));
  const condition = given("condition", (at, found) => readCondition(r, at, found, place));
  const multiplier = given("multiplier", (at, found) => readNumber(r, at, found, 1, false));
  const jitter = given("jitter", (at, found) => readBoolean(r, at, found));
  const strategy = given("strategy", (at, found) => readChoice(r, at, found, RETRY_STRATEGIES));
  return {
    maxAttempts: maxAttempts ?? 1,
    strategy: strategy ?? RETRY_DEFAULTS.strategy,
    multiplier: multiplier ?? RETRY_DEFAULTS.multiplier,
    jitter: jitter ?? RETRY_DEFAULTS.jitter,
    ...(delayMs === undefined ? {} : { delayMs }),
    ...(maxDelayMs === undefined ? {} : { maxDelayMs }),
    ...(condition === undefined ? {} : { condition }),
  };
}

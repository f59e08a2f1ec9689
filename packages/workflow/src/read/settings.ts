import { CONCURRENCY_KEYS, LIQUID_KEYS, SETTINGS_KEYS } from "../language/workflow-keys.ts";
import {
  DEFAULT_CONCURRENCY,
  DEFAULT_MAX_STEP_BYTES,
  DEFAULT_TIMEOUT_MS,
  type Concurrency,
  type Policy,
} from "../plan.ts";
import { DEFAULT_TEMPLATE_LIMITS, MAX_TEMPLATE_LIMITS, type TemplateLimits } from "../template/engine.ts";
import type { Path } from "../template/tree.ts";
import { isRecord } from "../values.ts";
import { readPolicy } from "./policy.ts";
import { checkKeys, complain, readMap, readText, type Reader } from "./reader.ts";
import type { Place, Surroundings } from "./sites.ts";
import { readTemplate } from "./texts.ts";
import { readChoice, readDuration, readNumber, readSize, readTimeout } from "./values.ts";

/** What the key of a run may read: nothing has run yet. */
const BEFORE_ALL: Place = { order: 0, also: [], inLoop: false, hasError: false };
const STRATEGIES = CONCURRENCY_KEYS.strategy.enum;
const LIMITS = Object.keys(LIQUID_KEYS) as (keyof TemplateLimits)[];

export interface Settings {
  timeoutMs: number;
  maxOutputBytes: number;
  policy?: Policy;
  concurrency?: Concurrency;
}

/** `settings.liquid`, which is needed before any template can be read. */
export function readTemplateLimits(r: Omit<Reader, "templates" | "readSteps">, settings: unknown): TemplateLimits {
  const given = isRecord(settings) ? settings["liquid"] : undefined;
  if (given === undefined) return DEFAULT_TEMPLATE_LIMITS;
  const reader = r as Reader;
  const path = ["settings", "liquid"];
  const map = readMap(reader, path, given, `"liquid"`);
  if (map === undefined) return DEFAULT_TEMPLATE_LIMITS;
  checkKeys(reader, path, map, LIMITS, `"liquid"`);
  const limits = { ...DEFAULT_TEMPLATE_LIMITS };
  for (const key of LIMITS) {
    if (!(key in map)) continue;
    const value = readNumber(reader, [...path, key], map[key], 1);
    if (value === undefined) continue;
    if (value > MAX_TEMPLATE_LIMITS[key]) {
      complain(reader, [...path, key], { message: `"${key}" must be at most ${MAX_TEMPLATE_LIMITS[key]}.` }, "value");
    } else limits[key] = value;
  }
  return limits;
}

export function readSettings(r: Reader, value: unknown): Settings {
  const settings: Settings = { timeoutMs: DEFAULT_TIMEOUT_MS, maxOutputBytes: DEFAULT_MAX_STEP_BYTES };
  const map = value === undefined ? undefined : readMap(r, ["settings"], value, `"settings"`);
  if (map === undefined) return settings;
  checkKeys(r, ["settings"], map, Object.keys(SETTINGS_KEYS), `"settings"`);
  if ("timeout" in map)
    settings.timeoutMs = readTimeout(r, ["settings", "timeout"], map["timeout"]) ?? settings.timeoutMs;
  if ("max-step-size" in map) {
    settings.maxOutputBytes =
      readSize(r, ["settings", "max-step-size"], map["max-step-size"]) ?? settings.maxOutputBytes;
  }
  if ("timezone" in map) checkTimezone(r, ["settings", "timezone"], map["timezone"]);
  if ("concurrency" in map) {
    const concurrency = readConcurrency(r, map["concurrency"]);
    if (concurrency !== undefined) settings.concurrency = concurrency;
  }
  if ("on-failure" in map) {
    const around: Surroundings = {
      also: [],
      inLoop: true,
      inWhile: true,
      hasError: true,
      inFallback: true,
      maxOutputBytes: settings.maxOutputBytes,
      everywhere: true,
    };
    const place = { order: Number.POSITIVE_INFINITY, also: [], inLoop: true, inWhile: true, hasError: true };
    const policy = readPolicy(r, ["settings", "on-failure"], map["on-failure"], place, around);
    if (policy !== undefined) settings.policy = policy;
  }
  return settings;
}

export function checkTimezone(r: Reader, path: Path, value: unknown): void {
  const name = readText(r, path, value, `"${String(path.at(-1))}"`);
  if (name === undefined) return;
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: name });
  } catch {
    complain(
      r,
      path,
      { message: `There is no timezone "${name}".`, hint: "Write an IANA name such as Europe/Amsterdam." },
      "value",
    );
  }
}

function readConcurrency(r: Reader, value: unknown): Concurrency | undefined {
  const path = ["settings", "concurrency"];
  const map = readMap(r, path, value, `"concurrency"`);
  if (map === undefined) return undefined;
  const misspelt = checkKeys(r, path, map, Object.keys(CONCURRENCY_KEYS), `"concurrency"`);
  const at = [...path, "key"];
  const text = "key" in map ? readText(r, at, map["key"], `"key"`) : undefined;
  const key = text === undefined ? undefined : readTemplate(r, at, text, BEFORE_ALL);
  const strategy = "strategy" in map ? readChoice(r, [...path, "strategy"], map["strategy"], STRATEGIES) : undefined;
  const number = (name: "max" | "queue-size"): number | undefined =>
    name in map ? readNumber(r, [...path, name], map[name], 1) : undefined;
  const ttl = "queue-ttl" in map ? readDuration(r, [...path, "queue-ttl"], map["queue-ttl"]) : undefined;
  if (misspelt.has("strategy") || misspelt.has("key")) {
    // Told already, and what is meant is known.
  } else if (!("strategy" in map)) {
    const message = `Without a "strategy" a run does not look at others.`;
    complain(r, path, { severity: "warning", message, hint: `Add one of ${STRATEGIES.join(", ")}.` });
  } else if (!("key" in map)) {
    const hint = "Add one; a text without templates is the same for all runs of the workflow.";
    complain(r, path, { severity: "warning", message: `Without a "key" a run does not look at others.`, hint });
  }
  return {
    max: number("max") ?? DEFAULT_CONCURRENCY.max,
    queueSize: number("queue-size") ?? DEFAULT_CONCURRENCY.queueSize,
    queueTtlMs: ttl ?? DEFAULT_CONCURRENCY.queueTtlMs,
    ...(key === undefined ? {} : { key }),
    ...(strategy === undefined ? {} : { strategy }),
  };
}

import { DEFAULT_MAX_STEP_BYTES, DEFAULT_TIMEOUT_MS, type Policy } from "../plan.ts";
import { DEFAULT_TEMPLATE_LIMITS, MAX_TEMPLATE_LIMITS, type TemplateLimits } from "../template/engine.ts";
import { isRecord } from "../values.ts";
import { readPolicy } from "./policy.ts";
import { checkKeys, complain, readMap, readText, type Reader } from "./reader.ts";
import type { Surroundings } from "./sites.ts";
import { readChoice, readDuration, readNumber, readSize, readTimeout } from "./values.ts";

const KEYS = ["timeout", "timezone", "on-failure", "max-step-size", "concurrency", "liquid"];
const CONCURRENCY_KEYS = ["key", "strategy", "max", "queue-size", "queue-ttl"];
const LIMITS = ["parseLimit", "renderLimit", "memoryLimit"] as const;

export interface Settings {
  timeoutMs: number;
  maxOutputBytes: number;
  policy?: Policy;
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
  checkKeys(r, ["settings"], map, KEYS, `"settings"`);
  if ("timeout" in map)
    settings.timeoutMs = readTimeout(r, ["settings", "timeout"], map["timeout"]) ?? settings.timeoutMs;
  if ("max-step-size" in map) {
    settings.maxOutputBytes =
      readSize(r, ["settings", "max-step-size"], map["max-step-size"]) ?? settings.maxOutputBytes;
  }
  if ("timezone" in map) checkTimezone(r, map["timezone"]);
  if ("concurrency" in map) checkConcurrency(r, map["concurrency"]);
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

function checkTimezone(r: Reader, value: unknown): void {
  const path = ["settings", "timezone"];
  const name = readText(r, path, value, `"timezone"`);
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

function checkConcurrency(r: Reader, value: unknown): void {
  const path = ["settings", "concurrency"];
  const map = readMap(r, path, value, `"concurrency"`);
  if (map === undefined) return;
  checkKeys(r, path, map, CONCURRENCY_KEYS, `"concurrency"`);
  if ("key" in map) readText(r, [...path, "key"], map["key"], `"key"`);
  if ("strategy" in map) readChoice(r, [...path, "strategy"], map["strategy"], ["drop", "cancel-in-progress", "queue"]);
  if ("max" in map) readNumber(r, [...path, "max"], map["max"], 1);
  if ("queue-size" in map) readNumber(r, [...path, "queue-size"], map["queue-size"], 1);
  if ("queue-ttl" in map) readDuration(r, [...path, "queue-ttl"], map["queue-ttl"]);
  complain(r, path, { severity: "warning", message: `"concurrency" is read, but has no effect here yet.` });
}

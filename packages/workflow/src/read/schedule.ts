import { RRULE_KEYS, SCHEDULE_KEYS } from "../language/triggers.ts";
import type { Path } from "../template/tree.ts";
import { kindOf } from "../values.ts";
import { isOpen } from "./placeholders.ts";
import { checkKeys, complain, readList, readMap, readText, type Reader } from "./reader.ts";
import { checkTimezone } from "./settings.ts";
import { readChoice, readNumber } from "./values.ts";

const WEEKDAYS = RRULE_KEYS.byweekday.items.enum;
/** Lists of numbers. */
const NUMBERS = ["byhour", "byminute", "bymonthday"] as const;
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const HINT = "Write `every: 15m`, or `rrule: { freq: DAILY, interval: 1, byhour: [9] }`.";

/** `with` of a scheduled trigger. Nothing here starts a run by it; it is checked so that Kibana can. */
export function checkSchedule(r: Reader, path: Path, trigger: Record<string, unknown>): void {
  if (!("with" in trigger)) {
    complain(r, path, { message: `A scheduled trigger has no "with".`, hint: HINT });
    return;
  }
  const at = [...path, "with"];
  const map = readMap(r, at, trigger["with"], `"with" of a scheduled trigger`);
  if (map === undefined) return;
  const misspelt = checkKeys(r, at, map, Object.keys(SCHEDULE_KEYS), `"with" of a scheduled trigger`);
  if ("every" in map && "rrule" in map)
    complain(r, [...at, "rrule"], {
      message: `A schedule has both "every" and "rrule".`,
      hint: "Keep one of the two.",
    });
  if (!("every" in map) && !("rrule" in map) && misspelt.size === 0)
    complain(r, at, { message: `A schedule has neither "every" nor "rrule".`, hint: HINT });
  if ("every" in map) checkEvery(r, [...at, "every"], map["every"]);
  if ("rrule" in map) checkRule(r, [...at, "rrule"], map["rrule"]);
}

function checkEvery(r: Reader, path: Path, value: unknown): void {
  if (isOpen(value)) return;
  const [, count, unit = ""] = (typeof value === "string" ? /^(\d+)([smhd])$/.exec(value) : null) ?? [];
  if (Number(count) * (SECONDS[unit] ?? 0) >= 60) return;
  const shown = typeof value === "string" ? JSON.stringify(value) : kindOf(value);
  const hint = "Write a number and a unit (s, m, h, d), such as 90s or 15m.";
  complain(r, path, { message: `"every" must be a time of at least a minute, not ${shown}.`, hint }, "value");
}

function checkRule(r: Reader, path: Path, value: unknown): void {
  const map = readMap(r, path, value, `"rrule"`);
  if (map === undefined) return;
  const misspelt = checkKeys(r, path, map, Object.keys(RRULE_KEYS), `"rrule"`);
  for (const key of SCHEDULE_KEYS.rrule.required)
    if (!(key in map) && !misspelt.has(key)) complain(r, path, { message: `"rrule" has no "${key}".`, hint: HINT });
  if ("freq" in map) readChoice(r, [...path, "freq"], map["freq"], RRULE_KEYS.freq.enum);
  if ("interval" in map) readNumber(r, [...path, "interval"], map["interval"], 1);
  if ("tzid" in map) checkTimezone(r, [...path, "tzid"], map["tzid"]);
  if ("dtstart" in map) checkDate(r, [...path, "dtstart"], map["dtstart"]);
  if ("byweekday" in map) checkDays(r, [...path, "byweekday"], map["byweekday"]);
  for (const key of NUMBERS) if (key in map) checkNumbers(r, [...path, key], map[key], RRULE_KEYS[key].items);
}

function checkDate(r: Reader, path: Path, value: unknown): void {
  const text = readText(r, path, value, `"dtstart"`);
  if (text === undefined || isOpen(text) || !Number.isNaN(Date.parse(text))) return;
  const hint = "Write it such as 2026-01-15T09:00:00Z.";
  complain(r, path, { message: `"dtstart" must be a date, not ${JSON.stringify(text)}.`, hint }, "value");
}

function checkDays(r: Reader, path: Path, value: unknown): void {
  for (const [index, day] of (readList(r, path, value, `"byweekday"`) ?? []).entries()) {
    if ((WEEKDAYS as readonly unknown[]).includes(day)) continue;
    const message = `A day of "byweekday" must be one of ${WEEKDAYS.join(", ")}.`;
    complain(r, [...path, index], { message }, "value");
  }
}

function checkNumbers(r: Reader, path: Path, value: unknown, range: { minimum: number; maximum: number }): void {
  const { minimum: from, maximum: to } = range;
  const name = String(path.at(-1));
  for (const [index, number] of (readList(r, path, value, `"${name}"`) ?? []).entries()) {
    if (Number.isInteger(number) && Number(number) >= from && Number(number) <= to) continue;
    complain(r, [...path, index], { message: `"${name}" holds whole numbers from ${from} to ${to}.` }, "value");
  }
}

const UNIT_MS: Record<string, number> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  H: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const EXPRESSION = /^now((?:[+-]\d+[yMwdhHms]|\/[yMwdhHms])*)$/;

/** Whether a text is Elasticsearch date math on `now`, such as `now-1h` or `now/d`. */
export function isDateMath(text: string): boolean {
  return EXPRESSION.test(text);
}

/** Epoch milliseconds of date math; rounding (`/d`) goes down, in UTC, weeks start on Monday. */
export function dateMath(text: string, now: number): number | undefined {
  const operations = EXPRESSION.exec(text)?.[1];
  if (operations === undefined) return undefined;
  let time = now;
  for (const [part] of operations.matchAll(/[+-]\d+\w|\/\w/g)) {
    const unit = part.slice(-1);
    time = part.startsWith("/") ? roundDown(time, unit) : shift(time, Number(part.slice(0, -1)), unit);
  }
  return time;
}

function shift(time: number, amount: number, unit: string): number {
  const fixed = UNIT_MS[unit];
  if (fixed !== undefined) return time + amount * fixed;
  const date = new Date(time);
  const months = unit === "y" ? amount * 12 : amount;
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  // The 31st of a shorter month is its last day.
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return date.getTime();
}

function roundDown(time: number, unit: string): number {
  const date = new Date(time);
  if (unit === "y") return Date.UTC(date.getUTCFullYear(), 0, 1);
  if (unit === "M") return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  if (unit === "w") return roundDown(time, "d") - ((date.getUTCDay() + 6) % 7) * 86_400_000;
  const size = UNIT_MS[unit] ?? 1;
  return Math.floor(time / size) * size;
}

const MILLISECONDS: Record<string, number> = {
  w: 604_800_000,
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
};
const BYTES: Record<string, number> = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };

/**
 * Milliseconds of a duration such as `30s` or `1h30m` (units w d h m s ms, each
 * at most once and in this order), or `undefined` if it is none.
 */
export function parseDuration(text: string): number | undefined {
  const match = /^(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?$/.exec(text);
  if (match === null || text === "") return undefined;
  const units = ["w", "d", "h", "m", "s", "ms"];
  const total = units.reduce((sum, unit, index) => sum + Number(match[index + 1] ?? 0) * (MILLISECONDS[unit] ?? 0), 0);
  return Number.isSafeInteger(total) ? total : undefined;
}

/** Bytes of a size such as `10mb` or `1.5 kb` (1024-based, letter case does not matter), or `undefined` if it is none. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(b|kb|mb|gb)$/i.exec(text.trim());
  if (match === null) return undefined;
  const bytes = Math.floor(Number(match[1]) * (BYTES[(match[2] ?? "").toLowerCase()] ?? 0));
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

import * as z from "zod";

/** A map with a greatest number of entries, which its JSON Schema tells, too. */
export function boundedMap<K extends z.ZodString, V extends z.ZodType>(key: K, value: V, most: number) {
  return z
    .record(key, value)
    .refine((map) => Object.keys(map).length <= most, { error: `there are more than ${most} entries` })
    .meta({ maxProperties: most });
}

import { capital } from "../values.ts";
import { complain, readMap, type Reader } from "../read/reader.ts";
import { called } from "../read/sites.ts";
import type { Path } from "../template/tree.ts";
import type { BodyReading } from "./step-type.ts";

/** Whether a key is there; where it is neither there nor misspelt, that is a finding. */
export function needs(r: Reader, { path, map, site, misspelt }: BodyReading, key: string, hint: string): boolean {
  if (key in map) return true;
  if (!misspelt.has(key)) complain(r, path, { message: `${capital(called(site))} has no "${key}".`, hint });
  return false;
}

/** `with` as a map, empty where there is none; anything else is a finding. */
export function readWith(r: Reader, path: Path, map: Record<string, unknown>): Record<string, unknown> | undefined {
  const value = map["with"];
  return value === undefined || value === null ? {} : readMap(r, [...path, "with"], value, `"with"`);
}

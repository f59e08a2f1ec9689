import type { Bump } from "@stepwire/core/compare-manifests";

type Numbers = [major: number, minor: number, patch: number];

/** What comes behind `-` or `+` does not count: a pre-release is on its way to the version it names. */
const numbersOf = (version: string): Numbers => {
  const [major = 0, minor = 0, patch = 0] = (version.split(/[-+]/)[0] ?? "").split(".").map(Number);
  return [major, minor, patch];
};

/** By what a version is higher than another; `none` where it is not. */
export function raisedBy(from: string, to: string): Bump | "none" {
  const [before, after] = [numbersOf(from), numbersOf(to)];
  const place = after.findIndex((number, index) => number !== before[index]);
  if (place === -1 || (after[place] ?? 0) < (before[place] ?? 0)) return "none";
  return (["major", "minor", "patch"] as const)[place] ?? "none";
}

/** The next version of a kind. */
export function raisedTo(from: string, by: Bump): string {
  const [major, minor, patch] = numbersOf(from);
  if (by === "major") return `${major + 1}.0.0`;
  return by === "minor" ? `${major}.${minor + 1}.0` : `${major}.${minor}.${patch + 1}`;
}

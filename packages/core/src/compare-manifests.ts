import { change, type Bump, type ManifestChange } from "./compare/change.ts";
import { compareConnectorTypes } from "./compare/connector-types.ts";
import { compareSteps } from "./compare/work.ts";
import { StepwireError } from "./errors.ts";
import type { Manifest } from "./manifest.ts";

export type { Bump, ManifestChange };

const STRENGTH: Record<Bump, number> = { major: 0, minor: 1, patch: 2 };

/**
 * What a newer manifest of a package says otherwise than an older one: breaking changes first, then additions, then
 * words. Empty for two that say the same. Reads nothing but the two, which must be manifests (see `manifestProblems`).
 * Throws `usage-invalid` where they are those of two packages.
 */
export function compareManifests(before: Manifest, after: Manifest): ManifestChange[] {
  if (before.name !== after.name) {
    throw new StepwireError(
      "usage-invalid",
      `${before.name} and ${after.name} are not the same package. Compare two versions of one.`,
    );
  }
  const changes = [
    ...(before.contract === after.contract
      ? []
      : [change("major", "package", `it is made for contract ${after.contract} now, before ${before.contract}`)]),
    ...compareConnectorTypes(before.connectorTypes, after.connectorTypes),
    ...compareSteps(before.steps, after.steps),
    ...(before.entry === after.entry ? [] : [change("patch", "package", `its code is in ${after.entry} now`)]),
    ...(before.digest === after.digest ? [] : [change("patch", "package", "its files changed")]),
  ];
  return changes.toSorted((a, b) => STRENGTH[a.bump] - STRENGTH[b.bump]);
}

/**
 * What the version after `version` has to be raised by, given what changed since. On 0.x everything counts a step less,
 * as `^0.1.0` has it: what breaks is `minor`, what is added `patch`. `none` where nothing changed.
 */
export function dueBump(version: string, changes: readonly ManifestChange[]): Bump | "none" {
  const bumps = new Set(changes.map(({ bump }) => bump));
  const isEarly = version.startsWith("0.");
  if (bumps.has("major")) return isEarly ? "minor" : "major";
  if (bumps.has("minor")) return isEarly ? "patch" : "minor";
  return bumps.has("patch") ? "patch" : "none";
}

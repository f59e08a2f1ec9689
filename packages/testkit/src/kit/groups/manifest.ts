import { isDeepStrictEqual } from "node:util";

import { createManifest, manifestProblems, StepwireError, type Manifest } from "@stepwire/core";
import { packageDigest } from "@stepwire/core/build-manifest";

import type { Kit } from "../kit.ts";
import type { Report } from "../problem.ts";

const BUILD = "Build the package again; its build script ends with stepwire-manifest.";

/** The manifest says what the code does, and was made of the files that are published. */
export async function manifest({ pack, plugin }: Kit, report: Report): Promise<void> {
  if (pack === undefined) return report.notRun("no folder was given: pass `folder` to describeConnector()");
  const written = pack.manifest;
  report.checked();
  if (written === undefined) return report.problem("manifest", "It is missing, or not JSON.", BUILD);
  for (const problem of manifestProblems(written)) report.problem("manifest", `It is not valid: ${problem}.`, BUILD);
  for (const key of ["name", "version"] as const) {
    if (written[key] === pack.json[key]) continue;
    report.problem(`manifest ${key}`, `It says ${written[key]}, package.json says ${String(pack.json[key])}.`, BUILD);
  }
  const { name, version, entry, digest } = written;
  let made: Manifest;
  try {
    made = createManifest(plugin, { name, version, entry, digest });
  } catch (error) {
    return report.problem("plugin", StepwireError.from(error).message, "Correct what the message names.");
  }
  for (const place of differences(written, JSON.parse(JSON.stringify(made)))) {
    report.problem(`manifest ${place}`, "It is stale: the code says something else.", BUILD);
  }
  report.checked();
  if ((await packageDigest(pack.folder)) !== digest) {
    report.problem(
      "manifest digest",
      "It is stale: it was made of other files than those that would be published.",
      BUILD,
    );
  }
}

/** The places, a few keys deep, where two manifests differ. */
function differences(a: unknown, b: unknown, place: readonly string[] = []): string[] {
  if (isDeepStrictEqual(a, b)) return [];
  if (place.length >= 4 || !isRecord(a) || !isRecord(b)) return [place.join(".")];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
    differences(a[key], b[key], [...place, key]),
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

import { CONTRACT, manifestProblems, type Manifest } from "@stepwire/core";
import { compareManifests, type ManifestChange } from "@stepwire/core/compare-manifests";
import type { Project } from "@stepwire/host";

import { EXIT } from "../exit-codes.ts";
import { cleanLine } from "../output/clean.ts";
import { paint, printJson, printLine } from "../output/terminal.ts";
import { readMapFile } from "../read-data.ts";
import { refusal, usage } from "../refusal.ts";

/**
 * `stepwire types --diff OLD.json [TYPE|PACKAGE]`: what the installed package does otherwise than an older version.
 * Resolves with 1 where there is something to approve, so that a script can stop there.
 */
export async function typesDiff(
  project: Project,
  file: string,
  wanted: string | undefined,
  output: "text" | "json",
): Promise<number> {
  const old = await readOld(file);
  const fresh = installed(project, old.name);
  const parts = narrowed(old, fresh, wanted, file);
  const changes = compareManifests(parts.before, parts.after);
  const approve = changes.filter((change) => change.approve);
  const { name, version: from } = old;
  const { version: to } = fresh;
  if (output === "json") printJson({ package: name, from, to, approve, changes });
  else printChanges(`${name} ${from} to ${to}`, changes);
  return approve.length === 0 ? EXIT.done : EXIT.failed;
}

/** A manifest, or that part of one which `types TYPE --output json` printed. */
type Old = Manifest & { only?: string };

async function readOld(file: string): Promise<Old> {
  const value = await readMapFile(file, "--diff");
  const old = "connectorTypes" in value || !("id" in value) ? value : fromPrintedType(value);
  const problems = manifestProblems(old);
  if (problems.length === 0) return old as unknown as Old;
  throw usage(
    `--diff: ${file} is no manifest: ${problems.slice(0, 3).join("; ")}.`,
    "Give dist/stepwire.json of another version of the package, or what types TYPE --output json printed then.",
    { file },
  );
}

function fromPrintedType(printed: Record<string, unknown>): Record<string, unknown> {
  const { package: name, version, ...type } = printed;
  return { ...NOTHING_ELSE, name, version, connectorTypes: [type], steps: [], only: type["id"] };
}

/** What a part of a manifest says nothing of is the same on both sides. */
const NOTHING_ELSE = { contract: CONTRACT, entry: "-", digest: "-" };

function installed(project: Project, name: string): Manifest {
  const found = project.registry.packages.find((plugin) => plugin.name === name);
  if (found?.manifest !== undefined) return found.manifest;
  if (found?.broken === undefined) {
    throw usage(
      `${name} is not among the connector packages of ${project.folder}.`,
      `Install the version to compare with: npm install ${name}`,
    );
  }
  throw refusal(found.broken.code, `${name} cannot be used: ${found.broken.reason}`, { hint: "See stepwire doctor." });
}

/** Both sides, kept to what was printed then and is wanted now. */
function narrowed(old: Old, fresh: Manifest, wanted: string | undefined, file: string) {
  const both = old.only === undefined ? { before: old, after: fresh } : partsOf(old, fresh, old.only);
  if (wanted === undefined || wanted === old.name) return both;
  const parts = partsOf(both.before, both.after, wanted);
  if ([parts.before, parts.after].some(({ connectorTypes, steps }) => connectorTypes.length + steps.length > 0))
    return parts;
  throw usage(
    `--diff: ${file} is of ${old.name}, which has neither then nor now a type or step ${wanted}.`,
    `Leave ${wanted} out to compare all of ${old.name}.`,
  );
}

function partsOf(before: Manifest, after: Manifest, name: string) {
  const bare = name.replace(/^\./, "");
  const isMeant = (id: string) => id.replace(/^\./, "") === bare;
  const part = (manifest: Manifest): Manifest => ({
    ...manifest,
    ...NOTHING_ELSE,
    connectorTypes: manifest.connectorTypes.filter(({ id, aliases }) => [id, ...aliases].some(isMeant)),
    steps: manifest.steps.filter(({ type }) => isMeant(type)),
  });
  return { before: part(before), after: part(after) };
}

function printChanges(title: string, changes: readonly ManifestChange[]): void {
  printLine(paint("bold", cleanLine(title)));
  if (changes.length === 0) printLine("Nothing changed.");
  const others = (bump: string) => changes.filter((change) => !change.approve && change.bump === bump);
  printGroup(
    "To approve",
    changes.filter((change) => change.approve),
  );
  printGroup("Breaks what relied on it", others("major"));
  printGroup("New", others("minor"));
  printGroup("Words and files", others("patch"));
}

function printGroup(title: string, changes: readonly ManifestChange[]): void {
  if (changes.length === 0) return;
  printLine(`\n${paint("bold", title)}`);
  for (const { where, message, approve, bump } of changes) {
    const breaks = approve && bump === "major" ? " (breaks what relied on it)" : "";
    printLine(`  ${cleanLine(`${where}: ${message}`)}${breaks}`);
  }
}

import path from "node:path";

import type { Manifest } from "@stepwire/core";
import { compareManifests, dueBump, type Bump, type ManifestChange } from "@stepwire/core/compare-manifests";

import { cleanLine } from "./clean.ts";
import { raisedBy, raisedTo } from "./bump.ts";
import { publishedManifest } from "./published.ts";
import { asManifest, readJson, readManifest } from "./read-json.ts";
import { EXIT, outputFormat, parseCommand, printJson, printLine } from "./terms.ts";
import { unpack } from "./unpack.ts";

/** This package against an older version of it: which version is due, what breaks, what users must approve. */
export async function diff(args: string[]): Promise<number> {
  const { values, positionals } = parseCommand(args, { output: { type: "string", default: "text" } }, 2);
  const output = outputFormat(values.output);
  const [old, place = "."] = positionals;
  const { manifest: after } = readManifest(path.resolve(place));
  const before = await olderManifest(old, after.name);
  const changes = compareManifests(before, after);
  const due = dueBump(before.version, changes);
  const raised = raisedBy(before.version, after.version);
  const enough = raised === "none" ? due === "none" : strength(raised) >= strength(due);
  const approve = changes.filter((change) => change.approve);
  if (output === "json") {
    printJson({ package: after.name, from: before.version, to: after.version, due, enough, approve, changes });
  } else print({ before, after, due, raised, enough, approve, changes });
  // A version that was not raised yet is no mistake: there is still time.
  return enough || raised === "none" ? EXIT.done : EXIT.failed;
}

async function olderManifest(old: string | undefined, name: string): Promise<Manifest> {
  if (old?.endsWith(".json") === true) return asManifest(readJson(path.resolve(old)), old);
  if (old?.endsWith(".tgz") !== true) return publishedManifest(name, old ?? "latest");
  const { folder, remove } = await unpack(path.resolve(old));
  try {
    return readManifest(folder).manifest;
  } finally {
    remove();
  }
}

const strength = (bump: Bump | "none") => ["none", "patch", "minor", "major"].indexOf(bump);

interface Outcome {
  before: Manifest;
  after: Manifest;
  due: Bump | "none";
  raised: Bump | "none";
  enough: boolean;
  approve: readonly ManifestChange[];
  changes: readonly ManifestChange[];
}

function print({ before, after, due, raised, enough, approve, changes }: Outcome): void {
  printLine(cleanLine(`${after.name}: ${before.version} to ${after.version}`));
  const groups: [string, readonly ManifestChange[]][] = [
    ["Users must approve", approve],
    ["Breaks", changes.filter(({ bump }) => bump === "major")],
    ["Adds", changes.filter(({ bump }) => bump === "minor")],
    ["Says otherwise", changes.filter(({ bump }) => bump === "patch")],
  ];
  for (const [title, list] of groups) {
    if (list.length === 0) continue;
    printLine(`\n${title}`);
    for (const { where, message } of list) printLine(cleanLine(`  ${where}: ${message}`));
  }
  if (due === "none") printLine("\nNothing changed that a version would have to tell.");
  else if (enough) printLine(`\nA ${due} version is due; ${after.version} is one.`);
  else {
    const least = raisedTo(before.version, due);
    const said = raised === "none" ? "the version is still the same" : `${after.version} is only a ${raised} one`;
    printLine(`\nA ${due} version is due, at least ${least}; ${said}.`);
  }
}

/**
 * A package's manifest made in memory, for those who write, check or compare it. Uses Node's file system, so it is an
 * entry of its own: `@stepwire/core/build-manifest`.
 */
import { createHash } from "node:crypto";
import { glob, readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { createManifest } from "../create-manifest.ts";
import { StepwireError } from "../errors.ts";
import type { Manifest } from "../manifest.ts";

interface PackageJson {
  name?: string;
  version?: string;
  exports?: unknown;
  main?: string;
  files?: string[];
  stepwire?: { contract?: number; manifest?: string };
}

const invalid = (message: string) => new StepwireError("plugin-invalid", message);

/** A manifest, and the absolute path that the package's `package.json` keeps for it. */
export interface BuiltManifest {
  manifest: Manifest;
  path: string;
}

/**
 * The manifest of the package in `folder`, whose JavaScript must be built: it is imported. Writes nothing. Throws
 * `plugin-invalid`.
 */
export async function buildManifest(folder: string): Promise<BuiltManifest> {
  const { json, name, version, target } = await readPackage(folder);
  const entry = entryOf(json);
  if (entry === undefined) throw invalid(`${name}: package.json needs exports["."] with a default (or import) entry.`);

  const plugin = await importDefault(path.join(folder, entry), name);
  const digest = await digestOf(folder, json.files ?? ["."], path.normalize(target));
  const manifest = createManifest(plugin, { name, version, entry, digest });
  if (manifest.contract !== json.stepwire?.contract) {
    throw invalid(
      `${name}: package.json says contract ${json.stepwire?.contract}, the code is made for ${manifest.contract}.`,
    );
  }
  return { manifest, path: path.join(folder, target) };
}

/**
 * The digest that the manifest of the package in `folder` would have now, over the files it is published with, but for
 * the manifest itself. Imports nothing. Throws `plugin-invalid` where package.json names no manifest.
 */
export async function packageDigest(folder: string): Promise<string> {
  const { json, target } = await readPackage(folder);
  return digestOf(folder, json.files ?? ["."], path.normalize(target));
}

/** package.json with what every manifest needs of it. */
async function readPackage(folder: string) {
  const json = await readPackageJson(folder);
  const { name, version } = json;
  if (name === undefined || version === undefined) throw invalid("package.json needs a name and a version.");
  const target = json.stepwire?.manifest;
  if (target === undefined) {
    throw invalid(`${name}: package.json needs "stepwire": { "contract": 1, "manifest": "./dist/stepwire.json" }.`);
  }
  return { json, name, version, target };
}

async function readPackageJson(folder: string): Promise<PackageJson> {
  const file = path.join(folder, "package.json");
  try {
    return JSON.parse(await readFile(file, "utf8")) as PackageJson;
  } catch (error) {
    throw invalid(`Run this in a package's folder: ${file} cannot be read (${(error as Error).message}).`);
  }
}

/** What `import "<name>"` would load: the `import` or `default` condition of `exports["."]`, or `main`. */
function entryOf(json: PackageJson): string | undefined {
  const resolve = (value: unknown): string | undefined => {
    if (typeof value === "string") return value;
    if (typeof value !== "object" || value === null) return undefined;
    const conditions = value as Record<string, unknown>;
    return resolve(conditions["."] ?? conditions["node"] ?? conditions["import"] ?? conditions["default"]);
  };
  return resolve(json.exports) ?? json.main;
}

async function importDefault(file: string, name: string): Promise<unknown> {
  try {
    const loaded = (await import(pathToFileURL(file).href)) as { default?: unknown };
    return loaded.default;
  } catch (error) {
    throw invalid(`${name}: ${file} cannot be imported: ${(error as Error).message}. Build it first.`);
  }
}

/** What npm never packs. */
const NEVER_PACKED = new Set(["node_modules", ".git"]);

/** Over path and content of every file the package is published with, in a stable order. */
async function digestOf(folder: string, published: string[], manifest: string): Promise<string> {
  const all = new Set<string>();
  const unwanted = new Set<string>();
  for (const pattern of published) {
    const found = pattern.startsWith("!") ? unwanted : all;
    const plain = pattern.replace(/^!/, "").replace(/^\.?\//, "");
    // A pattern never matches the folder it starts from.
    for await (const place of plain === "" || plain === "." ? ["."] : glob(plain, { cwd: folder })) {
      for (const file of await filesBelow(folder, place)) found.add(file);
    }
  }
  const files = [...all].filter((file) => !unwanted.has(file));
  const hash = createHash("sha256");
  const names = files
    .filter((file) => file !== manifest)
    .map((file) => [file.split(path.sep).join("/"), file] as const);
  for (const [name, file] of names.toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    hash
      .update(`${name}\0`)
      .update(await readFile(path.join(folder, file)))
      .update("\0");
  }
  return `sha256-${hash.digest("base64")}`;
}

/** The files at a place of the package, links followed. */
async function filesBelow(folder: string, relative: string): Promise<string[]> {
  const entry = await stat(path.join(folder, relative)).catch(() => undefined);
  // Gone since it was listed, or a link that leads nowhere: npm packs neither.
  if (entry === undefined) return [];
  if (!entry.isDirectory()) return [relative];
  const children = (await readdir(path.join(folder, relative))).filter((child) => !NEVER_PACKED.has(child));
  const below = await Promise.all(children.map(async (child) => filesBelow(folder, path.join(relative, child))));
  return below.flat();
}

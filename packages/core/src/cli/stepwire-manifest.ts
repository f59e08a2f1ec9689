/**
 * `stepwire-manifest`: run without arguments in a connector package's folder, after its JavaScript is built.
 * It imports the package once and writes what hosts may then read without importing anything.
 */
import { createHash } from "node:crypto";
import { glob, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { createManifest } from "../create-manifest.ts";
import { StepwireError } from "../errors.ts";

interface PackageJson {
  name?: string;
  version?: string;
  exports?: unknown;
  main?: string;
  files?: string[];
  stepwire?: { contract?: number; manifest?: string };
}

const invalid = (message: string) => new StepwireError("plugin-invalid", message);

/** Writes the manifest of the package in `folder` and returns its path. Throws `plugin-invalid`. */
export async function writeManifest(folder: string): Promise<string> {
  const json = await readPackageJson(folder);
  const { name, version } = json;
  if (name === undefined || version === undefined) throw invalid("package.json needs a name and a version.");
  const target = json.stepwire?.manifest;
  if (target === undefined) {
    throw invalid(`${name}: package.json needs "stepwire": { "contract": 1, "manifest": "./dist/stepwire.json" }.`);
  }
  const entry = entryOf(json);
  if (entry === undefined) throw invalid(`${name}: package.json needs exports["."] with a default (or import) entry.`);

  const plugin = await importDefault(path.join(folder, entry), name);
  const manifestPath = path.join(folder, target);
  const digest = await digestOf(folder, json.files ?? ["."], path.normalize(target));
  const manifest = createManifest(plugin, { name, version, entry, digest });
  if (manifest.contract !== json.stepwire?.contract) {
    throw invalid(
      `${name}: package.json says contract ${json.stepwire?.contract}, the code is made for ${manifest.contract}.`,
    );
  }
  await mkdir(path.dirname(manifestPath), { recursive: true });
  await writeFile(manifestPath, `${JSON.stringify(manifest, null, 2)}\n`);
  return manifestPath;
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

/** The command: says what it wrote, or what is wrong on stderr with exit code 1. */
export async function main(): Promise<void> {
  try {
    const written = await writeManifest(process.cwd());
    process.stdout.write(`${path.relative(process.cwd(), written)} written\n`);
  } catch (error) {
    process.stderr.write(`stepwire-manifest: ${StepwireError.from(error).message}\n`);
    process.exitCode = 1;
  }
}

import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

import { CONTRACT } from "@stepwire/core";

import type { Kit, PackageFolder } from "../kit.ts";
import type { Report } from "../problem.ts";

const PLUGIN_NAME = /^(?:@stepwire\/connector-|(?:@[^/]+\/)?stepwire-connector-)[a-z0-9._-]+$/;
/** What a connector may need at run time; everything else is the host's business. */
const ALLOWED_DEPENDENCIES = new Set(["@stepwire/core", "zod"]);
const INSTALL_SCRIPTS = ["preinstall", "install", "postinstall"];
const TEST_FILE = /(?:^|\/)(?:tests?|__tests__|e2e|fixtures)\/|\.(?:test|spec)\.[cm]?[jt]sx?$/;
const MAX_PACKED_BYTES = 5 * 1024 * 1024;

/** The package as npm would publish it: found by hosts, importable, and free of what its users do not want. */
export async function packageShape(kit: Kit, report: Report): Promise<void> {
  const { pack } = kit;
  if (pack === undefined) return report.notRun("no folder was given: pass `folder` to describeConnector()");
  fields(pack, report);
  scripts(pack, report);
  dependencies(pack, report);
  typeIds(kit, pack, report);
  let files: readonly string[];
  try {
    files = await pack.files();
  } catch (error) {
    return report.notRun(`npm could not say what it would pack: ${(error as Error).message.split("\n")[0]}`);
  }
  contents(pack, files, report);
  await lint(pack, files, report);
}

function fields({ json }: PackageFolder, report: Report): void {
  const need = (ok: boolean, where: string, message: string, fix: string) => {
    report.checked();
    if (!ok) report.problem(`package.json ${where}`, message, fix);
  };
  const { name, stepwire, keywords, exports, license, engines } = json;
  const { contract, manifest } = (stepwire ?? {}) as { contract?: unknown; manifest?: unknown };
  need(
    typeof name === "string" && PLUGIN_NAME.test(name),
    "name",
    `${JSON.stringify(name)} is no name of a connector package.`,
    "Call it stepwire-connector-<name>, or @scope/stepwire-connector-<name>.",
  );
  need(
    contract === CONTRACT && typeof manifest === "string",
    "stepwire",
    "Hosts do not recognise the package.",
    `Write "stepwire": { "contract": ${CONTRACT}, "manifest": "./dist/stepwire.json" }.`,
  );
  need(
    Array.isArray(keywords) && keywords.includes("stepwire-connector"),
    "keywords",
    "It cannot be found by searching.",
    'Add the keyword "stepwire-connector".',
  );
  need(json["type"] === "module", "type", "It is not an ECMAScript module.", 'Write "type": "module".');
  const map = typeof exports === "object" && exports !== null ? (exports as Record<string, unknown>) : {};
  need(
    Object.hasOwn(map, "."),
    "exports",
    'It has no entry ".".',
    'Write "exports": { ".": { "types": "./dist/index.d.ts", "default": "./dist/index.js" }, "./package.json": "./package.json" }.',
  );
  need(
    map["./package.json"] === "./package.json",
    "exports",
    "Its package.json cannot be read through its name.",
    'Add "./package.json": "./package.json".',
  );
  need(typeof license === "string", "license", "It does not say what one may do with it.", 'Write "license".');
  need(
    typeof (engines as { node?: unknown } | undefined)?.node === "string",
    "engines",
    "It does not say which Node it needs.",
    'Write "engines": { "node": ">=22.18" }.',
  );
}

function scripts({ json }: PackageFolder, report: Report): void {
  const own = (json["scripts"] ?? {}) as Record<string, unknown>;
  report.checked();
  for (const name of INSTALL_SCRIPTS) {
    if (!Object.hasOwn(own, name)) continue;
    report.problem(
      `package.json scripts.${name}`,
      "It runs code on every machine it is installed on.",
      "Take the script out; what has to be made is made before publishing (prepack).",
    );
  }
}

function dependencies({ json }: PackageFolder, report: Report): void {
  for (const group of ["dependencies", "peerDependencies", "optionalDependencies"]) {
    for (const name of Object.keys((json[group] ?? {}) as object)) {
      report.checked();
      const where = `package.json ${group}.${name}`;
      if (!ALLOWED_DEPENDENCIES.has(name)) {
        report.problem(
          where,
          "A connector runs with nothing but @stepwire/core and zod: the host sends its requests.",
          "Use ctx.request() in place of it, bundle it if it is small and does no I/O, or move it to devDependencies.",
        );
      } else if (group !== "dependencies") {
        report.problem(where, "Several versions may stand side by side.", "Move it to dependencies.");
      }
    }
  }
}

function typeIds(kit: Kit, { json }: PackageFolder, report: Report): void {
  if (String(json["name"]).startsWith("@stepwire/")) return;
  const named = [
    ...kit.plugin.connectorTypes.map(({ id }) => id),
    ...kit.plugin.connectorTypes.flatMap(({ aliases }) => aliases ?? []),
    ...kit.plugin.steps.map(({ type }) => type),
  ];
  for (const id of named) {
    report.checked();
    if (id.includes("/")) continue;
    report.problem(
      id,
      "Names without a vendor belong to Stepwire.",
      `Call it "vendor/${id}", with a name of yours as vendor.`,
    );
  }
}

function contents({ folder, json }: PackageFolder, files: readonly string[], report: Report): void {
  report.checked(files.length);
  const manifest = (json["stepwire"] as { manifest?: unknown } | undefined)?.manifest;
  const needed = [
    ...(typeof manifest === "string" ? [path.posix.normalize(manifest.replaceAll("\\", "/"))] : []),
    "README.md",
    ...(existsSync(path.join(folder, "LICENSE")) ? ["LICENSE"] : []),
  ];
  for (const file of needed) {
    if (files.includes(file)) continue;
    report.problem(
      file,
      "It is not in the package that would be published.",
      "Build it, and name it in the files of package.json.",
    );
  }
  for (const file of files.filter((name) => TEST_FILE.test(name))) {
    report.problem(file, "Tests would be published.", "Keep them out with the files of package.json.");
  }
  const bytes = files.reduce(
    (sum, file) => sum + (statSync(path.join(folder, file), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
  if (bytes <= MAX_PACKED_BYTES) return;
  report.problem(
    "package.json files",
    `It is ${(bytes / 1024 / 1024).toFixed(1)} MB large.`,
    "Publish only what is run or read; 5 MB are plenty.",
  );
}

async function lint({ folder, json }: PackageFolder, names: readonly string[], report: Report): Promise<void> {
  const { publint } = await import("publint");
  const { formatMessage } = await import("publint/utils");
  const files = names.map((name) => ({ name: path.join(folder, name), data: readFileSync(path.join(folder, name)) }));
  const { messages } = await publint({ pkgDir: folder, pack: { files }, level: "warning", strict: true });
  report.checked();
  for (const message of messages) {
    report.problem(
      `package.json ${message.path.join(".")}`,
      `${formatMessage(message, json, { color: false })} (publint: ${message.code})`,
      "See publint.dev/rules.",
    );
  }
}

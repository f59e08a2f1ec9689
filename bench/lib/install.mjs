import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync } from "node:fs";
import { findPackageJSON } from "node:module";
import path from "node:path";

/**
 * Lays packages and all they depend on out in `project/node_modules` as npm would: real folders, flat. They come from
 * this repository's own node_modules, so that nothing is fetched; of workspaces only what is published is taken.
 */
export function install(project, names, from = import.meta.url) {
  for (const name of names) {
    const found = findPackageJSON(name, from);
    if (found === undefined) throw new Error(`${name} is not installed. Run npm install in the repository first.`);
    // npm links workspaces into node_modules; their real folder lies outside it.
    const manifest = realpathSync(found);
    const { version, files, dependencies = {} } = readJson(manifest);
    const source = path.dirname(manifest);
    const target = path.join(project, "node_modules", name);
    if (existsSync(target)) {
      const present = readJson(path.join(target, "package.json")).version;
      if (present !== version) throw new Error(`${name} is needed as ${present} and as ${version}.`);
      continue;
    }
    const isWorkspace = !source.split(path.sep).includes("node_modules");
    if (isWorkspace && !existsSync(path.join(source, "dist"))) {
      throw new Error(`${name} is not built. Run npm run build first.`);
    }
    mkdirSync(target, { recursive: true });
    for (const entry of isWorkspace ? ["package.json", ...files] : ["."]) {
      copyPackage(path.join(source, entry), path.join(target, entry));
    }
    install(project, Object.keys(dependencies), manifest);
  }
}

function copyPackage(source, target) {
  cpSync(source, target, { recursive: true, filter: (file) => !file.slice(source.length).includes("node_modules") });
}

function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}

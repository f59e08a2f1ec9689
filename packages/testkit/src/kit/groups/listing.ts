import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { discoverPlugins } from "@stepwire/host";

import type { Kit } from "../kit.ts";
import { packageName } from "../package-name.ts";
import type { Report } from "../problem.ts";
import { tempFolder } from "../temp-folder.ts";

const NAMING = "Call it stepwire-connector-NAME, or @SCOPE/stepwire-connector-NAME, in small letters.";
const FIX =
  "A manifest is plain JSON, written by stepwire-manifest when the package is built and published with it; nothing is run to list a package.";

/** Installs the package as it would be published, with every piece of its code replaced by one that throws, and lists it. */
export async function listing({ pack, plugin }: Kit, report: Report): Promise<void> {
  if (pack === undefined) return report.notRun("no folder was given: pass `folder` to describeConnector()");
  const name = packageName(pack.json);
  if (name === undefined) {
    const given = JSON.stringify(pack.json["name"]) ?? "nothing";
    return report.problem("package.json name", `npm takes no package of the name ${given}.`, NAMING);
  }
  let files: readonly string[];
  try {
    files = await pack.files();
  } catch (error) {
    return report.notRun(`npm could not say what it would pack: ${(error as Error).message.split("\n")[0]}`);
  }
  const { folder: project, remove } = tempFolder();
  try {
    const installed = path.join(project, "node_modules", name);
    for (const file of files) {
      const target = path.join(installed, file);
      mkdirSync(path.dirname(target), { recursive: true });
      if (/\.[cm]?[jt]sx?$/.test(file)) writeFileSync(target, 'throw new Error("run while it was listed");\n');
      else copyFileSync(path.join(pack.folder, file), target);
    }
    writeFileSync(
      path.join(project, "package.json"),
      JSON.stringify({ name: "project", dependencies: { [name]: "*" } }),
    );
    const [found] = await discoverPlugins({ projectFolder: project, exclude: [], paths: [] });
    report.checked();
    if (found === undefined)
      report.problem("package.json stepwire", `A project that depends on it does not find ${name}.`, FIX);
    else if (found.broken !== undefined)
      report.problem("package.json stepwire", `It cannot be listed without being run: ${found.broken.reason}`, FIX);
    else {
      const listed = found.manifest?.connectorTypes.map(({ id }) => id) ?? [];
      const missing = plugin.connectorTypes.map(({ id }) => id).filter((id) => !listed.includes(id));
      if (missing.length > 0)
        report.problem(
          "manifest",
          `It does not list ${missing.join(", ")}.`,
          "Build the package again: stepwire-manifest writes it.",
        );
    }
  } finally {
    remove();
  }
}

import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { usage } from "./terms.ts";

/** Unpacks what `npm pack` wrote into a folder of its own. Throws `usage-invalid`. */
export async function unpack(file: string): Promise<{ folder: string; remove: () => void }> {
  const place = mkdtempSync(path.join(tmpdir(), "stepwire-kit-"));
  const remove = () => rmSync(place, { recursive: true, force: true });
  try {
    await extract(file, place);
    const folder = path.join(place, "package");
    if (!existsSync(path.join(folder, "package.json"))) throw new Error("there is no package/package.json in it");
    return { folder, remove };
  } catch (error) {
    remove();
    throw usage(`${file} is not what npm pack writes: ${(error as Error).message}`);
  }
}

/** What an unpacked package imports is found where the command was called, so that nothing is fetched and no script is run. */
export function linkModules(folder: string): void {
  const modules = modulesAbove(process.cwd());
  if (modules === undefined) {
    throw usage(
      "A packed package is checked in a project that has @stepwire/core: npm install --save-dev @stepwire/core",
    );
  }
  symlinkSync(modules, path.join(path.dirname(folder), "node_modules"), "junction");
}

function modulesAbove(folder: string): string | undefined {
  const modules = path.join(folder, "node_modules");
  if (existsSync(path.join(modules, "@stepwire", "core"))) return modules;
  const parent = path.dirname(folder);
  return parent === folder ? undefined : modulesAbove(parent);
}

/** Every system that Node runs on has a tar of this kind, Windows since 2018. */
function extract(file: string, into: string): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile("tar", ["-xzf", file, "-C", into], (error, _stdout, stderr) => {
      if (error === null) resolve();
      else reject(new Error(stderr.trim().split("\n")[0] ?? error.message));
    });
  });
}

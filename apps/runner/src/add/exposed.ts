import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import path from "node:path";

/** Whether git would take a file in. Where there is no git, or no repository, nothing would. */
export function isOpenToGit(file: string): boolean {
  const { status } = spawnSync("git", ["check-ignore", "--quiet", "--", path.basename(file)], {
    cwd: path.dirname(file),
    stdio: "ignore",
  });
  return status === 1;
}

/** Whether users who are neither the owner nor of the file's group may read it. Windows keeps no such permissions. */
export function isOpenToOthers(file: string): boolean {
  return process.platform !== "win32" && (statSync(file).mode & 0o004) !== 0;
}

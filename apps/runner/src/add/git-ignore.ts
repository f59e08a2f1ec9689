import { spawnSync } from "node:child_process";
import path from "node:path";

/** Whether git would take a file in. Where there is no git, or no repository, nothing would. */
export function isOpenToGit(file: string): boolean {
  const { status } = spawnSync("git", ["check-ignore", "--quiet", "--", path.basename(file)], {
    cwd: path.dirname(file),
    stdio: "ignore",
  });
  return status === 1;
}

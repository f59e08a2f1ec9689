import { execFile } from "node:child_process";

/**
 * The files that `npm pack` would put into the package in a folder, relative to it, without running its scripts.
 * Rejects with npm's words where npm is missing or refuses.
 */
export function packedFiles(folder: string): Promise<string[]> {
  const args = ["pack", "--dry-run", "--json", "--ignore-scripts"];
  // npm is a script there, which only a shell can start; no argument is anybody else's.
  const options = { cwd: folder, shell: process.platform === "win32", maxBuffer: 32 * 1024 * 1024 };
  return new Promise((resolve, reject) => {
    execFile("npm", args, options, (error, stdout, stderr) => {
      try {
        resolve(listed(JSON.parse(stdout)));
      } catch {
        reject(new Error(stderr.trim() || error?.message || "npm pack printed nothing that could be read."));
      }
    });
  });
}

/** npm prints a list of packages; later versions print them by name. */
function listed(printed: unknown): string[] {
  const [first] = Object.values(printed as object) as { files: { path: string }[] }[];
  if (first === undefined) throw new Error("nothing was packed");
  return first.files.map((file) => file.path);
}

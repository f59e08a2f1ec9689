import { closeSync, mkdirSync, openSync, readdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Why nothing can be written into a folder, or `undefined`. A folder that is not there is fine. */
export function targetProblem(folder: string): string | undefined {
  let present: string[];
  try {
    present = readdirSync(folder).filter((name) => name !== ".git");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    return code === "ENOTDIR"
      ? `${folder}: It is no folder. Name one that is empty, or is not there yet.`
      : `${folder}: It cannot be read: ${message}. Name another folder.`;
  }
  if (present.length === 0) return undefined;
  const shown = present.toSorted().slice(0, 3).join(", ");
  return `${folder}: It is not empty (${shown}${present.length > 3 ? ", …" : ""}). Name a folder that is, or is not there yet.`;
}

/** Writes new files below a folder. Throws when one cannot be written, and leaves none behind. */
export function writeFiles(folder: string, files: ReadonlyMap<string, string>): void {
  const made: string[] = [];
  const folders: string[] = [];
  try {
    for (const [name, text] of files) {
      const file = path.resolve(folder, name);
      folders.push(...makeFolders(path.dirname(file)));
      // What somebody else put there meanwhile is neither written over nor taken away.
      closeSync(openSync(file, "wx"));
      made.push(file);
      writeFileSync(file, text);
    }
  } catch (error) {
    for (const file of made) rmSync(file, { force: true });
    for (const empty of folders.toReversed()) {
      try {
        rmdirSync(empty);
      } catch {
        // Somebody else has something in it, or took it away.
      }
    }
    throw error;
  }
}

/** Makes a folder and those above it that are missing, and gives what was made, the outermost first. */
function makeFolders(folder: string): string[] {
  const first = mkdirSync(folder, { recursive: true });
  if (first === undefined) return [];
  const made = [folder];
  for (let at = folder; at.length > path.resolve(first).length; made.unshift(at)) at = path.dirname(at);
  return made;
}

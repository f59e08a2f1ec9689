import { closeSync, mkdirSync, openSync, readdirSync, rmSync, writeFileSync } from "node:fs";
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
  try {
    for (const [name, text] of files) {
      const file = path.join(folder, name);
      const parent = mkdirSync(path.dirname(file), { recursive: true });
      if (parent !== undefined) made.push(parent);
      // What somebody else put there meanwhile is neither written over nor taken away.
      closeSync(openSync(file, "wx"));
      made.push(file);
      writeFileSync(file, text);
    }
  } catch (error) {
    for (const place of made) rmSync(place, { recursive: true, force: true });
    throw error;
  }
}

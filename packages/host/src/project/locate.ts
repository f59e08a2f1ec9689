import { existsSync } from "node:fs";
import path from "node:path";

/** The nearest folder with a `package.json`, from `start` upwards. */
export function findProjectFolder(start: string): string | undefined {
  for (let folder = path.resolve(start); ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, "package.json"))) return folder;
    if (folder === path.dirname(folder)) return undefined;
  }
}

/** The first of a file's usual spellings (`.yaml`, `.yml`, `.json`) that is there, else the first one. */
export function defaultFile(folder: string, name: string): { file: string; exists: boolean } {
  const candidates = [".yaml", ".yml", ".json"].map((extension) => path.join(folder, name + extension));
  const found = candidates.find((candidate) => existsSync(candidate));
  return { file: found ?? candidates[0] ?? folder, exists: found !== undefined };
}

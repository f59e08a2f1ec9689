import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** Without it npm would take the `.gitignore` for its own, and tools the modules for some of this package. */
const ENDING = ".template";
const FOLDER = path.join(import.meta.dirname, "../templates");

/** The templates by path: those of every package, and the action's, with an answer that is read or without. */
export function readTemplates(hasAnswer: boolean): Map<string, string> {
  return new Map([...below("base"), ...below(hasAnswer ? "answer" : "no-answer")]);
}

function below(part: string): [string, string][] {
  const folder = path.join(FOLDER, part);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      const name = path.relative(folder, file).replaceAll("\\", "/").slice(0, -ENDING.length);
      return [name, readFileSync(file, "utf8")];
    });
}

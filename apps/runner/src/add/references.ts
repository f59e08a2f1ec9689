import { existsSync } from "node:fs";
import path from "node:path";

import { splitReferences } from "@stepwire/host";

import { usage } from "../refusal.ts";
import type { Objection } from "./ask.ts";

/** References alone, or behind the name of a way to log in: `Bearer ${env:TOKEN}`. */
export function isMadeOfReferences(text: string): boolean {
  const parts = splitReferences(text.replace(/^(?:basic|bearer|token) +/i, ""));
  return parts.length > 0 && parts.every(({ literal }) => !literal);
}

/** A path, as it was typed in this folder, as the connectors file refers to it. Anything that is no path stays. */
export function fileReference(text: string, baseDir: string): string {
  if (text.includes("-----BEGIN") || splitReferences(text).some(({ literal }) => !literal)) return text;
  const relative = path.relative(baseDir, path.resolve(text)) || text;
  if (/[}\r\n]/.test(relative))
    throw usage("The path of a file holds a } or a line break, and cannot be referred to.", "Rename the file.");
  return `\${file:${relative.split(path.sep).join("/")}}`;
}

/** Why an answer cannot be the path of a file. It may be the secret in the file, and is not repeated. */
export function pathObjection(text: string): Objection | undefined {
  if (splitReferences(text).some(({ literal }) => !literal)) return undefined;
  if (text.includes("-----BEGIN"))
    return {
      message: "This is what the file holds, and nothing of it was kept.",
      hint: "Put it into a file and type the path, or give the key with --secret KEY=- and standard input.",
    };
  if (existsSync(path.resolve(text))) return undefined;
  return { message: "There is no such file.", hint: "Type its path, as it is seen from this folder." };
}

/** Whether a text is a reference alone, such as `${env:NAME}`: it stands for a value of any kind. */
export function isReference(text: string): boolean {
  const parts = splitReferences(text);
  return parts.length === 1 && parts[0]?.literal === false;
}

import path from "node:path";

import { splitReferences } from "@stepwire/host";

import { usage } from "../refusal.ts";

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
    throw usage(`The path ${text} cannot be referred to.`, "Take the } or line break out of it.");
  return `\${file:${relative.split(path.sep).join("/")}}`;
}

/** Whether a text is a reference alone, such as `${env:NAME}`: it stands for a value of any kind. */
export function isReference(text: string): boolean {
  const parts = splitReferences(text);
  return parts.length === 1 && parts[0]?.literal === false;
}

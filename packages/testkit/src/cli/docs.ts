import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { withGeneratedPart } from "../docs/generated-part.ts";
import { typesSection } from "../docs/types-section.ts";
import { readManifest } from "./read-json.ts";
import { EXIT, outputFormat, parseCommand, printJson, printLine, usage } from "./terms.ts";

/** Writes the tables of a package's README from its manifest, or says whether they are what it says. */
export function docs(args: string[]): Promise<number> {
  const { values, positionals } = parseCommand(
    args,
    { check: { type: "boolean" }, output: { type: "string", default: "text" } },
    1,
  );
  const output = outputFormat(values.output);
  const folder = path.resolve(positionals[0] ?? ".");
  const { manifest } = readManifest(folder);
  const file = path.join(folder, "README.md");
  if (!existsSync(file)) throw usage(`${file} is not there. Write one with a heading and an example first.`);
  const before = readFileSync(file, "utf8");
  const after = generated(file, before, typesSection(manifest));
  const isFresh = unpadded(before) === unpadded(after);
  if (values.check !== true && !isFresh) writeFileSync(file, after);
  const state = isFresh ? "fresh" : values.check === true ? "stale" : "written";
  if (output === "json") printJson({ file, state });
  else if (state === "stale") printLine(`${file} is not what the schemas say. Write it: stepwire-kit docs`);
  else printLine(`${file}: ${state === "fresh" ? "nothing to write" : "written"}`);
  return Promise.resolve(state === "stale" ? EXIT.failed : EXIT.done);
}

function generated(file: string, readme: string, section: string): string {
  try {
    return withGeneratedPart(readme, section);
  } catch (error) {
    throw usage(`${file}: ${(error as Error).message}`);
  }
}

/** Without what formatters change in tables. */
const unpadded = (text: string) =>
  text.replaceAll(/^\|.*\|$/gm, (row) => row.replaceAll(/ +/g, " ").replaceAll(/-{3,}/g, "---"));

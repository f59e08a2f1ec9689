import { mkdir, readdir, writeFile } from "node:fs/promises";
import path from "node:path";

import { parseCommand, takeAtMost } from "../args.ts";
import { EXIT } from "../exit-codes.ts";
import { shellWord } from "../output/clean.ts";
import { printLine } from "../output/terminal.ts";
import { usage } from "../refusal.ts";
import { sampleFiles } from "../sample.ts";

/** Things a fresh folder may well hold already. */
const HARMLESS = new Set([".git", ".gitignore", ".DS_Store"]);

export async function init(args: string[]): Promise<number> {
  const { positionals } = parseCommand(args, {});
  takeAtMost(1, positionals, "init");
  const folder = path.resolve(positionals[0] ?? ".");
  await mkdir(folder, { recursive: true });
  const present = (await readdir(folder)).toSorted().filter((name) => !HARMLESS.has(name));
  if (present.length > 0) {
    throw usage(
      `${folder} is not empty (${present.slice(0, 3).join(", ")}${present.length > 3 ? ", …" : ""}).`,
      "Give an empty folder: stepwire init my-workflows",
    );
  }
  for (const [name, text] of Object.entries(sampleFiles(path.basename(folder)))) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    const written = await writeNew(file, text);
    printLine(`  ${name}${written ? "" : "  kept as it was"}`);
  }
  const where = positionals[0] === undefined ? "" : `cd ${shellWord(positionals[0])} && `;
  printLine(
    `\nNext:\n  ${where}npm install\n  cp .env.example .env\n  npx stepwire run workflows/hello.yaml --event event.json --dry-run`,
  );
  return EXIT.done;
}

/** Writes a file that is not there yet; says whether it did. */
async function writeNew(file: string, text: string): Promise<boolean> {
  try {
    await writeFile(file, text, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return false;
  }
}

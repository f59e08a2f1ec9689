// `npm run connector-readmes` writes the generated part of every connector's README from its built manifest and its
// table of refusals; `-- --check` compares.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { withGeneratedPart } from "../packages/testkit/src/docs/generated-part.ts";
import { typesSection } from "../packages/testkit/src/docs/types-section.ts";
import { formatted } from "./generated-page.mjs";
import { errorsSection } from "./readme/errors-section.mjs";

const check = process.argv.includes("--check");

for (const folder of readdirSync("packages").filter((name) => name.startsWith("connector-"))) {
  const file = join("packages", folder, "README.md");
  const committed = readFileSync(file, "utf8");
  const errors = errorsSection(await refusalsOf(folder), codesOf(join("packages", folder, "src")));
  const text = formatted(file, withGeneratedPart(committed, `${typesSection(manifestOf(folder))}\n\n${errors}`));
  if (!check) writeFileSync(file, text);
  else if (text !== committed) fail(`${file} is not what the schemas say. Write it: npm run connector-readmes`);
}

function manifestOf(folder) {
  try {
    return JSON.parse(readFileSync(join("packages", folder, "dist/stepwire.json"), "utf8"));
  } catch {
    throw new Error(`packages/${folder} is not built. Build it: npm run build`);
  }
}

/** The tables in `src/refusals.ts` whose names end with REFUSALS: what the vendor's own words or statuses mean. */
async function refusalsOf(folder) {
  const file = join("packages", folder, "src/refusals.ts");
  if (!existsSync(file)) return {};
  const tables = Object.entries(await import(pathToFileURL(file).href));
  return Object.fromEntries(tables.filter(([name]) => name.endsWith("REFUSALS")));
}

/** Codes that the package's own source throws. */
function codesOf(folder) {
  const files = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".ts"));
  const codes = files.flatMap((name) => {
    const text = readFileSync(join(folder, name), "utf8");
    return [...text.matchAll(/new StepwireError\(\s*"([\w-]+)"/g)].map((match) => match[1]);
  });
  return codes.toSorted();
}

function fail(message) {
  console.error(message);
  process.exitCode = 1;
}

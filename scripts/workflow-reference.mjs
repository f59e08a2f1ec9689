// `npm run workflow-reference` writes docs/workflow/reference.md from the code of the language; `-- --check` compares.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

import { fileSections } from "./reference/file-section.mjs";
import { limitSections, ruleSections } from "./reference/limit-sections.mjs";
import { stepSections } from "./reference/step-sections.mjs";
import { templateSections, unitSections } from "./reference/template-sections.mjs";

const PAGE = "docs/workflow/reference.md";

const page = format(
  [
    "<!-- Written by `npm run workflow-reference`. -->",
    "# Reference of the workflow language",
    "Every key, step type, filter, limit and rule there is. How to use them is in the [other pages](README.md).",
    ...fileSections(),
    ...stepSections(),
    ...templateSections(),
    ...unitSections(),
    ...limitSections(),
    ...ruleSections(),
  ].join("\n\n"),
);
if (!process.argv.includes("--check")) writeFileSync(PAGE, page);
else if (readFileSync(PAGE, "utf8") !== page) {
  console.error(`${PAGE} is not what the code says. Write it: npm run workflow-reference`);
  process.exitCode = 1;
}

function format(text) {
  const { stdout, status, stderr } = spawnSync("npx", ["oxfmt", `--stdin-filepath=${PAGE}`], {
    input: text,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error(`oxfmt failed: ${stderr}`);
  return stdout;
}

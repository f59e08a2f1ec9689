// `npm run contract-reference` writes docs/contract/reference.md from the sources of @stepwire/core; `-- --check` compares.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

import * as core from "../packages/core/src/index.ts";
import { exportsOf } from "./contract/exports.mjs";
import { contractSections, problemsOf } from "./contract/sections.mjs";

const PAGE = "docs/contract/reference.md";

const declarations = exportsOf("packages/core/src/index.ts");
const problems = problemsOf(declarations);
if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exit(1);
}
const page = format(
  [
    "<!-- Written by `npm run contract-reference`. -->",
    "# Reference of the contract",
    "Everything that `@stepwire/core` exports, as it is written there. [Your first connector](../guides/your-first-connector.md) shows how it is used. `@stepwire/core/build-manifest` and `@stepwire/core/compare-manifests` are for tools; the [README of the package](../../packages/core/README.md) names what they hold.",
    "`AnySchema` is what zod 4.2 and later makes; `C`, `S`, `I` and `O` are the schemas of config, secrets, input and output.",
    ...contractSections(declarations, core),
  ].join("\n\n"),
);
if (!process.argv.includes("--check")) writeFileSync(PAGE, page);
else if (readFileSync(PAGE, "utf8") !== page) {
  console.error(`${PAGE} is not what the code says. Write it: npm run contract-reference`);
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

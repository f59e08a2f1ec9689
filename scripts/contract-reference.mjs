// `npm run contract-reference` writes docs/contract/reference.md from the sources of @stepwire/core; `-- --check` compares.
import * as core from "../packages/core/src/index.ts";
import { exportsOf } from "./contract/exports.mjs";
import { contractSections, problemsOf } from "./contract/sections.mjs";
import { generatedPage } from "./generated-page.mjs";

const declarations = exportsOf("packages/core/src/index.ts");
const problems = problemsOf(declarations);
if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exit(1);
}
generatedPage("docs/contract/reference.md", "contract-reference", [
  "# Reference of the contract",
  "Everything that `@stepwire/core` exports, as it is written there. [Your first connector](../guides/your-first-connector.md) shows how it is used. `@stepwire/core/build-manifest` and `@stepwire/core/compare-manifests` are for tools; the [README of the package](../../packages/core/README.md) names what they hold.",
  "`AnySchema` is what zod 4.2 and later makes; `C`, `S`, `I` and `O` are the schemas of config, secrets, input and output.",
  ...contractSections(declarations, core),
]);

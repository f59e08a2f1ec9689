// `npm run workflow-reference` writes docs/workflow/reference.md from the code of the language; `-- --check` compares.
import { generatedPage } from "./generated-page.mjs";
import { fileSections } from "./reference/file-section.mjs";
import { limitSections, ruleSections } from "./reference/limit-sections.mjs";
import { stepSections } from "./reference/step-sections.mjs";
import { templateSections, unitSections } from "./reference/template-sections.mjs";

generatedPage("docs/workflow/reference.md", "workflow-reference", [
  "# Reference of the workflow language",
  "Every key, step type, filter, limit and rule there is. How to use them is in the [other pages](README.md).",
  ...fileSections(),
  ...stepSections(),
  ...templateSections(),
  ...unitSections(),
  ...limitSections(),
  ...ruleSections(),
]);

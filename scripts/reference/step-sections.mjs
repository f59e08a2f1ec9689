// Step types and their keys.
import { readFileSync } from "node:fs";

import { POLICY_KEYS, STEP_KEYS } from "../../packages/workflow/src/language/step-keys.ts";
import { LEAF } from "../../packages/workflow/src/steps/editor.ts";
import { external } from "../../packages/workflow/src/steps/external.ts";
import { NEEDS, needOf } from "../../packages/workflow/src/steps/foreign.ts";
import { BUILT_IN_STEP_TYPES, stepTypeOf } from "../../packages/workflow/src/steps/index.ts";
import { keyTable } from "./keys.mjs";
import { anchorOf, code, linkTo, list, table } from "./markdown.mjs";

/** Keys that mean the same wherever a step has them. */
const WRAPPERS = Object.keys(LEAF);
const TYPES = Object.keys(BUILT_IN_STEP_TYPES);
const PAGES = { data: "data-steps.md", workflow: "composition.md" };

export function stepSections() {
  return [
    "## Keys of steps",
    keyTable(STEP_KEYS, { required: ["name", "type"] }),
    `And around a step, where ${linkTo("Step types", "its type")} says so. \`on-failure\` is around \`if\`, \`if\` around \`timeout\`, \`timeout\` around \`foreach\`:`,
    keyTable(LEAF),
    "## on-failure",
    "[When a step fails](error-handling.md) explains it.",
    keyTable(POLICY_KEYS),
    "## Step types",
    table(
      ["Type", "What it does", ...WRAPPERS.map((key) => code(key))],
      [
        ...TYPES.map((type) => overviewRow(linkTo(type, code(type)), BUILT_IN_STEP_TYPES[type], stepTypeOf(type))),
        overviewRow(linkTo("Steps of packages", "of a package"), "Calls another system", external),
      ],
    ),
    ...TYPES.flatMap((type) => typeSection(type)),
    "## Steps of packages",
    "The type is that of an action, such as `slack` or `jira.createIssue`; `stepwire types` lists those that are installed.",
    ownKeys(external),
    "## Steps that need Kibana",
    "They are read and checked, and a stub can answer them; a run that would meet one is refused.",
    table(
      ["Type", "It needs"],
      Object.entries(NEEDS).map(([name, need]) => [code(needOf(name) === undefined ? `${name}.*` : name), need]),
    ),
  ];
}

function overviewRow(type, title, { keys, leaf }) {
  const may = (key) => {
    if (!keys.includes(key)) return "";
    return key === "foreach" && !leaf ? "its own" : "yes";
  };
  return [type, title, ...WRAPPERS.map((key) => may(key))];
}

function typeSection(type) {
  return [`### ${code(type)}`, `${BUILT_IN_STEP_TYPES[type]}. ${pageOf(type)}`.trim(), ownKeys(stepTypeOf(type))];
}

function ownKeys({ schema, keys, leaf }) {
  const own = Object.entries(schema.properties).filter(
    ([key]) => !WRAPPERS.includes(key) || (key === "foreach" && !leaf),
  );
  const around = keys.filter((key) => WRAPPERS.includes(key) && !own.some(([name]) => name === key));
  const also = around.length === 0 ? "Nothing can be around it." : `Around it: ${list(around)}.`;
  if (own.length === 0) return `It has no keys of its own. ${also}`;
  return `${keyTable(Object.fromEntries(own), { required: schema.required })}\n\n${also}`;
}

/** Where a step type is explained: the heading of a page that has its name, or else the page. */
function pageOf(type) {
  if (type === "console") return "";
  const family = type.split(".")[0];
  const page = PAGES[family] ?? "flow-control.md";
  const headings = readFileSync(`docs/workflow/${page}`, "utf8").matchAll(/^## (.*)$/gm);
  const heading = [...headings].map((match) => match[1]).find((text) => text.split(/[\s,]+/).includes(type));
  return `[More](${page}${heading === undefined ? "" : `#${anchorOf(heading)}`}).`;
}

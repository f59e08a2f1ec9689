// What templates are made of, and what they read.
import { parseDuration, parseSize } from "@stepwire/core";

import * as scope from "../../packages/workflow/src/language/scope.ts";
import { createEngine, DEFAULT_TEMPLATE_LIMITS } from "../../packages/workflow/src/template/engine.ts";
import { OWN_FILTERS } from "../../packages/workflow/src/template/filters.ts";
import { code, list, number, table } from "./markdown.mjs";

export function templateSections() {
  const { tags, filters, options } = createEngine(DEFAULT_TEMPLATE_LIMITS);
  return [
    "## Templates",
    "[Templates](templates.md) explains them.",
    `**Tags:** ${list(Object.keys(tags))}.`,
    `**Operators:** ${list(Object.keys(options.operators))}.`,
    "**Filters** of workflows alone:",
    table(
      ["Filter", "What it gives"],
      Object.entries(OWN_FILTERS).map(([name, { title }]) => [code(name), title]),
    ),
    `**Filters** of [Liquid](https://liquidjs.com/filters/overview.html): ${list(
      Object.keys(filters)
        .filter((name) => !Object.hasOwn(OWN_FILTERS, name))
        .toSorted(),
    )}.`,
    "## What templates and conditions read",
    fields("Name", scope.ROOTS),
    "### steps",
    fields("`steps.<name>.`", scope.STEP_FIELDS),
    "### error",
    fields("`error.` or `steps.<name>.error.`", scope.ERROR_FIELDS),
    "### foreach and while",
    fields("`foreach.`", scope.FOREACH_FIELDS),
    fields("`while.`", scope.WHILE_FIELDS),
    "### execution, workflow and parent",
    fields("`execution.`", scope.EXECUTION_FIELDS),
    fields("`workflow.`", scope.WORKFLOW_FIELDS),
    fields("`parent.`", scope.PARENT_FIELDS),
  ];
}

function fields(heading, meanings) {
  return table(
    [heading, ""],
    Object.entries(meanings).map(([name, meaning]) => [code(name), meaning]),
  );
}

export function unitSections() {
  return [
    "## Durations and sizes",
    "A duration is a whole number and a unit, or several of them from large to small: `30s`, `1h30m`. A size is a number and a unit: `10mb`, `1.5 kb`; the case of its letters does not matter.",
    table(
      ["Duration", "Milliseconds"],
      ["1w", "1d", "1h", "1m", "1s", "1ms"].map((text) => [code(text), number(parseDuration(text))]),
    ),
    table(
      ["Size", "Bytes"],
      ["1b", "1kb", "1mb", "1gb"].map((text) => [code(text), number(parseSize(text))]),
    ),
  ];
}

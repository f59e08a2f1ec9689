// Limits, and what findings say.
import { MAX_YAML_LENGTH } from "@stepwire/yaml";

import * as data from "../../packages/workflow/src/data/limits.ts";
import { MAX_PATTERN_LENGTH } from "../../packages/workflow/src/data/regex/pattern.ts";
import { MAX_KQL_DEPTH } from "../../packages/workflow/src/kql/parse.ts";
import { RULES } from "../../packages/workflow/src/language/rules.ts";
import { DEFAULT_LOOP_CAP, DEFAULT_MAX_STEP_BYTES, DEFAULT_TIMEOUT_MS } from "../../packages/workflow/src/plan.ts";
import {
  DEFAULT_CONCURRENCY,
  LONGEST_BRANCH_NAME,
  LONGEST_FOREACH,
  MAX_AT_ONCE,
  MAX_FAN_OUT,
} from "../../packages/workflow/src/steps/parallel-read.ts";
import { LONGEST_WAIT_MS } from "../../packages/workflow/src/steps/wait.ts";
import { DEFAULT_TEMPLATE_LIMITS, MAX_TEMPLATE_LIMITS } from "../../packages/workflow/src/template/engine.ts";
import { MAX_VALUE_DEPTH } from "../../packages/workflow/src/values.ts";
import { code, number, table } from "./markdown.mjs";

export function limitSections() {
  const template = (key) => [
    number(DEFAULT_TEMPLATE_LIMITS[key]),
    `${code(`settings.liquid.${key}`)}, up to ${number(MAX_TEMPLATE_LIMITS[key])}`,
  ];
  return [
    "## Limits",
    table(
      ["What", "At most", "Where to change it"],
      [
        ["Characters of a file", number(MAX_YAML_LENGTH), ""],
        ["A run", `${number(DEFAULT_TIMEOUT_MS / 3_600_000)} hours`, "`settings.timeout`"],
        [
          "The output of a step, as JSON",
          `${number(DEFAULT_MAX_STEP_BYTES)} bytes`,
          "`max-step-size` of the step or the settings",
        ],
        ["Iterations of a loop", number(DEFAULT_LOOP_CAP.limit), "`max-iterations`"],
        ["Iterations of a step with `foreach` around it", number(DEFAULT_LOOP_CAP.limit), ""],
        ["Items of a parallel step", number(MAX_FAN_OUT), ""],
        [
          "Branches of a parallel step at once",
          number(DEFAULT_CONCURRENCY.max),
          `\`concurrency\`, up to ${number(MAX_AT_ONCE)}`,
        ],
        ["Characters of the `foreach` of a parallel step", number(LONGEST_FOREACH), ""],
        ["Characters of a branch's name", number(LONGEST_BRANCH_NAME), ""],
        ["A `wait`", `${number(LONGEST_WAIT_MS / 86_400_000)} days`, ""],
        ["Characters of a template", ...template("parseLimit")],
        ["Milliseconds of rendering a template", ...template("renderLimit")],
        ["Units of memory of rendering a template", ...template("memoryLimit")],
        ["Levels of a value that a template gives", number(MAX_VALUE_DEPTH), ""],
        ["Levels of brackets in a condition", number(MAX_KQL_DEPTH), ""],
        ["Elements that a data step goes through or makes", number(data.MAX_ITEMS), ""],
        ["Lists of `data.concat`", number(data.MAX_ARRAYS), ""],
        ["Levels that `data.concat` opens", number(data.MAX_FLATTEN), ""],
        ["`$map` inside `$map`", number(data.MAX_MAP_DEPTH), ""],
        ["Characters of JSON, and of all replaced texts of a step", number(data.MAX_JSON_LENGTH), ""],
        ["Levels of JSON", number(data.MAX_JSON_DEPTH), ""],
        ["Texts of a regex step", number(data.MAX_TEXTS), ""],
        ["Characters of such a text", number(data.MAX_TEXT_LENGTH), ""],
        ["Characters of a pattern", number(MAX_PATTERN_LENGTH), ""],
        ["Steps of matching of a regex step", number(data.MAX_MATCH_STEPS), ""],
      ],
    ),
  ];
}

export function ruleSections() {
  return [
    "## Rules of findings",
    "What `stepwire validate` finds has a `rule` beside its [code](../errors.md). A workflow with an error does not run; a warning stops nothing, but for `stepNotHere`.",
    table(
      ["Rule", "Severity", "It means"],
      Object.entries(RULES)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([rule, { severities, meaning }]) => [code(rule), severities.join(" or "), meaning]),
    ),
  ];
}

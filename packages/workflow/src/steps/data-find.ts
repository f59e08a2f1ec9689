import { StepwireError } from "@stepwire/core";
import { extendScope } from "../template/scope.ts";
import { CONDITION_HINT, readElementCondition } from "./data-condition.ts";
import { readItemList } from "./data-list.ts";
import { readOptions } from "./data-options.ts";
import { dataStep } from "./data-step.ts";
import { CONDITION, described, ITEMS, TEMPLATE } from "./editor.ts";

/**
 * The first element for which a condition holds, with its place. Where there is none, both are null, as Kibana's code
 * has it; Elastic's documentation says that the output itself is null.
 */
export const dataFind = dataStep({
  type: "data.find",
  title: "Finds the first element of a list for which a condition holds",
  beside: { items: ITEMS },
  with: {
    properties: {
      condition: described(CONDITION, "Which element to find; it reads item and index."),
      errorIfEmpty: { default: false, description: "Fails if there is none.", anyOf: [{ type: "boolean" }, TEMPLATE] },
    },
    required: ["condition"],
  },
  read(r, step) {
    const items = readItemList(r, step);
    const condition = readElementCondition(r, step);
    const read = readOptions(
      r,
      step,
      {
        hint: CONDITION_HINT.with,
        with: ["errorIfEmpty"],
        apart: { condition: CONDITION_HINT.condition },
        source: "items",
      },
      (options) => ({
        errorIfEmpty: options.flag("errorIfEmpty") ?? false,
      }),
    );
    if (items === undefined || condition === undefined || read === undefined) return undefined;
    return (scope, begin) => {
      const { input, options } = read(scope);
      begin(input);
      const list = items(scope);
      const index = list.findIndex((item, at) => condition.test(extendScope(scope, { item, index: at })));
      if (index !== -1) return { item: list[index], index };
      if (!options.errorIfEmpty) return { item: null, index: null };
      throw new StepwireError(
        "params-invalid",
        `Step "${step.site.name}" finds no element for which the condition holds: ${condition.text}`,
        { type: "NoMatch", details: { reason: "no-match", total: list.length } },
      );
    };
  },
});

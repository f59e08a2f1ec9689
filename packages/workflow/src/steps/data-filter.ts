import { extendScope } from "../template/scope.ts";
import { CONDITION_HINT, readElementCondition } from "./data-condition.ts";
import { readItemList } from "./data-list.ts";
import { readOptions } from "./data-options.ts";
import { dataStep } from "./data-step.ts";
import { CONDITION, described, ITEMS, TEMPLATE } from "./editor.ts";

/**
 * The elements for which a condition holds. Kibana passes over elements that are no maps, whatever the condition says;
 * here they are tried like all others.
 */
export const dataFilter = dataStep({
  type: "data.filter",
  title: "Keeps the elements of a list for which a condition holds",
  beside: { items: ITEMS },
  with: {
    properties: {
      condition: described(CONDITION, "Which elements to keep; it reads item and index."),
      limit: { description: "Stops at this many.", anyOf: [{ type: "integer", minimum: 1 }, TEMPLATE] },
    },
    required: ["condition"],
  },
  read(r, step) {
    const items = readItemList(r, step);
    const condition = readElementCondition(r, step);
    const read = readOptions(
      r,
      step,
      { hint: CONDITION_HINT.with, with: ["limit"], apart: { condition: CONDITION_HINT.condition }, source: "items" },
      (options) => ({
        limit: options.wholeNumber("limit"),
      }),
    );
    if (items === undefined || condition === undefined || read === undefined) return undefined;
    return (scope, begin) => {
      const { input, options } = read(scope);
      begin(input);
      const limit = options.limit ?? Number.POSITIVE_INFINITY;
      const kept: unknown[] = [];
      for (const [index, item] of items(scope).entries()) {
        if (!condition.test(extendScope(scope, { item, index }))) continue;
        kept.push(item);
        if (kept.length >= limit) break;
      }
      return kept;
    };
  },
});

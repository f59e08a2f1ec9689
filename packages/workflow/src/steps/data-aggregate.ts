import { AGGREGATE_KEYS, aggregateOptions } from "../data/aggregate-options.ts";
import { aggregate, OPERATIONS } from "../data/aggregate.ts";
import { readItemList } from "./data-list.ts";
import { readOptions } from "./data-options.ts";
import { dataStep } from "./data-step.ts";
import { ITEMS, TEMPLATE, TEXT } from "./editor.ts";

const METRIC = {
  type: "object",
  required: ["name", "operation"],
  properties: { name: TEXT, operation: { anyOf: [{ enum: OPERATIONS }, TEMPLATE] }, field: TEXT },
  additionalProperties: false,
};
const BOUND = { anyOf: [{ type: "number" }, TEMPLATE] };
const RANGE = { type: "object", properties: { from: BOUND, to: BOUND, label: TEXT }, additionalProperties: false };

/**
 * One row for each combination of the fields' values, with numbers computed of its elements. A field that an element
 * lacks counts as null. Elements outside all ranges are left out.
 */
export const dataAggregate = dataStep({
  type: "data.aggregate",
  title: "Groups the elements of a list and computes numbers for each group",
  beside: { items: ITEMS },
  with: {
    properties: {
      group_by: {
        description: "Fields; dotted paths.",
        anyOf: [{ type: "array", items: TEXT, minItems: 1 }, TEMPLATE],
      },
      metrics: { anyOf: [{ type: "array", items: METRIC, minItems: 1 }, TEMPLATE] },
      buckets: {
        description: "Also groups by ranges of a number; the label is the key _bucket.",
        anyOf: [
          {
            type: "object",
            required: ["field", "ranges"],
            properties: { field: TEXT, ranges: { anyOf: [{ type: "array", items: RANGE, minItems: 1 }, TEMPLATE] } },
            additionalProperties: false,
          },
          TEMPLATE,
        ],
      },
      order_by: { ...TEXT, description: "A metric, or a field of group_by." },
      order: { anyOf: [{ enum: ["asc", "desc"] }, TEMPLATE] },
      limit: { description: "At most this many rows.", anyOf: [{ type: "integer", minimum: 1 }, TEMPLATE] },
    },
    required: ["group_by", "metrics"],
  },
  read(r, step) {
    const items = readItemList(r, step);
    const hint = "Write group_by and metrics.";
    const read = readOptions(r, step, { hint, with: AGGREGATE_KEYS, source: "items" }, aggregateOptions);
    if (items === undefined || read === undefined) return undefined;
    return (scope, begin) => {
      const { input, options } = read(scope);
      begin(input);
      return aggregate(items(scope), options);
    };
  },
});

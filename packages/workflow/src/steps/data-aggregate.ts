import { AGGREGATE_KEYS, aggregateOptions, DEFAULT_ORDER, ORDERS } from "../data/aggregate-options.ts";
import { aggregate, OPERATIONS } from "../data/aggregate.ts";
import { readItemList } from "./data-list.ts";
import { readOptions } from "./data-options.ts";
import { dataStep } from "./data-step.ts";
import { described, ITEMS, TEMPLATE, TEXT } from "./editor.ts";

const METRIC = {
  type: "object",
  required: ["name", "operation"],
  properties: {
    name: described(TEXT, "The key of the row that has its value."),
    operation: { description: "What to compute.", anyOf: [{ enum: OPERATIONS }, TEMPLATE] },
    field: described(TEXT, "Of which field; a dotted path. Not needed for count."),
  },
  additionalProperties: false,
};
const BOUND = { anyOf: [{ type: "number" }, TEMPLATE] };
const RANGE = {
  type: "object",
  properties: {
    from: described(BOUND, "The first number that belongs to it."),
    to: described(BOUND, "The first number that does not."),
    label: described(TEXT, "What it is called in the row; made of its bounds if left out."),
  },
  additionalProperties: false,
};

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
      metrics: {
        description: "Numbers to compute for each group.",
        anyOf: [{ type: "array", items: METRIC, minItems: 1 }, TEMPLATE],
      },
      buckets: {
        description: "Also groups by ranges of a number; the label is the key `_bucket`.",
        anyOf: [
          {
            type: "object",
            required: ["field", "ranges"],
            properties: {
              field: described(TEXT, "The field whose number decides; a dotted path."),
              ranges: {
                description: "Ranges of the number.",
                anyOf: [{ type: "array", items: RANGE, minItems: 1 }, TEMPLATE],
              },
            },
            additionalProperties: false,
          },
          TEMPLATE,
        ],
      },
      order_by: described(TEXT, "A metric, or a field of group_by."),
      order: {
        default: DEFAULT_ORDER,
        description: "From small to large, or the other way round.",
        anyOf: [{ enum: ORDERS }, TEMPLATE],
      },
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

import { dedupe, DEFAULT_STRATEGY, STRATEGIES } from "../data/dedupe.ts";
import { readItemList } from "./data-list.ts";
import { readOptions } from "./data-options.ts";
import { dataStep } from "./data-step.ts";
import { ITEMS, TEMPLATE, TEXT } from "./editor.ts";

/**
 * The elements without those whose keys have the same values. Kibana's code reads a key such as `host.name` as one
 * name only, and its documentation as a path; both count here.
 */
export const dataDedupe = dataStep({
  type: "data.dedupe",
  title: "Removes duplicates from a list",
  beside: {
    items: ITEMS,
    strategy: {
      default: DEFAULT_STRATEGY,
      description: "Which of several stays.",
      anyOf: [{ enum: STRATEGIES }, TEMPLATE],
    },
  },
  with: {
    properties: {
      keys: { description: "Fields; dotted paths.", anyOf: [{ type: "array", items: TEXT, minItems: 1 }, TEMPLATE] },
    },
    required: ["keys"],
  },
  read(r, step) {
    const items = readItemList(r, step);
    const hint = 'Name the fields that tell elements apart, such as `keys: ["host.name"]`.';
    const keys = { hint, beside: ["strategy"], with: ["keys"], source: "items" };
    const read = readOptions(r, step, keys, (options) => {
      options.need("keys", hint);
      return {
        keys: options.texts("keys") ?? [],
        strategy: options.choice("strategy", STRATEGIES) ?? DEFAULT_STRATEGY,
      };
    });
    if (items === undefined || read === undefined) return undefined;
    return (scope, begin) => {
      const { input, options } = read(scope);
      begin(input);
      return dedupe(items(scope), options.keys, options.strategy);
    };
  },
});

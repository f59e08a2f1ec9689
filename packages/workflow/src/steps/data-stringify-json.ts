import { renderTree } from "../template/tree.ts";
import { invalid, readOptions, readSource } from "./data-options.ts";
import { dataStep } from "./data-step.ts";
import { TEMPLATE } from "./editor.ts";

/** A value as a text of JSON, with `pretty` in lines that are indented by two spaces. */
export const dataStringifyJson = dataStep({
  type: "data.stringifyJson",
  title: "Writes a value as a text of JSON",
  beside: { source: { description: "Any value." } },
  with: {
    properties: {
      pretty: {
        default: false,
        description: "In lines, indented by two spaces.",
        anyOf: [{ type: "boolean" }, TEMPLATE],
      },
    },
  },
  read(r, step) {
    const tree = readSource(r, step, "source", "Write the value, such as `source: ${{ steps.search.output }}`.");
    const read = readOptions(r, step, { with: ["pretty"], source: "source" }, (options) => ({
      pretty: options.flag("pretty") ?? false,
    }));
    if (tree === undefined || read === undefined) return undefined;
    return (scope, begin) => {
      const { input, options } = read(scope);
      begin(input);
      const json = JSON.stringify(renderTree(tree, scope), null, options.pretty ? 2 : undefined) as string | undefined;
      if (json === undefined) throw invalid(`"source" of step "${step.site.name}" has no value.`);
      return json;
    };
  },
});

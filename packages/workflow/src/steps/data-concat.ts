import { concat } from "../data/concat.ts";
import { MAX_ARRAYS, MAX_FLATTEN, MAX_ITEMS } from "../data/limits.ts";
import { complain } from "../read/reader.ts";
import { renderTree } from "../template/tree.ts";
import { kindOf } from "../values.ts";
import { invalid, readOptions, readSource } from "./data-options.ts";
import { dataStep } from "./data-step.ts";
import { ITEMS, TEMPLATE } from "./editor.ts";

/** All elements of several lists, in order. A list that has no value counts as empty. */
export const dataConcat = dataStep({
  type: "data.concat",
  title: "Joins lists into one",
  beside: {
    arrays: {
      type: ["array", "string"],
      title: "list of lists",
      items: ITEMS,
      minItems: 1,
      maxItems: MAX_ARRAYS,
      description: `The lists, at most ${MAX_ARRAYS}.`,
    },
  },
  with: {
    properties: {
      dedupe: { default: false, description: "Each value once.", anyOf: [{ type: "boolean" }, TEMPLATE] },
      flatten: {
        default: false,
        description: "Opens lists in the lists: true for one level, or how many.",
        anyOf: [{ type: "boolean" }, { type: "integer", minimum: 1, maximum: MAX_FLATTEN }, TEMPLATE],
      },
    },
  },
  read(r, step) {
    const { path, map, site } = step;
    const label = `step "${site.name}"`;
    const tree = readSource(
      r,
      step,
      "arrays",
      "List the lists to join, such as `arrays: [${{ steps.a.output }}, [x]]`.",
    );
    const read = readOptions(r, step, { with: ["dedupe", "flatten"], source: "arrays" }, (options) => ({
      dedupe: options.flag("dedupe") ?? false,
      flatten: options.levels("flatten", MAX_FLATTEN) ?? 0,
    }));
    if (tree === undefined || read === undefined) return undefined;
    const wrong = tree.kind === "template" ? undefined : wrongArrays(map["arrays"]);
    if (wrong !== undefined) {
      complain(r, [...path, "arrays"], { message: `"arrays" ${wrong}.` }, "value");
      return undefined;
    }
    return (scope, begin) => {
      const { input, options } = read(scope);
      begin(input);
      const lists = renderTree(tree, scope);
      const problem = wrongArrays(lists);
      if (problem !== undefined) throw invalid(`"arrays" of ${label} ${problem}.`);
      const arrays = (lists as unknown[]).map((list, index) => {
        if (list === null) return [];
        if (Array.isArray(list)) return list as unknown[];
        throw invalid(`"arrays[${index}]" of ${label} gives ${kindOf(list)}, not a list. Write it as \${{ }}.`);
      });
      const joined: unknown[] = [];
      for (const item of concat(arrays, options.flatten, options.dedupe)) {
        if (joined.length === MAX_ITEMS) {
          throw invalid(`The lists of ${label} have more than ${MAX_ITEMS} elements together.`, { limit: MAX_ITEMS });
        }
        joined.push(item);
      }
      return joined;
    };
  },
});

function wrongArrays(value: unknown): string | undefined {
  if (!Array.isArray(value)) return `must be a list of lists, not ${kindOf(value)}`;
  if (value.length === 0) return "must hold at least one list";
  return value.length > MAX_ARRAYS ? `holds ${value.length} lists; at most ${MAX_ARRAYS} are allowed` : undefined;
}

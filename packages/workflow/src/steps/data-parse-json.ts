import { isDeeper } from "../data/json.ts";
import { MAX_JSON_DEPTH, MAX_JSON_LENGTH } from "../data/limits.ts";
import { renderTree } from "../template/tree.ts";
import { invalid, readOptions, readSource } from "./data-options.ts";
import { dataStep } from "./data-step.ts";

/** The value that a text of JSON stands for. What is no text has its value already and stays as it is. */
export const dataParseJson = dataStep({
  type: "data.parseJson",
  title: "Reads a text of JSON",
  beside: { source: { description: "A text of JSON." } },
  with: { properties: {} },
  read(r, step) {
    const label = `step "${step.site.name}"`;
    const tree = readSource(r, step, "source", "Write the text, such as `source: ${{ steps.call.output.data }}`.");
    const read = readOptions(r, step, { with: [], source: "source" }, () => undefined);
    if (tree === undefined || read === undefined) return undefined;
    return (scope, begin) => {
      begin({});
      const source = renderTree(tree, scope);
      if (source === undefined || source === null) throw invalid(`"source" of ${label} has no value.`);
      return typeof source === "string" ? parse(source, label) : source;
    };
  },
});

function parse(text: string, label: string): unknown {
  if (text.length > MAX_JSON_LENGTH) {
    const message = `"source" of ${label} has ${text.length} characters; at most ${MAX_JSON_LENGTH} are allowed.`;
    throw invalid(message, { limit: MAX_JSON_LENGTH, actual: text.length });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const hint = text.startsWith("[object ") ? " Write ${{ }} instead of {{ }}, which keeps a value what it is." : "";
    throw invalid(`"source" of ${label} is no JSON: ${error instanceof Error ? error.message : String(error)}.${hint}`);
  }
  if (!isDeeper(value, MAX_JSON_DEPTH)) return value;
  throw invalid(`The JSON of ${label} has more than ${MAX_JSON_DEPTH} levels.`, { limit: MAX_JSON_DEPTH });
}

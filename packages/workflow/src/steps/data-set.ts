import type { SetBody } from "../plan.ts";
import { readTree } from "../read/texts.ts";
import { setVariable } from "../run/state.ts";
import { setOwn } from "../values.ts";
import { LEAF } from "./editor.ts";
import { leafRun, renderMap } from "./leaf.ts";
import { needs, readWith } from "./read.ts";
import { LEAF_KEYS, type BuiltInStepType } from "./step-type.ts";

export const dataSet: BuiltInStepType<SetBody> = {
  kind: "set",
  types: { "data.set": "Sets variables" },
  keys: LEAF_KEYS,
  leaf: true,
  schema: {
    properties: { ...LEAF, with: { type: "object", description: "The variables, by name." } },
    required: ["with"],
  },
  read(r, step) {
    const { path, map, place } = step;
    if (!needs(r, step, "with", "Write the variables to set, such as `with: { owner: ann }`.")) return undefined;
    const params = readWith(r, path, map);
    if (params === undefined) return undefined;
    for (const key of Object.keys(params)) r.variables.add(key);
    return { kind: "set", values: readTree(r, [...path, "with"], params, place) };
  },
  run: leafRun(
    async ({ body, execution, begin }) => {
      const values = renderMap(body.values, execution.scope);
      begin(values);
      return values;
    },
    ({ run }, values) => {
      for (const [key, value] of Object.entries(values)) setVariable(run, key, value);
    },
  ),
  // oxlint-disable-next-line require-yield -- it has no request of its own to show
  *dry({ node, body, at, variables, scope, unknown, watch, keep }) {
    try {
      const { value: values, isKnown } = watch(() => renderMap(body.values, scope(at)));
      for (const [key, value] of Object.entries(values))
        setOwn(variables, key, isKnown ? value : unknown(`variables.${key}`));
      keep({ output: values });
    } catch {
      keep({ output: unknown(`steps.${node.name}.output`) });
    }
  },
};

import type { ConsoleBody } from "../plan.ts";
import { checkKeys } from "../read/reader.ts";
import { readTree } from "../read/texts.ts";
import { renderTree } from "../template/tree.ts";
import { LEAF } from "./editor.ts";
import { leafDry, leafRun } from "./leaf.ts";
import { readWith } from "./read.ts";
import { LEAF_KEYS, type BuiltInStepType } from "./step-type.ts";

export const consoleStep: BuiltInStepType<ConsoleBody> = {
  kind: "console",
  types: { console: "Writes a message to the log" },
  keys: LEAF_KEYS,
  leaf: true,
  schema: {
    properties: {
      ...LEAF,
      with: {
        type: "object",
        properties: { message: { default: "", description: "Any value; what is no text is written as JSON." } },
        additionalProperties: false,
      },
    },
  },
  read(r, { path, map, place }) {
    const params = readWith(r, path, map);
    if (params === undefined) return undefined;
    checkKeys(r, [...path, "with"], params, ["message"], `"with" of a step of type "console"`);
    return { kind: "console", message: readTree(r, [...path, "with", "message"], params["message"] ?? "", place) };
  },
  run: leafRun(async ({ run, body, execution, begin }) => {
    const message = renderTree(body.message, execution.scope) ?? "";
    begin({ message });
    run.host.log(execution.path, typeof message === "string" ? message : JSON.stringify(message));
    return message;
  }),
  dry: leafDry(),
};

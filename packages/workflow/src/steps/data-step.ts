import type { JsonSchema } from "@stepwire/core";
import type { DataBody } from "../plan.ts";
import type { Reader } from "../read/reader.ts";
import { LEAF } from "./editor.ts";
import { leafDry, leafRun } from "./leaf.ts";
import { LEAF_KEYS, type BodyReading, type BuiltInStepType } from "./step-type.ts";

interface DataStep {
  type: DataBody["kind"];
  /** What it is for. */
  title: string;
  /** Keys beside `with`, the source first, for editors. */
  beside: Readonly<Record<string, JsonSchema>>;
  with: { readonly properties: JsonSchema; readonly required?: readonly string[] };
  read: (r: Reader, step: BodyReading) => DataBody["compute"] | undefined;
}

/** A step that makes a value of another: it has no part outside, so a dry run computes it too. */
export function dataStep({ type, title, beside, with: params, read }: DataStep): BuiltInStepType<DataBody> {
  const [source = ""] = Object.keys(beside);
  const needsWith = params.required !== undefined;
  return {
    kind: type,
    types: { [type]: title },
    keys: [...LEAF_KEYS, ...Object.keys(beside)],
    leaf: true,
    schema: {
      properties: { ...LEAF, ...beside, with: { type: "object", additionalProperties: false, ...params } },
      required: [source, ...(needsWith ? ["with"] : [])],
    },
    read(r, step) {
      const compute = read(r, step);
      return compute === undefined ? undefined : { kind: type, compute };
    },
    run: leafRun(async ({ body, execution, begin }) => body.compute(execution.scope, begin)),
    dry: leafDry(({ body }, scope) => body.compute(scope, () => undefined)),
  };
}

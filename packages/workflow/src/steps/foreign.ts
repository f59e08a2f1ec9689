import { StepwireError } from "@stepwire/core";
import type { ForeignBody } from "../plan.ts";
import { readTree } from "../read/texts.ts";
import { answerOf, stubOf } from "../stubs.ts";
import { LEAF } from "./editor.ts";
import { leafRun, renderMap } from "./leaf.ts";
import { readWith } from "./read.ts";
import { LEAF_KEYS, type BuiltInStepType } from "./step-type.ts";

/** What steps need that are part of the language and cannot run here, by the type or what stands before its dot. */
export const NEEDS: Readonly<Record<string, string>> = {
  waitForInput: "somebody who answers in Kibana",
  waitForApproval: "somebody who approves in Kibana",
  merge: "Kibana's own engine",
  elasticsearch: "an Elasticsearch cluster; its REST API can be called by a step of type http",
  kibana: "Kibana; its REST API can be called by a step of type http",
  cases: "Kibana's cases; cases of another system are made by cases-webhook",
  ai: "the AI connectors of Kibana",
  security: "Elastic Security in Kibana",
  streams: "Kibana's streams",
  entityStore: "Elastic Security in Kibana",
};

/** What a step of this type would need, for one that Kibana's language has and that cannot run here. */
export function needOf(type: string): string | undefined {
  const [family = "", ...rest] = type.split(".");
  const isWhole = ["waitForInput", "waitForApproval", "merge"].includes(family);
  return Object.hasOwn(NEEDS, family) && isWhole === (rest.length === 0) ? NEEDS[family] : undefined;
}

/** A step that only Kibana can run. It is read and checked like any other, and answered by a stub where there is one. */
export const foreign: BuiltInStepType<ForeignBody> = {
  kind: "foreign",
  types: {},
  keys: LEAF_KEYS,
  // Keys such as `agent-id` belong to its type, which nobody here knows.
  open: true,
  leaf: true,
  schema: { properties: { ...LEAF, with: { type: "object" } } },
  read(r, { type, path, map, site, place }) {
    const raw = readWith(r, path, map);
    if (raw === undefined) return undefined;
    site.foreign = { type, need: needOf(type) ?? "Kibana" };
    return { kind: "foreign", with: readTree(r, [...path, "with"], raw, place) };
  },
  run: leafRun(async ({ run, node, body, execution, begin }) => {
    begin(renderMap(body.with, execution.scope));
    const stub = stubOf(run.stubs, node);
    if (stub !== undefined) return answerOf(stub);
    throw new StepwireError("unknown-step-type", `Steps of type ${node.type} cannot run here.`);
  }),
  *dry({ node, body, at, scope, stub, unknown, keep }) {
    const { name, type } = node;
    const output = stub !== undefined && "output" in stub ? stub.output : unknown(`steps.${name}.output`);
    const shown = { path: at.path, name, type, when: [...at.when], stubbed: true as const };
    try {
      const input = renderMap(body.with, scope(at));
      keep({ input, output });
      yield { ...shown, input };
    } catch (error) {
      keep({ output });
      yield { ...shown, error: StepwireError.from(error).toJSON() };
    }
  },
};

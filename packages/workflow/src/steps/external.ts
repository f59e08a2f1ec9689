import { StepwireError } from "@stepwire/core";
import type { ExternalBody, StepNode } from "../plan.ts";
import { readText } from "../read/reader.ts";
import { readTemplate, readTree } from "../read/texts.ts";
import { abortable } from "../run/deadline.ts";
import { answerOf, stubOf } from "../stubs.ts";
import type { Scope } from "../template/scope.ts";
import { kindOf } from "../values.ts";
import { CONNECTOR_ID, LEAF } from "./editor.ts";
import { leafRun, renderMap } from "./leaf.ts";
import { readWith } from "./read.ts";
import { LEAF_KEYS, type BuiltInStepType } from "./step-type.ts";

/** A step of an installed package: an action of a connector, or a step that needs none. */
export const external: BuiltInStepType<ExternalBody> = {
  kind: "external",
  types: {},
  keys: [...LEAF_KEYS, "connector-id"],
  leaf: true,
  schema: {
    properties: {
      ...LEAF,
      "connector-id": CONNECTOR_ID,
      with: { type: "object", description: "What the action takes; `stepwire types TYPE` lists it." },
    },
  },
  read(r, { type, path, map, site, place, misspelt }) {
    const text =
      "connector-id" in map ? readText(r, [...path, "connector-id"], map["connector-id"], `"connector-id"`) : undefined;
    const connectorId = text === undefined ? undefined : readTemplate(r, [...path, "connector-id"], text, place);
    const raw = readWith(r, path, map);
    if (raw === undefined) return undefined;
    const tree = readTree(r, [...path, "with"], raw, place);
    const connectorSpoilt = misspelt.has("connector-id") || ("connector-id" in map && connectorId === undefined);
    site.external = { type, with: tree, raw, connectorId, connectorSpoilt };
    return { kind: "external", with: tree, ...(connectorId === undefined ? {} : { connectorId }) };
  },
  run: leafRun(async ({ run, node, body, execution, frame, begin }) => {
    const { scope, path, attempt } = execution;
    const { signal } = frame;
    const input = renderMap(body.with, scope);
    const connectorId = renderConnectorId(node, body, scope);
    begin(input);
    const stub = stubOf(run.stubs, node);
    if (stub !== undefined) return answerOf(stub);
    const { name, type, maxOutputBytes } = node;
    const call = { path, name, type, input, attempt, signal, maxOutputBytes };
    return abortable(signal, () => run.host.step(connectorId === undefined ? call : { ...call, connectorId }));
  }),
  *dry({ node, body, at, scope, stub, unknown, keep }) {
    const { name, type } = node;
    const output = stub !== undefined && "output" in stub ? stub.output : unknown(`steps.${name}.output`);
    const entry: Record<string, unknown> = { output };
    const stubbed = stub === undefined ? {} : { stubbed: true as const };
    const shown = { path: at.path, name, type, when: [...at.when], ...stubbed };
    try {
      const values = scope(at);
      const input = renderMap(body.with, values);
      entry["input"] = input;
      const connectorId = renderConnectorId(node, body, values);
      Object.assign(shown, { input });
      if (connectorId !== undefined) Object.assign(shown, { connectorId });
    } catch (error) {
      Object.assign(shown, { error: StepwireError.from(error).toJSON() });
    }
    keep(entry);
    yield shown;
  },
};

/** The rendered connector-id. Throws `params-invalid` where a template gives no text. */
function renderConnectorId(node: StepNode, body: ExternalBody, scope: Scope): string | undefined {
  if (body.connectorId === undefined) return undefined;
  const value = body.connectorId.render(scope);
  if (typeof value === "string" && value.trim() !== "") return value.trim();
  const found = value === "" ? "an empty text" : kindOf(value);
  throw new StepwireError(
    "params-invalid",
    `The connector-id of step "${node.name}" must give the name or id of a connector; ${body.connectorId.text} gives ${found}.`,
  );
}

import type { JsonSchema } from "@stepwire/core";
import { POLICY_KEYS, STEP_KEYS } from "./language/step-keys.ts";
import { IGNORED_WORKFLOW_KEYS, WORKFLOW_KEYS } from "./language/workflow-keys.ts";
import { BUILT_IN_STEP_TYPES, stepTypeOf } from "./steps/index.ts";
import { CONNECTOR_ID, LEAF, TEMPLATE, TEXT } from "./steps/editor.ts";
import { isRecord } from "./values.ts";

export interface SchemaStepType {
  type: string;
  title: string;
  connector: "required" | "optional" | "none";
  inputSchema: JsonSchema;
}

/** A JSON Schema (draft 2020-12) of workflow files, for editors: what is installed and configured is offered. */
export function workflowSchema(
  stepTypes: readonly SchemaStepType[],
  connectorNames: readonly string[] = [],
): JsonSchema {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Stepwire workflow",
    type: "object",
    required: ["steps"],
    additionalProperties: false,
    properties: { ...WORKFLOW_KEYS, ...IGNORED_WORKFLOW_KEYS },
    $defs: {
      steps: { type: "array", minItems: 1, items: { $ref: "#/$defs/step" } },
      step: step(stepTypes, connectorNames),
      "on-failure": { type: "object", additionalProperties: false, properties: POLICY_KEYS },
      ...Object.fromEntries(stepTypes.map(({ type, inputSchema }) => [defName(type), paramsSchema(type, inputSchema)])),
    },
  };
}

function step(stepTypes: readonly SchemaStepType[], connectorNames: readonly string[]): JsonSchema {
  const titles = [
    ...stepTypes.map(({ type, title }) => ({ const: type, title })),
    ...Object.entries(BUILT_IN_STEP_TYPES).map(([type, title]) => ({ const: type, title })),
  ];
  return {
    type: "object",
    required: ["name", "type"],
    properties: {
      ...STEP_KEYS,
      type: { type: "string", description: STEP_KEYS.type.description, oneOf: titles },
    },
    allOf: [
      ...stepTypes.map((type) => when(type.type, external(type, connectorNames))),
      ...Object.keys(BUILT_IN_STEP_TYPES).map((type) => {
        const { properties, required = [] } = stepTypeOf(type).schema;
        return when(type, properties, [...required]);
      }),
    ],
    unevaluatedProperties: false,
  };
}

function when(type: string, properties: JsonSchema, required: string[] = []): JsonSchema {
  // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
  return { if: { properties: { type: { const: type } } }, then: { properties, required } };
}

function external({ type, connector }: SchemaStepType, connectorNames: readonly string[]): JsonSchema {
  const params = { ...LEAF, with: { $ref: `#/$defs/${defName(type).replaceAll("~", "~0").replaceAll("/", "~1")}` } };
  if (connector === "none") return params;
  return {
    ...params,
    "connector-id":
      connectorNames.length === 0
        ? CONNECTOR_ID
        : { description: CONNECTOR_ID.description, anyOf: [{ enum: connectorNames }, TEXT] },
  };
}

const defName = (type: string): string => `with:${type}`;

/** The params of a step type, in which a template may stand for any value. Its own references stay its own through `$id`. */
function paramsSchema(type: string, schema: JsonSchema): JsonSchema {
  const { $schema: _dialect, ...rest } = schema;
  const open = orTemplates(rest);
  return { ...(isRecord(open) ? open : {}), $id: `urn:stepwire:step:${encodeURIComponent(type)}` };
}

function orTemplates(schema: unknown): unknown {
  if (!isRecord(schema)) return schema;
  const copy: Record<string, unknown> = { ...schema };
  for (const key of ["properties", "$defs", "definitions"]) {
    const children = schema[key];
    if (!isRecord(children)) continue;
    const opened = Object.entries(children).map(([name, child]) => [
      name,
      key === "properties" ? orTemplate(child) : orTemplates(child),
    ]);
    copy[key] = Object.fromEntries(opened);
  }
  for (const key of ["items", "additionalProperties"]) if (isRecord(schema[key])) copy[key] = orTemplate(schema[key]);
  for (const key of ["anyOf", "oneOf", "allOf"]) {
    if (Array.isArray(schema[key])) copy[key] = (schema[key] as unknown[]).map(orTemplates);
  }
  return copy;
}

/** Annotations stay outside, where editors look for them. */
function orTemplate(schema: unknown): unknown {
  const open = orTemplates(schema);
  if (!isRecord(open)) return open;
  const plainText =
    open["type"] === "string" && !["enum", "const", "format", "pattern", "maxLength"].some((key) => key in open);
  if (plainText || Object.keys(open).length === 0) return open;
  const { description, title, default: standard, ...rest } = open;
  const notes = Object.fromEntries(
    Object.entries({ description, title, default: standard }).filter(([, note]) => note !== undefined),
  );
  return { ...notes, anyOf: [rest, TEMPLATE] };
}

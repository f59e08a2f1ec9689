import type { JsonSchema } from "@stepwire/core";
import { BUILT_IN_STEP_TYPES, stepTypeOf } from "./steps/index.ts";
import { CONDITION, DURATION, LEAF, POLICY, SIZE, STEPS, TEMPLATE, TEXT } from "./steps/editor.ts";
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
    properties: {
      version: { const: "1" },
      name: TEXT,
      description: { type: "string" },
      enabled: { type: "boolean" },
      tags: { type: "array", items: TEXT },
      triggers: {
        type: "array",
        minItems: 1,
        items: { type: "object", required: ["type"], properties: { type: TEXT, inputs: inputs() } },
      },
      inputs: inputs(),
      consts: { type: "object" },
      outputs: { type: ["object", "array"] },
      settings: settings(),
      steps: STEPS,
      "template-metadata": {},
      id: {},
    },
    $defs: {
      steps: { type: "array", minItems: 1, items: { $ref: "#/$defs/step" } },
      step: step(stepTypes, connectorNames),
      "on-failure": onFailure(),
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
      name: TEXT,
      type: { type: "string", oneOf: titles },
      "max-step-size": SIZE,
      id: {},
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
    "connector-id": connectorNames.length === 0 ? TEXT : { anyOf: [{ enum: connectorNames }, TEXT] },
  };
}

function onFailure(): JsonSchema {
  return {
    type: "object",
    additionalProperties: false,
    properties: {
      retry: {
        type: "object",
        required: ["max-attempts"],
        additionalProperties: false,
        properties: {
          "max-attempts": { type: "integer", minimum: 1, description: "Retries after the first run." },
          delay: DURATION,
          strategy: { enum: ["fixed", "exponential"] },
          multiplier: { type: "number", minimum: 1 },
          "max-delay": DURATION,
          jitter: { type: "boolean" },
          condition: CONDITION,
        },
      },
      fallback: STEPS,
      continue: CONDITION,
    },
  };
}

function settings(): JsonSchema {
  const whole = { type: "integer", minimum: 1 };
  return {
    type: "object",
    additionalProperties: false,
    properties: {
      timeout: DURATION,
      timezone: TEXT,
      "on-failure": POLICY,
      "max-step-size": SIZE,
      concurrency: {
        type: "object",
        properties: {
          key: TEXT,
          strategy: { enum: ["drop", "cancel-in-progress", "queue"] },
          max: whole,
          "queue-size": whole,
          "queue-ttl": DURATION,
        },
      },
      liquid: {
        type: "object",
        additionalProperties: false,
        properties: { parseLimit: whole, renderLimit: whole, memoryLimit: whole },
      },
    },
  };
}

function inputs(): JsonSchema {
  const field = {
    type: "object",
    required: ["name", "type"],
    properties: {
      name: TEXT,
      type: { enum: ["string", "number", "boolean", "choice", "array"] },
      description: { type: "string" },
      default: {},
      required: { type: "boolean" },
      options: { type: "array", items: { type: "string" } },
      minItems: { type: "integer", minimum: 0 },
      maxItems: { type: "integer", minimum: 0 },
      items: { type: "object" },
    },
    additionalProperties: false,
  };
  return { anyOf: [{ type: "array", items: field }, { type: "object" }] };
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

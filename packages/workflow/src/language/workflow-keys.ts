import type { JsonSchema } from "@stepwire/core";
import { DEFAULT_CONCURRENCY, DEFAULT_MAX_STEP_BYTES, DEFAULT_TIMEOUT_MS } from "../plan.ts";
import { described, DURATION, POLICY, SIZE, STEPS, TEXT } from "../steps/editor.ts";
import { DEFAULT_TEMPLATE_LIMITS, MAX_TEMPLATE_LIMITS, type TemplateLimits } from "../template/engine.ts";
import { FIELDS } from "./field-keys.ts";
import type { Keys } from "./keys.ts";
import { TRIGGER } from "./triggers.ts";

const COUNT = { type: "integer", minimum: 1 };

/** `settings.liquid`. */
export const LIQUID_KEYS = {
  parseLimit: limit("parseLimit", "Characters of one template."),
  renderLimit: limit("renderLimit", "Milliseconds of rendering one text."),
  memoryLimit: limit("memoryLimit", "Units of memory of rendering one text, as Liquid counts them."),
} satisfies Keys;

function limit(key: keyof TemplateLimits, description: string): JsonSchema {
  return { ...COUNT, maximum: MAX_TEMPLATE_LIMITS[key], default: DEFAULT_TEMPLATE_LIMITS[key], description };
}

/** `settings.concurrency`. */
export const CONCURRENCY_KEYS = {
  key: described(TEXT, "Runs with the same text belong together."),
  strategy: {
    enum: ["drop", "cancel-in-progress", "queue"] as const,
    description: "What to do with a run that is too much: skip it, cancel the oldest, or let it wait.",
  },
  max: { ...COUNT, default: DEFAULT_CONCURRENCY.max, description: "How many may run at once." },
  "queue-size": { ...COUNT, default: DEFAULT_CONCURRENCY.queueSize, description: "How many may wait." },
  "queue-ttl": {
    ...DURATION,
    default: `${DEFAULT_CONCURRENCY.queueTtlMs / 3_600_000}h`,
    description: "How long one may wait.",
  },
} satisfies Keys;

/** `settings`. */
export const SETTINGS_KEYS = {
  timeout: {
    ...DURATION,
    default: `${DEFAULT_TIMEOUT_MS / 3_600_000}h`,
    description: "How long a run may take, pauses included.",
  },
  timezone: described(TEXT, "An IANA name such as Europe/Amsterdam, for scheduled triggers, which start no runs here."),
  "on-failure": described(
    POLICY,
    "For every step that holds no others, outside of fallbacks, that has none of its own.",
  ),
  "max-step-size": {
    ...SIZE,
    default: `${DEFAULT_MAX_STEP_BYTES / 1024 ** 2}mb`,
    description: "How large the output of a step may be, as JSON.",
  },
  concurrency: {
    type: "object",
    properties: CONCURRENCY_KEYS,
    description: "What happens while other runs of the workflow with the same key are under way.",
  },
  liquid: {
    type: "object",
    properties: LIQUID_KEYS,
    additionalProperties: false,
    description: "Limits of templates.",
  },
} satisfies Keys;

/** A workflow file. */
export const WORKFLOW_KEYS = {
  version: { const: "1", default: "1", description: "The version of the language, in quotes." },
  name: described(TEXT, "What the workflow is called, also by others that call it. The file's name if left out."),
  description: { type: "string", description: "What it is for." },
  enabled: { type: "boolean", default: true, description: "Whether it may run." },
  tags: { type: "array", items: TEXT, description: "Words to find it by." },
  triggers: {
    type: "array",
    minItems: 1,
    items: TRIGGER,
    description: "What starts it. Here `stepwire run` does, whatever they say. A manual one if left out.",
  },
  inputs: described(FIELDS, "What it takes. Newer workflows have them in the manual trigger."),
  consts: { type: "object", description: "Values by name, read as `consts.<name>`. They hold no templates." },
  outputs: described(FIELDS, "What it gives to a workflow that calls it."),
  settings: {
    type: "object",
    properties: SETTINGS_KEYS,
    additionalProperties: false,
    description: "Limits, and what holds for all steps.",
  },
  steps: described(STEPS, "What it does, in order."),
} satisfies Keys;

/** Keys of Kibana that say nothing about how a workflow runs. */
export const IGNORED_WORKFLOW_KEYS = {
  "template-metadata": { description: "What a published template says of itself, and the form for its placeholders." },
  id: { description: "Kibana's own id of the workflow." },
} satisfies Keys;

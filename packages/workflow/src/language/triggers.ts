import { described, TEXT } from "../steps/editor.ts";
import { FIELDS } from "./field-keys.ts";
import type { Keys } from "./keys.ts";

export interface TriggerType {
  /** What starts the workflow. */
  readonly title: string;
  readonly keys: Keys;
}

const type = described(TEXT, "What kind of trigger it is.");
const inputs = described(FIELDS, "What the workflow takes.");

/** Triggers of the language. */
export const TRIGGER_TYPES = {
  manual: { title: "Somebody starts it", keys: { type, inputs } },
  scheduled: {
    title: "The time has come",
    keys: { type, with: { type: "object", description: "`every`, such as 15m, or `rrule`." } },
  },
  alert: { title: "A rule finds something", keys: { type } },
  webhook: {
    title: "Another system calls",
    keys: {
      type,
      inputs,
      auth: { description: "How the other system says who it is." },
      with: { type: "object", description: "Options of the trigger." },
    },
  },
} satisfies Record<string, TriggerType>;

/** All others: their names hold a dot, such as `workflows.failed`. */
export const EVENT_TRIGGER = {
  title: "Something happens in Kibana",
  keys: {
    type,
    on: { type: "object", description: "Which of the events count, as a `condition`." },
    "connector-id": described(TEXT, "Of a trigger that listens to another system."),
    with: { type: "object", description: "Options of the trigger." },
  },
} satisfies TriggerType;

/** Any of them, for editors. */
export const TRIGGER = {
  type: "object",
  required: ["type"],
  properties: {
    ...EVENT_TRIGGER.keys,
    ...TRIGGER_TYPES.webhook.keys,
    type: { ...type, anyOf: [{ enum: Object.keys(TRIGGER_TYPES) }, { pattern: String.raw`\.` }] },
  },
};

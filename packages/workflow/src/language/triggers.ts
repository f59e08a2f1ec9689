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

/** `rrule` of a schedule. */
export const RRULE_KEYS = {
  freq: { enum: ["DAILY", "WEEKLY", "MONTHLY"] as const, description: "What is counted." },
  interval: { type: "integer", minimum: 1, description: "Every so many days, weeks or months." },
  tzid: described(TEXT, "An IANA name such as Europe/Amsterdam."),
  dtstart: described(TEXT, "The first time, such as 2026-01-15T09:00:00Z."),
  byhour: numbers("Hours of the day.", 0, 23),
  byminute: numbers("Minutes of the hour.", 0, 59),
  byweekday: {
    type: "array",
    items: { enum: ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const },
    description: "Days of the week, by two letters: MO, TU, WE, TH, FR, SA, SU.",
  },
  bymonthday: numbers("Days of the month.", 1, 31),
} satisfies Keys;

function numbers(description: string, minimum: number, maximum: number) {
  const items = { type: "integer", minimum, maximum };
  return { type: "array", items, description: `${description} From ${minimum} to ${maximum}.` };
}

/** `with` of a scheduled trigger: one of the two. */
export const SCHEDULE_KEYS = {
  every: described(TEXT, "A number and a unit (s, m, h, d), at least a minute: 15m."),
  rrule: {
    type: "object",
    required: ["freq", "interval"],
    properties: RRULE_KEYS,
    additionalProperties: false,
    description: "A rule of the calendar, in place of every.",
  },
} satisfies Keys;

/** Triggers of the language. */
export const TRIGGER_TYPES = {
  manual: { title: "Somebody starts it", keys: { type, inputs } },
  scheduled: {
    title: "The time has come",
    keys: {
      type,
      with: {
        type: "object",
        properties: SCHEDULE_KEYS,
        additionalProperties: false,
        description: "When, as `every` or `rrule`.",
      },
    },
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
  allOf: Object.entries(TRIGGER_TYPES).map(([name, { keys }]) => ({
    if: { properties: { type: { const: name } } },
    // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
    then: { properties: keys },
  })),
};

// What stands around the steps of a workflow.
import { FIELD_KEYS, FIELD_SCHEMA_KEYS, FIELD_TYPES } from "../../packages/workflow/src/language/field-keys.ts";
import { EVENT_TRIGGER, SCHEDULE_KEYS, TRIGGER_TYPES } from "../../packages/workflow/src/language/triggers.ts";
import {
  IGNORED_WORKFLOW_KEYS,
  SETTINGS_KEYS,
  WORKFLOW_KEYS,
} from "../../packages/workflow/src/language/workflow-keys.ts";
import { keyTable } from "./keys.mjs";
import { code, list, table } from "./markdown.mjs";

export function fileSections() {
  return [
    "## The file",
    "A map with these keys.",
    keyTable(WORKFLOW_KEYS, { required: ["steps"], nested: false }),
    "These are Kibana's own and have no effect:",
    keyTable(IGNORED_WORKFLOW_KEYS),
    "## Settings",
    keyTable(SETTINGS_KEYS),
    "## Inputs and outputs",
    "`inputs` and `outputs` are a list of fields, or the JSON Schema of an object. A field has these keys:",
    keyTable(FIELD_KEYS, { required: ["name", "type"] }),
    table(
      ["Type", "A value is"],
      Object.entries(FIELD_TYPES).map(([type, meaning]) => [code(type), meaning]),
    ),
    `At its top a JSON Schema may have ${list(FIELD_SCHEMA_KEYS)}.`,
    "## Triggers",
    "They are read and checked. What starts a run here is `stepwire run`, with the event in a file.",
    table(
      ["Type", "Starts when", "Keys beside `type`"],
      [
        ...Object.entries(TRIGGER_TYPES).map(([type, trigger]) => triggerRow(code(type), trigger)),
        triggerRow("any name with a dot, such as `workflows.failed`", EVENT_TRIGGER),
      ],
    ),
    "`with` of a scheduled trigger:",
    keyTable(SCHEDULE_KEYS),
  ];
}

function triggerRow(type, { title, keys }) {
  const own = Object.entries(keys).filter(([key]) => key !== "type");
  return [type, title, own.map(([key, { description }]) => `${code(key)}: ${description}`).join(" ")];
}

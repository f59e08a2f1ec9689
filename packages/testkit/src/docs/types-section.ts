import {
  ENVELOPE_CONFIG_KEYS,
  ENVELOPE_SECRET_KEYS,
  type JsonSchema,
  type Manifest,
  type ManifestAction,
  type ManifestConnectorType,
  type ManifestStep,
} from "@stepwire/core";

import { code, list, sentences, table } from "./markdown.ts";
import { fieldRows, typeText, type FieldRow } from "./schema-text.ts";

/** A package's connector types and steps in Markdown, as its manifest tells them. */
export function typesSection({ connectorTypes, steps }: Pick<Manifest, "connectorTypes" | "steps">): string {
  return [...connectorTypes.flatMap(describeType), ...steps.flatMap(describeStep)].join("\n\n");
}

function describeType(type: ManifestConnectorType): string[] {
  const facts = sentences(
    `${type.description}.`,
    type.aliases.length > 0 && `Also called ${list(type.aliases)}.`,
    `Authentication: ${type.auth.map((kind) => authText(kind)).join(", or ")}.`,
    type.hosts.length > 0 && `Besides the hosts in its own configuration it trusts ${list(type.hosts)}.`,
    type.optional && "Works without a connector, too.",
    type.testable
      ? "`stepwire connectors test` reads something to prove that it works."
      : "It has nothing that could be tested by reading alone.",
  );
  return [
    `## Type \`${type.id}\``,
    facts,
    ...keys("Config", type.config),
    ...keys("Secrets", type.secrets),
    ...(type.presets === undefined
      ? []
      : [
          "### Presets",
          `\`stepwire connectors add ${type.id} --preset NAME\` starts from one of these.`,
          table(
            ["Preset", "For"],
            type.presets.map(({ name, description }) => [code(name), description]),
          ),
        ]),
    ...Object.entries(type.actions).flatMap(([name, action]) => describeAction(type, name, action)),
  ];
}

function describeAction(type: ManifestConnectorType, name: string, action: ManifestAction): string[] {
  const full = code(`type: ${type.id}.${name}`);
  const step = type.defaultAction === name ? `${code(`type: ${type.id}`)} or ${full}` : full;
  const also = Object.entries(type.subActions).flatMap(([sub, target]) => (target === name ? [sub] : []));
  const facts = sentences(
    `${action.summary}. Step: ${step}. Effect: ${action.effect}; ${againText(action)}.`,
    also.length > 0 && `Kibana's name: ${list(also)}.`,
  );
  return [`### ${code(`${type.id}.${name}`)}`, facts, ...inAndOut(action)];
}

function describeStep(step: ManifestStep): string[] {
  return [`## Step ${code(step.type)}`, `${step.summary}. Effect: ${step.effect}.`, ...inAndOut(step)];
}

function againText({ idempotency }: ManifestAction): string {
  if (idempotency === "natural") return "repeated by itself where that can help";
  if (idempotency === "none") return "repeated by itself only where it surely was not done";
  return `repeated by itself with the same ${code(idempotency.header)}`;
}

function inAndOut({ input, output }: Pick<ManifestStep, "input" | "output">): string[] {
  const [given, got] = [fieldRows(input), fieldRows(output)];
  return [
    given.length === 0 ? "It takes no parameters." : fieldTable("Parameter", given),
    got.length === 0 ? "Its output has no fields of a fixed name." : fieldTable("Output", got),
  ];
}

function keys(heading: string, schema: JsonSchema): string[] {
  const rows = fieldRows(schema);
  return rows.length === 0 ? [] : [`### ${heading}`, fieldTable("Key", rows)];
}

function fieldTable(column: string, rows: readonly FieldRow[]): string {
  const stopped = (text: unknown) => (typeof text !== "string" ? "" : /[.!?]\**$|^$/.test(text) ? text : `${text}.`);
  return table(
    [column, "Type", ""],
    rows.map(({ name, field, required }) => {
      const { description, default: value } = field;
      const isAsked = required && column !== "Output" && value === undefined;
      const more = value === undefined || value === null ? "" : `Default ${code(JSON.stringify(value))}.`;
      return [code(name), typeText(field), sentences(stopped(description), more, isAsked && "**Required.**")];
    }),
  );
}

const AUTH: Record<string, string> = {
  none: "none",
  basic: "user and password",
  bearer: "a bearer token",
  apiKey: "an API key",
  custom: "in its own way, from its secrets",
};

function authText({ kind, methods }: ManifestConnectorType["auth"][number]): string {
  if (kind !== "envelope") return AUTH[kind] ?? kind;
  const link = "https://github.com/stepwire/stepwire/blob/main/docs/connections.md#authentication";
  const which = methods === undefined ? "all methods" : methods.join(", ");
  // What belongs to a method that the type does not take is no key of it.
  const oauth = ["accessTokenUrl", "clientId", "scope", "additionalFields", "clientSecret"];
  const isTaken = (key: string) =>
    methods === undefined || methods.includes("oauth2-client-credentials") || !oauth.includes(key);
  return (
    `Kibana's own keys ([connections](${link}): ${which}), which stand beside those below: ` +
    `${list(ENVELOPE_CONFIG_KEYS.filter(isTaken))} under \`config\`; ${list(ENVELOPE_SECRET_KEYS.filter(isTaken))} under \`secrets\``
  );
}

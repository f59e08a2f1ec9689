import { ENVELOPE_CONFIG_KEYS, ENVELOPE_SECRET_KEYS, ERROR_CODES } from "@stepwire/core";

import { fieldRows, typeText } from "./schema-text.mjs";

/** The generated part of a connector package's README: its types as their manifest and their table of refusals tell them. */
export function connectorSection(manifest, refusals, ownCodes) {
  const types = manifest.connectorTypes.flatMap((type) => describeType(type));
  return [...types, ...describeErrors(refusals, ownCodes)].join("\n\n");
}

function describeType(type) {
  const facts = [
    ...(type.aliases.length === 0 ? [] : [`Also called ${list(type.aliases)}.`]),
    `Authentication: ${type.auth.map((kind) => authText(kind)).join(", or ")}.`,
    ...(type.hosts.length === 0 ? [] : [`Besides the hosts in its own configuration it trusts ${list(type.hosts)}.`]),
    ...(type.optional ? ["Works without a connector, too."] : []),
    type.testable
      ? "`stepwire connectors test` reads something to prove that it works."
      : "It has nothing that could be tested by reading alone.",
  ];
  return [
    `## Type \`${type.id}\``,
    `${type.description}. ${facts.join(" ")}`,
    ...fields("Config", type.config),
    ...fields("Secrets", type.secrets),
    ...(type.presets === undefined
      ? []
      : [
          "### Presets",
          "`stepwire connectors add " + type.id + " --preset NAME` starts from one of these.",
          table(
            ["Preset", "For"],
            type.presets.map(({ name, description }) => [code(name), description]),
          ),
        ]),
    ...Object.entries(type.actions).flatMap(([name, action]) => describeAction(type, name, action)),
  ];
}

function describeAction(type, name, action) {
  const isDefault = type.defaultAction === name;
  const also = Object.entries(type.subActions).flatMap(([sub, target]) => (target === name ? [sub] : []));
  const step = isDefault
    ? `${code(`type: ${type.id}`)} or ${code(`type: ${type.id}.${name}`)}`
    : code(`type: ${type.id}.${name}`);
  const again =
    action.idempotency === "natural"
      ? "repeated by itself where that can help"
      : action.idempotency === "none"
        ? "repeated by itself only where it surely was not done"
        : `repeated by itself with the same ${code(action.idempotency.header)}`;
  return [
    `### ${code(`${type.id}.${name}`)}`,
    `${action.summary}. Step: ${step}. Effect: ${action.effect}; ${again}.${also.length === 0 ? "" : ` Kibana's name: ${list(also)}.`}`,
    ...fields("", action.input, "Parameter", "It takes no parameters."),
    ...fields("", action.output, "Output", "Its output has no fields of a fixed name."),
  ];
}

function fields(heading, schema, column = "Key", none) {
  const rows = fieldRows(schema);
  const head = heading === "" ? [] : [`### ${heading}`];
  if (rows.length === 0) return none === undefined ? [] : [none];
  return [
    ...head,
    table(
      [column, "Type", ""],
      rows.map(({ name, field, required }) => [
        code(name),
        typeText(field),
        [
          field.description ?? "",
          field.default === undefined || field.default === null
            ? ""
            : `Default ${code(JSON.stringify(field.default))}.`,
          required && column !== "Output" && field.default === undefined ? "**Required.**" : "",
        ]
          .filter((text) => text !== "")
          .map((text) => (/[.!?]\**$/.test(text) ? text : `${text}.`))
          .join(" "),
      ]),
    ),
  ];
}

function describeErrors(refusals, ownCodes) {
  const codes = [...new Set(["params-invalid", "http-status", "rate-limited", "timeout", "connection", ...ownCodes])];
  return [
    "## Errors",
    "What can be checked is checked before anything is sent. These are the codes to expect; " +
      "[all of them](https://github.com/stepwire/stepwire/blob/main/docs/errors.md) are the same for every connector.",
    table(
      ["Code", "", "Trying again later"],
      codes.map((name) => [
        code(name),
        ERROR_CODES[name].summary,
        ERROR_CODES[name].retryable ? "can help" : "does not help by itself",
      ]),
    ),
    ...Object.entries(refusals).flatMap(([name, rows]) => [
      `${REFUSED_BY[name] ?? "What the other system's own words mean"}:`,
      table(
        ["It says", "It means"],
        Object.entries(rows).map(([key, said]) => [
          code(key),
          typeof said === "string" ? said : `${said.meaning} ${said.advice}`,
        ]),
      ),
    ]),
  ];
}

const REFUSED_BY = {
  WEBHOOK_REFUSALS: "What an incoming webhook's own words mean",
};

const AUTH = {
  none: "none",
  basic: "user and password",
  bearer: "a bearer token",
  apiKey: "an API key",
  custom: "in its own way, from its secrets",
};

function authText({ kind, methods }) {
  if (kind !== "envelope") return AUTH[kind] ?? kind;
  const link = "https://github.com/stepwire/stepwire/blob/main/docs/connections.md#authentication";
  const which = methods === undefined ? "all methods" : methods.join(", ");
  // What belongs to a method that the type does not take is no key of it.
  const oauth = ["accessTokenUrl", "clientId", "scope", "additionalFields", "clientSecret"];
  const taken = (key) => methods === undefined || methods.includes("oauth2-client-credentials") || !oauth.includes(key);
  return (
    `Kibana's own keys ([connections](${link}): ${which}), which stand beside those below: ` +
    `${list(ENVELOPE_CONFIG_KEYS.filter(taken))} under \`config\`; ${list(ENVELOPE_SECRET_KEYS.filter(taken))} under \`secrets\``
  );
}

const code = (text) => `\`${text}\``;
const list = (names) => names.map((name) => code(name)).join(", ");
const cell = (text) => text.replaceAll("|", "\\|").replaceAll(/\s*\n\s*/g, " ");
const table = (head, rows) =>
  [head, head.map(() => "---"), ...rows.map((row) => row.map((text) => cell(text)))]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n");

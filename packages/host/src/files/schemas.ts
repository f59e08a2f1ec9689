import type { JsonSchema } from "@stepwire/core";

const DIALECT = "https://json-schema.org/draft/2020-12/schema";

/** A connector type as far as the schema of the connectors file needs it. */
export interface TypeSchemas {
  readonly id: string;
  readonly title: string;
  readonly config: JsonSchema;
  readonly secrets: JsonSchema;
}

const map = (description: string, properties: Record<string, JsonSchema>, required: string[] = []): JsonSchema => ({
  type: "object",
  description,
  properties,
  additionalProperties: false,
  ...(required.length === 0 ? {} : { required }),
});
const text = (description: string, more: JsonSchema = {}): JsonSchema => ({ type: "string", description, ...more });
const texts = (description: string, more: JsonSchema = {}): JsonSchema => ({
  type: "array",
  description,
  items: { type: "string" },
  ...more,
});
const textMap = (description: string): JsonSchema => ({
  type: "object",
  description,
  additionalProperties: { type: "string" },
});
const choice = (description: string, values: string[], more: JsonSchema = {}): JsonSchema => ({
  enum: values,
  description,
  ...more,
});
const REFERENCE = String.raw`\$\{[A-Za-z][\w-]*:`;
const duration = (description: string, more: JsonSchema = {}): JsonSchema =>
  text(description, {
    pattern: String.raw`^(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m(?!s))?(?:\d+s)?(?:\d+ms)?$|${REFERENCE}`,
    examples: ["60s"],
    ...more,
  });

/**
 * The JSON Schema of `connectors.yaml`.
 * @param types the installed types: with them an editor knows the keys of `config` and `secrets` of each.
 */
export function connectorsFileSchema(types: readonly TypeSchemas[] = []): JsonSchema {
  const typeId = (description: string): JsonSchema =>
    types.length === 0
      ? text(description, { minLength: 1 })
      : text(description, { minLength: 1, examples: types.map(({ id }) => id) });
  const connector = map(
    "One configured connection to another system.",
    {
      id: text("How workflows can refer to it; made from the name when absent.", { minLength: 1 }),
      name: text("How people and workflows call it.", { minLength: 1 }),
      type: typeId("The connector type; Kibana's leading dot may stand before it."),
      connector_type_id: typeId("Kibana's word for type."),
      config: {
        type: ["object", "null"],
        description: "What is no secret. ${env:NAME} and ${file:PATH} work here too.",
      },
      secrets: { type: ["object", "null"], description: "Credentials, best written as ${env:NAME} or ${file:PATH}." },
      network: map("Network settings of this connector alone.", {
        baseUrl: text("Stands in place of the type's own base URL."),
        proxyUrl: text("The proxy for everything that this connector calls."),
        proxyUsername: text("The user name for this proxy."),
        proxyPassword: text("The password for this proxy."),
        proxyVerificationMode: choice("How the certificate of this proxy is checked.", ["full", "certificate", "none"]),
        trustedOrigins: texts("Further origins that may see the credentials, such as https://files.example.com."),
        responseTimeout: duration("Total time of one attempt."),
      }),
    },
    ["name"],
  );
  return {
    $schema: DIALECT,
    title: "Stepwire connectors",
    ...map("Connectors for Stepwire workflows and programs.", {
      connectors: {
        type: ["array", "null"],
        items: {
          ...connector,
          anyOf: [{ required: ["type"] }, { required: ["connector_type_id"] }],
          ...(types.length === 0 ? {} : { allOf: types.flatMap(forType) }),
        },
      },
    }),
  };
}

/** `if` the type is this one `then` config and secrets are so. */
function forType({ id, title, config, secrets }: TypeSchemas): JsonSchema[] {
  const names = { enum: [id, `.${id}`] };
  const then = {
    description: title,
    properties: { config: embedded(config, id, "config"), secrets: embedded(secrets, id, "secrets") },
  };
  // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema in plain data that nobody awaits
  return ["type", "connector_type_id"].map((key) => ({ if: { properties: { [key]: names }, required: [key] }, then }));
}

/** A schema whose references point into itself keeps them when it has an identity of its own. */
function embedded(schema: JsonSchema, id: string, part: string): JsonSchema {
  const { $schema: _dialect, ...rest } = schema;
  if (!JSON.stringify(rest).includes('"$ref"')) return rest;
  return { $id: `urn:stepwire:connector-type:${encodeURIComponent(id)}:${part}`, ...rest };
}

/** The JSON Schema of `stepwire.yaml`. */
export function settingsFileSchema(): JsonSchema {
  const modes = ["full", "certificate", "none"];
  const hosts = (description: string, more: JsonSchema = {}): JsonSchema =>
    texts(`${description} Entries: host, *.example.com, host:port, an address, or *.`, more);
  const authorities: Record<string, JsonSchema> = {
    certificateAuthoritiesFiles: {
      type: ["string", "array"],
      items: { type: "string" },
      description: "PEM files of own certificate authorities, which stand in place of the system's.",
    },
    certificateAuthoritiesData: text("The same as PEM text."),
  };
  const verificationMode = (whose: string): JsonSchema =>
    choice(`How ${whose} certificate is checked: all of it, all but the host name, or not at all.`, modes);

  return {
    $schema: DIALECT,
    title: "Stepwire settings",
    ...map("Settings of Stepwire for one project.", {
      network: map("What connectors may reach, and how.", {
        allowedHosts: hosts("Hosts that may be called; an empty list blocks all.", { default: ["*"] }),
        denyPrivateAddresses: {
          type: "boolean",
          default: false,
          description:
            "Refuse loopback and private addresses that allowedHosts does not write out. Link-local and metadata addresses are always refused unless written out.",
        },
        responseTimeout: duration("Total time of one attempt.", { default: "60s" }),
        maxResponseContentLength: text("Largest answer, after decompression.", { default: "1mb", examples: ["10mb"] }),
        ssl: map("TLS for all hosts.", {
          verificationMode: { ...verificationMode("a server's"), default: "full" },
          proxyVerificationMode: { ...verificationMode("the proxy's own"), default: "full" },
          ...authorities,
        }),
        customHostSettings: {
          type: "array",
          description: "TLS for single hosts.",
          items: map(
            "TLS for one host.",
            {
              url: text("https://host or https://host:port.", { pattern: `^https://|${REFERENCE}` }),
              ssl: map("What differs for this host.", {
                verificationMode: verificationMode("the server's"),
                ...authorities,
              }),
            },
            ["url"],
          ),
        },
        proxyUrl: text("The proxy for all calls.", { pattern: `^https?://|${REFERENCE}` }),
        proxyHeaders: textMap("Headers for the proxy."),
        proxyUsername: text("The user the proxy asks for."),
        proxyPassword: text("The user's password, best written as ${env:NAME}."),
        proxyBypassHosts: hosts("Hosts that are called without the proxy."),
        proxyOnlyHosts: hosts("If any: the only hosts that are called through the proxy."),
      }),
      plugins: map("Where connector types come from.", {
        exclude: texts("Packages that are left out."),
        paths: texts("Folders with a plugin each, for development."),
        prefer: textMap("The package to use for a type that several packages claim."),
      }),
      runtime: map("How runs are kept.", {
        dataDir: text("Folder for the data of runs.", { default: ".stepwire" }),
        durability: choice(
          "What a finished step survives: a power failure, or the death of the process.",
          ["full", "relaxed"],
          {
            default: "full",
          },
        ),
        retention: map("How long finished runs are kept.", {
          days: { type: "integer", minimum: 1, default: 30, description: "Days since the run finished." },
          runs: { type: "integer", minimum: 1, default: 10_000, description: "How many of the newest runs." },
        }),
      }),
    }),
  };
}

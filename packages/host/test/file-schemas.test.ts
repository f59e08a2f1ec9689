import { describe, expect, it } from "vitest";
import { CONNECTOR_KEYS, CONNECTORS_FILE_KEYS } from "../src/files/connectors-file.ts";
import { CONNECTOR_NETWORK_KEYS } from "../src/files/network.ts";
import { connectorsFileSchema, settingsFileSchema } from "../src/files/schemas.ts";
import {
  CUSTOM_HOST_KEYS,
  CUSTOM_HOST_SSL_KEYS,
  DURABILITIES,
  NETWORK_KEYS,
  PLUGINS_KEYS,
  RETENTION_KEYS,
  RUNTIME_KEYS,
  SETTINGS_KEYS,
  SSL_KEYS,
  VERIFICATION_MODES,
} from "../src/files/settings.ts";

interface Schema {
  $schema?: string;
  $id?: string;
  type?: unknown;
  properties?: Record<string, Schema>;
  items?: Schema;
  enum?: unknown[];
  pattern?: string;
  description?: string;
  additionalProperties?: unknown;
  allOf?: { if: Schema; then: Schema }[];
}

/** The sub-schema behind keys; `*` is the items of a list. */
const at = (schema: Schema, ...path: string[]): Schema =>
  path.reduce((current, key) => (key === "*" ? current.items : current.properties?.[key]) ?? {}, schema);

describe("loader and schema know the same keys", () => {
  const connectors = connectorsFileSchema() as Schema;
  const settings = settingsFileSchema() as Schema;
  it.each<[string, Schema, readonly string[]]>([
    ["connectors.yaml", connectors, CONNECTORS_FILE_KEYS],
    ["a connector", at(connectors, "connectors", "*"), CONNECTOR_KEYS],
    ["a connector's network", at(connectors, "connectors", "*", "network"), CONNECTOR_NETWORK_KEYS],
    ["stepwire.yaml", settings, SETTINGS_KEYS],
    ["network", at(settings, "network"), NETWORK_KEYS],
    ["network.ssl", at(settings, "network", "ssl"), SSL_KEYS],
    ["a custom host", at(settings, "network", "customHostSettings", "*"), CUSTOM_HOST_KEYS],
    ["a custom host's ssl", at(settings, "network", "customHostSettings", "*", "ssl"), CUSTOM_HOST_SSL_KEYS],
    ["plugins", at(settings, "plugins"), PLUGINS_KEYS],
    ["runtime", at(settings, "runtime"), RUNTIME_KEYS],
    ["retention", at(settings, "runtime", "retention"), RETENTION_KEYS],
  ])("%s", (_name, schema, keys) => {
    expect(Object.keys(schema.properties ?? {})).toEqual([...keys]);
    expect(schema.additionalProperties).toBe(false);
    expect(schema.description).toMatch(/\.$/);
  });

  it("and the same choices", () => {
    expect(at(settings, "network", "ssl", "verificationMode").enum).toEqual(VERIFICATION_MODES);
    expect(at(settings, "runtime", "durability").enum).toEqual(DURABILITIES);
  });

  it("durations may be references", () => {
    const pattern = new RegExp(at(settings, "network", "responseTimeout").pattern ?? "");
    for (const text of ["60s", "1m30s", "500ms", "${env:TIMEOUT}"]) expect(text).toMatch(pattern);
    for (const text of ["60", "1 hour", "1s1m", "${TIMEOUT}"]) expect(text).not.toMatch(pattern);
  });
});

describe("connectorsFileSchema with types", () => {
  const config = {
    $schema: "x",
    type: "object",
    properties: { url: { $ref: "#/$defs/u" } },
    $defs: { u: { type: "string" } },
  };
  const secrets = { type: "object", properties: { token: { type: "string" } } };
  const schema = connectorsFileSchema([{ id: "acme/pager", title: "Acme Pager", config, secrets }]) as Schema;
  const item = at(schema, "connectors", "*");

  it("ties config and secrets to the type, whatever way it is written", () => {
    expect(item.allOf).toHaveLength(2);
    for (const [index, key] of ["type", "connector_type_id"].entries()) {
      const rule = item.allOf?.[index];
      expect(rule?.if).toEqual({ properties: { [key]: { enum: ["acme/pager", ".acme/pager"] } }, required: [key] });
      expect(rule?.then.properties?.["secrets"]).toEqual(secrets);
    }
  });

  it("lets a schema's references point into itself", () => {
    const embedded = item.allOf?.[0]?.then.properties?.["config"];
    const { $schema: _, ...rest } = config;
    expect(embedded).toEqual({ $id: "urn:stepwire:connector-type:acme%2Fpager:config", ...rest });
  });

  it("is plain data", () => {
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
    expect(schema.$schema).toBe("https://json-schema.org/draft/2020-12/schema");
  });
});

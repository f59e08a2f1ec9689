import { ENVELOPE_CONFIG_KEYS, ENVELOPE_SECRET_KEYS } from "./auth.ts";
import { StepwireError } from "./errors.ts";
import {
  manifestProblems,
  type Manifest,
  type ManifestAction,
  type ManifestConnectorType,
  type ManifestStep,
} from "./manifest.ts";
import { isPlugin, type AnyConnectorType, type Plugin } from "./plugin.ts";
import type { AnySchema, JsonSchema } from "./schema.ts";
import type { Step } from "./step.ts";
import { policyProblems } from "./policies.ts";

/** Facts about a package that its code does not know. */
export type PackageFacts = Pick<Manifest, "name" | "version" | "entry" | "digest">;

/** The manifest of a plugin. Throws `plugin-invalid` naming everything that breaks the contract. */
export function createManifest(plugin: unknown, facts: PackageFacts): Manifest {
  if (!isPlugin(plugin)) {
    throw new StepwireError(
      "plugin-invalid",
      `${facts.name}: the default export is not a plugin. Export what definePlugin() returns as default.`,
    );
  }
  const problems = pluginProblems(plugin);
  const manifest: Manifest = {
    contract: plugin.contract,
    ...facts,
    connectorTypes: plugin.connectorTypes.map(describeConnectorType),
    steps: plugin.steps.map(describeStep),
  };
  problems.push(...manifestProblems(manifest));
  if (problems.length > 0) {
    throw new StepwireError("plugin-invalid", `${facts.name} breaks the contract: ${problems.join("; ")}.`, {
      details: { problems },
    });
  }
  return manifest;
}

function describeConnectorType(type: AnyConnectorType): ManifestConnectorType {
  const { def } = type.connection;
  return {
    id: type.id,
    title: type.title,
    description: type.description,
    aliases: [...(type.aliases ?? [])],
    optional: def.optional === true,
    auth: def.auth.map((kind) => ({
      kind: kind.kind,
      ...(kind.kind === "envelope" && kind.methods !== undefined ? { methods: [...kind.methods] } : {}),
    })),
    hosts: [...def.hosts],
    config: schemaOf(def.config, "input", `${type.id}: config`),
    secrets: schemaOf(def.secrets, "input", `${type.id}: secrets`),
    testable: def.test !== undefined,
    ...(type.defaultAction === undefined ? {} : { defaultAction: type.defaultAction }),
    subActions: { ...type.subActions },
    actions: Object.fromEntries(
      Object.entries(type.actions).map(([name, action]): [string, ManifestAction] => [
        name,
        { ...describeWork(action, `${type.id}.${name}`), idempotency: action.idempotency },
      ]),
    ),
    ...(type.presets === undefined
      ? {}
      : {
          presets: Object.entries(type.presets).map(([name, { description, config }]) => ({
            name,
            description,
            config: { ...config },
          })),
        }),
  };
}

function describeStep(step: Step): ManifestStep {
  return { type: step.type, ...describeWork(step, step.type) };
}

function describeWork(work: Pick<Step, "summary" | "effect" | "input" | "output">, name: string) {
  return {
    summary: work.summary,
    effect: work.effect,
    input: schemaOf(work.input, "input", `${name}: input`),
    output: schemaOf(work.output, "output", `${name}: output`),
  };
}

/** Some schemas have no JSON Schema, such as an output that is transformed; `what` says whose it is. */
function schemaOf(schema: AnySchema, side: "input" | "output", what: string): JsonSchema {
  try {
    const { $schema: _, ...json } = schema["~standard"].jsonSchema[side]({ target: "draft-2020-12" });
    return json;
  } catch (error) {
    const reason = StepwireError.from(error).message;
    throw new StepwireError("plugin-invalid", `${what} cannot be described as JSON Schema: ${reason}.`);
  }
}

/** What the manifest's own shape cannot show: names that collide or belong to the host. */
function pluginProblems(plugin: Plugin): string[] {
  const problems: string[] = [];
  const taken = new Map<string, object>();
  // Hosts read `.slack` and `slack` as the same name, which only one type may bear.
  const claim = (name: string, owner: object) => {
    const bare = name.replace(/^\./, "");
    if (taken.has(bare) && taken.get(bare) !== owner) problems.push(`${name} is defined twice`);
    taken.set(bare, owner);
  };
  for (const type of plugin.connectorTypes) {
    claim(type.id, type);
    for (const alias of type.aliases ?? []) claim(alias, type);
    problems.push(
      ...reservedKeys(type, "config", ENVELOPE_CONFIG_KEYS),
      ...reservedKeys(type, "secrets", ENVELOPE_SECRET_KEYS),
    );
    for (const name of Object.keys(type.subActions ?? {})) {
      if (Object.hasOwn(type.actions, name)) problems.push(`${type.id}: ${name} is both an action and a sub-action`);
    }
    for (const kind of type.connection.def.auth) {
      if (kind.kind === "custom" && typeof kind.place !== "function") {
        problems.push(`${type.id}: the auth kind custom needs a function place(request, secrets)`);
      }
    }
    for (const [name, action] of Object.entries(type.actions)) {
      problems.push(...policyProblems(action.policies).map((problem) => `${type.id}.${name}: policies.${problem}`));
    }
  }
  for (const step of plugin.steps) claim(step.type, step);
  return problems;
}

function reservedKeys(type: AnyConnectorType, side: "config" | "secrets", reserved: readonly string[]): string[] {
  if (!type.connection.def.auth.some((kind) => kind.kind === "envelope")) return [];
  const declared = Object.keys(
    (schemaOf(type.connection.def[side], "input", `${type.id}: ${side}`)["properties"] as object | undefined) ?? {},
  );
  return declared
    .filter((key) => reserved.includes(key))
    .map(
      (key) => `${type.id}: ${side}.${key} belongs to the host in a type with envelope auth; take it out of the schema`,
    );
}

import {
  nearest,
  StepwireError,
  type ErrorCode,
  type Manifest,
  type ManifestConnectorType,
  type ManifestStep,
  type Plugin,
} from "@stepwire/core";

import type { PluginPackage } from "./discover.ts";
import { loadPlugin } from "./load-plugin.ts";

type UsablePlugin = PluginPackage & { manifest: Manifest };

/** What a step's `type` names: a connector type's action, or a step without a connector. */
export type Resolved =
  | { kind: "action"; plugin: UsablePlugin; type: ManifestConnectorType; action: string }
  | { kind: "step"; plugin: UsablePlugin; step: ManifestStep };

/** Why a `type` names nothing that can be run. */
export interface ResolveProblem {
  code: ErrorCode;
  message: string;
  hint?: string;
}

/** Where the types of this project's own packages are found, for people who have not installed them yet. */
const FIRST_PARTY: Record<string, string> = {
  http: "@stepwire/connector-http",
  slack: "@stepwire/connector-slack",
  jira: "@stepwire/connector-jira",
  "cases-webhook": "@stepwire/connector-cases-webhook",
};

/** Everything the installed plugins offer, by their manifests; a plugin is imported when it is first needed. */
export class PluginRegistry {
  readonly packages: readonly PluginPackage[];
  readonly #prefer: Readonly<Record<string, string>>;
  readonly #claims = new Map<string, UsablePlugin[]>();
  readonly #loaded = new Map<string, Promise<Plugin>>();

  constructor(packages: readonly PluginPackage[], prefer: Readonly<Record<string, string>> = {}) {
    this.packages = packages;
    this.#prefer = prefer;
    for (const plugin of packages) {
      if (plugin.manifest === undefined) continue;
      const usable = plugin as UsablePlugin;
      for (const type of plugin.manifest.connectorTypes) {
        for (const id of [type.id, ...type.aliases]) this.#claim(withoutDot(id), usable);
      }
      for (const step of plugin.manifest.steps) this.#claim(step.type, usable);
    }
  }

  #claim(id: string, plugin: UsablePlugin): void {
    const claims = this.#claims.get(id) ?? [];
    if (!claims.includes(plugin)) this.#claims.set(id, [...claims, plugin]);
  }

  /** Types claimed by more than one package, with the packages' names, unless `plugins.prefer` chooses. */
  conflicts(): { id: string; packages: string[] }[] {
    return [...this.#claims]
      .filter(([id, plugins]) => plugins.length > 1 && !plugins.some((plugin) => plugin.name === this.#prefer[id]))
      .map(([id, plugins]) => ({ id, packages: plugins.map((plugin) => plugin.name) }));
  }

  /** Every type and `type.action` that a workflow may name, for suggestions. */
  typeNames(): string[] {
    return [...this.#claims].flatMap(([id, [plugin]]) => {
      const type = plugin && findType(plugin, id);
      return type === undefined ? [id] : [id, ...Object.keys(type.actions).map((action) => `${id}.${action}`)];
    });
  }

  /** The connector type with this id or alias (a leading dot does not matter). */
  connectorType(id: string): { plugin: UsablePlugin; type: ManifestConnectorType } | ResolveProblem {
    const plugin = this.#owner(withoutDot(id));
    if ("code" in plugin) return plugin;
    const type = findType(plugin, withoutDot(id));
    return type === undefined ? this.#unknown(id, "connector type") : { plugin, type };
  }

  /** What a step's `type` names; as in Kibana only the first two pieces between dots count. */
  resolve(stepType: string): Resolved | ResolveProblem {
    const name = withoutDot(stepType);
    const exact = this.#claims.has(name) ? this.#owner(name) : undefined;
    if (exact !== undefined) {
      if ("code" in exact) return exact;
      const step = exact.manifest.steps.find((candidate) => candidate.type === name);
      if (step !== undefined) return { kind: "step", plugin: exact, step };
    }
    const [id = "", actionName] = name.split(".");
    const found = this.#owner(id);
    if ("code" in found) return found.code === "unknown-step-type" ? this.#unknown(stepType, "step type") : found;
    const type = findType(found, id);
    if (type === undefined) return this.#unknown(stepType, "step type");
    if (actionName === undefined) {
      if (type.defaultAction !== undefined) return { kind: "action", plugin: found, type, action: type.defaultAction };
      return {
        code: "unknown-step-type",
        message: `The type ${id} has no default action.`,
        hint: `Write one of: ${Object.keys(type.actions)
          .map((action) => `${id}.${action}`)
          .join(", ")}.`,
      };
    }
    const action = Object.hasOwn(type.actions, actionName)
      ? actionName
      : Object.hasOwn(type.subActions, actionName)
        ? type.subActions[actionName]
        : undefined;
    if (action !== undefined) return { kind: "action", plugin: found, type, action };
    const known = [...Object.keys(type.actions), ...Object.keys(type.subActions)];
    const close = nearest(actionName, known);
    return {
      code: "unknown-step-type",
      message: `The type ${id} has no action ${actionName}.`,
      hint: close === undefined ? `It has: ${known.join(", ")}.` : `Did you mean ${id}.${close}?`,
    };
  }

  /** The plugin's code, imported once. Throws what {@link loadPlugin} throws. */
  load(plugin: UsablePlugin): Promise<Plugin> {
    let loading = this.#loaded.get(plugin.name);
    if (loading === undefined) {
      loading = loadPlugin(plugin);
      this.#loaded.set(plugin.name, loading);
    }
    return loading;
  }

  #owner(id: string): UsablePlugin | ResolveProblem {
    const claims = this.#claims.get(id) ?? [];
    const [only] = claims;
    if (only === undefined) return this.#unknown(id, "type");
    if (claims.length === 1) return only;
    const preferred = claims.find((plugin) => plugin.name === this.#prefer[id]);
    if (preferred !== undefined) return preferred;
    const names = claims.map((plugin) => plugin.name);
    return {
      code: "plugin-conflict",
      message: `${names.join(" and ")} both provide ${id}.`,
      hint: `Choose in the settings file, for example plugins: { prefer: { ${id}: "${names[0]}" } }, or uninstall one.`,
    };
  }

  #unknown(name: string, what: string): ResolveProblem {
    const id = withoutDot(name).split(".")[0] ?? "";
    const brokenPackage = this.packages.find((plugin) => plugin.broken !== undefined && mayProvide(plugin.name, id));
    if (brokenPackage?.broken !== undefined) {
      return {
        code: brokenPackage.broken.code,
        message: `${brokenPackage.name}, which seems to provide ${id}, cannot be used: ${brokenPackage.broken.reason}`,
        hint: "See stepwire doctor.",
      };
    }
    const message = `No installed package provides the ${what} ${name}.`;
    const close = nearest(withoutDot(name), this.typeNames());
    if (close !== undefined) return { code: "unknown-step-type", message, hint: `Did you mean ${close}?` };
    const owner = Object.hasOwn(FIRST_PARTY, id) ? FIRST_PARTY[id] : undefined;
    const hint =
      owner === undefined
        ? "stepwire types lists what is installed; connector packages on npm bear the keyword stepwire-connector."
        : `Install it: npm install ${owner}`;
    return { code: "unknown-step-type", message, hint };
  }
}

/** The connector type's code within its loaded plugin. */
export function codeOf(plugin: Plugin, typeId: string) {
  const type = plugin.connectorTypes.find((candidate) => candidate.id === typeId);
  if (type === undefined) throw new StepwireError("plugin-invalid", `The plugin has no connector type ${typeId}.`);
  return type;
}

/** A step's code within its loaded plugin. */
export function stepOf(plugin: Plugin, stepType: string) {
  const step = plugin.steps.find((candidate) => candidate.type === stepType);
  if (step === undefined) throw new StepwireError("plugin-invalid", `The plugin has no step ${stepType}.`);
  return step;
}

const withoutDot = (id: string) => (id.startsWith(".") ? id.slice(1) : id);

function findType(plugin: UsablePlugin, id: string): ManifestConnectorType | undefined {
  return plugin.manifest.connectorTypes.find(
    (type) => type.id === id || type.aliases.some((alias) => withoutDot(alias) === id),
  );
}

function mayProvide(packageName: string, id: string): boolean {
  return packageName.endsWith(`connector-${id.split("/").at(-1)}`);
}

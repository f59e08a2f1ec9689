import path from "node:path";
import { pathToFileURL } from "node:url";

import { isPlugin, StepwireError, type AuthKind, type Manifest, type Plugin } from "@stepwire/core";

import type { PluginPackage } from "./discover.ts";

/** How long a package may take to be imported; its top level should do nothing but define things. */
const IMPORT_BUDGET_MS = 10_000;

/**
 * Imports a plugin and holds it against its manifest. Throws `plugin-invalid` (import failed or took too long, or
 * the code is not what the manifest said) or `contract-unsupported`.
 */
export async function loadPlugin(plugin: PluginPackage & { manifest: Manifest }): Promise<Plugin> {
  const { name, manifest } = plugin;
  const invalid = (message: string) =>
    new StepwireError("plugin-invalid", `${name}: ${message}`, { details: { package: name } });
  const entry = pathToFileURL(path.join(plugin.folder, manifest.entry)).href;

  let loaded: { default?: unknown };
  let timer: NodeJS.Timeout | undefined;
  try {
    const budget = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`it was not done after ${IMPORT_BUDGET_MS / 1000} s`)),
        IMPORT_BUDGET_MS,
      );
    });
    loaded = (await Promise.race([import(entry), budget])) as { default?: unknown };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw invalid(`importing it failed: ${reason}`);
  } finally {
    clearTimeout(timer);
  }

  const code = loaded.default;
  if (!isPlugin(code)) throw invalid("its default export is not a plugin made by definePlugin().");
  if (code.contract !== manifest.contract) {
    const message = `${name}: the code is made for contract ${code.contract}, its manifest says ${manifest.contract}.`;
    throw new StepwireError("contract-unsupported", message, { details: { package: name } });
  }
  const differences = compare(promises(manifest), deeds(code));
  if (differences.length > 0) {
    const shown = differences.slice(0, 5).join("; ");
    throw invalid(`the code is not what its manifest says (${shown}). Build the package again.`);
  }
  return code;
}

/** What a user relies on before the package runs: which types and actions there are, and what they may do. */
function promises(manifest: Manifest): Map<string, string> {
  const facts = new Map<string, string>();
  for (const { id, aliases, optional, auth, hosts, defaultAction, subActions, actions } of manifest.connectorTypes) {
    facts.set(id, JSON.stringify([aliases, optional, auth, hosts, defaultAction, subActions]));
    for (const [name, action] of Object.entries(actions)) {
      facts.set(`${id}.${name}`, JSON.stringify([action.effect, action.idempotency]));
    }
  }
  for (const step of manifest.steps) facts.set(step.type, JSON.stringify([step.effect]));
  return facts;
}

/** The same of the code itself. Schemas are left out: making JSON Schema of them would cost every run. */
function deeds(plugin: Plugin): Map<string, string> {
  const facts = new Map<string, string>();
  for (const { id, aliases = [], connection, defaultAction, subActions = {}, actions } of plugin.connectorTypes) {
    const { optional = false, auth, hosts } = connection.def;
    const kinds = auth.map((kind: AuthKind) => ({
      kind: kind.kind,
      ...(kind.kind === "envelope" && kind.methods !== undefined ? { methods: kind.methods } : {}),
    }));
    facts.set(id, JSON.stringify([aliases, optional, kinds, hosts, defaultAction, subActions]));
    for (const [name, action] of Object.entries(actions)) {
      facts.set(`${id}.${name}`, JSON.stringify([action.effect, action.idempotency]));
    }
  }
  for (const step of plugin.steps) facts.set(step.type, JSON.stringify([step.effect]));
  return facts;
}

function compare(said: Map<string, string>, is: Map<string, string>): string[] {
  const differences: string[] = [];
  for (const [name, facts] of said) {
    if (!is.has(name)) differences.push(`${name} is missing`);
    else if (is.get(name) !== facts) differences.push(`${name} is ${is.get(name)}, not ${facts}`);
  }
  for (const name of is.keys()) if (!said.has(name)) differences.push(`${name} is not in the manifest`);
  return differences;
}

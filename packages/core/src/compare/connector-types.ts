import type { ManifestConnectorType, ManifestPreset } from "../manifest.ts";
import type { JsonSchema } from "../schema.ts";
import { change, grant, type ManifestChange } from "./change.ts";
import { fieldsOf } from "./fields.ts";
import { same } from "./schema-nodes.ts";
import { compareActions, compareSchemas, EFFECT_WORDS } from "./work.ts";

export function compareConnectorTypes(
  before: readonly ManifestConnectorType[],
  after: readonly ManifestConnectorType[],
): ManifestChange[] {
  const changes = before.flatMap((old) => {
    const fresh = after.find(({ id }) => id === old.id);
    return fresh === undefined ? [change("major", old.id, "the type is gone")] : compareConnectorType(old, fresh);
  });
  for (const type of after) {
    if (!before.some(({ id }) => id === type.id)) changes.push(grant("minor", type.id, describeNew(type)));
  }
  return changes;
}

function describeNew({ aliases, hosts, actions }: ManifestConnectorType): string {
  const effects = [...new Set(Object.values(actions).map(({ effect }) => EFFECT_WORDS[effect]))];
  const names = aliases.length === 0 ? "this name" : `this name and ${aliases.join(", ")}`;
  const where = hosts.length === 0 ? "hosts in its configuration alone" : hosts.join(", ");
  return `a new type, which claims ${names}; its credentials go to ${where}; it ${effects.join(", ")}`;
}

function compareConnectorType(before: ManifestConnectorType, after: ManifestConnectorType): ManifestChange[] {
  const { id } = before;
  return [
    ...compareHosts(before.hosts, after.hosts, id),
    ...compareAuth(before.auth, after.auth, id),
    ...compareNames(before, after),
    ...compareUse(before, after),
    ...compareAsked(before.config, after.config, `${id} config`, "required"),
    ...compareAsked(before.secrets, after.secrets, `${id} secrets`, "any"),
    ...compareActions(before.actions, after.actions, id),
    ...comparePresets(before.presets ?? [], after.presets ?? [], id),
    ...(["title", "description"] as const)
      .filter((key) => before[key] !== after[key])
      .map((key) => change("patch", id, `${key} changed`)),
  ];
}

function compareHosts(before: readonly string[], after: readonly string[], id: string): ManifestChange[] {
  return [
    ...after
      .filter((host) => !before.some((pattern) => covers(pattern, host)))
      .map((host) => grant("minor", `${id} hosts`, `its credentials may go to ${host} now`)),
    ...before
      .filter((host) => !after.some((pattern) => covers(pattern, host)))
      .map((host) => change("major", `${id} hosts`, `its credentials no longer go to ${host}`)),
  ];
}

/** Whether whatever a host or pattern names is named by this pattern, too. */
function covers(pattern: string, host: string): boolean {
  const [wide, narrow] = [pattern.toLowerCase(), host.toLowerCase()];
  return wide === narrow || (wide.startsWith("*.") && narrow.endsWith(wide.slice(1)));
}

type Auth = ManifestConnectorType["auth"];

function compareAuth(before: Auth, after: Auth, id: string): ManifestChange[] {
  const [old, fresh] = [waysOf(before), waysOf(after)];
  const where = `${id} auth`;
  return [
    ...fresh
      .filter((way) => !covered(way, old))
      .map((way) => grant("minor", where, `its credentials can be placed in a new way: ${way}`)),
    ...old
      .filter((way) => !covered(way, fresh))
      .map((way) => change("major", where, `its credentials can no longer be placed this way: ${way}`)),
  ];
}

/** Kinds, and those methods of the envelope to which a type keeps itself. What is no list is no bound. */
const waysOf = (auth: Auth): string[] => [
  ...new Set(
    auth.flatMap(({ kind, methods }) =>
      Array.isArray(methods) ? methods.map((method) => `${kind} (${method})`) : [kind],
    ),
  ),
];

/** A kind with no methods named takes all of them. */
const covered = (way: string, ways: readonly string[]): boolean =>
  ways.includes(way) || ways.includes(way.replace(/ \(.*\)$/, ""));

function compareNames(before: ManifestConnectorType, after: ManifestConnectorType): ManifestChange[] {
  const { id } = before;
  const [old, fresh] = [before, after].map(({ aliases }) => new Set(aliases.map((alias) => alias.replace(/^\./, ""))));
  const changes: ManifestChange[] = [];
  for (const alias of fresh ?? []) {
    if (alias !== id && !old?.has(alias)) changes.push(grant("minor", id, `it claims the name ${alias}, too`));
  }
  for (const alias of old ?? []) {
    if (alias !== id && !fresh?.has(alias)) changes.push(change("major", id, `it is no longer known as ${alias}`));
  }
  for (const [name, action] of Object.entries(before.subActions)) {
    const now = Object.hasOwn(after.subActions, name) ? after.subActions[name] : undefined;
    if (now === action) continue;
    const message = now === undefined ? `the sub-action is gone` : `the sub-action is ${now} now, before ${action}`;
    changes.push(change("major", `${id}.${name}`, message));
  }
  for (const [name, action] of Object.entries(after.subActions)) {
    if (!Object.hasOwn(before.subActions, name)) {
      changes.push(change("minor", `${id}.${name}`, `a new sub-action, another name of ${action}`));
    }
  }
  return changes;
}

/** How a type is used: with or without a connector, with which action by default, tested by reading or not. */
function compareUse(before: ManifestConnectorType, after: ManifestConnectorType): ManifestChange[] {
  const { id } = before;
  const changes: ManifestChange[] = [];
  if (after.optional && !before.optional)
    changes.push(grant("minor", id, "workflows can use it with no connector now"));
  if (before.optional && !after.optional) changes.push(change("major", id, "it needs a connector now"));
  if (after.testable && !before.testable) changes.push(change("minor", id, "it can be tested by reading alone now"));
  if (before.testable && !after.testable) {
    changes.push(change("major", id, "it has no test any more; connectors test runs its default action instead"));
  }
  if (before.defaultAction !== after.defaultAction) {
    const { defaultAction: old } = before;
    const message = `its default action is ${after.defaultAction ?? "none"} now, before ${old ?? "none"}`;
    changes.push(change(old === undefined ? "minor" : "major", id, message));
  }
  return changes;
}

/** What people are asked for; to be approved is what is new in it: any field, or one that must be given. */
function compareAsked(before: JsonSchema, after: JsonSchema, where: string, which: "any" | "required") {
  const old = fieldsOf(before);
  const asked = [...fieldsOf(after)].filter(
    ([name, required]) => (required && old.get(name) !== true) || (which === "any" && !old.has(name)),
  );
  const changes = compareSchemas(before, after, "input", where);
  for (const [name, required] of asked) {
    const at = `${where}.${name}`;
    const said = changes.find((one) => one.where === at && one.bump !== "patch");
    if (said !== undefined) said.approve = true;
    // In a branch of a choice, of which a comparison says no more than that it is there.
    else changes.push(grant(required ? "major" : "minor", at, "it is asked for now"));
  }
  return changes;
}

function comparePresets(
  before: readonly ManifestPreset[],
  after: readonly ManifestPreset[],
  id: string,
): ManifestChange[] {
  const changes: ManifestChange[] = [];
  for (const old of before) {
    const where = `${id} preset ${old.name}`;
    const fresh = after.find(({ name }) => name === old.name);
    if (fresh === undefined) changes.push(change("major", where, "the preset is gone"));
    else if (!same(old.config, fresh.config))
      changes.push(change("minor", where, "it writes another configuration now"));
    else if (old.description !== fresh.description) changes.push(change("patch", where, "description changed"));
  }
  for (const { name } of after) {
    if (!before.some((old) => old.name === name)) changes.push(change("minor", `${id} preset ${name}`, "a new preset"));
  }
  return changes;
}

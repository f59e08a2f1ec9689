import { formatPath, type Finding, type JsonSchema, type ManifestConnectorType } from "@stepwire/core";
import type { ConnectorEntry, Project } from "@stepwire/host";

import { escapeReferences, replaceTyped, type Draft } from "./draft.ts";

/** Something wrong with a draft, and the keys that lead to it. */
export interface DraftFinding {
  readonly finding: Finding;
  readonly path: readonly (string | number)[];
}

let count = 0;

/**
 * What the type itself says of a draft: its schemas, its templates, its credentials. Nothing is sent.
 * @param options.partial questions are still open: what is missing gets a stand-in, so that the rest can be judged.
 */
export async function checkDraft(
  project: Project,
  type: ManifestConnectorType,
  draft: Draft,
  options: { partial: boolean },
): Promise<DraftFinding[]> {
  const found: DraftFinding[] = [];
  const secrets = replaceTyped(draft.secrets, escapeReferences) as Record<string, unknown>;
  const { partial } = options;
  const entry: ConnectorEntry = {
    // A project checks each connector once: this is another one every time.
    id: `draft ${(count += 1)}`,
    name: draft.name ?? "the new connector",
    type: type.id,
    config: partial ? { ...standIns(type.config), ...draft.config } : draft.config,
    secrets: partial ? { ...standIns(type.secrets), ...secrets } : secrets,
    network: {},
    finding(path, given) {
      const finding: Finding = { severity: "error", path: formatPath(path), ...given };
      found.push({ finding, path });
      return finding;
    },
  };
  await project.checkConnector(entry);
  return found;
}

function standIns(schema: JsonSchema): Record<string, unknown> {
  const properties = (schema["properties"] as Record<string, JsonSchema> | undefined) ?? {};
  const required = (schema["required"] as string[] | undefined) ?? [];
  return Object.fromEntries(required.map((key) => [key, standIn(key, properties[key] ?? {})]));
}

function standIn(key: string, schema: JsonSchema): unknown {
  const [choice] = (schema["enum"] as unknown[] | undefined) ?? [];
  if (choice !== undefined) return choice;
  if (schema["type"] === "boolean") return false;
  if (schema["type"] === "number" || schema["type"] === "integer") return schema["minimum"] ?? 1;
  if (schema["type"] === "array") return [];
  if (schema["type"] === "object") return {};
  return schema["format"] === "uri" || /url$/i.test(key) ? "https://unanswered.invalid" : "unanswered";
}

import { nearest, type ManifestConnectorType, type ManifestPreset } from "@stepwire/core";

import { usage } from "../refusal.ts";

/** `{base}`, but neither `{{base}}` of a template nor `${env:…}`. */
const PLACEHOLDER = /(?<![{$])\{([A-Za-z]\w*)\}(?!\})(\/?)/g;

/** The preset of this name. Throws `usage-invalid` naming those that there are. */
export function presetOf(type: ManifestConnectorType, name: string): ManifestPreset {
  const presets = type.presets ?? [];
  const preset = presets.find((candidate) => candidate.name === name);
  if (preset !== undefined) return preset;
  const names = presets.map((candidate) => candidate.name);
  if (names.length === 0) throw usage(`The type ${type.id} has no presets.`, "Leave --preset out.");
  const close = nearest(name, names);
  const hint = close === undefined ? `It has ${names.join(", ")}.` : `Did you mean ${close}?`;
  throw usage(`The type ${type.id} has no preset ${name}.`, hint);
}

/** The names of what a preset leaves open, such as `base`. */
export function placeholdersOf({ config }: ManifestPreset): string[] {
  const names = textsOf(config).flatMap((text) => [...text.matchAll(PLACEHOLDER)].map(([, name = ""]) => name));
  return [...new Set(names)];
}

/** The preset's configuration with its placeholders filled in. No slash is doubled where one ends and a path begins. */
export function fillPreset({ config }: ManifestPreset, values: ReadonlyMap<string, string>): Record<string, unknown> {
  const fill = (text: string) =>
    text.replaceAll(PLACEHOLDER, (whole, name: string, slash: string) => {
      const value = values.get(name);
      if (value === undefined) return whole;
      return (slash === "" ? value : value.replace(/\/+$/, "")) + slash;
    });
  return eachText(config, fill) as Record<string, unknown>;
}

function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

function eachText(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item: unknown) => eachText(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, eachText(item, change)]));
}

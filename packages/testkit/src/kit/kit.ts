import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import type { AnyConnectorType, Manifest, Plugin } from "@stepwire/core";

import { packedFiles } from "./packed-files.ts";
import type { Example, Scenarios, TypeScenarios } from "./scenarios.ts";
import { openStage, type Stage } from "./stage.ts";

/** One connector type and what its author says of it. */
export interface Subject {
  readonly type: AnyConnectorType;
  readonly scenarios: TypeScenarios;
}

/** The package as it stands in a folder; but for package.json, what is not there or cannot be read is `undefined`. */
export interface PackageFolder {
  readonly folder: string;
  readonly json: Readonly<Record<string, unknown>>;
  /** As it was built. */
  readonly manifest: Manifest | undefined;
  readonly readme: string | undefined;
  /** The files that would be published; rejects where npm cannot say. */
  files(): Promise<readonly string[]>;
}

/** What the groups work with. */
export interface Kit {
  readonly plugin: Plugin;
  /** Of the types that have scenarios. */
  readonly subjects: readonly Subject[];
  /** Types without scenarios, though others have some. */
  readonly unseen: readonly AnyConnectorType[];
  /** What scenarios are there for, though it is no type of the plugin. */
  readonly strange: readonly string[];
  readonly hasScenarios: boolean;
  readonly pack: PackageFolder | undefined;
  stage(): Promise<Stage>;
  close(): Promise<void>;
}

export function openKit(plugin: Plugin, scenarios: Scenarios | undefined, folder: URL | string | undefined): Kit {
  let stage: Promise<Stage> | undefined;
  const types = plugin.connectorTypes;
  return {
    plugin,
    subjects: types.flatMap((type) => {
      const own = scenarios !== undefined && Object.hasOwn(scenarios, type.id) ? scenarios[type.id] : undefined;
      return own === undefined ? [] : [{ type, scenarios: own }];
    }),
    unseen: scenarios === undefined ? [] : types.filter(({ id }) => !Object.hasOwn(scenarios, id)),
    strange: Object.keys(scenarios ?? {}).filter((id) => !types.some((type) => type.id === id)),
    hasScenarios: scenarios !== undefined,
    pack:
      folder === undefined
        ? undefined
        : readPackage(path.resolve(typeof folder === "string" ? folder : fileURLToPath(folder))),
    stage: () => (stage ??= openStage()),
    async close() {
      await (await stage)?.close();
    },
  };
}

/** Every example of every action, the first of each action first. */
export function* examplesOf({
  type,
  scenarios,
}: Subject): Iterable<{ action: string; example: Example; where: string }> {
  for (const [action, { examples }] of Object.entries(scenarios.actions)) {
    if (!Object.hasOwn(type.actions, action)) continue;
    for (const [index, example] of examples.entries()) {
      const name = example.name ?? (examples.length === 1 ? "" : `example ${index + 1}`);
      yield { action, example, where: `${type.id}.${action}${name === "" ? "" : ` (${name})`}` };
    }
  }
}

/** Throws TypeError for a folder that is no package's. */
function readPackage(folder: string): PackageFolder {
  const read = (file: string): string | undefined => {
    try {
      return readFileSync(path.join(folder, file), "utf8");
    } catch {
      return undefined;
    }
  };
  let files: Promise<readonly string[]> | undefined;
  const json = parsed<Record<string, unknown>>(read("package.json"));
  if (json === undefined)
    throw new TypeError(`${folder} has no package.json that can be read. Pass the package's folder as \`folder\`.`);
  const place = (json["stepwire"] as { manifest?: unknown } | undefined)?.manifest;
  return {
    folder,
    json,
    manifest: typeof place === "string" ? parsed<Manifest>(read(place)) : undefined,
    readme: read("README.md"),
    files: () => (files ??= packedFiles(folder)),
  };
}

function parsed<T>(text: string | undefined): T | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}

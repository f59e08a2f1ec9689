import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

import { decodeUtf8 } from "@stepwire/host";
import type { Problem } from "@stepwire/workflow";
import { parseYaml } from "@stepwire/yaml";
import { nearest } from "@stepwire/core";

const WORKFLOW_FILE = /\.ya?ml$/i;

/** The workflow files of one folder by the names they have in them. */
export class WorkflowFolder {
  readonly #folder: string;
  #names: Promise<ReadonlyMap<string, readonly string[]>> | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The name of the file of a workflow, or why there is none. */
  async find(name: string): Promise<{ file: string } | Problem> {
    this.#names ??= namesIn(this.#folder);
    const names = await this.#names;
    const [file, ...more] = names.get(name) ?? [];
    if (file === undefined) {
      const guess = nearest(name, names.keys());
      return {
        code: "workflow-invalid",
        message: `No workflow in this folder is called ${JSON.stringify(name)}.`,
        hint:
          guess === undefined
            ? "Put its file into the folder of the workflow that calls it; its own name counts, not the file's."
            : `Did you mean ${JSON.stringify(guess)}?`,
      };
    }
    if (more.length > 0) {
      return {
        code: "workflow-invalid",
        message: `Several workflows in this folder are called ${JSON.stringify(name)}: ${[file, ...more].join(", ")}.`,
        hint: "Give each a name of its own.",
      };
    }
    return { file };
  }
}

/** Files by the name of the workflow in them. A file that cannot be read or is no workflow has none. */
async function namesIn(folder: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const names = new Map<string, string[]>();
  for (const file of (await readdir(folder)).filter((entry) => WORKFLOW_FILE.test(entry)).toSorted()) {
    const name = await nameIn(path.join(folder, file));
    if (name !== undefined) names.set(name, [...(names.get(name) ?? []), file]);
  }
  return names;
}

async function nameIn(file: string): Promise<string | undefined> {
  const text = await readFile(file).then(decodeUtf8, () => undefined);
  if (text === undefined) return undefined;
  const { value } = parseYaml(text, file);
  const { name, steps } = (typeof value === "object" && value !== null ? value : {}) as {
    name?: unknown;
    steps?: unknown;
  };
  return typeof name === "string" && Array.isArray(steps) ? name : undefined;
}

import { readFile } from "node:fs/promises";
import path from "node:path";

import { StepwireError, type Finding } from "@stepwire/core";
import { decodeUtf8, UTF8_HINT } from "@stepwire/host";
import type { Plan, Problem } from "@stepwire/workflow";

import { WorkflowFolder } from "./workflow-folder.ts";

/** Where workflows come from. */
export interface Sources {
  /** The text of a workflow file, or why it cannot be read. */
  text(file: string): Promise<{ text: string } | { finding: Finding }>;
  /** The file of the workflow of this name that another file calls, or why there is none. */
  called(name: string, from: string): Promise<{ file: string } | Problem>;
  /** One and the same file, however it is written. */
  identity(file: string): string;
}

/** Workflow files in folders; a workflow calls those in its own folder. */
export class FileSources implements Sources {
  readonly #cwd: string;
  readonly #folders = new Map<string, WorkflowFolder>();

  constructor(cwd: string) {
    this.#cwd = cwd;
  }

  identity(file: string): string {
    return path.resolve(this.#cwd, file);
  }

  async called(name: string, from: string): Promise<{ file: string } | Problem> {
    const folder = path.dirname(this.identity(from));
    const files = this.#folders.get(folder) ?? new WorkflowFolder(folder);
    this.#folders.set(folder, files);
    const found = await files.find(name);
    // Named as the caller is: relative to where the command runs.
    return "code" in found ? found : { file: path.join(path.dirname(from), found.file) };
  }

  async text(file: string): Promise<{ text: string } | { finding: Finding }> {
    const absolute = this.identity(file);
    try {
      const text = decodeUtf8(await readFile(absolute));
      if (text !== undefined) return { text };
      const message = "The workflow file is not UTF-8 text.";
      return { finding: { code: "usage-invalid", severity: "error", message, file: absolute, hint: UTF8_HINT } };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const message =
        code === "ENOENT"
          ? "The workflow file does not exist."
          : `The workflow file cannot be read (${code ?? StepwireError.from(error).message}).`;
      const hint = "Paths are relative to the folder the command runs in.";
      return { finding: { code: "usage-invalid", severity: "error", message, file: absolute, hint } };
    }
  }
}

/** A workflow with those that it calls, as they were when a run of it began: all that a run needs to go on. */
export interface Definition {
  /** The first is the workflow itself. */
  files: { file: string; text: string; calls: Record<string, string> }[];
  variables: Record<string, unknown>;
  stubs: Record<string, unknown>;
}

/** What a plan was made of. */
export function definitionOf(plan: Plan, { variables, stubs }: Pick<Definition, "variables" | "stubs">): Definition {
  const files = new Map<string, Definition["files"][number]>();
  const add = ({ file, text, workflows }: Plan): void => {
    if (files.has(file)) return;
    files.set(file, {
      file,
      text,
      calls: Object.fromEntries([...workflows].map(([name, called]) => [name, called.file])),
    });
    for (const called of workflows.values()) add(called);
  };
  add(plan);
  return { files: [...files.values()], variables, stubs };
}

/** The workflows of a definition. */
export class DefinitionSources implements Sources {
  readonly #files: ReadonlyMap<string, Definition["files"][number]>;

  constructor({ files }: Definition) {
    this.#files = new Map(files.map((one) => [one.file, one]));
  }

  identity(file: string): string {
    return file;
  }

  async called(name: string, from: string): Promise<{ file: string } | Problem> {
    const calls = this.#files.get(from)?.calls ?? {};
    const file = Object.hasOwn(calls, name) ? calls[name] : undefined;
    return file === undefined
      ? { code: "workflow-invalid", message: `When the run began, there was no workflow ${JSON.stringify(name)}.` }
      : { file };
  }

  async text(file: string): Promise<{ text: string } | { finding: Finding }> {
    const found = this.#files.get(file);
    if (found !== undefined) return { text: found.text };
    const message = "What the run was made of lacks this file.";
    return { finding: { code: "workflow-invalid", severity: "error", message, file } };
  }
}

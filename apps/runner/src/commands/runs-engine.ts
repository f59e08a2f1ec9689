import type { Logger } from "@stepwire/core";
import { createRunner, type Engine } from "@stepwire/engine";

import { projectOptions } from "../args.ts";
import { problemRefusal, usage } from "../refusal.ts";
import { keepSecretsOf } from "../secrets.ts";

interface Opened {
  engine: Engine;
  /** Where the runs are kept. */
  folder: string;
}

/** Does something with the runs of a project. */
export async function withEngine(
  values: Parameters<typeof projectOptions>[0],
  options: { log?: Logger },
  work: (opened: Opened) => Promise<number>,
): Promise<number> {
  const runner = createRunner({ ...projectOptions(values), ...options });
  try {
    const project = await runner.project;
    keepSecretsOf(project);
    // Settings that cannot be read may name another folder than the default.
    const broken = project.findings.find(({ code, severity }) => code === "settings-invalid" && severity === "error");
    if (broken !== undefined) throw problemRefusal(broken);
    return await work({ engine: await runner.engine(), folder: project.settings.runtime.dataDir });
  } finally {
    await runner.close();
  }
}

/** The id that stands behind the name of a command. */
export function idOf(command: string, [, id, ...more]: readonly string[]): string {
  if (id === undefined) throw usage("Which run? Give its id, or its beginning.", "stepwire runs list shows them.");
  if (more.length > 0) throw usage(`runs ${command} takes one run.`, "See stepwire help runs.");
  return id;
}

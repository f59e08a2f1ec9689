import { accessSync, constants, existsSync, statSync } from "node:fs";
import path from "node:path";

import { StepwireError, type Finding, type Logger } from "@stepwire/core";
import type { Project } from "@stepwire/host";

import { cleanLine } from "../output/clean.ts";
import { formatSize } from "../output/terminal.ts";

/** Where the runs are kept, and how it stands with them. */
export interface RunsReport {
  folder: string;
  /** Size of what is kept; 0 where no run has been kept yet. */
  bytes: number;
  /** How many interrupted runs there are; absent where that cannot be told. */
  interrupted?: number;
}

const SILENT: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** Makes no folder and no file where there are none. */
export async function examineRuns(project: Project, findings: Finding[]): Promise<RunsReport> {
  const { runtime } = project.settings;
  const folder = runtime.dataDir;
  const file = path.join(folder, "runs.db");
  // The log beside the file holds what was not moved into it yet.
  const bytes = [file, `${file}-wal`].reduce((sum, one) => sum + (statSync(one, NO_THROW)?.size ?? 0), 0);
  const report = { folder, bytes };
  try {
    if (!existsSync(file)) {
      mustBeUsable(folder);
      return { ...report, interrupted: 0 };
    }
    const { createEmbeddedEngine } = await import("@stepwire/engine");
    const engine = createEmbeddedEngine({ ...runtime, project, log: SILENT });
    try {
      const { length } = await engine.list({ status: "interrupted", limit: Number.MAX_SAFE_INTEGER });
      return { ...report, interrupted: length };
    } finally {
      await engine.close();
    }
  } catch (error) {
    const { code, message } = StepwireError.from(error);
    findings.push({ code, severity: "error", message });
    return report;
  }
}

export function describeRuns({ folder, bytes, interrupted }: RunsReport): string {
  const size = bytes === 0 ? "none yet" : formatSize(bytes);
  const more = interrupted === undefined || interrupted === 0 ? "" : `, ${interrupted} interrupted`;
  return `${cleanLine(folder)}  ${size}${more}`;
}

const NO_THROW = { throwIfNoEntry: false } as const;

/** Whether the folder, or the one in which it would be made, can be written. Throws `storage`. */
function mustBeUsable(folder: string): void {
  const there = existsSync(folder) ? folder : nearestThere(path.dirname(folder));
  const isFolder = statSync(there, NO_THROW)?.isDirectory() === true;
  try {
    if (isFolder) accessSync(there, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unusable(folder, (error as NodeJS.ErrnoException).code ?? String(error));
  }
  if (!isFolder) throw unusable(folder, `${there} is no folder`);
}

const nearestThere = (folder: string): string => (existsSync(folder) ? folder : nearestThere(path.dirname(folder)));

function unusable(folder: string, why: string): StepwireError {
  return new StepwireError(
    "storage",
    `Runs cannot be kept in ${folder} (${why}). Give write access, or set runtime.dataDir to another folder.`,
  );
}

import { execFile } from "node:child_process";
import { statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import type { Kit } from "../kit.ts";
import type { Report } from "../problem.ts";

/** What an import did besides defining things. */
export interface ImportFacts {
  readonly error?: string;
  /** Processor time, which other work on the machine does not count into. */
  readonly cpuMs: number;
  /** Names that were not there before, also on the prototypes of what is built in. */
  readonly globals: readonly string[];
  /** Kinds of what keeps a process alive: timers, sockets. */
  readonly resources: readonly string[];
  /** Variables that were read. */
  readonly environment: readonly string[];
  readonly written: string;
}

/** Every run of a workflow that uses the package pays this. */
const MAX_CPU_MS = 1000;
const MAX_ENTRY_BYTES = 1024 * 1024;
const PROBE = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "../import-probe.ts" : "kit/import-probe.js", import.meta.url),
);

/** Importing the package defines things and does nothing else, quickly. */
export async function importing({ pack }: Kit, report: Report): Promise<void> {
  if (pack === undefined) return report.notRun("no folder was given: pass `folder` to describeConnector()");
  if (pack.manifest === undefined) return report.notRun("there is no manifest, which says what to import");
  const entry = path.join(pack.folder, pack.manifest.entry);
  const { size } = statSync(entry, { throwIfNoEntry: false }) ?? {};
  if (size === undefined) return report.problem("entry", `${pack.manifest.entry} is not there.`, "Build the package.");
  const facts = await probe(entry, pack.folder);
  report.checked(6);
  const problem = (message: string, fix: string) => report.problem("entry", message, fix);
  const { error, cpuMs, globals, resources, environment, written } = facts;
  if (error !== undefined)
    problem(`Importing it fails: ${error}`, "Correct the error; a user's workflow would fail with it.");
  if (globals.length > 0)
    problem(
      `Importing it changes what belongs to the whole process: ${globals.join(", ")}.`,
      "Keep things in the module.",
    );
  if (resources.length > 0)
    problem(
      `Importing it starts something that keeps the process: ${resources.join(", ")}.`,
      "Start nothing at the top level; an action runs when it is called.",
    );
  for (const name of environment)
    problem(
      `Importing it reads process.env.${name}.`,
      "Take it from config or secrets: the user says there what a connector gets.",
    );
  if (written !== "")
    problem(`Importing it prints: ${JSON.stringify(written)}.`, "Print nothing; use ctx.log in an action.");
  if (cpuMs > MAX_CPU_MS)
    problem(
      `Importing it takes ${cpuMs} ms of processor time; ${MAX_CPU_MS} are the most.`,
      "Do nothing at the top level, and bundle what is needed of large dependencies.",
    );
  if (size > MAX_ENTRY_BYTES)
    problem(
      `Its entry has ${size} bytes; ${MAX_ENTRY_BYTES} are the most.`,
      "Bundle only what is needed, and minify large data.",
    );
}

function probe(entry: string, folder: string): Promise<ImportFacts> {
  return new Promise((resolve) => {
    const args = [PROBE, pathToFileURL(entry).href, folder];
    execFile(process.execPath, args, { cwd: folder, timeout: 30_000 }, (error, stdout, stderr) => {
      const nothing = { cpuMs: 0, globals: [], resources: [], environment: [], written: "" };
      try {
        resolve(JSON.parse(stdout) as ImportFacts);
      } catch {
        const reason = error?.killed === true ? "it was not done after 30 s" : stderr.trim() || "it ended the process";
        resolve({ ...nothing, error: reason });
      }
    });
  });
}

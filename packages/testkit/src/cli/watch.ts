import { watch } from "node:fs";
import path from "node:path";

import { printLine } from "./terms.ts";

/** What builds write, and what is nobody's source. */
const NOT_SOURCES = new Set(["node_modules", "dist", ".git", ".turbo", "coverage"]);
/** Editors write a file in several goes. */
const QUIET_MS = 150;

/**
 * Does the work again whenever a source in a folder changes, one round at a time: what changes meanwhile is seen to
 * behind it. Resolves on SIGINT or SIGTERM.
 */
export async function watchSources(folder: string, work: () => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const changes = watch(folder, { recursive: true, signal: stop.signal });
  let quiet: NodeJS.Timeout | undefined;
  let isBusy = false;
  let isDirty = false;
  const round = async (): Promise<void> => {
    if (isBusy) {
      isDirty = true;
      return;
    }
    isBusy = true;
    do {
      isDirty = false;
      await work();
      printLine("watching; Ctrl-C ends");
    } while (isDirty);
    isBusy = false;
  };
  changes.on("change", (_event, file) => {
    const [first = "", ...rest] = String(file).split(path.sep);
    // The manifest may lie beside the sources, where the round itself writes it.
    if (NOT_SOURCES.has(first) || (rest.length === 0 && first === "stepwire.json")) return;
    clearTimeout(quiet);
    quiet = setTimeout(() => void round(), QUIET_MS);
  });
  printLine("watching; Ctrl-C ends");
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  clearTimeout(quiet);
  stop.abort();
}

import type { DryRunResult } from "@stepwire/engine";

import { cleanLine, safeJson } from "./clean.ts";
import { paint, printLine } from "./terminal.ts";

/** The requests of a dry run, for people. */
export function printPreview({ workflow, steps }: DryRunResult): void {
  printLine(`${paint("bold", cleanLine(workflow))}  dry run: nothing is sent`);
  for (const step of steps) {
    const connector = step.connectorId === undefined ? "" : `  ${cleanLine(step.connectorId)}`;
    printLine(`\n${paint("cyan", cleanLine(step.path))}  ${cleanLine(step.type)}${connector}`);
    for (const condition of step.when) printLine(paint("dim", `  if ${cleanLine(condition)}`));
    if (step.error !== undefined) printLine(`  ${paint("red", step.error.code)}  ${cleanLine(step.error.message)}`);
    if (step.request === undefined) continue;
    const { method, url, headers, body } = step.request;
    printLine(`  ${cleanLine(method)} ${readable(cleanLine(url))}`);
    for (const [name, value] of Object.entries(headers)) printLine(paint("dim", `  ${cleanLine(`${name}: ${value}`)}`));
    if (body !== undefined) printLine(safeJson(body, 2).replaceAll(/^/gm, "  "));
  }
}

/** What only a run knows stands as `<steps.create.output.id>`; in an address it was percent-encoded. */
function readable(url: string): string {
  return url.replaceAll(/%3C((?:steps|variables|foreach|error)\b[\w.[\]-]*)%3E/g, "<$1>");
}

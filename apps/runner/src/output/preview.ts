import type { DryRunResult } from "@stepwire/engine";

import { clean, cleanLine, safeJson } from "./clean.ts";
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
    if (body !== undefined) printLine(bodyText(body, headers).replaceAll(/^/gm, "  "));
  }
}

/** A body as it goes out; a text that is sent as JSON has its quotes there too. */
function bodyText(body: unknown, headers: Readonly<Record<string, string>>): string {
  const isJson = Object.entries(headers).some(([name, value]) => /^content-type$/i.test(name) && /json/i.test(value));
  return typeof body === "string" && !isJson ? clean(body) : safeJson(body, 2);
}

/** What only a run knows stands as `<steps.create.output.id>`; in an address it was percent-encoded. */
function readable(url: string): string {
  return url.replaceAll(/%3C((?:steps|variables|foreach|error)\b[\w.[\]-]*)%3E/g, "<$1>");
}

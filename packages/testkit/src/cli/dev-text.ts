import type { DevOutcome } from "./dev-run.ts";
import { printLine } from "./terms.ts";

/** The request, then what came of it. */
export function printOutcome(outcome: DevOutcome): void {
  if (outcome.status === "refused") return printLine(`${outcome.error.code}  ${outcome.error.message}`);
  const { action, connector, request, status, output, error, durationMs } = outcome;
  printLine(`${action} with ${connector}`);
  if (request === undefined) printLine("  sends nothing");
  else {
    printLine(`  ${request.method} ${request.url}`);
    for (const [name, value] of Object.entries(request.headers)) printLine(`  ${name}: ${value}`);
    if (request.body !== undefined) printLine(indented(request.body));
  }
  if (status === "dry-run") return printLine("nothing was sent");
  if (error === undefined) return printLine(`ok  ${durationMs} ms\n${indented(output)}`);
  printLine(`${error.code}  ${durationMs} ms\n  ${error.message}`);
}

const indented = (value: unknown): string =>
  (typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? "nothing")).replaceAll(/^/gm, "  ");

import { readFileSync } from "node:fs";
import path from "node:path";

import type { Finding } from "@stepwire/core";

import { clean, cleanLine } from "./clean.ts";
import { noteJson, paint } from "./terminal.ts";

/**
 * Findings for people: where, what, the line itself with a caret, and what to do.
 * @param workflows the files whose lines may be shown. Lines of other files may hold secrets in clear.
 */
export function formatFindings(findings: readonly Finding[], workflows: readonly string[] = []): string {
  const sources = new Map(workflows.map((file) => [file, undefined as string[] | undefined]));
  const secret = new Set(findings.filter(isAboutSecret).map(({ file, line }) => `${file}:${line}`));
  return findings
    .map((finding) => {
      const { file, line, column } = finding;
      const shown = file !== undefined && sources.has(file) && !secret.has(`${file}:${line}`);
      if (!shown || line === undefined || column === undefined) return formatFinding(finding, []);
      const lines = sources.get(file) ?? linesOf(file);
      sources.set(file, lines);
      return formatFinding(finding, excerpt(lines, line, column));
    })
    .join("\n");
}

/** The same for `--log-format json`: a line each. */
export function logFindings(findings: readonly Finding[]): void {
  for (const { message, severity, ...fields } of findings) noteJson(severity, message, fields);
}

export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity === "error");
}

/** A warning of a secret that stands in the workflow must not repeat it into the log. */
const isAboutSecret = ({ rule }: Finding): boolean => rule === "literalSecret";

function formatFinding(finding: Finding, shown: readonly string[]): string {
  const { severity, message, hint, rule, code, line, column } = finding;
  const severityText = paint(severity === "error" ? "red" : "yellow", severity, process.stderr);
  const name = finding.file === undefined ? "" : shorten(finding.file);
  const place = [name, line, column].filter((part) => part !== undefined && part !== "").join(":");
  // Where there is no line to look at, the keys that lead to the place say where it is.
  const where = shown.length === 0 ? (finding.path ?? "") : "";
  const head = [cleanLine(place), severityText, cleanLine(where)].filter((part) => part !== "").join("  ");
  const label = paint("dim", `(${rule !== undefined && code === "workflow-invalid" ? rule : code})`, process.stderr);
  const lines = [`${head}  ${cleanLine(message)} ${label}`, ...shown];
  if (hint !== undefined) lines.push(`    ${cleanLine(hint)}`);
  return lines.join("\n");
}

/** The line, shortened around the column, and a caret below it. */
function excerpt(lines: readonly string[], line: number, column: number): string[] {
  const text = lines[line - 1];
  if (text === undefined || text.trim() === "") return [];
  const start = Math.max(0, column - 60);
  const shown = clean(text.slice(start, start + 110).replaceAll(/[\t\r]/g, " "));
  const gutter = `${line} | `;
  return [
    paint("dim", `    ${gutter}${shown}`, process.stderr),
    `    ${" ".repeat(gutter.length + column - 1 - start)}${paint("red", "^", process.stderr)}`,
  ];
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, "utf8")
      .replace(/^\uFEFF/, "")
      .split("\n");
  } catch {
    // The excerpt is a help; without the file the place has to do.
    return [];
  }
}

function shorten(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative === "" || relative.startsWith("..") ? file : relative;
}

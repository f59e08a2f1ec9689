import { readFileSync } from "node:fs";
import path from "node:path";

import type { Finding } from "@stepwire/core";

import { paint } from "./terminal.ts";

/** Findings for people: where, what, the line itself with a caret, and what to do. */
export function formatFindings(findings: readonly Finding[], stream: NodeJS.WriteStream = process.stderr): string {
  const files = new Map<string, string[]>();
  return findings.map((finding) => formatFinding(finding, files, stream)).join("\n");
}

export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity === "error");
}

function formatFinding(finding: Finding, files: Map<string, string[]>, stream: NodeJS.WriteStream): string {
  const { severity, message, hint, rule, code, line, column } = finding;
  const severityText = paint(severity === "error" ? "red" : "yellow", severity, stream);
  const name = finding.file === undefined ? "" : shorten(finding.file);
  const place = [name, line, column].filter((part) => part !== undefined && part !== "").join(":");
  const where = finding.path === undefined || line === undefined ? (finding.path ?? "") : "";
  const head = [place, severityText, where].filter((part) => part !== "").join("  ");
  const lines = [
    `${head}  ${message} ${paint("dim", `(${rule !== undefined && code === "workflow-invalid" ? rule : code})`, stream)}`,
  ];
  if (finding.file !== undefined && line !== undefined && column !== undefined) {
    lines.push(...excerpt(linesOf(finding.file, files), line, column, stream));
  }
  if (hint !== undefined) lines.push(`    ${hint}`);
  return lines.join("\n");
}

/** The line, shortened around the column, and a caret below it. */
function excerpt(lines: readonly string[], line: number, column: number, stream: NodeJS.WriteStream): string[] {
  const text = lines[line - 1];
  if (text === undefined || text.trim() === "") return [];
  const start = Math.max(0, column - 60);
  const shown = text.slice(start, start + 110).replaceAll("\t", " ");
  const gutter = `${line} | `;
  return [
    paint("dim", `    ${gutter}${shown}`, stream),
    `    ${" ".repeat(gutter.length + column - 1 - start)}${paint("red", "^", stream)}`,
  ];
}

function linesOf(file: string, files: Map<string, string[]>): string[] {
  const known = files.get(file);
  if (known !== undefined) return known;
  let lines: string[] = [];
  try {
    lines = readFileSync(file, "utf8").split("\n");
  } catch {
    // The excerpt is a help; without the file the place has to do.
  }
  files.set(file, lines);
  return lines;
}

function shorten(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative === "" || relative.startsWith("..") ? file : relative;
}

import { styleText } from "node:util";

import { clean, safeJson } from "./clean.ts";

type Style = Parameters<typeof styleText>[0];

/**
 * Text in a style where the stream is a terminal that wants it (`NO_COLOR` and `FORCE_COLOR` are heeded). The text
 * itself is cleaned, so the only escape sequences are those of the style.
 */
export function paint(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return styleText(style, clean(text), { stream });
}

/** The one JSON document of `--output json`, and data for people. */
export function printJson(value: unknown): void {
  printLine(safeJson(value, 2));
}

export function printLine(text = ""): void {
  process.stdout.write(`${text}\n`);
}

export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** One line of `--log-format json`. */
export function noteJson(level: string, message: string, fields: object = {}): void {
  note(safeJson({ time: new Date().toISOString(), level, message, ...fields }));
}

/** Milliseconds for people. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${ms} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} m ${seconds % 60} s`;
}

/** Bytes for people, 1024-based as in settings. */
export function formatSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  const inKb = bytes / 1024;
  return inKb < 1024 ? `${Math.round(inKb)} KB` : `${(inKb / 1024).toFixed(1)} MB`;
}

/** A time as a clock on the wall shows it; `time` is ISO 8601. */
export function formatTime(time: string): string {
  const at = new Date(time);
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** Rows as aligned columns. */
export function table(rows: readonly (readonly string[])[], indent = ""): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)));
  return rows
    .map((row) => (indent + row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join("  ")).trimEnd())
    .join("\n");
}

/** The part of a text that fits into so many columns; characters that may be wide count two. */
export function fit(text: string, columns: number): string {
  let used = 0;
  let shown = "";
  for (const character of text) {
    used += (character.codePointAt(0) ?? 0) >= 0x1100 && !NARROW.has(character) ? 2 : 1;
    if (used > columns) return shown;
    shown += character;
  }
  return shown;
}

/** Our own marks, which lie above the wide ranges' first character but take one column. */
const NARROW = new Set("…✓✗–↻│");

/** A titled table; `none` where it has no rows. */
export function section(title: string, rows: string[][]): void {
  printLine(`\n${paint("bold", title)}`);
  printLine(rows.length === 0 ? "  none" : table(rows, "  "));
}

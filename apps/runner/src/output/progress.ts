import type { Logger } from "@stepwire/core";
import type { StepRecord } from "@stepwire/engine";

import { formatDuration, paint } from "./terminal.ts";

export type LogFormat = "text" | "json";

const MARKS = {
  running: "…",
  completed: "✓",
  failed: "✗",
  skipped: "–",
  cancelled: "✗",
  timed_out: "✗",
} as const;

const COLORS = {
  running: "cyan",
  completed: "green",
  failed: "red",
  skipped: "dim",
  cancelled: "yellow",
  timed_out: "red",
} as const;

/**
 * Shows a run's steps on stderr while it goes on. On a terminal the running step has a line of its own with the time
 * so far; elsewhere each finished step is one plain line.
 */
export class Progress {
  readonly #stream = process.stderr;
  readonly #options: { quiet: boolean; verbose: boolean; logFormat: LogFormat };
  readonly #live: boolean;
  #running: { record: StepRecord; since: number } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: { quiet: boolean; verbose: boolean; logFormat: LogFormat }) {
    this.#options = options;
    this.#live = this.#stream.isTTY && !options.quiet && options.logFormat === "text";
  }

  line(text: string): void {
    if (this.#options.quiet || this.#options.logFormat === "json") return;
    this.#clear();
    this.#stream.write(`${text}\n`);
    this.#draw();
  }

  started(record: StepRecord): void {
    this.#running = { record, since: Date.now() };
    if (!this.#live) return;
    this.#timer ??= setInterval(() => this.#draw(), 100).unref();
    this.#draw();
  }

  retrying(record: StepRecord, delayMs: number, message: string): void {
    this.line(
      `  ${paint("yellow", "↻", this.#stream)} ${record.path}  again in ${formatDuration(delayMs)}: ${message}`,
    );
  }

  finished(record: StepRecord): void {
    if (this.#running?.record.path === record.path) this.#running = undefined;
    const mark = paint(COLORS[record.status], MARKS[record.status], this.#stream);
    const attempts = record.attempts > 1 ? `  ${record.attempts} attempts` : "";
    const time = record.status === "skipped" ? "skipped" : formatDuration(record.durationMs);
    this.line(`  ${mark} ${record.path}  ${paint("dim", record.type, this.#stream)}  ${time}${attempts}`);
    if (record.error !== undefined) this.line(`      ${paint("red", record.error.message, this.#stream)}`);
    if (!this.#options.verbose) return;
    for (const part of ["input", "output"] as const) {
      if (record[part] !== undefined) this.line(indent(`${part}: ${JSON.stringify(record[part], null, 2)}`));
    }
  }

  end(): void {
    this.#running = undefined;
    clearInterval(this.#timer);
    this.#clear();
  }

  /** Where console steps and connectors write. */
  logger(): Logger {
    const write = (level: string) => (message: string, fields?: Record<string, unknown>) => {
      if (level === "debug" && !this.#options.verbose) return;
      if (this.#options.logFormat === "json") {
        this.#stream.write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`);
        return;
      }
      const step = typeof fields?.["step"] === "string" ? `${fields["step"]}: ` : "";
      this.line(`  ${paint("dim", "│", this.#stream)} ${step}${printable(message)}`);
    };
    return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
  }

  #draw(): void {
    if (!this.#live || this.#running === undefined) return;
    const { record, since } = this.#running;
    const line = `  ${MARKS.running} ${record.path}  ${record.type}  ${formatDuration(Date.now() - since)}`;
    this.#stream.write(`\r\u001B[K${paint("cyan", line.slice(0, (this.#stream.columns ?? 80) - 1), this.#stream)}`);
  }

  #clear(): void {
    if (this.#live) this.#stream.write("\r\u001B[K");
  }
}

const indent = (text: string) => text.replaceAll(/^/gm, "      ");

/** Text from elsewhere must not steer the terminal. */
// oxlint-disable-next-line no-control-regex -- control characters are what is taken out
const printable = (text: string) => text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "�");

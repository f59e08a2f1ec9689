import type { Logger } from "@stepwire/core";
import type { StepRecord } from "@stepwire/engine";

import { cleanLine, clean, safeJson } from "./clean.ts";
import { fit, formatDuration, noteJson, paint } from "./terminal.ts";

export type LogFormat = "text" | "json";

interface Options {
  quiet: boolean;
  verbose: boolean;
  logFormat: LogFormat;
}

export const MARKS = {
  running: "…",
  completed: "✓",
  failed: "✗",
  skipped: "–",
  cancelled: "✗",
  timed_out: "✗",
} as const;

export const COLORS = {
  running: "cyan",
  completed: "green",
  failed: "red",
  skipped: "dim",
  cancelled: "yellow",
  timed_out: "red",
} as const;

/** What the live line is about: a running step, or one that waits to be tried again. */
interface Live {
  record: StepRecord;
  since: number;
  again?: number;
}

/**
 * Shows a run's steps on stderr while it goes on. On a terminal the running step has a line of its own with the time
 * so far; elsewhere each finished step is one plain line. With `--log-format json` everything is a line of JSON.
 */
export class Progress {
  readonly #stream = process.stderr;
  readonly #options: Options;
  readonly #live: boolean;
  /** By path, in the order of their beginning; the innermost step is the last. */
  readonly #running = new Map<string, Live>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.#live = this.#stream.isTTY && !options.quiet && options.logFormat === "text";
  }

  /** A line of progress, already clean; `fields` make the line of JSON. */
  line(text: string, message: string, fields: object = {}, level = "info"): void {
    if (this.#options.quiet) return;
    if (this.#options.logFormat === "json") noteJson(level, message, fields);
    else this.#write(text);
  }

  begun(
    { runId, workflow }: { runId: string; workflow: string },
    how: "started" | "resumed" | "retried" = "started",
  ): void {
    const name = paint("bold", cleanLine(workflow), this.#stream);
    const again = how === "started" ? "" : `  ${how}`;
    this.line(`${name}  ${paint("dim", `run ${runId}`, this.#stream)}${again}`, `run ${how}`, { runId, workflow });
  }

  started(record: StepRecord): void {
    this.#running.set(record.path, { record, since: Date.now() });
    if (!this.#live) return;
    this.#timer ??= setInterval(() => this.#draw(), 100).unref();
    this.#draw();
  }

  /** The failure that is to be tried again was told when the attempt finished. */
  retrying(record: StepRecord, delayMs: number): void {
    this.#running.set(record.path, { record, since: Date.now(), again: Date.now() + delayMs });
    const mark = paint("yellow", "↻", this.#stream);
    const { path, type, attempts } = record;
    const fields = { step: path, type, attempts, delayMs };
    this.line(`  ${mark} ${cleanLine(path)}  again in ${formatDuration(delayMs)}`, "step again", fields, "warn");
  }

  finished(record: StepRecord): void {
    this.#running.delete(record.path);
    const { path, type, status, attempts, durationMs, error, input, output } = record;
    const mark = paint(COLORS[status], MARKS[status], this.#stream);
    const tries = attempts > 1 ? `  ${attempts} attempts` : "";
    const time = status === "skipped" ? "skipped" : formatDuration(durationMs);
    const fields = { step: path, type, status, attempts, durationMs, ...(error === undefined ? {} : { error }) };
    const parts = Object.entries({ input, output }).filter(([, value]) => this.#options.verbose && value !== undefined);
    this.line(
      `  ${mark} ${cleanLine(path)}  ${paint("dim", cleanLine(type), this.#stream)}  ${time}${tries}`,
      "step finished",
      { ...fields, ...Object.fromEntries(parts) },
      error === undefined ? "info" : "error",
    );
    if (this.#options.logFormat === "json" || this.#options.quiet) return;
    if (error !== undefined) this.#write(`      ${paint("red", cleanLine(error.message), this.#stream)}`);
    for (const [name, value] of parts) this.#write(indent(`${name}: ${safeJson(value, 2)}`));
  }

  end(): void {
    this.#running.clear();
    clearInterval(this.#timer);
    this.#clear();
  }

  /** Where console steps and connectors write. Quiet keeps what is a warning or worse. */
  logger(): Logger {
    const write = (level: string) => (message: string, fields?: Record<string, unknown>) => {
      if (level === "debug" && !this.#options.verbose) return;
      if (this.#options.quiet && (level === "debug" || level === "info")) return;
      if (this.#options.logFormat === "json") return noteJson(level, message, fields);
      const step = typeof fields?.["step"] === "string" ? `${cleanLine(fields["step"])}: ` : "";
      const bar = `  ${paint("dim", "│", this.#stream)} `;
      this.#write(`${bar}${step}${clean(message).replaceAll("\n", `\n${bar}`)}`);
    };
    return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
  }

  #write(text: string): void {
    this.#clear();
    this.#stream.write(`${text}\n`);
    this.#draw();
  }

  #draw(): void {
    const live = [...this.#running.values()].at(-1);
    if (!this.#live || live === undefined) return;
    const { record, since, again } = live;
    const now = Date.now();
    const time =
      again === undefined ? formatDuration(now - since) : `again in ${formatDuration(Math.max(0, again - now))}`;
    // A line that wrapped could not be cleared again; of a long path its beginning will do. Unknown width says 0.
    const room = (this.#stream.columns || 80) - 1;
    const rest = `  ${cleanLine(record.type)}  ${time}`;
    const path = fit(cleanLine(record.path), room - 4 - rest.length);
    const shown = fit(`  ${MARKS.running} ${path}${rest}`, room);
    this.#stream.write(`\r\u001B[K${paint("cyan", shown, this.#stream)}`);
  }

  #clear(): void {
    if (this.#live) this.#stream.write("\r\u001B[K");
  }
}

const indent = (text: string) => text.replaceAll(/^/gm, "      ");

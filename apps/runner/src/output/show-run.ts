import type { RunResult, RunStatus, StepRecord } from "@stepwire/engine";

import { cleanLine, safeJson } from "./clean.ts";
import { COLORS, MARKS } from "./progress.ts";
import { paintStatus } from "./run-status.ts";
import { outcomeOf, treeOf, worthShowing, type StepNode } from "./step-tree.ts";
import { formatDuration, formatTime, paint, printJson, printLine } from "./terminal.ts";

/** A longer name pushes only its own line to the right. */
const WIDEST_NAME = 44;

const HOW_LONG: Partial<Record<RunStatus, string>> = {
  queued: "for",
  running: "for",
  interrupted: "after",
  cancelled: "after",
  timed_out: "after",
};

interface Row {
  /** Indented, with its mark. */
  readonly name: string;
  readonly color: Parameters<typeof paint>[0];
  /** Type, begin and time of a step. */
  readonly cells: readonly string[];
  /** Lines below it, painted already. */
  readonly more: readonly string[];
}

/** A run for people: what became of it, and its steps as a tree. */
export function showRun(run: RunResult, verbose: boolean): void {
  const { runId, workflow, status, startedAt, durationMs, reason, error, outputs, steps } = run;
  printLine(`${paint("bold", cleanLine(workflow))}  run ${runId}`);
  const how = `${HOW_LONG[status] ?? "in"} ${formatDuration(durationMs)}`;
  printLine(`${paintStatus(status)} ${how}  ${paint("dim", `begun ${formatTime(startedAt)}`)}`);
  if (reason !== undefined) printLine(cleanLine(reason));

  const rows = rowsOf(treeOf(steps), { run, verbose }, 1);
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map(({ cells }) => cells[column]?.length ?? 0)));
  const widest = Math.min(WIDEST_NAME, Math.max(0, ...rows.map(({ name }) => name.length)));
  for (const { name, color: own, cells, more } of rows) {
    const rest = cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
    printLine(`${paint(own, name)}${rest === "" ? "" : `${" ".repeat(Math.max(0, widest - name.length))}  ${rest}`}`);
    for (const line of more) printLine(line);
  }
  if (error !== undefined && !steps.some((step) => step.error?.message === error.message)) {
    printLine(`${paint("red", error.code)}  ${cleanLine(error.message)}`);
  }
  if (outputs !== undefined) {
    printLine(paint("dim", "outputs"));
    printJson(outputs);
  }
}

interface Shown {
  run: RunResult;
  verbose: boolean;
}

function rowsOf(nodes: readonly StepNode[], options: Shown, depth: number): Row[] {
  const { shown, left } = worthShowing(nodes);
  const rows = shown.flatMap((node) => [
    node.record === undefined ? headOf(node, depth) : rowOf(node, node.record, options, depth),
    ...rowsOf(node.children, options, depth + 1),
  ]);
  if (left.length === 0) return rows;
  const outcomes = left.map(outcomeOf);
  const counts = [...new Set(outcomes)].map((one) => `${outcomes.filter((other) => other === one).length} more ${one}`);
  return [...rows, { name: `${indent(depth)}… ${counts.join(", ")}`, color: "dim", cells: [], more: [] }];
}

/** An iteration, a branch or the like that holds several steps. */
function headOf({ label }: StepNode, depth: number): Row {
  return { name: indent(depth) + cleanLine(label), color: "dim", cells: [], more: [] };
}

function rowOf(node: StepNode, record: StepRecord, { run, verbose }: Shown, depth: number): Row {
  const { type, status, attempts, startedAt, error, input, output } = record;
  const begin = `+${formatDuration(Date.parse(startedAt) - Date.parse(run.startedAt))}`;
  const tries = attempts > 1 ? `  ${attempts} attempts` : "";
  const below = `${indent(depth)}    `;
  const more: string[] = [];
  // A step that holds others fails with what one of them says.
  if (error !== undefined && !hasSaid(node.children, error.message))
    more.push(`${below}${paint("red", error.code)}  ${cleanLine(error.message)}`);
  for (const [name, value] of Object.entries({ input, output })) {
    if (verbose && value !== undefined) more.push(`${name}: ${safeJson(value, 2)}`.replaceAll(/^/gm, below));
  }
  return {
    name: `${indent(depth)}${MARKS[status]} ${cleanLine(node.label)}`,
    color: COLORS[status],
    cells: [cleanLine(type), status === "skipped" ? "" : begin, timeOf(record, run) + tries],
    more,
  };
}

function timeOf({ status, durationMs }: StepRecord, run: RunResult): string {
  switch (status) {
    case "skipped":
      return "skipped";
    case "running":
      return run.status === "running" ? "running" : "did not end";
    case "cancelled":
      return `cancelled after ${formatDuration(durationMs)}`;
    case "timed_out":
      return `timed out after ${formatDuration(durationMs)}`;
    default:
      return formatDuration(durationMs);
  }
}

const hasSaid = (nodes: readonly StepNode[], message: string): boolean =>
  nodes.some(({ record, children }) => record?.error?.message === message || hasSaid(children, message));

const indent = (depth: number): string => "  ".repeat(depth);

import { isRecord, setOwn } from "../values.ts";
import { fieldOf, identityOf } from "./fields.ts";

export const OPERATIONS = ["count", "sum", "avg", "min", "max"] as const;

export interface Metric {
  readonly name: string;
  readonly operation: (typeof OPERATIONS)[number];
  /** Absent in a count alone. */
  readonly field?: string;
}

export interface Range {
  /** The first number that belongs to it. */
  readonly from?: number;
  /** The first number that does not. */
  readonly to?: number;
  readonly label: string;
}

export interface AggregateOptions {
  readonly groupBy: readonly string[];
  readonly metrics: readonly Metric[];
  readonly buckets?: { readonly field: string; readonly ranges: readonly Range[] };
  readonly orderBy?: string;
  readonly order: "asc" | "desc";
  readonly limit?: number;
}

/** The key of a group's range. */
export const BUCKET = "_bucket";

interface Group {
  readonly row: Record<string, unknown>;
  readonly items: unknown[];
}

/** One row for each group, in the order in which groups first appear unless they are ordered. */
export function aggregate(items: readonly unknown[], options: AggregateOptions): Record<string, unknown>[] {
  const groups = new Map<string, Group>();
  for (const item of items) {
    const row: Record<string, unknown> = {};
    for (const field of options.groupBy) setOwn(row, field, fieldOf(item, field) ?? null);
    if (options.buckets !== undefined) {
      const label = rangeOf(fieldOf(item, options.buckets.field), options.buckets.ranges);
      if (label === undefined) continue;
      row[BUCKET] = label;
    }
    const identity = Object.values(row).map(identityOf).join();
    const group = groups.get(identity);
    if (group === undefined) groups.set(identity, { row, items: [item] });
    else group.items.push(item);
  }
  const rows = [...groups.values()].map(({ row, items: members }) => {
    for (const metric of options.metrics) setOwn(row, metric.name, measure(members, metric));
    return row;
  });
  return ordered(rows, options).slice(0, options.limit);
}

function rangeOf(value: unknown, ranges: readonly Range[]): string | undefined {
  if (typeof value !== "number") return undefined;
  const isIn = ({ from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY }: Range): boolean =>
    value >= from && value < to;
  return ranges.find(isIn)?.label;
}

/** Null where no element has a number; values of other kinds do not count. */
function measure(items: readonly unknown[], { operation, field }: Metric): number | null {
  if (operation === "count") return items.length;
  const values = items.map((item) => fieldOf(item, field ?? "")).filter((value) => Number.isFinite(value)) as number[];
  const [first] = values;
  if (first === undefined) return null;
  const sum = (): number => values.reduce((total, value) => total + value, 0);
  const result = {
    sum,
    avg: () => sum() / values.length,
    min: () => values.reduce((least, value) => Math.min(least, value), first),
    max: () => values.reduce((most, value) => Math.max(most, value), first),
  }[operation]();
  // A sum can be too large for a number, and JSON has no infinity.
  return Number.isFinite(result) ? result : null;
}

function ordered(rows: Record<string, unknown>[], { orderBy, order }: AggregateOptions): Record<string, unknown>[] {
  if (orderBy === undefined) return rows;
  const sign = order === "desc" ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [one, other] = [a[orderBy], b[orderBy]];
    // Nothing comes last whichever way it goes.
    if (one === null || other === null) return (one === null ? 1 : 0) - (other === null ? 1 : 0);
    return sign * compare(one, other);
  });
}

/** Numbers before texts before everything else, so that a list of several kinds has one order. */
function compare(one: unknown, other: unknown): number {
  const byKind = rank(one) - rank(other);
  if (byKind !== 0) return byKind;
  if (typeof one === "number" && typeof other === "number") return one - other;
  const [a, b] = [textOf(one), textOf(other)];
  return a < b ? -1 : a > b ? 1 : 0;
}

function rank(value: unknown): number {
  return typeof value === "number"
    ? 0
    : typeof value === "string"
      ? 1
      : isRecord(value) || Array.isArray(value)
        ? 3
        : 2;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : identityOf(value);
}

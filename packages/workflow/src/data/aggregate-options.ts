import { BUCKET, OPERATIONS, type AggregateOptions, type Metric, type Range } from "./aggregate.ts";
import type { Options } from "./options.ts";

export const ORDERS = ["asc", "desc"] as const;
export const DEFAULT_ORDER = "asc";

export const AGGREGATE_KEYS = ["group_by", "metrics", "buckets", "order_by", "order", "limit"];

/** Reads the options of `data.aggregate`; what is wrong is said, and what cannot be used is left out. */
export function aggregateOptions(options: Options): AggregateOptions {
  options.need("group_by", 'Name the fields to group by, such as `group_by: ["host.name"]`.');
  options.need("metrics", "Say what to compute, such as `metrics: [{ name: count, operation: count }]`.");
  const groupBy = options.texts("group_by") ?? [];
  const metrics = (options.maps("metrics") ?? []).flatMap((one) => metric(one) ?? []);
  const buckets = options.inner("buckets");
  const ranges = buckets === undefined ? undefined : bucketRanges(buckets);
  const names = [...groupBy, ...(ranges === undefined ? [] : [BUCKET]), ...metrics.map(({ name }) => name)];
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    options.say([], `gives rows the key "${twice}" more than once`, "Give every metric a name of its own.");
  }
  const orderBy = options.text("order_by");
  if (orderBy !== undefined && !names.includes(orderBy)) {
    options.say([], `orders by "${orderBy}", which no row has`, `Rows have ${names.join(", ")}.`);
  }
  const limit = options.wholeNumber("limit");
  return {
    groupBy,
    metrics,
    order: options.choice("order", ORDERS) ?? DEFAULT_ORDER,
    ...(ranges === undefined ? {} : { buckets: ranges }),
    ...(orderBy === undefined ? {} : { orderBy }),
    ...(limit === undefined ? {} : { limit }),
  };
}

function metric(options: Options): Metric | undefined {
  options.only(["name", "operation", "field"]);
  options.need("name", "Name the metric; rows have its value under this name.");
  options.need("operation", `Write one of ${OPERATIONS.join(", ")}.`);
  const name = options.text("name");
  const operation = options.choice("operation", OPERATIONS);
  if (operation !== undefined && operation !== "count") {
    options.need("field", `Name the field to compute "${operation}" of; only "count" needs none.`);
  }
  const field = options.text("field");
  if (name === undefined || operation === undefined) return undefined;
  return { name, operation, ...(field === undefined ? {} : { field }) };
}

function bucketRanges(options: Options): AggregateOptions["buckets"] {
  options.only(["field", "ranges"]);
  options.need("field", "Name the field whose number decides.");
  options.need("ranges", "List the ranges, such as `ranges: [{ to: 30, label: low }, { from: 30, label: high }]`.");
  const field = options.text("field") ?? "";
  return { field, ranges: (options.maps("ranges") ?? []).map(range) };
}

/** From and including `from`, up to and not including `to`. */
function range(options: Options): Range {
  options.only(["from", "to", "label"]);
  const from = options.number("from");
  const to = options.number("to");
  if (from !== undefined && to !== undefined && from >= to) {
    options.say(options.path, `is empty: ${from} is not below ${to}`);
  }
  const label = options.text("label") ?? standardLabel(from, to);
  return { label, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function standardLabel(from: number | undefined, to: number | undefined): string {
  if (from !== undefined) return to === undefined ? `${from}+` : `${from}-${to}`;
  return to === undefined ? "*" : `<${to}`;
}

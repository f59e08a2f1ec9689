import { Drop } from "liquidjs";
import { dateMath, isDateMath } from "./date-math.ts";
import { fieldValues } from "./field.ts";
import type { KqlNode, KqlValue, RangeOperator } from "./syntax.ts";
import { matchesWildcard } from "./wildcard.ts";

/** Whether a KQL tree holds for some data. `now` is called for date math only. */
export function evaluateKql(node: KqlNode, data: unknown, now: () => number): boolean {
  switch (node.kind) {
    case "and":
      return node.nodes.every((child) => evaluateKql(child, data, now));
    case "or":
      return node.nodes.some((child) => evaluateKql(child, data, now));
    case "not":
      return !evaluateKql(node.node, data, now);
    case "exists":
      return some(data, node.field.keys, (value) => value !== null && value !== undefined);
    case "is":
      return some(data, node.field.keys, (value) => anyElement(value, (item) => equals(item, node.value, now)));
    case "range":
      return some(data, node.field.keys, (value) =>
        anyElement(value, (item) => inRange(item, node.operator, node.value, now)),
      );
    case "nested":
      return some(data, node.field.keys, (value) => anyElement(value, (item) => evaluateKql(node.node, item, now)));
    case "bare":
      return false;
  }
}

function some(data: unknown, keys: readonly string[], test: (value: unknown) => boolean): boolean {
  for (const value of fieldValues(data, keys)) if (test(value instanceof Drop ? value.valueOf() : value)) return true;
  return false;
}

function anyElement(value: unknown, test: (item: unknown) => boolean): boolean {
  return Array.isArray(value) ? value.some((item) => anyElement(item, test)) : test(value);
}

function equals(actual: unknown, wanted: KqlValue, now: () => number): boolean {
  switch (typeof actual) {
    case "string":
    case "number":
      if (wanted.parts !== undefined) return matchesWildcard(wanted.parts, String(actual));
      if (typeof actual === "number") return actual === Number.parseFloat(wanted.text);
      return actual === wanted.text || (isDateMath(wanted.text) && Date.parse(actual) === timeOf(wanted, now));
    case "boolean":
      return String(actual) === wanted.text;
    default:
      return actual instanceof Date && actual.getTime() === timeOf(wanted, now);
  }
}

/** The kind of comparison comes from the value in the data, not from the text in the condition. */
function inRange(actual: unknown, operator: RangeOperator, wanted: KqlValue, now: () => number): boolean {
  if (typeof actual === "number") return compare(actual, operator, Number.parseFloat(wanted.text));
  if (actual instanceof Date) return compare(actual.getTime(), operator, timeOf(wanted, now));
  if (typeof actual !== "string") return false;
  if (isDateMath(wanted.text)) return compare(Date.parse(actual), operator, timeOf(wanted, now));
  return compare(actual, operator, wanted.text);
}

function timeOf(value: KqlValue, now: () => number): number {
  return isDateMath(value.text) ? (dateMath(value.text, now()) ?? Number.NaN) : Date.parse(value.text);
}

function compare<T extends string | number>(left: T, operator: RangeOperator, right: T): boolean {
  if (operator === ">") return left > right;
  if (operator === ">=") return left >= right;
  return operator === "<" ? left < right : left <= right;
}

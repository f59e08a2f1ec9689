import { filters as standard, type Context, type Liquid } from "liquidjs";
import { isRecord, setOwn } from "../values.ts";
import { randomOf } from "./scope.ts";

/** Filters whose text `now` or `today` would read the machine's clock; they get the run's own time instead. */
const DATE_FILTERS = ["date", "date_to_xmlschema", "date_to_rfc822", "date_to_string", "date_to_long_string"];

type Handler = (this: { context: Context }, value: unknown, ...rest: unknown[]) => unknown;

/** Filters that workflows have beyond Liquid's own, and what each gives. */
export const OWN_FILTERS: Readonly<Record<string, { readonly title: string; readonly filter: Handler }>> = {
  json_parse: { title: "The value of a text of JSON. Anything else stays as it is.", filter: jsonParse },
  entries: { title: "A list of `{ key, value }`, one for each key of a map.", filter: entries },
  pick: { title: 'A map with nothing but the given dotted paths: `pick: "id", "rule.name"`.', filter: pick },
};

/** Adds the filters that workflows have beyond Liquid's own, takes clock and chance out of those that use them, and bounds all. */
export function addFilters(liquid: Liquid): void {
  for (const [name, { filter }] of Object.entries(OWN_FILTERS)) liquid.registerFilter(name, filter);
  liquid.registerFilter("sample", function (this: { context: Context }, value: unknown, count: unknown = 1) {
    return sample(value, count, randomOf(this.context.environments));
  });
  for (const name of DATE_FILTERS) {
    const handler = (standard as Record<string, unknown>)[name] as Handler;
    liquid.registerFilter(name, function (this: { context: Context }, value: unknown, ...rest: unknown[]) {
      const time = value === "now" || value === "today" ? this.context.environments["now"] : value;
      return handler.call(this, time, ...rest);
    });
  }
  for (const [name, filter] of Object.entries(liquid.filters)) {
    if (typeof filter === "function") liquid.registerFilter(name, bounded(filter as Handler));
  }
}

/**
 * A filter that stops at the limits of the rendering. Liquid looks at the time between the parts of a template only,
 * and a filter is one part however long its list is; those that evaluate something for each item hand every item out
 * as a step, which is where they can be stopped.
 */
function bounded(filter: Handler): Handler {
  return function (this: { context: Context }, value: unknown, ...rest: unknown[]) {
    checkTime(this.context);
    const result = filter.call(this, value, ...rest);
    return isSteps(result) ? boundedSteps(result, this.context) : result;
  };
}

function* boundedSteps(steps: Steps, context: Context): Steps {
  let given: unknown;
  for (;;) {
    const step = steps.next(given);
    if (step.done === true) return step.value;
    checkTime(context);
    context.memoryLimit.use(1);
    given = yield step.value;
  }
}

/** By the clock that Liquid set the limit with; it decides about nothing else, so that replays stay the same. */
function checkTime(context: Context): void {
  context.renderLimit.check(performance.now());
}

type Steps = Generator<unknown, unknown>;

function isSteps(value: unknown): value is Steps {
  return isRecord(value) && Object.prototype.toString.call(value) === "[object Generator]";
}

/** What is no text, and text that is no JSON, comes back as it was. */
function jsonParse(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/** `{ key, value }` of each key; they answer `[0]` and `[1]` too, as the documentation of the filter has it. */
function entries(value: unknown): unknown {
  if (!isRecord(value)) return value;
  return Object.entries(value).map(([key, item]) =>
    Object.defineProperties({ key, value: item }, { 0: { value: key }, 1: { value: item } }),
  );
}

/** A map with nothing but the given dotted paths; names come as arguments or as one list. */
function pick(value: unknown, ...names: unknown[]): unknown {
  if (!isRecord(value)) return value;
  const picked: Record<string, unknown> = {};
  for (const name of names.flat()) copyPath(value, picked, String(name).split("."));
  return picked;
}

function copyPath(from: Record<string, unknown>, to: Record<string, unknown>, keys: readonly string[]): void {
  const [key, ...rest] = keys;
  if (key === undefined || !Object.hasOwn(from, key)) return;
  const value = from[key];
  if (rest.length === 0) return setOwn(to, key, value);
  if (!isRecord(value)) return;
  if (!Object.hasOwn(to, key)) setOwn(to, key, {});
  const target = to[key];
  if (isRecord(target)) copyPath(value, target, rest);
}

function sample(value: unknown, count: unknown, random: () => number): unknown {
  if (value === null || value === undefined) return [];
  const pool: unknown[] = Array.isArray(value)
    ? [...(value as unknown[])]
    : typeof value === "string"
      ? Array.from(value)
      : [value];
  for (let last = pool.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [pool[last], pool[other]] = [pool[other], pool[last]];
  }
  return count === 1 ? pool[0] : pool.slice(0, Number(count));
}

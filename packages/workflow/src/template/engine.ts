import { Liquid } from "liquidjs";
import { addFilters } from "./filters.ts";

/** Bounds on templates: characters of one template, milliseconds and units of memory of one rendering. */
export interface TemplateLimits {
  readonly parseLimit: number;
  readonly renderLimit: number;
  readonly memoryLimit: number;
}

export const DEFAULT_TEMPLATE_LIMITS: TemplateLimits = {
  parseLimit: 150_000,
  renderLimit: 1000,
  memoryLimit: 15_000_000,
};

/** As far as `settings.liquid` may go. */
export const MAX_TEMPLATE_LIMITS: TemplateLimits = {
  parseLimit: 600_000,
  renderLimit: 2000,
  memoryLimit: 60_000_000,
};

const TAGS = new Set([
  "assign",
  "for",
  "capture",
  "case",
  "comment",
  "decrement",
  "increment",
  "cycle",
  "if",
  "unless",
  "break",
  "continue",
  "raw",
  "echo",
  "liquid",
  "#",
]);

/**
 * Liquid as workflows have it: no tag that reads files or makes pages, unknown filters are errors, nothing of a
 * prototype is visible. Dates are formatted in UTC and English, so that a run reads the same on every machine.
 */
export function createEngine(limits: TemplateLimits): Liquid {
  const liquid = new Liquid({
    strictFilters: true,
    strictVariables: false,
    ownPropertyOnly: true,
    timezoneOffset: 0,
    locale: "en-US",
    templates: {},
    ...limits,
  });
  for (const name of Object.keys(liquid.tags)) if (!TAGS.has(name)) delete liquid.tags[name];
  addFilters(liquid);
  return liquid;
}

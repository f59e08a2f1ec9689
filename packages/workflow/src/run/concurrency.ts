import type { RunRequest } from "../host.ts";
import { checkInputs } from "../inputs.ts";
import type { Plan } from "../plan.ts";
import { createScope } from "../template/scope.ts";
import { requestInputs } from "./run.ts";
import { baseScope } from "./state.ts";

/** Kibana's limit. */
const LONGEST_KEY = 512;

/**
 * What `settings.concurrency.key` gives for a run; empty where the run never meets others. A key that cannot be
 * rendered counts as it is written, as in Kibana, so that a limit is never lifted by a mistake in it.
 */
export function concurrencyKey(plan: Plan, request: Omit<RunRequest, "signal">): string {
  const { key, strategy } = plan.concurrency ?? {};
  if (key === undefined || strategy === undefined) return "";
  const { inputs } = checkInputs(plan, requestInputs(request));
  const scope = createScope(baseScope(plan, request, inputs, {}, {}), {
    now: () => request.startedAt,
    random: () => 0,
  });
  let value: unknown;
  try {
    value = key.render(scope);
  } catch {
    value = key.text;
  }
  const text = typeof value === "string" ? value : value === undefined || value === null ? "" : JSON.stringify(value);
  return text.trim().slice(0, LONGEST_KEY);
}

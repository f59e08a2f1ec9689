import { StepwireError } from "@stepwire/core";
import type { RunRequest, RunResult, StepHost } from "../host.ts";
import { checkInputs } from "../inputs.ts";
import type { Plan } from "../plan.ts";
import { NO_STUBS, type Stubs } from "../stubs.ts";
import { isRecord } from "../values.ts";
import { runToEnd } from "./interpreter.ts";
import { createState } from "./state.ts";

/**
 * Runs a plan to its end. Never throws: what goes wrong is in the result. The same plan, request and answers of
 * the host always lead to the same calls in the same order.
 */
export async function runPlan(
  plan: Plan,
  request: RunRequest,
  host: StepHost,
  { stubs = NO_STUBS }: { stubs?: Stubs } = {},
): Promise<RunResult> {
  const { inputs, problems } = checkInputs(plan, requestInputs(request));
  const wrong = problems.find((problem) => problem.severity === "error");
  if (wrong !== undefined) return { status: "failed", error: new StepwireError(wrong.code, wrong.message).toJSON() };

  return runToEnd(createState(plan, request, inputs, host, stubs), "", request.signal);
}

/** The request's inputs, or those that came with the trigger. */
export function requestInputs(request: Pick<RunRequest, "inputs" | "event">): Record<string, unknown> {
  if (request.inputs !== undefined) return request.inputs;
  const { inputs } = (request.event ?? {}) as { inputs?: unknown };
  return isRecord(inputs) ? inputs : {};
}

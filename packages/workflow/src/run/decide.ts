import type { Condition } from "../condition.ts";
import type { ItemSource } from "../plan.ts";
import type { Execution, RunState } from "./state.ts";

/** The outcome of a condition, decided once in a run. */
export function holds(run: RunState, condition: Condition, execution: Execution, part: string): Promise<boolean> {
  if (condition.constant !== undefined) return Promise.resolve(condition.constant);
  return run.host.decide(execution.part(part), () => condition.test(execution.scope));
}

/** The items of a loop, decided once in a run. */
export function itemsOf(run: RunState, source: ItemSource, execution: Execution): Promise<unknown[]> {
  return run.host.decide(execution.part("items"), () => source.items(execution.scope));
}

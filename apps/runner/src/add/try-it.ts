import { StepwireError, type ManifestConnectorType } from "@stepwire/core";
import type { Connector } from "@stepwire/host";

import { callConnector, type CallOutcome } from "../connector-call.ts";
import { cleanLine } from "../output/clean.ts";
import { askQuestion, confirm } from "./ask.ts";
import type { Prompter } from "./prompter.ts";
import { questionsOf } from "./question.ts";

/** How a new connector can be tried: by the type's own test, which only reads, or by its default action. */
export type Trial =
  | { readonly kind: "test" }
  | { readonly kind: "action"; readonly name: string; readonly summary: string; readonly writes: boolean };

/** The way in which connectors of a type are tried, if there is one. */
export function trialOf(type: ManifestConnectorType): Trial | undefined {
  if (type.testable) return { kind: "test" };
  const { defaultAction } = type;
  const action = defaultAction === undefined ? undefined : type.actions[defaultAction];
  if (defaultAction === undefined || action === undefined) return undefined;
  return { kind: "action", name: defaultAction, summary: action.summary, writes: action.effect !== "read" };
}

/** Asks whether to try it. What changes something in the other system is not done unless somebody says so. */
export async function wantsTrial(prompter: Prompter, trial: Trial): Promise<boolean> {
  if (trial.kind === "test") return confirm(prompter, "Test it now?", true);
  const what = `runs ${trial.name} (${cleanLine(trial.summary)})`;
  const real = trial.writes ? ", for real" : "";
  return confirm(prompter, `Test it now? That ${what}${real}.`, !trial.writes);
}

/** Asks for an action's parameters, and again where they do not fit; then runs it. */
export async function tryWithQuestions(
  prompter: Prompter,
  type: ManifestConnectorType,
  action: string,
  connector: Connector,
  signal: AbortSignal,
): Promise<CallOutcome> {
  const questions = questionsOf(type.actions[action]?.input ?? {}).map(({ question }) => question);
  const params: Record<string, unknown> = {};
  for (;;) {
    for (const question of questions) {
      // Whole objects are for programs: what they hold can be given in another way, or left out.
      if (question.kind === "data" && !question.required) continue;
      const answer = await askQuestion(prompter, question, params[question.key]);
      if (answer === undefined) delete params[question.key];
      else params[question.key] = answer;
    }
    try {
      return await callConnector(signal, (options) => connector.run(action, params, options));
    } catch (error) {
      prompter.say(`${cleanLine(StepwireError.from(error).message)}\n`);
    }
  }
}

/** What an action gave back, a line for each of its own values. */
export function shownResult(data: unknown): string[] {
  if (typeof data !== "object" || data === null) return [];
  return Object.entries(data).flatMap(([key, value]) =>
    typeof value === "string" || typeof value === "number" || typeof value === "boolean"
      ? [`  ${cleanLine(key)}  ${cleanLine(String(value))}`]
      : [],
  );
}

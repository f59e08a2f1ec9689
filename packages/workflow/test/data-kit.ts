import type { ErrorJson } from "@stepwire/core";
import { dryRun, type StepEvent } from "../src/index.ts";
import { START } from "./fake-host.ts";
import { planOf, run, told } from "./kit.ts";

/** One step called `it`, whose keys stand at the given places of a workflow. */
export const flow = (step: string): string =>
  `steps:\n  - name: it\n${step
    .trim()
    .split("\n")
    .map((line) => `    ${line}\n`)
    .join("")}`;

/** What the last execution of `it` ended with. */
async function endOf(step: string, event: Record<string, unknown>): Promise<StepEvent & { kind: "finished" }> {
  const { host } = await run(flow(step), undefined, { event });
  const end = host.events.findLast((one) => one.kind === "finished" && one.path === "it");
  if (end?.kind !== "finished") throw new Error("It did not run.");
  return end;
}

export async function outputOf(step: string, event: Record<string, unknown> = {}): Promise<unknown> {
  const { output, error } = await endOf(step, event);
  if (error !== undefined) throw new Error(error.message);
  return output;
}

export async function errorOf(step: string, event: Record<string, unknown> = {}): Promise<ErrorJson> {
  const { error } = await endOf(step, event);
  if (error === undefined) throw new Error("It did not fail.");
  return error;
}

export const findings = (step: string): Promise<string[]> => told(flow(step));

/** What a dry run knows of the output of `it`. */
export async function dryOutputOf(step: string, event: Record<string, unknown> = {}): Promise<unknown> {
  const text = `${flow(step)}  - { name: see, type: any, with: { value: "\${{ steps.it.output }}" } }\n`;
  const steps = [...dryRun(await planOf(text), { runId: "dry", startedAt: START, event })];
  return steps.find(({ name }) => name === "see")?.input?.["value"];
}

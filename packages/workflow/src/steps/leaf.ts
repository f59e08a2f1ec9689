import { StepwireError } from "@stepwire/core";
import type { StepBody, StepNode } from "../plan.ts";
import { recordStep } from "../run/state.ts";
import type { Scope } from "../template/scope.ts";
import { renderTree, type ValueTree } from "../template/tree.ts";
import { isRecord } from "../values.ts";
import type { BodyDryRun, BodyRun } from "./step-type.ts";

/**
 * Runs a step that holds no others: its input and its checked output become `steps.<name>`.
 * @param keep takes the output where it may be kept.
 */
export function leafRun<Body extends StepBody, Output>(
  produce: (step: BodyRun<Body>) => Promise<Output>,
  keep?: (step: BodyRun<Body>, output: Output) => void,
) {
  return async (step: BodyRun<Body>): Promise<unknown> => {
    const { run, node } = step;
    let input: unknown;
    const output = await produce({
      ...step,
      begin(rendered) {
        input = rendered;
        recordStep(run, node.name, rendered === undefined ? {} : { input: rendered });
        step.begin(rendered);
      },
    });
    checkSize(node, output);
    keep?.(step, output);
    recordStep(run, node.name, { ...(input === undefined ? {} : { input }), output });
    return output;
  };
}

/** A dry run of a step that sends nothing: what it gives is computed where all it reads is known. */
export function leafDry<Body extends StepBody>(compute?: (step: BodyDryRun<Body>, scope: Scope) => unknown) {
  // oxlint-disable-next-line require-yield -- it has no request of its own to show
  return function* (step: BodyDryRun<Body>): Generator<never> {
    const output = step.unknown(`steps.${step.node.name}.output`);
    if (compute === undefined) return step.keep({ output });
    try {
      const { value, isKnown } = step.watch(() => compute(step, step.scope(step.at)));
      step.keep({ output: isKnown ? value : output });
    } catch {
      // What cannot be rendered is told when the step really runs; nothing is sent by it.
      step.keep({ output });
    }
  };
}

export function renderMap(tree: ValueTree, scope: Scope): Record<string, unknown> {
  const value = renderTree(tree, scope);
  return isRecord(value) ? value : {};
}

/** Throws `step-output-too-large`, or `output-invalid` for what JSON cannot hold. */
export function checkSize(node: StepNode, output: unknown): void {
  let json: string | undefined;
  try {
    json = JSON.stringify(output);
  } catch (error) {
    throw new StepwireError(
      "output-invalid",
      `The output of step "${node.name}" cannot be written as JSON: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
  const limit = node.maxOutputBytes;
  // A character is at most three bytes of UTF-8 for each unit of its text, so most outputs need no counting.
  if (json === undefined || json.length * 3 <= limit) return;
  const actualBytes = new TextEncoder().encode(json).length;
  if (actualBytes <= limit) return;
  throw new StepwireError(
    "step-output-too-large",
    `The output of step "${node.name}" has ${actualBytes} bytes; at most ${limit} are allowed. Ask for less, or raise max-step-size.`,
    { details: { limitBytes: limit, actualBytes, suggestedLimitBytes: 2 ** Math.ceil(Math.log2(actualBytes)) } },
  );
}

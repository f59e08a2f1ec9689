import { StepwireError } from "@stepwire/core";
import type { StepBody, StepNode } from "../plan.ts";
import type { Scope } from "../template/scope.ts";
import { renderTree, type ValueTree } from "../template/tree.ts";
import { isRecord, kindOf, setOwn } from "../values.ts";
import { abortable } from "./deadline.ts";
import type { Execution, RunState } from "./state.ts";

export type LeafBody = Exclude<StepBody, { kind: "if" | "foreach" }>;

/** Runs a step that holds no others. `begin` is told its rendered input; the result is its checked output. */
export async function runLeaf(
  run: RunState,
  node: StepNode,
  body: LeafBody,
  execution: Execution,
  signal: AbortSignal,
  begin: (input: Record<string, unknown>) => void,
): Promise<unknown> {
  const { scope, path } = execution;
  const output = await produce();
  checkSize(node, output);
  return output;

  async function produce(): Promise<unknown> {
    switch (body.kind) {
      case "console": {
        const message = renderTree(body.message, scope) ?? "";
        begin({ message });
        run.host.log(path, typeof message === "string" ? message : JSON.stringify(message));
        return message;
      }
      case "set": {
        const values = renderMap(body.values, scope);
        begin(values);
        for (const [key, value] of Object.entries(values)) setOwn(run.variables, key, value);
        return values;
      }
      case "external": {
        const input = renderMap(body.with, scope);
        const connectorId = renderConnectorId(node, body, scope);
        begin(input);
        const call = {
          path,
          name: node.name,
          type: node.type,
          input,
          attempt: execution.attempt,
          signal,
          maxOutputBytes: node.maxOutputBytes,
        };
        return abortable(signal, () => run.host.step(connectorId === undefined ? call : { ...call, connectorId }));
      }
    }
  }
}

export function renderMap(tree: ValueTree, scope: Scope): Record<string, unknown> {
  const value = renderTree(tree, scope);
  return isRecord(value) ? value : {};
}

/** The rendered connector-id. Throws `params-invalid` where a template gives no text. */
export function renderConnectorId(
  node: StepNode,
  body: LeafBody & { kind: "external" },
  scope: Scope,
): string | undefined {
  if (body.connectorId === undefined) return undefined;
  const value = body.connectorId.render(scope);
  if (typeof value === "string" && value.trim() !== "") return value.trim();
  const found = value === "" ? "an empty text" : kindOf(value);
  throw new StepwireError(
    "params-invalid",
    `The connector-id of step "${node.name}" must give the name or id of a connector; ${body.connectorId.text} gives ${found}.`,
  );
}

/** Throws `step-output-too-large`, or `output-invalid` for what JSON cannot hold. */
function checkSize(node: StepNode, output: unknown): void {
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

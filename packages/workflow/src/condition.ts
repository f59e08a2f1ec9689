import { StepwireError } from "@stepwire/core";
import { evaluateKql } from "./kql/evaluate.ts";
import { parseKql } from "./kql/parse.ts";
import { KqlSyntaxError, type KqlField, type KqlNode } from "./kql/syntax.ts";
import type { Templates } from "./template/compile.ts";
import type { Reference } from "./template/references.ts";
import { timeOf, type Scope } from "./template/scope.ts";
import { isStackOverflow, kindOf } from "./values.ts";

/** A condition of a workflow, parsed once: KQL, a boolean, or a template that gives one of them. */
export interface Condition {
  readonly text: string;
  readonly references: readonly Reference[];
  /** Set where the outcome is known without running. */
  readonly constant?: boolean;
  /** The parsed KQL, where the condition is KQL without templates. */
  readonly kql?: KqlNode;
  /** Throws `template-error`. */
  test(scope: Scope): boolean;
}

/** Reads a condition. Throws TemplateSyntaxError or KqlSyntaxError. */
export function compileCondition(text: string, templates: Templates, label: string): Condition {
  const template = templates.parse(text, label);
  if (template.dynamic) {
    return {
      text,
      references: template.references,
      test: (scope) => decide(template.render(scope), scope, text, label),
    };
  }
  const constant = booleanOf(text);
  if (constant !== undefined) return constantCondition(constant);
  const kql = parseKql(text);
  const references = fieldsOf(kql).map((field) => ({ keys: field.keys, offset: field.offset }));
  return { text, references, kql, test: (scope) => holds(kql, scope, text, label) };
}

export function constantCondition(value: boolean): Condition {
  return { text: String(value), references: [], constant: value, test: () => value };
}

/** What a rendered condition means: a boolean is itself, nothing is false, a text is a boolean or KQL. */
function decide(value: unknown, scope: Scope, source: string, label: string): boolean {
  if (typeof value === "boolean") return value;
  if (value === undefined || value === null) return false;
  if (typeof value !== "string") {
    throw new StepwireError(
      "template-error",
      `The condition of ${label} gives ${kindOf(value)}, not true or false: ${source}`,
    );
  }
  const boolean = booleanOf(value);
  if (boolean !== undefined) return boolean;
  if (value.trim() === "") return false;
  try {
    return holds(parseKql(value, { rendered: true }), scope, value, label);
  } catch (error) {
    if (!(error instanceof KqlSyntaxError)) throw error;
    throw new StepwireError(
      "template-error",
      `The condition of ${label} is no KQL once it is rendered: ${error.message}: ${value}`,
    );
  }
}

function holds(kql: KqlNode, scope: Scope, text: string, label: string): boolean {
  try {
    return evaluateKql(kql, scope, () => timeOf(scope));
  } catch (error) {
    if (!isStackOverflow(error)) throw error;
    throw new StepwireError(
      "template-error",
      `The condition of ${label} cannot be decided: a value in it is nested too deeply: ${text}`,
    );
  }
}

function booleanOf(text: string): boolean | undefined {
  const word = text.trim();
  return word === "true" ? true : word === "false" ? false : undefined;
}

function fieldsOf(node: KqlNode): KqlField[] {
  switch (node.kind) {
    case "and":
    case "or":
      return node.nodes.flatMap(fieldsOf);
    case "not":
      return fieldsOf(node.node);
    // Fields inside a nested query are relative to it.
    case "nested":
    case "exists":
    case "is":
    case "range":
      return [node.field];
    case "bare":
      return [];
  }
}

import { nearest, StepwireError, type RenderAs } from "@stepwire/core";
import { render } from "./render.ts";
import { compileTemplate, positionIn, type CompiledTemplate, type TemplateNode } from "./template.ts";

/** A variable or section as a template uses it. */
interface Use {
  readonly kind: "variable" | "section";
  /** As written. */
  readonly name: string;
  /** With the sections around it, innermost last: what it may mean. */
  readonly candidates: readonly string[];
  readonly start: number;
}

/**
 * Says what is wrong with a template without any values; sentences name line and column of the template.
 * `variables` are the dotted names there are; those in `required` have to be inserted somewhere, in either letter case.
 */
export function checkTemplate(
  template: string,
  options: { as: RenderAs; variables: readonly string[]; required?: readonly string[] },
): string[] {
  let compiled: CompiledTemplate;
  try {
    compiled = compileTemplate(template);
  } catch (error) {
    return [StepwireError.from(error).message];
  }
  const { as, variables, required = [] } = options;
  const uses = usesIn(compiled.nodes, []);
  const problems = uses.flatMap((use) => unknownVariable(use, template, variables));

  const inserted = uses.filter(({ kind }) => kind === "variable").map((use) => meaning(use, variables)?.toLowerCase());
  for (const name of required) {
    const wanted = name.toLowerCase();
    if (inserted.some((item) => item !== undefined && (item === wanted || wanted.startsWith(`${item}.`)))) continue;
    problems.push(`The template must contain the variable {{{${name}}}}.`);
  }
  if (as === "url") problems.push(...hostProblems(template, uses));
  if (as === "json") problems.push(...jsonProblems(compiled, uses, variables));
  return problems;
}

function usesIn(nodes: readonly TemplateNode[], scopes: readonly string[]): Use[] {
  return nodes.flatMap((node): Use[] => {
    if (node.kind === "text") return [];
    const candidates =
      node.name === "." ? scopes.slice(-1) : [...scopes.map((scope) => `${scope}.${node.name}`), node.name];
    const use: Use = { kind: node.kind, name: node.name, candidates, start: node.start };
    if (node.kind === "variable") return [use];
    const inner = node.inverted ? scopes : [...scopes, ...candidates.slice(0, 1)];
    return [use, ...usesIn(node.children, inner)];
  });
}

/** The known name a use stands for: a variable, an object that holds some, or an item of a list. */
function meaning(use: Use, variables: readonly string[]): string | undefined {
  for (const candidate of use.candidates) {
    const plain = candidate.replace(/\.\d+(?=\.|$)/g, "");
    if (variables.some((variable) => variable === plain || variable.startsWith(`${plain}.`))) return plain;
  }
  return undefined;
}

function unknownVariable(use: Use, template: string, variables: readonly string[]): string[] {
  if (meaning(use, variables) !== undefined) return [];
  const { line, column } = positionIn(template, use.start);
  const near = nearest(use.name, variables);
  const advice = near === undefined ? `There are: ${variables.join(", ") || "none"}.` : `Did you mean ${near}?`;
  return [`Line ${line}, column ${column}: there is no variable ${use.name} here. ${advice}`];
}

/** Whom a request goes to must not depend on values: in an absolute URL they may stand behind the host only. */
function hostProblems(template: string, uses: readonly Use[]): string[] {
  const [origin = ""] = /^\s*[a-z][a-z\d+.-]*:\/\/[^/?#]*/i.exec(template) ?? [];
  return uses
    .filter(({ start }) => start < origin.length)
    .map(({ name, start }) => {
      const { line, column } = positionIn(template, start);
      return `Line ${line}, column ${column}: the variable ${name} may not stand in the host of the URL.`;
    });
}

/**
 * Renders with values of several kinds. What a variable will hold is not known, so only what fails with every kind of
 * value, or whenever there is none, is a problem.
 */
function jsonProblems(compiled: CompiledTemplate, uses: readonly Use[], variables: readonly string[]): string[] {
  const lists = new Set(uses.filter(({ kind }) => kind === "section").map((use) => meaning(use, variables)));
  const filled = [
    sample(variables, () => "text"),
    sample(variables, () => 'a "quoted"\\\n text'),
    sample(variables, (name) => (lists.has(name) ? ["a", "b"] : "text")),
    sample(variables, () => ["a", "b"]),
  ];
  const empty = [sample(variables, () => ""), sample(variables, () => []), sample(variables, () => null)];
  const failure = (views: readonly object[]): string | undefined => {
    let first: string | undefined;
    for (const view of views) {
      try {
        render(compiled, view, "json");
        return undefined;
      } catch (error) {
        first ??= StepwireError.from(error).message;
      }
    }
    return first;
  };
  const whenFilled = failure(filled);
  if (whenFilled !== undefined) return [whenFilled];
  const whenEmpty = failure(empty);
  return whenEmpty === undefined ? [] : [`When its variables are empty: ${whenEmpty}`];
}

/** A view in which each of the dotted names has a value. */
function sample(variables: readonly string[], valueOf: (name: string) => unknown): object {
  const view = Object.create(null) as Record<string, unknown>;
  for (const name of variables.toSorted()) {
    const keys = name.split(".");
    const last = keys.pop() ?? name;
    let place = view;
    for (const key of keys) {
      const next = place[key];
      const isMap = typeof next === "object" && next !== null && !Array.isArray(next);
      place = (isMap ? next : (place[key] = Object.create(null))) as Record<string, unknown>;
    }
    place[last] = valueOf(name);
  }
  return view;
}

import { analyzeSync, type Template, type Variable } from "liquidjs";

/** A place in a text that reads the scope. */
export interface Reference {
  /** Its keys, root first; `undefined` for a key that is known at run time only. */
  readonly keys: readonly (string | undefined)[];
  /** Where it stands in the text, from 0. */
  readonly offset: number;
}

/** Everything templates read from the scope, without what they define themselves. */
export function referencesOf(templates: Template[], text: string): Reference[] {
  const { globals } = analyzeSync(templates, { partials: false });
  const starts = lineStarts(text);
  // `[]`, an empty list, looks like a variable without a name.
  const variables = Object.values(globals)
    .flat()
    .filter(({ segments }) => segments[0] !== "");
  return variables.map((variable: Variable) => ({
    keys: variable.segments.map((key) => (typeof key === "object" ? undefined : String(key))),
    offset: (starts[variable.location.row - 1] ?? 0) + variable.location.col - 1,
  }));
}

/** Whether any of them asks for the error of a step. */
export function readsFailure(references: readonly Reference[]): boolean {
  return references.some(({ keys }) => keys[0] === "steps" && keys[2] === "error");
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

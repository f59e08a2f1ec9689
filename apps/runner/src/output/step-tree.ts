import type { StepRecord } from "@stepwire/engine";

/** A step with those inside of it. An iteration, a branch, a fallback or a called workflow has no record of its own. */
export interface StepNode {
  /** What its path adds to that of the node around it, such as `notify`, `[3]`, `[3].notify` or `!fallback`. */
  readonly label: string;
  readonly record?: StepRecord;
  readonly children: readonly StepNode[];
}

interface Draft {
  record?: StepRecord;
  children: Map<string, Draft>;
}

/** `each[3].notify!fallback."a name"` has five of them. */
const SEGMENT = /"(?:[^"\\]|\\.)*"|[\w-]+|\[\d+\]|![a-z]+(?:#\d+)?/g;

/** The steps of a run as their paths nest them. */
export function treeOf(records: readonly StepRecord[]): StepNode[] {
  const root: Draft = { children: new Map() };
  for (const record of records) {
    let at = root;
    for (const segment of record.path.match(SEGMENT) ?? []) {
      const next = at.children.get(segment) ?? { children: new Map() };
      at.children.set(segment, next);
      at = next;
    }
    at.record = record;
  }
  return childrenOf(root);
}

/** What has no record and holds one step only is written together with it. */
function childrenOf({ children }: Draft): StepNode[] {
  return [...children].map(([label, draft]) => {
    const inner = childrenOf(draft);
    const [only] = inner;
    if (draft.record !== undefined) return { label, record: draft.record, children: inner };
    if (only === undefined || inner.length > 1) return { label, children: inner };
    return { ...only, label: /^[[!]/.test(only.label) ? label + only.label : `${label}.${only.label}` };
  });
}

/** So many iterations can be read. */
const FEW = 10;
const FIRST = 3;
const MOST_TELLING = 20;

/** The nodes worth showing: of many iterations the first ones and those that did not go well, with what is left out. */
export function worthShowing(nodes: readonly StepNode[]): { shown: readonly StepNode[]; left: readonly StepNode[] } {
  const iterations = nodes.filter(({ label }) => label.startsWith("["));
  if (iterations.length <= FEW) return { shown: nodes, left: [] };
  const telling = iterations.slice(FIRST).filter((node) => outcomeOf(node) !== "completed");
  const shown = new Set([...iterations.slice(0, FIRST), ...telling.slice(0, MOST_TELLING)]);
  return { shown: nodes.filter((node) => shown.has(node)), left: iterations.filter((node) => !shown.has(node)) };
}

export type Outcome = "completed" | "failed" | "cancelled" | "running";

/** How a node went, with all that is inside of it. */
export function outcomeOf({ record, children }: StepNode): Outcome {
  const all = new Set(children.map(outcomeOf));
  const { status = "completed" } = record ?? {};
  all.add(status === "timed_out" ? "failed" : status === "skipped" ? "completed" : status);
  return (["failed", "cancelled", "running"] as const).find((outcome) => all.has(outcome)) ?? "completed";
}

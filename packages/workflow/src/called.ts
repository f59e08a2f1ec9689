import { formatPath, type Finding } from "@stepwire/core";
import type { YamlSource } from "@stepwire/yaml";
import type { CalledWorkflow, Catalog, Problem } from "./catalog.ts";
import { checkInputs } from "./inputs.ts";
import type { Plan } from "./plan.ts";
import type { ExecuteSite, StepSite } from "./read/sites.ts";

/** The workflows that a workflow calls, and what is wrong with them and with the calls. */
export interface CalledWorkflows {
  readonly plans: ReadonlyMap<string, Plan>;
  /** Findings of this workflow. */
  readonly findings: readonly Finding[];
  /** Findings of the called ones. */
  readonly theirs: readonly Finding[];
}

const NO_WORKFLOWS: Problem = { code: "workflow-invalid", message: "No other workflows can be called here." };

/** Looks every workflow up that steps call, once each. */
export async function checkCalls(
  source: YamlSource,
  sites: readonly (StepSite & { execute: ExecuteSite })[],
  catalog: Catalog,
): Promise<CalledWorkflows> {
  const plans = new Map<string, Plan>();
  const findings: Finding[] = [];
  const theirs: Finding[] = [];
  const found = new Map<string, CalledWorkflow | Problem>();
  for (const site of sites) {
    const { workflowId } = site.execute;
    const isFirst = !found.has(workflowId);
    const workflow = found.get(workflowId) ?? (await catalog.workflow?.(workflowId)) ?? NO_WORKFLOWS;
    found.set(workflowId, workflow);
    const at = [...site.path, "with", "workflow-id"];
    if ("code" in workflow) {
      findings.push(source.finding(at, { rule: "targetWorkflowNotFound", ...workflow }, "value"));
      continue;
    }
    if (isFirst) theirs.push(...workflow.findings);
    if (workflow.plan === undefined) {
      const message = `The workflow "${workflowId}" cannot run.`;
      const hint = "What is wrong with it is told at its own file.";
      findings.push(
        source.finding(at, { code: "workflow-invalid", rule: "targetWorkflowNotFound", message, hint }, "value"),
      );
      continue;
    }
    plans.set(workflowId, workflow.plan);
    findings.push(...inputFindings(source, site, workflow.plan));
  }
  return { plans, findings, theirs };
}

/** What can be said about the inputs before they are rendered. */
function inputFindings(
  source: YamlSource,
  { path, execute: { raw, inputs: tree } }: StepSite & { execute: ExecuteSite },
  plan: Plan,
): Finding[] {
  const trees = new Map(tree.kind === "map" ? tree.entries : []);
  const isStatic = (name: string): boolean => tree.kind === "constant" || trees.get(name)?.kind === "constant";
  const open = Object.keys(raw)
    .filter((name) => !isStatic(name))
    .map((name) => formatPath(["inputs", name]));
  const at = [...path, "with", "inputs"];
  return checkInputs(plan, raw).problems.flatMap(({ code, message, hint, severity, rule, path: where }) => {
    const name = Object.keys(raw).find((key) => isBelow(where, formatPath(["inputs", key])));
    if (rule !== "unknownInputKey" && open.some((one) => isBelow(where, one))) return [];
    const finding = {
      code,
      rule,
      severity,
      message: message.replace(/^The workflow/, `The workflow "${plan.name}"`),
      ...(hint === undefined ? {} : { hint: hint.startsWith("Give it a value") ? `Give it in "inputs".` : hint }),
    } as const;
    return [source.finding(name === undefined ? at : [...at, name], finding)];
  });
}

const isBelow = (path: string, base: string): boolean =>
  path === base || path.startsWith(`${base}.`) || path.startsWith(`${base}[`);
